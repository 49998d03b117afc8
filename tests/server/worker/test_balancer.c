/* test_balancer: load words and inboxes, one at a time. */
#include "server/worker/balancer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/server/worker/balancer_case.h"
#include "tests/support/suite.h"

START_TEST(alone)
{
	setup(1);
	for (int i = 0; i < 5; i++)
		ck_assert_uint_eq(place(&of[0], -1), 0);
	balancer_connection_ended(&of[0]);
	expect_load(0, 4, 0);
	teardown(1);
}
END_TEST

/* All come in at one worker; the first stays, the others are spread. */
START_TEST(one_accepts_all)
{
	unsigned workers = (unsigned)_i + 1, kept = 0;

	setup(workers);
	for (unsigned i = 0; i < 64; i++) {
		int fd = some_fd();

		if (place(&of[0], fd) == 0) {
			(void)close(fd);
			kept++;
		}
	}
	ck_assert_uint_eq(balancer_open_everywhere(&of[0]), 64);
	expect_load(0, kept, 0);
	for (unsigned i = 1; i < workers; i++)
		(void)take_all(&of[i], &spare_fd);
	within_one(workers, 64);
	teardown(workers);
}
END_TEST

START_TEST(equals_keep_theirs)
{
	setup(2);
	set_load(0, 3, 0);
	set_load(1, 3, 0);
	ck_assert_uint_eq(place(&of[0], -1), 0); /* 4, 3: it would be no gain */
	ck_assert_uint_eq(place(&of[1], -1), 1); /* 4, 4 */
	teardown(2);
}
END_TEST

/* What is on its way counts as much as what is there. */
START_TEST(assigned_ones_count)
{
	setup(3);
	set_load(0, 3, 0);
	set_load(1, 0, 3);
	set_load(2, 1, 1);
	ck_assert_uint_eq(balancer_choose(&of[0]), 2);
	expect_load(2, 1, 2);
	ck_assert_uint_eq(balancer_open_everywhere(&of[0]), 3 + 3 + 3);
	balancer_cancel(&of[0], 2);
	expect_load(2, 1, 1);
	teardown(3);
}
END_TEST

/* Who has no room gets none, however light it is; its successor has room. */
START_TEST(full_ones_get_none)
{
	setup(3);
	set_load(0, 3, 0);
	set_load(2, 2, 0);
	balancer_set_full(&of[1], true);
	ck_assert_uint_eq(balancer_choose(&of[0]), 2);
	balancer_set_full(&of[2], true);
	ck_assert_uint_eq(balancer_choose(&of[0]), 0);
	balancer_set_full(&of[2], false);
	ck_assert_uint_eq(balancer_choose(&of[0]), 2);
	balancer_clear_dead(&slots[1]);
	ck_assert_uint_eq(balancer_choose(&of[0]), 1);
	teardown(3);
}
END_TEST

/* Nor who stands still, even if that is who asks; where all do, they keep. */
START_TEST(stalled_ones_get_none)
{
	setup(3);
	set_load(0, 3, 0);
	set_load(2, 2, 0);
	atomic_store(&slots[1].stalled, 1);
	ck_assert_uint_eq(balancer_choose(&of[0]), 2);
	set_load(2, 9, 0);
	ck_assert_uint_eq(balancer_choose(&of[0]), 0);
	atomic_store(&slots[0].stalled, 1);
	ck_assert_uint_eq(balancer_choose(&of[0]), 2);
	atomic_store(&slots[2].stalled, 1);
	ck_assert_uint_eq(balancer_choose(&of[0]), 0);
	atomic_store(&slots[1].stalled, 0);
	ck_assert_uint_eq(balancer_choose(&of[0]), 1);
	teardown(3);
}
END_TEST

START_TEST(only_ready_ones_get_any)
{
	static const enum stats_state states[] = { STATS_SLOT_EMPTY,
		STATS_SLOT_STARTING, STATS_SLOT_DRAINING };

	setup(3);
	set_load(0, 10, 0);
	set_load(2, 5, 0);
	atomic_store(&slots[1].state, states[_i]);
	ck_assert_uint_eq(balancer_choose(&of[0]), 2);
	atomic_store(&slots[2].state, states[_i]);
	ck_assert_uint_eq(balancer_choose(&of[0]), 0);
	expect_load(1, 0, 0);
	teardown(3);
}
END_TEST

START_TEST(handed_over_and_taken)
{
	int pair[2], fd;
	char byte;

	setup(2);
	set_load(0, 1, 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_NONE);
	ck_assert_uint_eq(place(&of[0], pair[0]), 1);
	expect_load(0, 1, 0);
	expect_load(1, 0, 1);
	ck_assert_int_lt(fcntl(pair[0], F_GETFD), 0); /* closed here */

	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_RECEIVED);
	expect_load(1, 1, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(read(pair[1], &byte, 1), 1);
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_NONE);
	ck_assert_int_ge(spare_fd, 0);
	(void)close(pair[1]);
	teardown(2);
}
END_TEST

/* The connection stays with who accepted it, and nothing is counted twice. */
START_TEST(full_inbox)
{
	unsigned handed = 0;
	int newcomer;

	setup(2);
	set_load(0, 1000000, 0); /* so that every newcomer goes to 1 */
	while (newcomer = some_fd(), place(&of[0], newcomer) == 1)
		handed++;
	(void)close(newcomer);
	ck_assert_uint_gt(handed, 100);
	expect_load(0, 1000001, 0);
	expect_load(1, 0, handed);
	ck_assert_uint_eq(take_all(&of[1], &spare_fd), handed);
	expect_load(1, handed, 0);
	teardown(2);
}
END_TEST

