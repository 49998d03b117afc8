/* tlsecho-server: mutual-TLS echo, prefork, with live statistics. */
#include <stdio.h>
#include <sys/resource.h>

#include "common/log.h"
#include "common/process.h"
#include "common/tls_creds.h"
#include "server/config.h"
#include "server/master.h"

/* A client is a descriptor: as many as the administrator allows. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int
main(int argc, char **argv)
{
	struct config config;
	struct errmsg e;
	int result;

	if (config_parse(&config, argc, argv, &e) < 0)
		return args_usage_error(&config_program, &e);
	log_open(config_program.name, config.log_level);
	if (tls_forget_keylog())
		log_warn("SSLKEYLOGFILE is ignored");
	process_hide_memory();
	raise_descriptor_limit();
	result = master_run(&config, &e);
	if (result < 0) {
		fprintf(stderr, "%s: %s\n", config_program.name, e.text);
		return ARGS_EXIT_FAILED;
	}
	return result;
}
