/*
 * config: what the command line of tlsecho-server says, and its configuration
 * file, which the command line overrules.
 *
 * Owns:	the text of the rules and of the file; other strings are argv's.
 * Use:
 *	if (config_parse(&config, argc, argv, &e) < 0)
 *		result = args_usage_error(&config_program, &e);
 *	config_free(&config);
 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/creds/args.h"
#include "common/sys/args.h"
#include "common/sys/cpus.h"
#include "common/sys/file.h"
#include "common/sys/keepalive.h"
#include "common/sys/log.h"
#include "common/sys/user.h"
#include "server/config_limits.h"
#include "server/settings.h"

enum {
	CONFIG_LISTEN_MAX = 16,
	CONFIG_WORKERS_MAX = 64,
	CONFIG_SLOTS_MAX = 2 * CONFIG_WORKERS_MAX,
	CONFIG_ROWS_MAX = 1 << 20,
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
	unsigned slots;   /* also for more, and for those that drain */
	struct cpus cpus; /* worker i stays on the i-th; none: on any */
	struct tls_files files;
	struct tls_settings tls;
	char alpn_text[TLS_ALPN_MAX][TLS_ALPN_NAME]; /* what tls names */
	struct config_policy policy;
	const char *stats_name;
	mode_t stats_mode;
	gid_t stats_group;         /* (gid_t)-1: the process's own */
	uint64_t connection_table; /* rows as asked for; 0: none */
	unsigned worker_rows;      /* of each worker */
	uint64_t backlog;
	uint64_t max_connections; /* 0: no limit */
	uint64_t max_per_address; /* connections; 0: no limit */
	struct config_network network;
	struct config_rate handshake_rate, address_rate;
	uint64_t max_handshaking; /* of each worker; 0: no limit */
	uint64_t max_unopened;    /* connections of each that are not open */
	int64_t handshake_timeout_ns;
	int64_t idle_timeout_ns; /* 0: none */
	int64_t max_lifetime_ns; /* 0: none */
	int64_t close_timeout_ns;
	uint64_t max_tx_buffer; /* bytes */
	uint64_t max_memory;    /* bytes, of all processes; 0: no limit */
	bool memory_pressure;   /* refuse clients under it: master/pressure.h */
	int64_t drain_timeout_ns;
	int64_t watchdog_ns; /* of a turn of a worker's loop; 0: none */
	struct keepalive keepalive;
	enum log_level log_level;
	enum log_format log_format;
	const char *log_level_file; /* read at start and on SIGHUP; or NULL */
	bool reload_on_change;
	int ready_fd;         /* -1: none */
	bool sandbox;         /* for workers; see sandbox/sandbox.h */
	bool keys_in_workers; /* and not in a process that signs */
	struct user user;     /* of workers; none: the one that started it */
	bool interactive;
	bool keeps_open_sessions; /* whatever a reload says of their clients */
	bool proxy_protocol;      /* a PROXY header comes before TLS, always */
	bool whoami; /* greet with a line about the client's certificate */
	bool test, print_config;  /* check or print the options, and leave */
	const char *file;         /* of --config; or NULL */
	struct settings settings; /* of all of this, as text, at the start */
	struct settings reloaded; /* the same of the last reload */
	bool reload;              /* ask the server for one, and leave */
	char **argv;              /* main's, to start again */
};

extern const struct args_program config_program;
extern const struct args_option config_options[];

/* Defaults, the file, then the options; does config_check, too. */
int config_parse(
    struct config *config, int argc, char **argv, struct errmsg *e);

/* Whether they fit together. */
int config_check(const struct config *config, struct errmsg *e);

/*
 * config_parse with the command line of a config that was parsed, and the file
 * as it is now. Of the options in --print-config only. Borrows from now.
 */
int config_parse_again(
    struct config *next, const struct config *now, struct errmsg *e);

/* Logs what lets in or shows more than usual, and what was not had in full. */
void config_warn(const struct config *config);

/* Also after config_parse has failed. */
void config_free(struct config *config);

#endif
