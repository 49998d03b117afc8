/* --cpu-affinity: which CPUs the threads of workers may run on. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/sys/cpus.h"
#include "tests/support/fixture.h"
#include "tests/support/process.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

enum {
	LOOPS = 2 /* threads of a worker */
};

static struct server server;
static struct cpus usable;
static char text[PROCESS_TEXT];

/*
 * All threads of a worker may run on just these; but a sanitizer has threads of
 * its own, which began earlier.
 */
static void
expect_allowed(unsigned worker, const char *expected)
{
	pid_t ids[PROCESS_THREADS_MAX];
	unsigned count =
	    process_threads(server_worker_pid(&server, worker), ids);
	char allowed[PROCESS_TEXT];
	unsigned threads = 0;

	for (unsigned i = 0; i < count; i++) {
		ck_assert(process_status(ids[i], "Cpus_allowed_list", allowed));
		if (strcmp(allowed, expected) == 0)
			threads++;
		else if (!SUITE_IS_SANITIZED)
			ck_assert_str_eq(allowed, expected);
	}
	ck_assert_uint_ge(threads, LOOPS);
	if (!SUITE_IS_SANITIZED)
		ck_assert_uint_eq(threads, LOOPS);
}

static void
find_usable(void)
{
	struct errmsg e;

	ck_assert_int_eq(cpus_usable(&usable, &e), 0);
}

/* The n-th usable CPU as text. */
static const char *
usable_text(unsigned n)
{
	(void)snprintf(text, sizeof text, "%u", cpus_nth(&usable, n));
	return text;
}

/* One worker more than CPUs, so that the first CPU gets a second one. */
START_TEST(one_each_in_turn)
{
	unsigned workers;
	char count[16];

	find_usable();
	workers = usable.count < SERVER_WORKERS_MAX ? usable.count + 1
						    : SERVER_WORKERS_MAX;
	(void)snprintf(count, sizeof count, "%u", workers);
	server_start(
	    &server, "--workers", count, "--cpu-affinity", "auto", NULL);
	for (unsigned i = 0; i < workers; i++)
		expect_allowed(i, usable_text(i));
	server_stop(&server);
}
END_TEST

START_TEST(a_list)
{
	char last[16];

	find_usable();
	(void)snprintf(last, sizeof last, "%u", usable.of[usable.count - 1]);
	server_start(&server, "--workers", "2", "--cpu-affinity", last, NULL);
	expect_allowed(0, last);
	expect_allowed(1, last);
	server_stop(&server);
}
END_TEST

START_TEST(off_is_the_default)
{
	ck_assert(process_status(getpid(), "Cpus_allowed_list", text));
	server_start(&server, NULL);
	expect_allowed(0, text);
	expect_allowed(1, text);
	server_stop(&server);
}
END_TEST

START_TEST(the_next_one_too)
{
	find_usable();
	server_start(&server, "--cpu-affinity", "auto", NULL);
	server_replace_worker(&server, 1);
	expect_allowed(1, usable_text(1));
	server_stop(&server);
}
END_TEST

/* On one CPU, with this --cpu-affinity; says what is in text. */
static void
try_under_taskset(unsigned cpu, const char *affinity, int status)
{
	shell_expect(status, text,
	    "exec taskset -c %u tlsecho-server --test"
	    " --ca ca/ca.pem --cert ca/server.pem --key ca/server.key"
	    " --workers 2 --cpu-affinity %s",
	    cpu, affinity);
}

/* Under taskset(1): auto is what is left, anything else is an error. */
START_TEST(within_what_is_allowed)
{
	char list[16];
	unsigned cpu;

	find_usable();
	cpu = usable.of[usable.count - 1];
	(void)snprintf(
	    text, sizeof text, "workers: 2, on CPU %u, %u\n", cpu, cpu);
	try_under_taskset(cpu, "auto", 0);
	if (usable.count == 1)
		return;
	(void)snprintf(text, sizeof text,
	    "--cpu-affinity: CPU %u: this process may not run on it",
	    usable.of[0]);
	(void)snprintf(list, sizeof list, "%u", usable.of[0]);
	try_under_taskset(cpu, list, 2);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/affinity");

	SUITE_ADD(s, one_each_in_turn);
	SUITE_ADD(s, a_list);
	SUITE_ADD(s, off_is_the_default);
	SUITE_ADD(s, the_next_one_too);
	SUITE_ADD(s, within_what_is_allowed);
	return fixture_run(s, argc, argv);
}
