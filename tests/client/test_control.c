/* test_control: both directions, and ends that are gone. */
#include "client/control.h"

#include <unistd.h>

#include "common/sys/fd.h"
#include "tests/support/suite.h"

static struct errmsg e;
static struct control_order order;
static enum control_report report;
static int master_end;
static int worker_end;

static void
expect_order(enum control_result expected)
{
	ck_assert_int_eq(control_receive_order(worker_end, &order), expected);
}

static void
expect_report(enum control_result expected)
{
	ck_assert_int_eq(control_receive_report(master_end, &report), expected);
}

TEST(orders)
{
	ck_assert_int_eq(fd_open_pair(&master_end, &worker_end, &e), 0);
	expect_order(CONTROL_NOTHING);
	control_send_order(
	    master_end, &(struct control_order){ CONTROL_START, 5, INT64_MAX });
	control_send_order(
	    master_end, &(struct control_order){ .kind = CONTROL_STOP });
	expect_order(CONTROL_GOT);
	ck_assert_int_eq(order.kind, CONTROL_START);
	ck_assert_int_eq(order.start_ns, 5);
	ck_assert_int_eq(order.stop_ns, INT64_MAX);
	expect_order(CONTROL_GOT);
	ck_assert_int_eq(order.kind, CONTROL_STOP);
	(void)close(master_end);
	expect_order(CONTROL_GONE);
	control_send_report(worker_end, CONTROL_FINISHED); /* no SIGPIPE */
}

TEST(reports)
{
	ck_assert_int_eq(fd_open_pair(&master_end, &worker_end, &e), 0);
	expect_report(CONTROL_NOTHING);
	control_send_report(worker_end, CONTROL_CONNECTED);
	(void)close(worker_end);
	expect_report(CONTROL_GOT);
	ck_assert_int_eq(report, CONTROL_CONNECTED);
	expect_report(CONTROL_GONE);
	order.kind = CONTROL_STOP;
	control_send_order(master_end, &order); /* no SIGPIPE */
}

SUITE("client/control")
