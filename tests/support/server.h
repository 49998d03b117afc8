/*
 * server: a real tlsecho-server, its counters and its processes.
 *
 * It listens on 127.0.0.1:0 with two workers and the fixture's identity
 * "server", under a statistics name of its own, unless options say otherwise.
 *
 * Owns:	the process, an attachment to its segment.
 * Errors:	all fail the case.
 * Use:
 *	server_start(&s, "--idle-timeout", "1s", NULL);
 *	... connect to s.port ...
 *	AWAIT(server_total(&s, "accepted") == 1);
 *	server_stop(&s);
 */
#ifndef TESTS_SUPPORT_SERVER_H
#define TESTS_SUPPORT_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/stats/reader.h"
#include "tests/support/spawn.h"

enum {
	SERVER_WORKERS_MAX = 16,
	SERVER_ARGS_MAX = 64
};

struct server {
	struct spawn process;
	struct stats_shm *shm;
	char name[STATS_SHM_NAME];
	char addresses[1024]; /* as --ready-fd tells */
	int port;             /* of the first address */
};

/* Options and their values, then NULL; waits until it is ready. */
void server_start(struct server *s, ...) __attribute__((sentinel));

/* The same with a name, and with what spawn.h can do; each may be NULL. */
void server_start_as(struct server *s, const char *name,
    const struct spawn_options *options, ...) __attribute__((sentinel));

/*
 * A server that does not start with these arguments, which a shell reads: $ok
 * is the fixture's root, $trust, and identity, $id; $odd is the root of
 * odd_certs and $id.
 *
 * It must end with this status, say these words in one line (in a second one
 * where to find help, if the status is 2), and leave no segment.
 */
void server_start_fails(int status, const char *words, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A name that no other server has. */
void server_new_name(char name[static STATS_SHM_NAME]);

/* "127.0.0.1:PORT", good until the next call. */
const char *server_address(const struct server *s);

/* A counter over all slots; of one worker; of the master. */
uint64_t server_total(const struct server *s, const char *counter);
uint64_t server_worker_value(
    const struct server *s, unsigned worker, const char *counter);
uint64_t server_master_value(const struct server *s, const char *counter);

/* Up to the last slot that has or had a worker. */
unsigned server_workers(const struct server *s);

/* 0 when there is none at the moment. */
pid_t server_worker_pid(const struct server *s, unsigned worker);
bool server_worker_is_ready(const struct server *s, unsigned worker);

/* Returns its pid; see process_freeze. */
pid_t server_freeze_worker(const struct server *s, unsigned worker);

/* SIGKILL, until the next one is ready. */
void server_replace_worker(const struct server *s, unsigned worker);

/* SIGHUP, until each worker has reloaded. */
void server_reload(const struct server *s);

/*
 * Fails unless n handshakes failed, all of them as this counter says; with NULL
 * none at all.
 */
void server_expect_failures(
    const struct server *s, const char *counter, uint64_t n);

/*
 * SIGTERM. It must end with status 0, print its totals, and leave no process
 * and no segment.
 */
void server_stop(struct server *s);
/* The same, when all connections have ended by themselves. */
void server_stop_idle(struct server *s);
/* The same, when no handshake has failed, either. */
void server_stop_clean(struct server *s);

/* server_stop without a signal and with this status; and without any totals. */
void server_await_end(struct server *s, int status);

/* SIGKILL to the master only. */
void server_kill_master(struct server *s);

/* It, or NAME.draining. */
bool server_segment_exists(const char *name);
/* One that has ended does not, even before somebody has waited for it. */
bool server_process_exists(pid_t pid);

#endif
