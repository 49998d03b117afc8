/* test_slot: waits after deaths, and last words. */
#include "server/master/slot.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "tests/support/suite.h"

static struct stats_slot stats;
static struct worker_slot slot;

TEST(waits_double_up_to_a_limit)
{
	static const int64_t want_ms[] = { 100, 200, 400, 800, 1600, 3200, 5000,
		5000 };
	int64_t now_ns = clock_now_ns();

	for (size_t i = 0; i < TEST_ROWS(want_ms); i++) {
		slot.started_ns = now_ns;
		now_ns += CLOCK_NS_PER_S;
		ck_assert_int_eq(slot_plan_restart(&slot, now_ns),
		    want_ms[i] * CLOCK_NS_PER_MS);
		ck_assert_int_eq(
		    slot.restart_ns, now_ns + want_ms[i] * CLOCK_NS_PER_MS);
	}
	slot.started_ns = now_ns;
	now_ns += 10 * CLOCK_NS_PER_S + 1;
	ck_assert_int_eq(
	    slot_plan_restart(&slot, now_ns), 100 * CLOCK_NS_PER_MS);
}

static const struct {
	int status;
	bool hung;
	const char *words;
	enum stats_counter counter;
} ends[] = {
	{ W_EXITCODE(0, SIGSEGV), false, "killed by SIGSEGV after ",
	    STATS_WORKERS_CRASHED },
	{ W_EXITCODE(0, SIGKILL), false, "killed by SIGKILL after ",
	    STATS_WORKERS_KILLED },
	{ W_EXITCODE(0, SIGABRT), true, "killed by SIGABRT after ",
	    STATS_WORKERS_HUNG },
	{ W_EXITCODE(1, 0), false, "exited with status 1 after ",
	    STATS_WORKERS_FAILED },
};

TEST_EACH(last_words, ends)
{
	char text[SLOT_TEXT];

	slot.hung = ends[_i].hung;
	slot.started_ns = clock_now_ns() - 3 * CLOCK_NS_PER_S;
	stats_add(&stats.shards[STATS_SHARD_HANDSHAKE], STATS_ACCEPTED, 3);
	stats_add(&stats.shards[STATS_SHARD_ECHO], STATS_ENDED, 1);
	atomic_store(&stats.shards[STATS_SHARD_ECHO].busy_since_ns,
	    clock_now_ns() - CLOCK_NS_PER_S);
	(void)slot_last_words(&slot, &stats, ends[_i].status, text);
	ck_assert_ptr_eq(strstr(text, ends[_i].words), text);
	ck_assert_ptr_nonnull(
	    strstr(text, ", with 2 connections, in a turn of its echo loop "));
	ck_assert_ptr_null(strstr(text, "handshake"));
	ck_assert_uint_eq(stats_slot_total(&stats, ends[_i].counter), 1);
	for (int c = STATS_WORKERS_CRASHED; c <= STATS_WORKERS_FAILED; c++)
		ck_assert_uint_eq(
		    stats_slot_total(&stats, (enum stats_counter)c),
		    c == (int)ends[_i].counter);
}

SUITE("server/master/slot")
