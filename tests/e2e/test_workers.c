/* Workers: who gets a connection, what the death of one does to the others. */
#include <check.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	CLIENTS = 64
};

static struct server server;
static struct tlspeer peers[CLIENTS];

static void
connect_one(struct tlspeer *p)
{
	tlspeer_connect(p, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	tlspeer_echo(p, "hello", 5);
}

static void
close_all(unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		tlspeer_finish(&peers[i]);
}

/* Whether the connections that each worker has now differ by one at most. */
static bool
is_evenly_spread(unsigned connections)
{
	unsigned workers = server_workers(&server);

	for (unsigned i = 0; i < workers; i++) {
		uint64_t open = server_worker_value(&server, i, "open");

		if (open < connections / workers ||
		    open > (connections + workers - 1) / workers)
			return false;
	}
	return true;
}

static void
expect_even_spread(unsigned connections)
{
	AWAIT(server_total(&server, "open") == connections);
	ck_assert_msg(is_evenly_spread(connections),
	    "%u connections: %ju on worker 0, %ju on worker 1", connections,
	    (uintmax_t)server_worker_value(&server, 0, "open"),
	    (uintmax_t)server_worker_value(&server, 1, "open"));
}

static const char *const worker_counts[] = { "2", "4" };

START_TEST(spread_one_after_another)
{
	server_start(&server, "--workers", worker_counts[_i], NULL);
	for (unsigned i = 0; i < CLIENTS; i++)
		connect_one(&peers[i]);
	expect_even_spread(CLIENTS);
	close_all(0, CLIENTS);
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}
END_TEST

/* All TCP connections are there before the first handshake. */
START_TEST(spread_at_once)
{
	server_start(&server, "--workers", worker_counts[_i], NULL);
	for (unsigned i = 0; i < CLIENTS; i++)
		tlspeer_open(&peers[i], server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice" });
	expect_even_spread(CLIENTS);
	for (unsigned i = 0; i < CLIENTS; i++) {
		ck_assert_int_eq(tlspeer_handshake(&peers[i]), 0);
		tlspeer_echo(&peers[i], "hello", 5);
	}
	expect_even_spread(CLIENTS);
	close_all(0, CLIENTS);
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}
END_TEST

/* Those that stay are joined by others: on the worker that has fewer. */
START_TEST(spread_after_departures)
{
	server_start(&server, NULL);
	for (unsigned i = 0; i < 16; i++)
		connect_one(&peers[i]);
	close_all(0, 8);
	AWAIT(server_total(&server, "open") == 8);
	for (unsigned i = 0; i < 8; i++)
		connect_one(&peers[i]);
	expect_even_spread(16);
	close_all(0, 16);
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}
END_TEST

/* Clients come, and all of them go again. */
static bool
serves_evenly(unsigned count)
{
	bool evenly;

	for (unsigned i = 0; i < count; i++)
		connect_one(&peers[i]);
	evenly =
	    server_total(&server, "open") == count && is_evenly_spread(count);
	close_all(0, count);
	AWAIT(server_total(&server, "open") == 0);
	return evenly;
}

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
		connect_one(&peers[i]);
	expect_even_spread(16);
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
		connect_one(&peers[i]);
	expect_even_spread(16);
	ck_assert_uint_eq(
	    server_worker_value(&server, 0, "bytes_received"), bytes + 8 * 5);
	ck_assert_uint_eq(count_cut_off(16), 8);
	close_all(16, 24);
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
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
		connect_one(&peers[0]);
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
	expect_even_spread(8);
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
	pid = server_worker_pid(&server, 1);
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	for (unsigned i = 0; i < 8; i++)
		tlspeer_open(&peers[i], server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice" });
	AWAIT(server_worker_value(&server, 0, "placed_elsewhere") == 4);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	for (unsigned i = 0; i < 8; i++) {
		ck_assert_int_eq(tlspeer_handshake(&peers[i]), 0);
		tlspeer_echo(&peers[i], "hello", 5);
	}
	expect_even_spread(8);
	ck_assert_uint_eq(server_total(&server, "ended_worker_died"), 0);
	close_all(0, 8);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert(serves_evenly(8));
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
	AWAIT(serves_evenly(8));
	server_stop(&server);
}
END_TEST

/* Signals are the master's business: a worker that gets one goes on. */
START_TEST(signals_to_a_worker)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGPIPE };
	pid_t pid;

	server_start(&server, "--workers", "1", NULL);
	pid = server_worker_pid(&server, 0);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		ck_assert_int_eq(kill(pid, numbers[i]), 0);
		connect_one(&peers[0]);
		tlspeer_finish(&peers[0]);
	}
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_int_eq(server_worker_pid(&server, 0), pid);
	ck_assert_uint_eq(server_total(&server, "worker_restarts"), 0);
	server_stop(&server);
}
END_TEST

