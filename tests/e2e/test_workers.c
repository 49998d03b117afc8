/* The death of a worker, and what it does to others. */
#include <check.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/many_clients.h"
#include "tests/support/process.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	CLIENTS = 24
};

static struct server server;
static struct tlspeer peers[CLIENTS];

/* Echoes with those that live; returns how many have been cut off. */
static unsigned
count_cut_off(unsigned count)
{
	unsigned cut_off = 0;
	char answer[8];

	for (unsigned i = 0; i < count; i++) {
		(void)gnutls_record_send(peers[i].session, "alive?", 6);
		if (tlspeer_receive(&peers[i], answer, 6) != 6)
			cut_off++;
		tlspeer_close(&peers[i]);
	}
	return cut_off;
}

START_TEST(killed_worker)
{
	uint64_t accepted;
	uint64_t bytes;
	pid_t pid;

	server_start(&server, NULL);
	for (unsigned i = 0; i < 16; i++)
		tlspeer_join(&peers[i], server.port);
	many_clients_expect_even(&server, 16);
	pid = server_worker_pid(&server, 0);
	accepted = server_worker_value(&server, 0, "accepted");
	bytes = server_worker_value(&server, 0, "bytes_received");
	ck_assert_int_eq(kill(pid, SIGKILL), 0);

	AWAIT(server_total(&server, "ended_worker_died") == 8);
	ck_assert_uint_eq(server_total(&server, "open"), 8);
	ck_assert_uint_eq(server_worker_value(&server, 0, "open"), 0);
	AWAIT(server_worker_is_ready(&server, 0));
	ck_assert_int_ne(server_worker_pid(&server, 0), pid);
	ck_assert_uint_eq(server_total(&server, "worker_restarts"), 1);
	ck_assert_uint_eq(
	    server_worker_value(&server, 0, "accepted"), accepted);
	ck_assert_uint_eq(
	    server_worker_value(&server, 0, "bytes_received"), bytes);

	/* The new one has nothing to do, so it gets what comes. */
	for (unsigned i = 16; i < 24; i++)
		tlspeer_join(&peers[i], server.port);
	many_clients_expect_even(&server, 16);
	ck_assert_uint_eq(
	    server_worker_value(&server, 0, "bytes_received"), bytes + 8 * 5);
	ck_assert_uint_eq(count_cut_off(16), 8);
	many_clients_leave(peers + 16, 8);
	server_stop_idle(&server);
}
END_TEST

/* Both at once, and again: the server comes back each time. */
START_TEST(all_workers_killed)
{
	server_start(&server, NULL);
	for (uint64_t round = 1; round <= 2; round++) {
		pid_t pids[] = { server_worker_pid(&server, 0),
			server_worker_pid(&server, 1) };

		for (int i = 0; i < 2; i++)
			ck_assert_int_eq(kill(pids[i], SIGKILL), 0);
		AWAIT(server_total(&server, "worker_restarts") == 2 * round);
		tlspeer_join(&peers[0], server.port);
		tlspeer_finish(&peers[0]);
		AWAIT(server_worker_is_ready(&server, 0) &&
		    server_worker_is_ready(&server, 1));
	}
	server_stop(&server);
}
END_TEST

/* A handshake is under way on the worker that dies, another is not harmed. */
START_TEST(killed_in_handshakes)
{
	unsigned good = 0;

	server_start(&server, NULL);
	for (unsigned i = 0; i < 8; i++)
		tlspeer_open(&peers[i], server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice" });
	many_clients_expect_even(&server, 8);
	ck_assert_int_eq(kill(server_worker_pid(&server, 1), SIGKILL), 0);
	AWAIT(server_total(&server, "ended_worker_died") == 4);
	for (unsigned i = 0; i < 8; i++) {
		if (tlspeer_handshake(&peers[i]) == 0) {
			good++;
			tlspeer_echo(&peers[i], "hello", 5);
		}
		tlspeer_close(&peers[i]);
	}
	ck_assert_uint_eq(good, 4);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 4);
	server_stop(&server);
}
END_TEST

/*
 * What has been placed on a worker that does not come to take it is neither
 * lost nor served by nobody when that worker dies: the next one takes it.
 */
