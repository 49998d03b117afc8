/* tlsecho-server: mutual-TLS echo, prefork, with live statistics. */
#include <stdio.h>

#include "common/creds/creds.h"
#include "common/creds/keylog_file.h"
#include "common/sys/fd.h"
#include "common/sys/limits.h"
#include "common/sys/log.h"
#include "common/sys/oom.h"
#include "common/sys/process.h"
#include "server/config.h"
#include "server/config_print.h"
#include "server/explain.h"
#include "server/logger/logger.h"
#include "server/master/master.h"
#include "server/reload_request.h"

static int
fail(const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\n", config_program.name, e->text);
	return ARGS_EXIT_FAILED;
}

/* The log is whole before a last word goes past it. */
static int
serve(struct config *config)
{
	struct errmsg e;
	int result = master_run(config, &e);

	return result < 0 ? fail(&e) : result;
}

static int
become_logger(void)
{
	struct errmsg e;
	int result = logger_run(&e);

	return result < 0 ? fail(&e) : result;
}

static int
run(struct config *config)
{
	struct errmsg e;

	log_open(config_program.name, config->log_level);
	log_set_format(config->log_format);
	if (config->reload)
		return reload_request(config->stats_name, &e) < 0
		    ? fail(&e)
		    : args_end_output(&config_program);
	if (config->print_config)
		return config_print(stdout, config, &e) < 0
		    ? fail(&e)
		    : args_end_output(&config_program);
	if (tls_forget_keylog())
		log_warn("SSLKEYLOGFILE is ignored");
	if (config->test)
		return explain(config, &e) < 0
		    ? fail(&e)
		    : args_end_output(&config_program);
	if (config->policy.keylog != NULL &&
	    keylog_open(config->policy.keylog, &config->tls.keylog_fd, &e) < 0)
		return fail(&e);
	oom_open();
	process_hide_memory();
	/* A client is a descriptor: as many as the administrator allows. */
	(void)limits_raise_files();
	return serve(config);
}

int
main(int argc, char **argv)
{
	struct config config;
	struct errmsg e;
	int result;

	if (fd_open_standard(&e) < 0)
		return fail(&e);
	if (logger_is_wanted())
		return become_logger();
	if (config_parse(&config, argc, argv, &e) < 0)
		result = args_usage_error(&config_program, &e);
	else
		result = run(&config);
	config_free(&config);
	return result;
}
