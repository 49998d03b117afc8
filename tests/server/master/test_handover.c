/* test_handover: what one program writes, and the next one reads. */
#include "server/master/handover.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/master/private.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct config config = { .workers = 4, .tls.keylog_fd = -1 };
static struct master master = { .config = &config,
	.logger = LOGGER_INIT,
	.supervisor.notify.fd = -1,
	.change = CHANGE_INIT,
	.signal_fd = -1,
	.upgrade.out_fd = -1,
	.workers = { .setup = { .config = &config, .ready_fd = -1 },
	    .slot_count = 3 } };
static struct workers *const workers = &master.workers;
static struct shm_case c;
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

	workers->setup.credentials_fd = open_any();
	for (unsigned i = 0; i < 3; i++) {
		struct worker_slot *slot = &workers->slots[i];

		workers->inboxes[i] =
		    (struct inbox){ .rx_fd = open_any(), .tx_fd = open_any() };
		*slot =
		    (struct worker_slot){ .control_fd = -1, .supply_fd = -1 };
		if (i < 2)
			*slot = (struct worker_slot){ .pid = 100 + (int)i,
				.control_fd = open_any(),
				.supply_fd = i == 0 ? open_any() : -1,
				.wanted = true,
				.ready = true,
				.started_ns = 7,
				.stall.stopped = i == 0 };
	}
	master.logger.tx_fd = open_any();
	for (int i = 0; i < REFUSALS_LIMITS; i++)
		master.refusals.told[i] = 1000 + (uint64_t)i;
	shm_case_init(&c, "handover");
	master.stats = shm_case_create(&c);
	handover_write(&master);
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
		ck_assert_int_eq(
		    slot->control_fd, workers->slots[i].control_fd);
		ck_assert_int_eq(slot->supply_fd, workers->slots[i].supply_fd);
		ck_assert(slot->ready && !slot->wanted);
		ck_assert_int_eq(slot->started_ns, 7);
		ck_assert(slot->stall.stopped == (i == 0));
		ck_assert(slot->stall.stalled == (i == 0));
	}
	ck_assert_int_eq(handover.slots[2].pid, 0);
	ck_assert_ptr_null(getenv("TLSECHO_UPGRADE"));
	stats_shm_close(&master.stats);
}

/* What was told, how many workers there are, and what is open. */
TEST(so_does_all_else)
{
	hand_over();
	ck_assert_uint_eq(handover.workers, 2);
	ck_assert_uint_eq(handover.workers_asked, 4);
	ck_assert_int_eq(handover.log.tx_fd, master.logger.tx_fd);
	ck_assert_int_eq(handover.log.rx_fd, -1);
	ck_assert_int_eq(handover.limits_fd, -1);
	for (int i = 0; i < REFUSALS_LIMITS; i++)
		ck_assert_uint_eq(handover.told[i], 1000 + (uint64_t)i);
	stats_shm_close(&master.stats);
}

/* As from a release that does not say it; or as nobody has written it. */
TEST(what_is_missing)
{
	struct errmsg e;
	char text[200];

	(void)snprintf(text, sizeof text,
	    "pid=%d segment=%d credentials=%d workers=65:1 told=99:1 told=-1:1"
	    " some=1",
	    (int)getpid(), open_any(), open_any());
	(void)setenv("TLSECHO_UPGRADE", text, 1);
	ck_assert_int_eq(handover_read(&handover, &e), 0);
	ck_assert(handover.exists);
	ck_assert_uint_eq(handover.workers, 0);
	ck_assert_int_eq(handover.log.tx_fd, -1);
	ck_assert_int_eq(handover.limits_fd, -1);
	for (int i = 0; i < REFUSALS_LIMITS; i++)
		ck_assert_uint_eq(handover.told[i], UINT64_MAX);
	ck_assert_uint_eq(handover_slots(&handover), 0);
}

SUITE("server/master/handover")
