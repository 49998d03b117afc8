/* A worker that hangs, as the master and its clients see it. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* As if its echo loop had not ended a turn for an hour; the other goes on. */
START_TEST(hung_worker)
{
	struct stats_slot *slot;
	char path[STATS_SHM_NAME + 32];
	off_t at;
	void *map;
	int fd;

	server_start(&server, "--watchdog", "10s", NULL);
	(void)snprintf(path, sizeof path, "/dev/shm/tlsecho.%s", server.name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	at = stats_shm_header(server.shm)->slot_offset;
	map = mmap(NULL, (size_t)at + 2 * sizeof *slot, PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(map, MAP_FAILED);
	slot = (void *)((char *)map + at);
	atomic_store(&slot[1].shards[STATS_SHARD_ECHO].busy_since_ns,
	    clock_now_ns() - 3600 * CLOCK_NS_PER_S);
	spawn_expect(&server.process, "worker 0 hangs: 1 h 00 min in one ");
	spawn_expect(&server.process, "worker 0 killed by SIGABRT after ");
	AWAIT(server_total(&server, "worker_restarts") == 1 &&
	    server_worker_is_ready(&server, 0));
	ck_assert_uint_eq(server_total(&server, "workers_hung"), 1);
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	spawn_signal(&server.process, SIGTERM);
	ck_assert_int_eq(spawn_wait(&server.process), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/watchdog");

	SUITE_ADD(s, hung_worker);
	return fixture_run(s, argc, argv);
}
