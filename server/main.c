/* tlsecho-server: mutual-TLS echo, prefork, with live statistics. */
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "common/log.h"
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

/* Memory with keys in it goes neither to a core file nor to a debugger. */
static void
keep_keys_out_of_core_files(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
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
	keep_keys_out_of_core_files();
	raise_descriptor_limit();
	result = master_run(&config, &e);
	if (result < 0) {
		fprintf(stderr, "%s: %s\n", config_program.name, e.text);
		return ARGS_EXIT_FAILED;
	}
	return result;
}
