/* Who comes when a worker has enough connections that are not open yet. */
#include <check.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/many_clients.h"
#include "tests/support/process.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;
static int silent[2]; /* connect, and send nothing */

static const struct tlspeer_options alice = { .identity = "ca/alice" };

/* One worker, and two who take all its places. */
static void
fill(const char *option, const char *value)
{
	server_start(&server, "--workers", "1", "--max-connections", "5",
	    option, value, NULL);
	for (unsigned i = 0; i < 2; i++)
		silent[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "handshaking_pauses") == 1);
	ck_assert_uint_eq(server_total(&server, "accepted"), 2);
}

static void
be_served(void)
{
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
}

static void
end_all(void)
{
	for (unsigned i = 0; i < 2; i++)
		(void)close(silent[i]);
	server_stop_idle(&server);
}

START_TEST(next_one_waits)
{
	fill("--handshake-timeout", "1h");
	tlspeer_open(&peer, server.port, &alice);
	(void)close(silent[0]);
	be_served();
	ck_assert_uint_eq(server_total(&server, "accepted"), 3);
	/* It took the second place, and left it. */
	ck_assert_uint_eq(server_total(&server, "handshaking_pauses"), 2);
	ck_assert_uint_eq(server_total(&server, "refused"), 0);
	end_all();
}
END_TEST

/* Those who only connect get half of the places, and others theirs. */
START_TEST(silent_ones_leave_room)
{
	struct tlspeer peers[2];

	server_start(&server, "--workers", "1", "--max-connections", "4",
	    "--handshake-timeout", "1h", NULL);
	for (unsigned i = 0; i < 2; i++)
		tlspeer_join(&peers[i], server.port);
	for (unsigned i = 0; i < 2; i++)
		silent[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "accepted") == 4);
	tlspeer_finish(&peers[0]);
	AWAIT(server_total(&server, "open") == 3);
	tlspeer_open(&peer, server.port, &alice);
	tlspeer_echo(&peers[1], "hello", 5);
	ck_assert_uint_eq(server_total(&server, "accepted"), 4); /* it waits */
	(void)close(silent[0]);
	be_served();
	ck_assert_uint_eq(server_total(&server, "refused"), 0);
	tlspeer_finish(&peers[1]);
	end_all();
	ck_assert(spawn_said(&server.process, ": 2 connections of a worker"));
}
END_TEST

/* Somebody waits, and the loop sleeps all the same. */
START_TEST(pause_does_not_spin)
{
	struct tlspeer waiting;
	uint64_t calls;

	server_start(&server, "--workers", "1", "--max-connections", "5", NULL);
	tlspeer_join(&peer, server.port);
	for (unsigned i = 0; i < 2; i++)
		silent[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "handshaking_pauses") > 0 &&
	    server_total(&server, "accepted") == 3);
	tlspeer_open(&waiting, server.port, &alice);
	calls = server_total(&server, "wait_calls");
	for (unsigned i = 0; i < 100; i++)
		tlspeer_echo(&peer, "hello", 5);
	/* One or two of the echo loop for each; the last may just begin. */
	calls = server_total(&server, "wait_calls") - calls;
	ck_assert_uint_ge(calls, 99);
	ck_assert_uint_le(calls, 250);
	ck_assert_uint_eq(server_total(&server, "accepted"), 3);
	tlspeer_close(&waiting);
	tlspeer_finish(&peer);
	end_all();
}
END_TEST

START_TEST(timeouts_make_room)
{
	fill("--handshake-timeout", SUITE_LIMIT);
	tlspeer_open(&peer, server.port, &alice);
	be_served();
	AWAIT(server_total(&server, "handshake_timeout") == 2);
	end_all();
}
END_TEST

START_TEST(reload_in_a_pause)
{
	fill("--handshake-timeout", "1h");
	tlspeer_open(&peer, server.port, &alice);
	server_reload(&server);
	ck_assert_uint_eq(server_total(&server, "accepted"), 2);
	(void)close(silent[1]);
	be_served();
	end_all();
}
END_TEST

