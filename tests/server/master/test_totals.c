/* test_totals: what a server says at its end. */
#include "server/master/totals.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/stats/shm.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

START_TEST(sums_over_slots_and_shards)
{
	struct shm_case c;
	struct stats_shm *shm;
	char text[1024] = "";
	int fds[2], out = dup(STDOUT_FILENO);

	shm_case_init(&c, "totals");
	shm = shm_case_create(&c);
	stats_add(&stats_shm_slot(shm, 1)->shards[STATS_SHARD_HANDSHAKE],
	    STATS_ACCEPTED, 3);
	stats_add(&stats_shm_slot(shm, 2)->shards[STATS_SHARD_HANDSHAKE],
	    STATS_ACCEPTED, 4);
	stats_add(&stats_shm_slot(shm, 2)->shards[STATS_SHARD_ECHO],
	    STATS_BYTES_SENT, 5000000000);
	stats_add(&stats_shm_slot(shm, 1)->shards[STATS_SHARD_ECHO],
	    STATS_READ_OPERATIONS, 11);
	stats_add(&stats_shm_slot(shm, 0)->shards[STATS_SHARD_MASTER],
	    STATS_HANDSHAKES_FAILED, 1);

	ck_assert_int_eq(pipe(fds), 0);
	(void)fflush(stdout);
	(void)dup2(fds[1], STDOUT_FILENO);
	totals_print(shm);
	(void)dup2(out, STDOUT_FILENO);
	(void)close(fds[1]);
	ck_assert_int_gt(read(fds[0], text, sizeof text - 1), 0);
	ck_assert_str_eq(text,
	    "Connections accepted: 7\n"
	    "Handshakes completed: 0\n"
	    "Handshakes failed: 1\n"
	    "Read operations: 11\n"
	    "Write operations: 0\n"
	    "Bytes received: 0\n"
	    "Bytes sent: 5000000000\n");
	stats_shm_close(&shm);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/master/totals");

	SUITE_ADD(s, sums_over_slots_and_shards);
	return suite_run(s, argc, argv);
}
