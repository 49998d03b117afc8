/* test_stall: workers that stand still, and those that only seem to. */
#include "server/master/stall.h"

#include <check.h>
#include <signal.h>
#include <sys/wait.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "tests/support/suite.h"

static struct stats_slot slot;
static struct stall stall;
static int64_t now_ns;

static bool
is_stalled_later(int64_t ns)
{
	now_ns += ns;
	stall_look(&stall, &slot, 0, now_ns);
	ck_assert_int_eq(atomic_load(&slot.stalled), stall.stalled);
	return stall.stalled;
}

static void
setup(void)
{
	now_ns = clock_now_ns();
	atomic_store(&slot.state, STATS_SLOT_READY);
	ck_assert(!is_stalled_later(0));
}

static void
expect_stalls(uint64_t n)
{
	ck_assert_uint_eq(stats_slot_total(&slot, STATS_WORKER_STALLS), n);
}

static void
assign(uint64_t n)
{
	atomic_store(&slot.load, n << 32);
}

static void
turn_handshake_loop(void)
{
	stats_add(&slot.shards[STATS_SHARD_HANDSHAKE], STATS_WAIT_CALLS, 1);
}

TEST(stopped_by_a_signal)
{
	setup();
	ck_assert(stall_on_status(&stall, &slot, 0, W_STOPCODE(SIGSTOP)));
	ck_assert_int_eq(atomic_load(&slot.stalled), 1);
	ck_assert(is_stalled_later(STALL_NS));
	expect_stalls(1);
	ck_assert(stall_on_status(&stall, &slot, 0, __W_CONTINUED));
	ck_assert_int_eq(atomic_load(&slot.stalled), 0);
	ck_assert(!is_stalled_later(STALL_NS));
	expect_stalls(1);
}

/* Its successor begins with nothing of that. */
TEST(killed_while_stopped)
{
	setup();
	ck_assert(stall_on_status(&stall, &slot, 0, W_STOPCODE(SIGTSTP)));
	ck_assert(!stall_on_status(&stall, &slot, 0, W_EXITCODE(0, SIGKILL)));
	ck_assert(!is_stalled_later(STALL_NS));
	ck_assert(!stall_on_status(&stall, &slot, 0, W_EXITCODE(1, 0)));
}

/* In either loop, and not before a second is over. */
TEST_LOOP(long_turn, 2)
{
	_Atomic int64_t *since_ns = &slot.shards[_i].busy_since_ns;

	setup();
	atomic_store(since_ns, now_ns);
	ck_assert(!is_stalled_later(STALL_NS));
	ck_assert(is_stalled_later(1));
	ck_assert(is_stalled_later(STALL_NS));
	expect_stalls(1);
	atomic_store(since_ns, now_ns); /* another turn */
	ck_assert(!is_stalled_later(1));
	atomic_store(since_ns, 0);
	ck_assert(!is_stalled_later(3600 * CLOCK_NS_PER_S));
	expect_stalls(1);
}

/* On a machine that is slow the log is not filled; a signal is always told. */
TEST(again_and_again)
{
	_Atomic int64_t *since_ns = &slot.shards[0].busy_since_ns;

	setup();
	for (int i = 0; i < 3; i++) {
		atomic_store(since_ns, now_ns);
		ck_assert(is_stalled_later(STALL_NS + 1));
		ck_assert_int_eq(stall.told, i == 0);
		atomic_store(since_ns, 0);
		ck_assert(!is_stalled_later(1));
	}
	ck_assert(stall_on_status(&stall, &slot, 0, W_STOPCODE(SIGSTOP)));
	ck_assert(stall.told);
	expect_stalls(4);
}

/* It waits, and the loop has not turned. */
TEST(inbox_that_nobody_reads)
{
	setup();
	assign(1);
	ck_assert(!is_stalled_later(STALL_NS));
	turn_handshake_loop();
	ck_assert(!is_stalled_later(STALL_NS));
	ck_assert(!is_stalled_later(STALL_NS));
	ck_assert(is_stalled_later(1));
	turn_handshake_loop();
	ck_assert(!is_stalled_later(STALL_NS));
	atomic_store(&slot.full, 1); /* it does not read it on purpose */
	ck_assert(!is_stalled_later(2 * STALL_NS));
	atomic_store(&slot.full, 0);
	assign(0);
	ck_assert(!is_stalled_later(2 * STALL_NS));
	expect_stalls(1);
}

/* Its successor finds there what waited while there was none. */
TEST(inbox_that_outlives_a_worker)
{
	setup();
	assign(1);
	ck_assert(!stall_on_status(&stall, &slot, 0, W_EXITCODE(0, SIGKILL)));
	atomic_store(&slot.state, STATS_SLOT_EMPTY);
	now_ns = clock_now_ns();
	ck_assert(!is_stalled_later(5 * STALL_NS));
	atomic_store(&slot.state, STATS_SLOT_READY);
	ck_assert(!is_stalled_later(STALL_NS));
	ck_assert(is_stalled_later(STALL_NS));
}

/* The turn and the connections are from before; it gets another second. */
TEST(goes_on_after_an_hour)
{
	setup();
	atomic_store(&slot.shards[0].busy_since_ns, now_ns);
	assign(1);
	ck_assert(stall_on_status(&stall, &slot, 0, W_STOPCODE(SIGSTOP)));
	ck_assert(stall_on_status(&stall, &slot, 0, __W_CONTINUED));
	now_ns = clock_now_ns();
	ck_assert(!is_stalled_later(STALL_NS / 2));
	ck_assert(is_stalled_later(STALL_NS));
	expect_stalls(2);
}

/* Nobody would place anything on it. */
TEST(draining)
{
	setup();
	atomic_store(&slot.state, STATS_SLOT_DRAINING);
	atomic_store(&slot.shards[0].busy_since_ns, now_ns);
	ck_assert(!is_stalled_later(2 * STALL_NS));
}

SUITE("server/master/stall")
