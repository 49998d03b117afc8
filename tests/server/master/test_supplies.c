/* test_supplies: connections that cannot be had now come later. */
#include "server/master/supplies.h"

#include <sys/socket.h>
#include <unistd.h>

#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "server/master/workers.h"
#include "server/supply.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct workers w;
static struct errmsg e;

/* A worker that does nothing, and leaves when it is told to. */
static int
idle(void *fd)
{
	char byte;

	(void)fd_wait_readable(*(int *)fd, INT64_MAX);
	return recv(*(int *)fd, &byte, 1, 0) == 1 ? 0 : 1;
}

TEST(connection_comes_later)
{
	struct signer *signer = &w.signers.now;
	struct supply supply;
	struct shm_case c;
	int own, other, rx_fd;

	shm_case_init(&c, "supplies");
	w.setup.stats = shm_case_create(&c);
	w.slot_count = 1;
	ck_assert_int_eq(fd_open_pair(&own, &other, &e), 0);
	w.slots[0].pid = child_fork(idle, &other);
	/* It is not known yet that the process has died. */
	*signer = (struct signer){
		.keys_id = 7, .keys_fd = -1, .control_fd = -1, .pid = getpid()
	};
	ck_assert_int_eq(supplies_open(&w, &w.slots[0], &rx_fd, &e), 0);
	supply_open(&supply, rx_fd);
	supplies_send(&w);
	ck_assert_int_ne(w.supply_ns, 0);
	ck_assert_int_eq(supplies_turn(&w, w.supply_ns - 1), 1);
	ck_assert_int_eq(supply.source.connect(&supply, 7, 0), -1);
	signer->control_fd = own;
	ck_assert_int_eq(supplies_turn(&w, w.supply_ns), -1);
	ck_assert_int_eq(w.supply_ns, 0);
	ck_assert_int_ge(supply.source.connect(&supply, 7, 0), 0);
	/* The byte that came with the connection has ended the worker. */
	ck_assert(child_succeeded(child_wait_for(w.slots[0].pid)));
	supply_close(&supply);
	slot_close(&w.slots[0]);
	stats_shm_close(&w.setup.stats);
}

SUITE("server/master/supplies")
