/* test_descriptors: what a worker has, and what passes execve(2). */
#include "server/master/descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include "server/limits/limits.h"
#include "server/master/private.h"
#include "tests/support/in_child.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct config config = { .workers = 2,
	.slots = 2,
	.max_per_address = 1 };
static struct master m = { .config = &config };
static struct shm_case c;

static int
open_any(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
set_up(void)
{
	struct workers_setup *setup = &m.workers.setup;
	struct errmsg e;

	shm_case_init(&c, "descriptors");
	m.stats = shm_case_create(&c);
	ck_assert_int_eq(limits_new(&m.limits, &config, -1, &e), 0);
	config.tls.keylog_fd = open_any();
	m.signal_fd = open_any();
	m.supervisor.notify.fd = open_any();
	m.change.watch.fd = open_any();
	m.upgrade.out_fd = open_any();
	m.logger = (struct logger){ .tx_fd = open_any(),
		.rx_fd = open_any(),
		.pid_fd = -1, /* it is being replaced */
		.lines_fd = open_any() };
	setup->ready_fd = open_any();
	setup->credentials_fd = open_any();
	m.listeners =
	    (struct listeners){ { open_any(), open_any() }, 2, false };
	m.workers.slot_count = 2;
	for (unsigned i = 0; i < 2; i++) {
		m.workers.slots[i].control_fd = i == 0 ? open_any() : -1;
		m.workers.slots[i].supply_fd = i == 0 ? open_any() : -1;
		m.workers.inboxes[i] =
		    (struct inbox){ .rx_fd = open_any(), .tx_fd = open_any() };
	}
}

static void
tear_down(void)
{
	limits_free(&m.limits);
	stats_shm_close(&m.stats);
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* The second's process; the log's end to receive from is not its. */
static void
enter_worker(void)
{
	const struct workers *w = &m.workers;
	const int kept[] = { m.logger.tx_fd, w->setup.credentials_fd,
		config.tls.keylog_fd, m.listeners.fds[0], m.listeners.fds[1],
		w->inboxes[0].tx_fd, w->inboxes[1].tx_fd, w->inboxes[1].rx_fd };
	const int closed[] = { m.signal_fd, m.supervisor.notify.fd,
		m.change.watch.fd, m.upgrade.out_fd, m.logger.rx_fd,
		m.logger.lines_fd, w->setup.ready_fd, limits_fd(m.limits),
		w->slots[0].control_fd, w->slots[0].supply_fd,
		w->inboxes[0].rx_fd };

	descriptors_enter_worker(&m, 1);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		ck_assert(is_open(kept[i]));
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		ck_assert(!is_open(closed[i]));
}

TEST(worker_has_what_is_its)
{
	ck_assert_int_eq(in_child_status(enter_worker), 0);
	ck_assert(is_open(m.signal_fd));
}

static unsigned
count_passing(void)
{
	unsigned count = 0;

	for (int fd = 3; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) == 0;
	return count;
}

/* Segment, limits, log (3), credentials, listeners (2), inboxes (4), control,
 * supply: all of which but limits, log and inboxes a rehearsal lacks. */
TEST(next_program_has_what_is_its)
{
	unsigned before = count_passing();

	descriptors_pass(&m, true);
	ck_assert_uint_eq(count_passing(), before + 14);
	ck_assert_int_eq(fcntl(m.signal_fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(config.tls.keylog_fd, F_GETFD), FD_CLOEXEC);
	descriptors_pass(&m, false);
	ck_assert_uint_eq(count_passing(), before);
	ck_assert_uint_eq(descriptors_count_passed(&m), 6);
}

TEST(there_is_room_for_all)
{
	m.listeners.count = LISTENERS_MAX;
	m.workers.slot_count = CONFIG_SLOTS_MAX;
	m.workers.signers.now = (struct signer)SIGNER_INIT;
	m.workers.signers.now.keys_id = 1;
	ck_assert_uint_ge(
	    descriptors_count_passed(&m), LISTENERS_MAX + CONFIG_SLOTS_MAX);
}

SUITE_BETWEEN("server/master/descriptors", set_up, tear_down)