/* Its process is dead: what was on its way waits for the next one. */
START_TEST(forgotten_worker)
{
	int fd;

	setup(2);
	set_load(0, 5, 0);
	set_load(1, 3, 0);
	ck_assert_uint_eq(place(&of[0], some_fd()), 1);
	atomic_store(&slots[1].state, STATS_SLOT_EMPTY);
	balancer_clear_dead(&slots[1]);
	expect_load(1, 0, 1);
	ck_assert_uint_eq(balancer_choose(&of[0]), 0);

	balancer_set_state(&of[1], STATS_SLOT_READY);
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_RECEIVED);
	(void)close(fd);
	expect_load(1, 1, 0);
	teardown(2);
}
END_TEST

/* It has no connection, or none was sent to it: a count would be wrong. */
START_TEST(leaves_more_than_came)
{
	setup(2);
	balancer_connection_ended(&of[0]);
}
END_TEST

START_TEST(takes_what_is_not_counted)
{
	int fd;

	setup(2);
	ck_assert_int_eq(inbox_send(&inboxes[1], some_fd()), 0);
	(void)balancer_receive(&of[1], &fd, &spare_fd);
}
END_TEST

/* Every descriptor that this process may have is taken. */
static int
fill_descriptors(int fds[static 64])
{
	struct rlimit limit = { .rlim_cur = 64, .rlim_max = 64 };
	int n = 0;

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while (n < 64 && (fds[n] = dup(0)) >= 0)
		n++;
	ck_assert_int_eq(errno, EMFILE);
	return n;
}

/* What looks for leaks when the program ends wants descriptors, too. */
static void
empty_descriptors(const int *fds, int n)
{
	while (n > 0)
		(void)close(fds[--n]);
}

START_TEST(out_of_descriptors)
{
	int fds[64], n, fd = -1;

	setup(2);
	set_load(0, 10, 0);
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(place(&of[0], some_fd()), 1);
	n = fill_descriptors(fds);
	/* The spare one makes room for the newcomer, and is then missing. */
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_LOST);
	expect_load(1, 0, 2);
	ck_assert_int_ge(spare_fd, 0);
	ck_assert_int_lt(dup(0), 0); /* nothing has leaked, nor been lost */
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_LOST);

	(void)close(fds[--n]);
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_RECEIVED);
	expect_load(1, 1, 0);
	ck_assert_int_ge(spare_fd, 0);
	empty_descriptors(fds, n);
}
END_TEST

/* Without a spare one, and none to be had: the newcomer is lost. */
START_TEST(out_of_descriptors_without_a_spare_one)
{
	int fds[64], n, fd = -1;

	setup(2);
	set_load(0, 10, 0);
	ck_assert_uint_eq(place(&of[0], some_fd()), 1);
	(void)close(spare_fd);
	spare_fd = -1;
	n = fill_descriptors(fds);
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_LOST);
	ck_assert_int_eq(fd, -1);
	expect_load(1, 0, 0);
	ck_assert_int_lt(spare_fd, 0);
	(void)close(fds[--n]);
	ck_assert_int_eq(
	    balancer_receive(&of[1], &fd, &spare_fd), BALANCER_NONE);
	ck_assert_int_ge(spare_fd, 0); /* recovered */
	empty_descriptors(fds, n);
}
END_TEST

/* What came to a worker that had left goes to the lightest that serves. */
START_TEST(passed_on)
{
	setup(3);
	set_load(1, 3, 0);
	ck_assert_uint_eq(place(&of[1], some_fd()), 0);
	ck_assert_uint_eq(place(&of[1], some_fd()), 2);
	atomic_store(&slots[0].state, STATS_SLOT_EMPTY);
	balancer_pass_on(&of[0]);
	expect_load(0, 0, 0);
	expect_load(2, 0, 2);
	ck_assert_uint_eq(take_all(&of[2], &spare_fd), 2);

	/* Where there is none, it is closed. */
	atomic_store(&slots[0].state, STATS_SLOT_READY);
	ck_assert_uint_eq(place(&of[1], some_fd()), 0);
	for (int i = 0; i < 3; i++)
		atomic_store(&slots[i].state, STATS_SLOT_EMPTY);
	balancer_pass_on(&of[0]);
	expect_load(0, 0, 0);
	teardown(3);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/worker/balancer");

	SUITE_ADD(s, alone);
	SUITE_ADD_LOOP(s, one_accepts_all, 8);
	SUITE_ADD(s, equals_keep_theirs);
	SUITE_ADD(s, assigned_ones_count);
	SUITE_ADD(s, full_ones_get_none);
	SUITE_ADD(s, stalled_ones_get_none);
	SUITE_ADD_LOOP(s, only_ready_ones_get_any, 3);
	SUITE_ADD(s, handed_over_and_taken);
	SUITE_ADD(s, full_inbox);
	SUITE_ADD(s, forgotten_worker);
	SUITE_ADD(s, passed_on);
	SUITE_ADD_SIGNAL(s, leaves_more_than_came, SIGABRT);
	SUITE_ADD_SIGNAL(s, takes_what_is_not_counted, SIGABRT);
	SUITE_ADD(s, out_of_descriptors);
	SUITE_ADD(s, out_of_descriptors_without_a_spare_one);
	return suite_run(s, argc, argv);
}
