/* server_workers: the workers of a real server; see server.h. */
#include <check.h>
#include <signal.h>

#include "tests/support/await.h"
#include "tests/support/process.h"
#include "tests/support/server.h"

unsigned
server_workers(const struct server *s)
{
	unsigned last = stats_shm_header(s->shm)->slot_count - 1;

	while (last > 0 && stats_shm_started_ns(s->shm, last) == 0)
		last--;
	return last;
}

pid_t
server_worker_pid(const struct server *s, unsigned worker)
{
	return stats_shm_pid(s->shm, 1 + worker);
}

bool
server_worker_is_ready(const struct server *s, unsigned worker)
{
	return stats_shm_state(s->shm, 1 + worker) == STATS_SLOT_READY;
}

pid_t
server_freeze_worker(const struct server *s, unsigned worker)
{
	pid_t pid = server_worker_pid(s, worker);

	process_freeze(pid);
	return pid;
}

void
server_replace_worker(const struct server *s, unsigned worker)
{
	uint64_t restarts = server_total(s, "worker_restarts");
	pid_t pid = server_worker_pid(s, worker);

	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	AWAIT(server_total(s, "worker_restarts") == restarts + 1 &&
	    server_worker_is_ready(s, worker));
	ck_assert_int_ne(server_worker_pid(s, worker), pid);
}
