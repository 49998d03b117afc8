/* test_inbox: connections on their way to a worker. */
#include "server/inbox.h"

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
	ck_assert(!inbox_receive(&inbox, &fd, &spare));
	ck_assert_int_ge(spare, 0);
	inbox_close(&inbox);
	inbox_close(&inbox);
}
END_TEST

/* Nobody could read it any more, were it not for the owner's copy. */
START_TEST(only_sending)
{
	int owners_fd;

	setup();
	owners_fd = dup(inbox.rx_fd);
	inbox_close_rx(&inbox);
	ck_assert_int_eq(inbox_send(&inbox, STDIN_FILENO), 0);
	(void)close(owners_fd);
	ck_assert_int_lt(inbox_send(&inbox, STDIN_FILENO), 0);
	inbox_close(&inbox);
}
END_TEST

START_TEST(not_ones_own)
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
	SUITE_ADD_SIGNAL(s, not_ones_own, SIGABRT);
	return suite_run(s, argc, argv);
}
