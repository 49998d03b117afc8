/* test_inbox: connections on their way to a worker. */
#include "server/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/suite.h"

static struct inbox inbox;
static int spare = -1;
static int fd = -1;

static void
setup(void)
{
	struct errmsg e;

	ck_assert_int_eq(inbox_open(&inbox, &e), 0);
	ck_assert_int_eq(fcntl(inbox.rx_fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(inbox.tx_fd, F_GETFD), FD_CLOEXEC);
}

START_TEST(sent_and_received)
{
	setup();
	ck_assert(!inbox_receive(&inbox, &fd, &spare));
	ck_assert_int_eq(inbox_send(&inbox, STDIN_FILENO), 0);
	ck_assert(inbox_receive(&inbox, &fd, &spare));
	ck_assert_int_gt(fd, STDIN_FILENO);
	ck_assert_int_ge(spare, 0);
	ck_assert(!inbox_receive(&inbox, &fd, &spare));
	inbox_close(&inbox);
	inbox_close(&inbox);
	(void)close(spare);
}
END_TEST

START_TEST(only_sending)
{
	int rx_fd;

	setup();
	rx_fd = dup(inbox.rx_fd); /* that of the worker that reads it */
	inbox_close_rx(&inbox);
	ck_assert_int_eq(inbox_send(&inbox, STDIN_FILENO), 0);
	inbox.rx_fd = rx_fd;
	ck_assert(inbox_receive(&inbox, &fd, &spare));
	inbox_close_rx(&inbox);
	ck_assert_int_eq(inbox_send(&inbox, STDIN_FILENO), -EPIPE);
	inbox_close(&inbox);
	(void)close(fd);
	(void)close(spare);
}
END_TEST

START_TEST(cannot_be_read_after_that)
{
	setup();
	inbox_close_rx(&inbox);
	(void)inbox_receive(&inbox, &fd, &spare);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/inbox");

	SUITE_ADD(s, sent_and_received);
	SUITE_ADD(s, only_sending);
	SUITE_ADD_SIGNAL(s, cannot_be_read_after_that, SIGABRT);
	return suite_run(s, argc, argv);
}
