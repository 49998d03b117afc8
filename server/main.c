/* tlsecho-server: mutual-TLS echo, prefork, with live statistics. */
#include <stdio.h>

#include "common/creds/creds.h"
#include "common/sys/fd.h"
#include "common/sys/limits.h"
#include "common/sys/log.h"
#include "common/sys/process.h"
#include "server/config.h"
#include "server/explain.h"
#include "server/keylog.h"
#include "server/master/master.h"

static int
fail(const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\n", config_program.name, e->text);
	return ARGS_EXIT_FAILED;
}

static int
run(struct config *config)
{
	struct errmsg e;
	int result;

	log_open(config_program.name, config->log_level);
	if (tls_forget_keylog())
		log_warn("SSLKEYLOGFILE is ignored");
	if (config->test)
		return explain(config, &e) < 0
		    ? fail(&e)
		    : args_end_output(&config_program);
	if (config->policy.keylog != NULL &&
	    keylog_open(config->policy.keylog, &config->tls.keylog_fd, &e) < 0)
		return fail(&e);
	process_hide_memory();
	/* A client is a descriptor: as many as the administrator allows. */
	(void)limits_raise_files();
	result = master_run(config, &e);
	return result < 0 ? fail(&e) : result;
}

int
main(int argc, char **argv)
{
	struct config config;
	struct errmsg e;
	int result;

	if (fd_open_standard(&e) < 0)
		return fail(&e);
	if (config_parse(&config, argc, argv, &e) < 0)
		result = args_usage_error(&config_program, &e);
	else
		result = run(&config);
	config_free(&config);
	return result;
}
