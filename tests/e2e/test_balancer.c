/* Which worker gets a connection, and what happens when there are too many. */
#include <check.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/many_clients.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	CLIENTS = 64
};

static struct server server;
static struct tlspeer peers[CLIENTS];

/* However long all of them take. */
static void
start(int row)
{
	static const char *const worker_counts[] = { "2", "4" };

	server_start(&server, "--workers", worker_counts[row],
	    "--handshake-timeout", "1h", NULL);
}

START_TEST(spread_one_after_another)
{
	start(_i);
	for (unsigned i = 0; i < CLIENTS; i++)
		tlspeer_join(&peers[i], server.port);
	many_clients_expect_even(&server, CLIENTS);
	many_clients_leave(peers, CLIENTS);
	server_stop_idle(&server);
}
END_TEST

/* All TCP connections are there before the first handshake. */
START_TEST(spread_at_once)
{
	start(_i);
	for (unsigned i = 0; i < CLIENTS; i++)
		tlspeer_open(&peers[i], server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice" });
	many_clients_expect_even(&server, CLIENTS);
	for (unsigned i = 0; i < CLIENTS; i++) {
		ck_assert_int_eq(tlspeer_handshake(&peers[i]), 0);
		tlspeer_echo(&peers[i], "hello", 5);
	}
	many_clients_expect_even(&server, CLIENTS);
	many_clients_leave(peers, CLIENTS);
	server_stop_idle(&server);
}
END_TEST

/* By several processes at once, and so accepted by several workers at once. */
START_TEST(spread_by_several_processes)
{
	static struct spawn client;

	start(_i);
	client_start(&client, server_address(&server),
	    "--quiet -c 64 -w 4 -d 1h --handshake-timeout 1h", NULL);
	many_clients_expect_even(&server, CLIENTS);
	spawn_signal(&client, SIGINT);
	(void)spawn_wait(&client);
	server_stop_idle(&server);
}
END_TEST

/* Those that stay are joined by others: on the worker that has fewer. */
START_TEST(spread_after_departures)
{
	server_start(&server, NULL);
	for (unsigned i = 0; i < 16; i++)
		tlspeer_join(&peers[i], server.port);
	many_clients_leave(peers, 8);
	AWAIT(server_total(&server, "open") == 8);
	for (unsigned i = 0; i < 8; i++)
		tlspeer_join(&peers[i], server.port);
	many_clients_expect_even(&server, 16);
	many_clients_leave(peers, 16);
	server_stop_idle(&server);
}
END_TEST

/* A worker that is stopped is passed over, which log and viewer tell. */
START_TEST(stopped_worker)
{
	pid_t pid;

	server_start(&server, NULL);
	pid = server_freeze_worker(&server, 1);
	spawn_expect(&server.process, "worker 1 stopped by SIGSTOP");
	shell_expect(
	    0, "  0 ready ", "tlsecho-stat --once --stats %s", server.name);
	ck_assert_ptr_nonnull(strstr(shell_output(), "  1 stopped "));
	for (unsigned i = 0; i < 8; i++)
		tlspeer_join(&peers[i], server.port);
	ck_assert_uint_eq(server_worker_value(&server, 0, "open"), 8);
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	spawn_expect(&server.process, "worker 1 goes on");
	for (unsigned i = 8; i < 16; i++)
		tlspeer_join(&peers[i], server.port);
	many_clients_expect_even(&server, 16);
	ck_assert_uint_eq(server_worker_value(&server, 1, "worker_stalls"), 1);
	many_clients_leave(peers, 16);
	server_stop_idle(&server);
}
END_TEST

/* What newcomers are judged by; the counters have moved before. */
static uint64_t
load(void)
{
	uint64_t sum = 0;

	for (unsigned i = 1; i <= server_workers(&server); i++)
		sum += atomic_load(&stats_shm_slot(server.shm, i)->load);
	return sum;
}

START_TEST(max_connections)
{
	struct tlspeer refused;

	server_start(&server, "--max-connections", "4", NULL);
	/* Who never got through does not count. */
	for (unsigned i = 0; i < 4; i++)
		(void)close(tlspeer_tcp("127.0.0.1", server.port));
	AWAIT(server_total(&server, "ended") == 4 && load() == 0);
	for (unsigned i = 0; i < 4; i++)
		tlspeer_join(&peers[i], server.port);
	tlspeer_open(&refused, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	ck_assert_int_ne(tlspeer_handshake(&refused), 0);
	tlspeer_close(&refused);
	ck_assert_uint_eq(server_total(&server, "refused"), 1);
	ck_assert_uint_eq(server_total(&server, "accepted"), 8);
	spawn_expect(
	    &server.process, "1 connection refused: --max-connections 4\n");
	tlspeer_finish(&peers[0]);
	AWAIT(load() == 3);
	tlspeer_join(&peers[0], server.port);
	many_clients_leave(peers, 4);
	AWAIT(server_total(&server, "open") == 0);
	server_expect_failures(&server, "handshake_peer_closed", 4);
	server_stop(&server);
}
END_TEST

/* Of a process, which needs some 24 for itself. */
static const struct {
	unsigned max_fds;
	const char *workers;
} limits[] = { { 32, "1" }, { 48, "1" }, { 48, "4" }, { 64, "1" } };

/*
 * No descriptors left: those who are there go on; when there are some again,
 * others are served, and evenly: nothing was miscounted.
 */
START_TEST(too_few_descriptors)
{
	enum {
		TOO_MANY = 160
	};
	const struct spawn_options options = { .max_fds = limits[_i].max_fds };
	const char *workers = limits[_i].workers;
	int fds[TOO_MANY];

	/* What was inherited, as from make, would leave the server fewer. */
	(void)close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
	server_start_as(&server, NULL, &options, "--workers", workers, NULL);
	tlspeer_join(&peers[0], server.port);
	for (unsigned i = 0; i < TOO_MANY; i++)
		fds[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "accept_errors") > 20);
	AWAIT(server_total(&server, "refused_no_descriptor") > 0);
	tlspeer_echo(&peers[0], "still here", 10);
	for (unsigned i = 0; i < TOO_MANY; i++)
		(void)close(fds[i]);
	tlspeer_finish(&peers[0]);
	/* Those that were still waiting come in meanwhile, and go again. */
	AWAIT(many_clients_was_even(&server));
	server_stop(&server);
	ck_assert(spawn_said(&server.process, "refused: no descriptors left"));
	/* Once a worker, not once an error. */
	ck_assert_uint_ge(
	    spawn_count(&server.process, "accept: Too many open files"), 1);
	ck_assert_uint_le(
	    spawn_count(&server.process, "accept: Too many open files"),
	    (unsigned)strtoul(workers, NULL, 10));
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/balancer");

	SUITE_ADD_LOOP(s, spread_one_after_another, 2);
	SUITE_ADD_LOOP(s, spread_at_once, 2);
	SUITE_ADD_LOOP(s, spread_by_several_processes, 2);
	SUITE_ADD(s, spread_after_departures);
	SUITE_ADD(s, stopped_worker);
	SUITE_ADD(s, max_connections);
	SUITE_ADD_LOOP(s, too_few_descriptors, TEST_ROWS(limits));
	return fixture_run(s, argc, argv);
}
