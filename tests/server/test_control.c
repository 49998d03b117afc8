/* test_control: what master and worker say to each other. */
#include "server/control.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/sys/fd.h"
#include "common/sys/fdpass.h"
#include "tests/support/suite.h"

static int master, worker;
static int spare = -1;
static struct control got;

static void
setup(void)
{
	struct errmsg e;

	ck_assert_int_eq(fd_open_pair(&master, &worker, &e), 0);
	ck_assert_int_eq(fcntl(master, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(worker, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
}

static void
teardown(void)
{
	(void)close(master);
	(void)close(worker);
}

static enum control_result
receive(int fd)
{
	return control_receive(fd, &got, fd == worker ? &spare : NULL);
}

/* The field fd is a descriptor in a RELOAD only. */
START_TEST(messages_in_order)
{
	const struct control drain = { .kind = CONTROL_DRAIN,
		.fd = STDIN_FILENO,
		.drain_by_ns = 123456789012345 };
	struct control refused = { .kind = CONTROL_REFUSED };

	setup();
	ck_assert_int_eq(receive(worker), CONTROL_NOTHING);
	ck_assert_int_eq(control_send(master, &drain), 0);
	ck_assert_int_eq(control_send(master, &drain), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(receive(worker), CONTROL_GOT);
		ck_assert_int_eq(got.kind, CONTROL_DRAIN);
		ck_assert_int_eq(got.drain_by_ns, drain.drain_by_ns);
		ck_assert_int_eq(got.fd, -1);
	}
	ck_assert_int_eq(receive(worker), CONTROL_NOTHING);
	(void)errmsg_set(&refused.why, "no good");
	ck_assert_int_eq(control_send(worker, &refused), 0);
	ck_assert_int_eq(receive(master), CONTROL_GOT);
	ck_assert_int_eq(got.kind, CONTROL_REFUSED);
	ck_assert_str_eq(got.why.text, "no good");
	teardown();
}
END_TEST

START_TEST(reload_brings_a_descriptor)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const struct control reload = { .kind = CONTROL_RELOAD, .fd = fd };

	setup();
	ck_assert_int_eq(control_send(master, &reload), 0);
	ck_assert_int_ge(fcntl(fd, F_GETFD), 0); /* still ours */
	ck_assert_int_eq(receive(worker), CONTROL_GOT);
	ck_assert_int_ne(got.fd, fd);
	ck_assert_int_ge(fcntl(got.fd, F_GETFD), 0);
	(void)close(got.fd);
	(void)close(fd);
	teardown();
}
END_TEST

/* Nothing opens any more, and the order has its descriptor all the same. */
START_TEST(reload_without_a_free_descriptor)
{
	const struct rlimit limit = { .rlim_cur = 32, .rlim_max = 32 };
	const struct control reload = { .kind = CONTROL_RELOAD, .fd = 0 };

	setup();
	fdpass_keep_spare(&spare);
	ck_assert_int_ge(spare, 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while (dup(0) >= 0)
		;
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(control_send(master, &reload), 0);
		ck_assert_int_eq(receive(worker), CONTROL_GOT);
		ck_assert_int_ge(fcntl(got.fd, F_GETFD), 0);
		ck_assert_int_eq(spare, -1);
		(void)close(got.fd);
		fdpass_keep_spare(&spare);
		ck_assert_int_ge(spare, 0);
	}
	teardown();
}
END_TEST

START_TEST(end_of_file_is_a_message)
{
	const struct control ready = { .kind = CONTROL_READY };

	setup();
	ck_assert_int_eq(control_send(worker, &ready), 0);
	(void)close(worker);
	worker = -1;
	/* What was sent before comes first. */
	ck_assert_int_eq(receive(master), CONTROL_GOT);
	ck_assert_int_eq(receive(master), CONTROL_GONE);
	ck_assert_int_eq(receive(master), CONTROL_GONE);
	ck_assert_int_eq(control_send(master, &ready), -EPIPE);
	teardown();
}
END_TEST

START_TEST(message_of_another_size)
{
	setup();
	ck_assert_int_eq(send(worker, "hello", 5, 0), 5);
	ck_assert_int_eq(receive(master), CONTROL_GONE);
	teardown();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/control");

	SUITE_ADD(s, messages_in_order);
	SUITE_ADD(s, reload_brings_a_descriptor);
	SUITE_ADD(s, reload_without_a_free_descriptor);
	SUITE_ADD(s, end_of_file_is_a_message);
	SUITE_ADD(s, message_of_another_size);
	return suite_run(s, argc, argv);
}
