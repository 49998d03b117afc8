/* tlsecho-server: mutual-TLS echo, prefork, with live statistics. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/units.h"
#include "common/creds/creds.h"
#include "common/creds/priority.h"
#include "common/sys/fd.h"
#include "common/sys/file.h"
#include "common/sys/limits.h"
#include "common/sys/log.h"
#include "common/sys/process.h"
#include "server/config.h"
#include "server/master/credentials.h"
#include "server/master/master.h"

static int
fail(const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\n", config_program.name, e->text);
	return ARGS_EXIT_FAILED;
}

/* Workers inherit it, and need no right to open the file. */
static int
open_keylog(struct config *config, struct errmsg *e)
{
	const char *path = config->policy.keylog;

	if (path == NULL)
		return 0;
	config->tls.keylog_fd =
	    open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (config->tls.keylog_fd < 0)
		return errmsg_set_errno(e, errno, "--keylog: %s", path);
	/* Whoever can read an older file could read these secrets, too. */
	if (file_check_private(path, e) < 0)
		return errmsg_prepend(e, "--keylog");
	return 0;
}

static void
print_workers(const struct config *config)
{
	const struct cpus *cpus = &config->cpus;

	printf("workers: %u, on ", config->workers);
	if (cpus->count == 0)
		printf("any CPU");
	for (unsigned i = 0; i < config->workers && cpus->count > 0; i++)
		printf("%s%u", i == 0 ? "CPU " : ", ", cpus_nth(cpus, i));
	printf("\n");
	if (config->max_handshaking > 0)
		printf("handshakes under way: at most %" PRIu64
		       " in each worker\n",
		    config->max_handshaking);
}

/* --test: all that can be known without binding and forking. */
static int
test_configuration(const struct config *config)
{
	char text[TLS_PRIORITY_TEXT];
	struct credentials credentials;
	struct errmsg e;

	if (credentials_load(&credentials, config, -1, &e) < 0 ||
	    tls_priority_describe(config->tls.priority, text, &e) < 0)
		return fail(&e);
	printf("priority: %s\n%s", config->tls.priority, text);
	printf("certificates: %u, revoked clients: %" PRIu64 "\n",
	    credentials.key_pair_count, credentials.crl_entries);
	print_workers(config);
	printf("chain cache: %" PRIu64 " chain%s a worker\n",
	    config->tls.chain_cache, units_plural(config->tls.chain_cache));
	printf("configuration ok\n");
	credentials_close(&credentials);
	return args_end_output(&config_program);
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
		return test_configuration(config);
	if (open_keylog(config, &e) < 0)
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
