/* main: tlsecho-certs, a small certificate authority. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "certs/cmd_init.h"
#include "certs/cmd_intermediate.h"
#include "certs/cmd_issue.h"
#include "certs/cmd_list.h"
#include "certs/cmd_renew.h"
#include "certs/cmd_revoke.h"
#include "certs/cmd_show.h"
#include "certs/cmd_ticket_key.h"
#include "certs/options.h"
#include "certs/password.h"
#include "common/base/errmsg.h"
#include "common/sys/args.h"
#include "common/sys/args_rules.h"
#include "common/sys/fd.h"
#include "common/sys/process.h"

static const struct command commands[] = {
	{ "init", "DIR", init_run },
	{ "intermediate", "DIR NAME", intermediate_run },
	{ "server", "DIR NAME...", issue_run_server },
	{ "client", "DIR NAME...", issue_run_client },
	{ "renew", "DIR NAME...", renew_run },
	{ "revoke", "DIR CERT...", revoke_run },
	{ "crl", "DIR", revoke_run_crl },
	{ "list", "DIR", list_run },
	{ "show", "FILE...", show_run },
	{ "ticket-key", "FILE", ticket_key_run },
};

static const struct command *
find_command(const char *name, struct errmsg *e)
{
	if (name == NULL) {
		(void)errmsg_set(e, "no command given");
		return NULL;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	(void)errmsg_set(e, "'%s' is not a command", name);
	return NULL;
}

static int
finish(int status, struct errmsg *e)
{
	if (fflush(stdout) != 0 && status == ARGS_EXIT_OK) {
		(void)errmsg_set_errno(e, errno, "standard output");
		status = ARGS_EXIT_FAILED;
	}
	if (status == ARGS_EXIT_USAGE)
		return args_usage_error(&options_program, e);
	if (status == ARGS_EXIT_FAILED)
		fprintf(stderr, "%s: %s\n", options_program.name, e->text);
	return status;
}

static int
run(const struct command *command, struct options *options,
    char *const *operands, struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	int status;

	if (options->ca_password_file != NULL) {
		if (password_read(&password, options->ca_password_file, e) < 0)
			return ARGS_EXIT_FAILED;
		options->ca_password = (const char *)password.data;
	}
	status = command->run(options, operands, e);
	file_bytes_free(&password);
	return status;
}

int
main(int argc, char **argv)
{
	const struct command *command;
	struct options options;
	char **operands;
	struct errmsg e;
	struct args_parsed parsed;

	if (fd_open_standard(&e) < 0)
		return finish(ARGS_EXIT_FAILED, &e);
	process_hide_memory();
	if (options_parse(&options, argc, argv, &parsed, &e) < 0)
		return args_usage_error(&options_program, &e);
	operands = argv + parsed.rest;
	command = find_command(*operands, &e);
	if (command == NULL ||
	    args_check_command(&options_program, command->name, &parsed, &e) <
		0 ||
	    options_check_operands(command, argc - parsed.rest - 1, &e) < 0)
		return args_usage_error(&options_program, &e);
	return finish(run(command, &options, operands + 1, &e), &e);
}
