/* test_handover: what one program writes, and the next one reads. */
#include "server/master/handover.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/master/workers.h"
#include "tests/support/suite.h"

static struct listeners listeners;
static struct workers workers = { .setup.listeners = &listeners,
	.slot_count = 3 };
static struct handover handover;

static int
open_any(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

/* The first is stopped by a signal, the second goes on, the third is none. */
static void
hand_over(void)
{
	struct errmsg e;

	workers.setup.credentials_fd = open_any();
	for (unsigned i = 0; i < 3; i++) {
		struct worker_slot *slot = &workers.slots[i];

		workers.inboxes[i] =
		    (struct inbox){ .rx_fd = open_any(), .tx_fd = open_any() };
		*slot =
		    (struct worker_slot){ .control_fd = -1, .supply_fd = -1 };
		if (i < 2)
			*slot = (struct worker_slot){ .pid = 100 + (int)i,
				.control_fd = open_any(),
				.supply_fd = i == 0 ? open_any() : -1,
				.ready = true,
				.started_ns = 7,
				.stall.stopped = i == 0 };
	}
	handover_write(&workers, open_any());
	ck_assert_msg(handover_read(&handover, &e) == 0, "%s", e.text);
}

TEST(workers_go_on)
{
	hand_over();
	ck_assert(handover.exists);
	ck_assert_uint_eq(handover_slots(&handover), 3);
	for (unsigned i = 0; i < 2; i++) {
		const struct worker_slot *slot = &handover.slots[i];

		ck_assert_int_eq(slot->pid, 100 + (int)i);
		ck_assert_int_eq(slot->control_fd, workers.slots[i].control_fd);
		ck_assert_int_eq(slot->supply_fd, workers.slots[i].supply_fd);
		ck_assert(slot->ready && !slot->wanted);
		ck_assert_int_eq(slot->started_ns, 7);
		ck_assert(slot->stall.stopped == (i == 0));
		ck_assert(slot->stall.stalled == (i == 0));
	}
	ck_assert_int_eq(handover.slots[2].pid, 0);
	ck_assert_ptr_null(getenv("TLSECHO_UPGRADE"));
}

SUITE("server/master/handover")
