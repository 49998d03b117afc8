/*
 * Programs that are started without standard streams: no file or socket of
 * theirs may get the numbers, and with them what is printed or logged.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/tlspeer.h"

enum {
	INPUT = 1 << STDIN_FILENO,
	ALL = INPUT | 1 << STDOUT_FILENO | 1 << STDERR_FILENO
};

static const struct spawn_options without_input = { .closed = INPUT };
static const struct spawn_options without_any = { .closed = ALL };

static struct server server;
static struct spawn program;
static struct tlspeer peer;

/* Whether those of these streams are /dev/null in a process. */
static bool
are_null(pid_t pid, unsigned streams)
{
	char path[64], target[64];

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		ssize_t n;

		if ((streams & 1U << fd) == 0)
			continue;
		(void)snprintf(
		    path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
		n = readlink(path, target, sizeof target - 1);
		target[n > 0 ? n : 0] = '\0';
		if (strcmp(target, "/dev/null") != 0)
			return false;
	}
	return true;
}

/* The descriptors of a process that hides its memory are root's to see. */
static bool
can_look(void)
{
	if (geteuid() == 0)
		return true;
	suite_skip("not root: cannot see the descriptors");
	return false;
}

static void
kill_program(void)
{
	spawn_signal(&program, SIGKILL);
	ck_assert_int_eq(spawn_wait(&program), SPAWN_SIGNALLED + SIGKILL);
}

/* Its totals cannot be written, which the status tells. */
TEST(tlsecho_server)
{
	server_start_as(
	    &server, NULL, &without_any, "--log-level", "debug", NULL);
	if (can_look()) {
		ck_assert(are_null(server.process.pid, ALL));
		for (unsigned i = 0; i < 2; i++)
			ck_assert(are_null(server_worker_pid(&server, i), ALL));
	}
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	server_reload(&server);
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 1);
}

TEST(tlsecho_client)
{
	server_start(&server, NULL);
	client_start(
	    &program, server_address(&server), "-c 1 -d 1h", &without_any);
	AWAIT(server_total(&server, "read_operations") > 0);
	ck_assert(!can_look() || are_null(program.pid, ALL));
	spawn_signal(&program, SIGINT);
	ck_assert_int_eq(spawn_wait(&program), 1);
	server_stop_clean(&server);
}

/* What becomes of the report, while the run has failed. */
static const struct {
	const char *options, *pipe;
} elsewhere[] = {
	{ ">/dev/null", "" },
	{ ">/dev/full", "" },
	{ ">&-", "" },
	{ "--json - >/dev/full", "" },
	{ "", "| true" },
	{ "--json -", "| true" },
};

/* Whoever looks at standard error alone still learns what was wrong. */
TEST_EACH(tlsecho_client_that_fails, elsewhere)
{
	server_start(&server, NULL);
	shell_expect(0,
	    "tlsecho-client: 2 of 2 connections failed: certificate for "
	    "another name\nstatus 1\n",
	    "{ { tlsecho-client -q -c 2 -n 10 --cert ca/alice.pem --key "
	    "ca/alice.key --ca ca/ca.pem --server-name other.example %s %s "
	    "2>errors; echo status $? >&3; } %s; } 3>status; "
	    "grep failed: errors; cat status",
	    server_address(&server), elsewhere[_i].options, elsewhere[_i].pipe);
	server_stop(&server);
}

TEST(tlsecho_stat)
{
	server_start(&server, NULL);
	spawn_shell(&program, &without_input, "tlsecho-stat --stats %s -i 1h",
	    server.name);
	spawn_expect(&program, "counter");
	ck_assert(are_null(program.pid, INPUT));
	kill_program();
	spawn_shell(&program, &without_any, "tlsecho-stat --stats %s --once",
	    server.name);
	ck_assert_int_eq(spawn_wait(&program), 1);
	server_stop(&server);
}

/* It waits for somebody who writes to the FIFO. */
TEST(tlsecho_certs)
{
	shell_expect(0, "", "mkfifo fifo");
	spawn_shell(&program, &without_any, "tlsecho-certs show fifo");
	AWAIT(!can_look() || are_null(program.pid, ALL));
	kill_program();
	spawn_shell(&program, &without_any, "tlsecho-certs show ca/alice.pem");
	ck_assert_int_eq(spawn_wait(&program), 1);
}

FIXTURE_SUITE("e2e/closed_streams")
