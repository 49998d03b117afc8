/*
 * config: what the command line of tlsecho-server says.
 *
 * Owns:	the text of the rules; other strings are those of argv.
 * Use:
 *	struct config config;
 *	if (config_parse(&config, argc, argv, &e) < 0)
 *		result = args_usage_error(&config_program, &e);
 *	...
 *	config_free(&config);
 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/creds/args.h"
#include "common/creds/creds.h"
#include "common/sys/args.h"
#include "common/sys/cpus.h"
#include "common/sys/file.h"
#include "common/sys/keepalive.h"
#include "common/sys/log.h"

enum {
	CONFIG_LISTEN_MAX = 16,
	CONFIG_WORKERS_MAX = 64,
	CONFIG_FILES_MAX = 16
};

/* Who may come in: files to read at start and again on SIGHUP. */
struct config_policy {
	const char *crl[CONFIG_FILES_MAX]; /* NULL ends it early */
	const char *allow_file[CONFIG_FILES_MAX];
	struct file_bytes rules; /* from --allow-cn and the like */
	const char *ticket_key_file;
	const char *keylog;
};

struct config {
	const char *listen[CONFIG_LISTEN_MAX]; /* HOST:PORT */
	int listen_count;                      /* 0: the default */
	unsigned workers;
	struct cpus cpus; /* worker i stays on the i-th; none: on any */
	struct tls_files files;
	struct tls_settings tls;
	struct config_policy policy;
	const char *stats_name;
	mode_t stats_mode;
	gid_t stats_group; /* (gid_t)-1: the process's own */
	uint64_t backlog;
	uint64_t max_connections; /* 0: no limit */
	uint64_t max_handshaking; /* in each worker; 0: no limit. All together
				   * at most half of max_connections */
	uint64_t max_handshaking_asked; /* for more than that; or 0 */
	int64_t handshake_timeout_ns;
	int64_t idle_timeout_ns; /* 0: none */
	int64_t drain_timeout_ns;
	struct keepalive keepalive;
	enum log_level log_level;
	const char *log_level_file; /* read at start and on SIGHUP; or NULL */
	int ready_fd;               /* -1: none */
	bool interactive;
	bool keeps_open_sessions; /* whatever a reload says of their clients */
	bool whoami; /* greet with a line about the client's certificate */
	bool test;   /* check the configuration, print it, and leave */
};

extern const struct args_program config_program;

/* Defaults, then the options; checks that they fit together. */
int config_parse(
    struct config *config, int argc, char **argv, struct errmsg *e);

/*
 * Logs what lets in more than usual, or lets others see more, and what does not
 * come to what was asked for.
 */
void config_warn(const struct config *config);

/* Also after config_parse has failed. */
void config_free(struct config *config);

#endif
