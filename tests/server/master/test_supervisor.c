/* test_supervisor: when WATCHDOG=1 is sent. */
#include "server/master/supervisor.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "server/master/workers.h"
#include "tests/support/manager.h"
#include "tests/support/suite.h"

static struct workers workers = { .slot_count = 1 };

/* After an upgrade the old workers serve, whether or not new ones start. */
TEST(all_is_well_before_new_workers_are)
{
	struct supervisor s;
	struct manager manager;

	manager_open(&manager, MANAGER_ABSTRACT);
	(void)setenv("WATCHDOG_USEC", "2000000", 1);
	supervisor_open(&s, false);
	ck_assert_int_eq(supervisor_turn(&s, &workers, clock_now_ns()), -1);
	supervisor_close(&s);
	supervisor_open(&s, true);
	workers.slots[0].ready = true;
	ck_assert_int_eq(
	    supervisor_turn(&s, &workers, clock_now_ns()), CLOCK_NS_PER_S);
	manager_expect(&manager, "WATCHDOG=1");
	supervisor_close(&s);
	(void)unsetenv("WATCHDOG_USEC");
	manager_close(&manager);
}

SUITE("server/master/supervisor")
