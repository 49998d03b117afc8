/*
 * Restarts: a server that drains has given up its port and its segment's name,
 * and the next one has both while the clients of the first go on.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/tlspeer.h"

static struct server first, second, third;
static struct tlspeer peer;
static char name[STATS_SHM_NAME], address[32];

static void
start_first(void)
{
	server_new_name(name);
	server_start_as(&first, name, NULL, "--drain-timeout", "1h",
	    "--handshake-timeout", "1h", NULL);
	(void)snprintf(address, sizeof address, "%s", server_address(&first));
}

static void
start_next(struct server *s)
{
	server_start_as(s, name, NULL, "--listen", address, "--drain-timeout",
	    "1h", "--handshake-timeout", "1h", NULL);
	ck_assert_str_eq(s->addresses, address);
}

/* By a client that connects, and does not begin its handshake; its socket. */
static int
begin_long_drain(struct server *s, const char *suffix)
{
	uint64_t open = server_total(s, "open");
	int fd = tlspeer_tcp("127.0.0.1", s->port);

	AWAIT(server_total(s, "open") == open + 1);
	spawn_signal(&s->process, SIGTERM);
	spawn_expect(&s->process, "draining, for up to 1 h");
	(void)snprintf(s->name, sizeof s->name, "%.40s%s", name, suffix);
	return fd;
}

static void
end_drain(struct server *s, int fd)
{
	ck_assert(server_segment_exists(s->name));
	(void)close(fd);
	server_await_end(s, 0);
}

/* What tlsecho-stat shows of one that drains, or of the one that serves; its
 * workers obey when they come to it. */
static void
expect_in_view(const char *of, const char *words)
{
	AWAIT(shell("tlsecho-stat --once --stats %s", of) == 0 &&
	    strstr(shell_output(), words) != NULL);
}

TEST(next_to_one_that_drains)
{
	int fd;

	start_first();
	tlspeer_open(&peer, first.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	AWAIT(server_total(&first, "open") == 1);
	fd = begin_long_drain(&first, ".draining");
	start_next(&second);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	resume_echo(second.port, "ca/bob", 0);
	ck_assert_uint_eq(server_total(&first, "handshakes_completed"), 1);
	ck_assert_uint_eq(server_total(&second, "handshakes_completed"), 1);
	expect_in_view(first.name, " draining ");
	expect_in_view(name, " ready ");
	tlspeer_finish(&peer);
	end_drain(&first, fd);
	ck_assert(server_segment_exists(name));
	server_stop_idle(&second);
}

/* The first keeps its new name, and the second takes the one after that. */
TEST(two_drain_at_once)
{
	int fds[2];

	start_first();
	fds[0] = begin_long_drain(&first, ".draining");
	start_next(&second);
	fds[1] = begin_long_drain(&second, ".draining.2");
	start_next(&third);
	expect_in_view(first.name, " draining ");
	expect_in_view(second.name, " draining ");
	expect_in_view(name, " ready ");
	resume_echo(third.port, "ca/alice", 0);
	end_drain(&first, fds[0]);
	end_drain(&second, fds[1]);
	server_stop_idle(&third);
}

/* It has the listening socket, and closes it when it goes on. */
TEST(stopped_worker_keeps_no_port)
{
	start_first();
	(void)server_freeze_worker(&first, 0);
	spawn_signal(&first.process, SIGTERM);
	spawn_expect(&first.process, "draining, for up to 1 h");
	start_next(&second);
	resume_echo(second.port, "ca/alice", 0);
	spawn_signal(&first.process, SIGTERM);
	(void)snprintf(first.name, sizeof first.name, "%.40s.draining", name);
	server_await_end(&first, 1);
	server_stop_idle(&second);
}

FIXTURE_SUITE("e2e/restart")
