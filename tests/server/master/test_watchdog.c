/* test_watchdog: turns of loops that end too late, or never. */
#include "server/master/watchdog.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "server/master/slot.h"
#include "tests/support/suite.h"

static const int64_t limit_ns = 5 * CLOCK_NS_PER_S;
static struct stats_slot stats;
static struct worker_slot slot;
static int64_t now_ns;

/* It waits for a signal; SIGABRT may be blocked. */
static void
begin(bool blocks)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGABRT);
	if (blocks)
		(void)sigprocmask(SIG_BLOCK, &set, NULL);
	now_ns = clock_now_ns();
	slot.pid = fork();
	ck_assert_int_ge(slot.pid, 0);
	if (slot.pid == 0)
		for (;;)
			(void)pause();
}

static void
look_later(int64_t ns)
{
	now_ns += ns;
	watchdog_look(&slot, &stats, 0, limit_ns, now_ns);
}

static void
turn_began(int loop)
{
	atomic_store(&stats.shards[loop].busy_since_ns, now_ns);
}

static void
ended_by(int number)
{
	int status;

	ck_assert_int_eq(waitpid(slot.pid, &status, 0), slot.pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), number);
}

static void
still_lives(void)
{
	ck_assert(!slot.hung);
	ck_assert_int_eq(waitpid(slot.pid, NULL, WNOHANG), 0);
	(void)kill(slot.pid, SIGKILL);
	ended_by(SIGKILL);
}

/* In either loop; it has to be seen twice. */
TEST_LOOP(hangs, 2)
{
	begin(false);
	turn_began(_i);
	look_later(limit_ns);
	look_later(1);
	look_later(1);
	ck_assert(!slot.hung);
	look_later(CLOCK_NS_PER_S);
	ck_assert(slot.hung);
	ended_by(SIGABRT);
}

TEST(does_not_die_of_sigabrt)
{
	begin(true);
	turn_began(1);
	look_later(limit_ns + 1);
	for (int i = 0; i < 2; i++)
		look_later(CLOCK_NS_PER_S);
	ended_by(SIGKILL);
}

/* Many turns, each of them not too long; then sleep. */
TEST(is_busy)
{
	begin(false);
	for (int i = 0; i < 10; i++) {
		turn_began(0);
		look_later(limit_ns + 1);
	}
	atomic_store(&stats.shards[0].busy_since_ns, 0);
	look_later(limit_ns + 1);
	look_later(limit_ns + 1);
	still_lives();
}

/* What was before it went on does not count. */
TEST(was_stopped)
{
	begin(false);
	turn_began(1);
	slot.stall.stopped = true;
	look_later(2 * limit_ns);
	look_later(2 * limit_ns);
	slot.stall.stopped = false;
	slot.stall.from_ns = now_ns;
	look_later(limit_ns);
	look_later(0);
	still_lives();
}

TEST(switched_off)
{
	begin(false);
	turn_began(1);
	for (int i = 0; i < 3; i++) {
		now_ns += 2 * limit_ns;
		watchdog_look(&slot, &stats, 0, 0, now_ns);
	}
	still_lives();
}

SUITE("server/master/watchdog")