START_TEST(inbox_outlives_worker)
{
	pid_t pid;

	server_start(&server, NULL);
	process_freeze(server.process.pid); /* it does not notice */
	pid = server_freeze_worker(&server, 1);
	for (unsigned i = 0; i < 8; i++)
		tlspeer_open(&peers[i], server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice" });
	AWAIT(server_worker_value(&server, 0, "placed_elsewhere") == 4);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	spawn_signal(&server.process, SIGCONT);
	for (unsigned i = 0; i < 8; i++) {
		ck_assert_int_eq(tlspeer_handshake(&peers[i]), 0);
		tlspeer_echo(&peers[i], "hello", 5);
	}
	many_clients_expect_even(&server, 8);
	ck_assert_uint_eq(server_total(&server, "ended_worker_died"), 0);
	many_clients_leave(peers, 8);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert(many_clients_was_even(&server));
	server_stop(&server);
}
END_TEST

/* Who leaves at once may be gone before he has been handed over. */
START_TEST(come_and_go)
{
	server_start(&server, NULL);
	for (unsigned i = 0; i < 1000; i++)
		(void)close(tlspeer_tcp("127.0.0.1", server.port));
	AWAIT(server_total(&server, "ended") == 1000);
	ck_assert_uint_eq(server_total(&server, "handshake_peer_closed"), 1000);
	ck_assert_uint_eq(server_total(&server, "worker_restarts"), 0);
	AWAIT(many_clients_was_even(&server));
	server_stop(&server);
}
END_TEST

/*
 * Signals are the master's business: a worker that gets one goes on, and so
 * does the master with those that mean nothing to it.
 */
START_TEST(signals_that_do_nothing)
{
	const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGALRM,
		SIGIO, SIGPROF, SIGPWR, SIGSTKFLT, SIGVTALRM, SIGXFSZ, SIGRTMIN,
		SIGRTMAX };
	pid_t pid;

	server_start(&server, "--workers", "1", NULL);
	pid = server_worker_pid(&server, 0);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		ck_assert_int_eq(kill(pid, numbers[i]), 0);
		if (i > 2)
			spawn_signal(&server.process, numbers[i]);
		tlspeer_join(&peers[0], server.port);
		tlspeer_finish(&peers[0]);
	}
	server_reload(&server);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_int_eq(server_worker_pid(&server, 0), pid);
	ck_assert_uint_eq(server_total(&server, "worker_restarts"), 0);
	server_stop(&server);
}
END_TEST

/* A parent that ignores SIGCHLD leaves that to the programs it starts. */
START_TEST(started_with_sigchld_ignored)
{
	(void)signal(SIGCHLD, SIG_IGN);
	server_start(&server, NULL);
	(void)signal(SIGCHLD, SIG_DFL);
	server_replace_worker(&server, 0);
	server_stop(&server);
}
END_TEST

/* Tickets are every worker's, and outlive the one that made them. */
START_TEST(tickets_outlive_workers)
{
	gnutls_datum_t session;
	struct tlspeer *p = &peers[0];

	server_start(&server, NULL);
	tlspeer_join(p, server.port);
	tlspeer_session(p, &session);
	tlspeer_finish(p);
	for (unsigned i = 0; i < 2; i++)
		server_replace_worker(&server, i);
	for (unsigned i = 0; i < 4; i++) {
		tlspeer_connect(&peers[i], server.port,
		    &(struct tlspeer_options){
			.identity = "ca/alice", .resume = &session });
		tlspeer_echo(&peers[i], "hello", 5);
	}
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 4);
	many_clients_expect_even(&server, 4);
	many_clients_leave(peers, 4);
	gnutls_free(session.data);
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/workers");

	SUITE_ADD(s, killed_worker);
	SUITE_ADD(s, all_workers_killed);
	SUITE_ADD(s, killed_in_handshakes);
	SUITE_ADD(s, inbox_outlives_worker);
	SUITE_ADD(s, come_and_go);
	SUITE_ADD(s, signals_that_do_nothing);
	SUITE_ADD(s, started_with_sigchld_ignored);
	SUITE_ADD(s, tickets_outlive_workers);
	return fixture_run(s, argc, argv);
}