START_TEST(drain_in_a_pause)
{
	fill("--drain-timeout", "100ms");
	tlspeer_open(&peer, server.port, &alice);
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 0);
	ck_assert_int_ne(tlspeer_handshake(&peer), 0);
	tlspeer_close(&peer);
	for (unsigned i = 0; i < 2; i++)
		(void)close(silent[i]);
}
END_TEST

/* The lighter worker is full, so the other one serves. */
START_TEST(others_have_room)
{
	struct tlspeer peers[6];
	unsigned home[6], light;

	server_start(&server, "--max-connections", "11", NULL);
	for (unsigned i = 0; i < 6; i++) {
		uint64_t before = server_worker_value(&server, 0, "accepted");

		tlspeer_join(&peers[i], server.port);
		home[i] = server_worker_value(&server, 0, "accepted") == before;
	}
	many_clients_expect_even(&server, 6);
	light = home[0];
	for (unsigned i = 0; i < 6; i++)
		if (home[i] == light)
			tlspeer_finish(&peers[i]);
	AWAIT(server_total(&server, "open") == 3);
	for (unsigned i = 0; i < 2; i++)
		silent[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_worker_value(&server, light, "open") == 2 &&
	    server_worker_value(&server, light, "handshaking_pauses") > 0);
	tlspeer_open(&peer, server.port, &alice);
	be_served();
	for (unsigned i = 0; i < 6; i++)
		if (home[i] != light)
			tlspeer_finish(&peers[i]);
	end_all();
}
END_TEST

enum {
	SENT = 4 /* to a worker's inbox, which takes two at a time */
};

static struct tlspeer here[SENT], sent[SENT];

/* Worker 1 stood still, and worker 0 has sent it every other connection. */
static void
fill_inbox(void)
{
	pid_t pid;

	server_start(&server, "--max-connections", "11", "--drain-timeout",
	    "100ms", NULL);
	process_freeze(server.process.pid); /* it does not notice */
	pid = server_freeze_worker(&server, 1);
	for (unsigned i = 0; i < SENT; i++) {
		tlspeer_join(&here[i], server.port);
		tlspeer_open(&sent[i], server.port, &alice);
		AWAIT(server_worker_value(&server, 0, "placed_elsewhere") ==
		    i + 1);
	}
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	spawn_signal(&server.process, SIGCONT);
	AWAIT(server_worker_value(&server, 1, "handshaking_pauses") == 1);
}

START_TEST(inbox_waits_too)
{
	fill_inbox();
	ck_assert_uint_eq(server_worker_value(&server, 1, "accepted"), 2);
	for (unsigned i = 0; i < SENT; i++) {
		ck_assert_int_eq(tlspeer_handshake(&sent[i]), 0);
		tlspeer_echo(&sent[i], "hello", 5);
	}
	many_clients_expect_even(&server, 2 * SENT);
	many_clients_leave(here, SENT);
	many_clients_leave(sent, SENT);
	server_stop_idle(&server);
}
END_TEST

/* There will be nobody else to take what waits in the inbox. */
START_TEST(drain_empties_inbox)
{
	fill_inbox();
	spawn_signal(&server.process, SIGTERM);
	AWAIT(server_worker_value(&server, 1, "accepted") == SENT);
	for (unsigned i = 0; i < SENT; i++) {
		tlspeer_close(&here[i]);
		tlspeer_close(&sent[i]);
	}
	server_await_end(&server, 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/handshaking");

	SUITE_ADD(s, next_one_waits);
	SUITE_ADD(s, silent_ones_leave_room);
	SUITE_ADD(s, pause_does_not_spin);
	SUITE_ADD(s, timeouts_make_room);
	SUITE_ADD(s, reload_in_a_pause);
	SUITE_ADD(s, drain_in_a_pause);
	SUITE_ADD(s, others_have_room);
	SUITE_ADD(s, inbox_waits_too);
	SUITE_ADD(s, drain_empties_inbox);
	return fixture_run(s, argc, argv);
}