/* Tickets are every worker's, and outlive the one that made them. */
START_TEST(tickets_outlive_workers)
{
	gnutls_datum_t session;
	struct tlspeer *p = &peers[0];

	server_start(&server, NULL);
	connect_one(p);
	tlspeer_session(p, &session);
	tlspeer_finish(p);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_int_eq(
		    kill(server_worker_pid(&server, i), SIGKILL), 0);
	AWAIT(server_total(&server, "worker_restarts") == 2 &&
	    server_worker_is_ready(&server, 0) &&
	    server_worker_is_ready(&server, 1));
	for (unsigned i = 0; i < 4; i++) {
		tlspeer_connect(&peers[i], server.port,
		    &(struct tlspeer_options){
			.identity = "ca/alice", .resume = &session });
		tlspeer_echo(&peers[i], "hello", 5);
	}
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 4);
	expect_even_spread(4);
	close_all(0, 4);
	gnutls_free(session.data);
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}
END_TEST

START_TEST(max_connections)
{
	struct tlspeer refused;

	server_start(&server, "--max-connections", "4", NULL);
	/* Who never got through does not count. */
	for (unsigned i = 0; i < 4; i++)
		(void)close(tlspeer_tcp("127.0.0.1", server.port));
	AWAIT(server_total(&server, "ended") == 4);
	for (unsigned i = 0; i < 4; i++)
		connect_one(&peers[i]);
	tlspeer_open(&refused, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	ck_assert_int_ne(tlspeer_handshake(&refused), 0);
	tlspeer_close(&refused);
	ck_assert_uint_eq(server_total(&server, "refused"), 1);
	ck_assert_uint_eq(server_total(&server, "accepted"), 8);
	tlspeer_finish(&peers[0]);
	AWAIT(server_total(&server, "open") == 3);
	connect_one(&peers[0]);
	close_all(0, 4);
	AWAIT(server_total(&server, "open") == 0);
	server_expect_failures(&server, "handshake_peer_closed", 4);
	server_stop(&server);
}
END_TEST

/*
 * No descriptors left: those who are there go on; when there are some again,
 * others are served, and evenly: nothing was miscounted.
 */
START_TEST(too_few_descriptors)
{
	enum {
		LIMIT = 48,
		TOO_MANY = 160
	};
	const struct spawn_options options = { .max_fds = LIMIT };
	char name[STATS_SHM_NAME];
	int fds[TOO_MANY];

	server_new_name(name);
	server_start_as(
	    &server, name, &options, "--workers", worker_counts[_i], NULL);
	connect_one(&peers[0]);
	for (unsigned i = 0; i < TOO_MANY; i++)
		fds[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "accept_errors") > 0);
	tlspeer_echo(&peers[0], "still here", 10);
	for (unsigned i = 0; i < TOO_MANY; i++)
		(void)close(fds[i]);
	tlspeer_finish(&peers[0]);
	/* Those that were still waiting come in meanwhile, and go again. */
	AWAIT(serves_evenly(8));
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/workers");

	SUITE_ADD_LOOP(s, spread_one_after_another, 2);
	SUITE_ADD_LOOP(s, spread_at_once, 2);
	SUITE_ADD(s, spread_after_departures);
	SUITE_ADD(s, killed_worker);
	SUITE_ADD(s, all_workers_killed);
	SUITE_ADD(s, killed_in_handshakes);
	SUITE_ADD(s, inbox_outlives_worker);
	SUITE_ADD(s, come_and_go);
	SUITE_ADD(s, signals_to_a_worker);
	SUITE_ADD(s, tickets_outlive_workers);
	SUITE_ADD(s, max_connections);
	SUITE_ADD_LOOP(s, too_few_descriptors, 2);
	return fixture_run(s, argc, argv);
}
