/* Limits on addresses, networks and rates, over all workers. */
#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peers[8];

/* The server closes it, with or without a reset. */
static void
expect_closed(int fd)
{
	char byte;

	tcp_await(fd);
	ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
	(void)close(fd);
}

static void
expect_refused(void)
{
	expect_closed(tlspeer_tcp("127.0.0.1", server.port));
}

/* Of two workers: connections go to each in turn, and the limit is of both. */
START_TEST(connections_of_an_address)
{
	server_start(&server, "--max-connections-per-address", "3",
	    "--log-format", "json", NULL);
	for (int i = 0; i < 3; i++)
		tlspeer_join(&peers[i], server.port);
	expect_refused();
	expect_refused();
	AWAIT(server_total(&server, "refused_address") == 2);
	ck_assert_uint_eq(server_total(&server, "refused"), 2);
	ck_assert_uint_eq(server_total(&server, "accepted"), 3);
	tlspeer_finish(&peers[0]);
	AWAIT(server_total(&server, "open") == 2);
	tlspeer_join(&peers[0], server.port);
	expect_refused();
	for (int i = 0; i < 3; i++)
		tlspeer_finish(&peers[i]);
	server_stop_clean(&server);
	ck_assert(spawn_said(&server.process, "\"refused\":\"address_limit\""));
	ck_assert(spawn_said(
	    &server.process, "refused: --max-connections-per-address"));
}
END_TEST

/* A worker is killed: its share is free, and the other one's is not. */
START_TEST(killed_workers_leave_nothing)
{
	uint64_t open;

	server_start(&server, "--max-connections-per-address", "4", NULL);
	for (int i = 0; i < 4; i++)
		tlspeer_join(&peers[i], server.port);
	expect_refused();
	open = server_worker_value(&server, 0, "open");
	ck_assert_uint_eq(open, 2);
	server_replace_worker(&server, 0);
	for (uint64_t i = 0; i < open; i++)
		tlspeer_join(&peers[4 + i], server.port);
	expect_refused();
	for (uint64_t i = 0; i < 4 + open; i++)
		tlspeer_close(&peers[i]);
	server_stop(&server);
}
END_TEST

static void
join_behind_proxy(struct tlspeer *peer, const char *header)
{
	tlspeer_open(peer, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	ck_assert_int_gt(
	    send(peer->fd, header, strlen(header), MSG_NOSIGNAL), 0);
}

#define FROM(address) "PROXY TCP4 " address " 198.51.100.2 4660 443\r\n"

/* Of the clients that the proxy names, not of the proxy. */
START_TEST(networks_behind_a_proxy)
{
	server_start(&server, "--proxy-protocol",
	    "--max-connections-per-network", "2/24", NULL);
	join_behind_proxy(&peers[0], FROM("192.0.2.1"));
	join_behind_proxy(&peers[1], FROM("192.0.2.2"));
	join_behind_proxy(&peers[2], FROM("192.0.3.1"));
	join_behind_proxy(&peers[3], "PROXY UNKNOWN\r\n");
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(tlspeer_handshake(&peers[i]), 0);
	join_behind_proxy(&peers[4], FROM("192.0.2.9"));
	expect_closed(peers[4].fd);
	peers[4].fd = -1;
	AWAIT(server_total(&server, "refused_network") == 1);
	ck_assert_uint_eq(server_total(&server, "refused"), 1);
	server_expect_failures(&server, NULL, 0);
	tlspeer_finish(&peers[0]);
	AWAIT(server_total(&server, "open") == 3);
	join_behind_proxy(&peers[0], FROM("192.0.2.9"));
	ck_assert_int_eq(tlspeer_handshake(&peers[0]), 0);
	for (int i = 0; i < 4; i++)
		tlspeer_finish(&peers[i]);
	server_stop_clean(&server);
}
END_TEST

static const struct {
	const char *option, *counter;
} rates[] = {
	{ "--handshake-rate", "refused_rate" },
	{ "--handshake-rate-per-address", "refused_address_rate" },
};

/* Three at once, whichever worker takes them, and then one in 20 minutes. */
START_TEST(handshake_rates)
{
	server_start(&server, rates[_i].option, "3/h", NULL);
	for (int i = 0; i < 3; i++)
		tlspeer_join(&peers[i], server.port);
	for (int i = 0; i < 3; i++)
		tlspeer_finish(&peers[i]);
	expect_refused();
	AWAIT(server_total(&server, rates[_i].counter) == 1);
	ck_assert_uint_eq(server_total(&server, "refused"), 1);
	server_stop_clean(&server);
}
END_TEST

static bool
comes_in(void)
{
	int result;

	tlspeer_open(&peers[1], server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	result = tlspeer_handshake(&peers[1]);
	tlspeer_close(&peers[1]);
	return result == 0;
}

/* Silent clients take memory; when they have gone, it is there again. */
START_TEST(memory_runs_out_and_returns)
{
	enum {
		MANY = 900
	};
	static int fds[MANY];
	char limit[32];

	server_start(&server, NULL);
	tlspeer_join(&peers[0], server.port);
	AWAIT(server_total(&server, "memory") > 1 << 20);
	(void)snprintf(limit, sizeof limit, "%" PRIu64 "k",
	    server_total(&server, "memory") / 1024 + 2048);
	tlspeer_finish(&peers[0]);
	server_stop(&server);
	server_start(&server, "--max-memory", limit, NULL);
	tlspeer_join(&peers[0], server.port);
	for (int i = 0; i < MANY; i++)
		fds[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(
	    server_total(&server, "memory") > strtoull(limit, NULL, 10) * 1024);
	expect_refused();
	AWAIT(server_total(&server, "refused_memory") > 0);
	tlspeer_echo(&peers[0], "hello", 5);
	for (int i = 0; i < MANY; i++)
		(void)close(fds[i]);
	AWAIT(server_total(&server, "open") == 1);
	if (SUITE_IS_SANITIZED)
		suite_skip("a sanitizer keeps what was freed");
	else
		AWAIT(comes_in());
	tlspeer_finish(&peers[0]);
	server_stop(&server);
	ck_assert(spawn_said(&server.process, "refused: --max-memory"));
}
END_TEST

START_TEST(too_little_memory_for_anybody)
{
	server_start(&server, "--max-memory", "1M", NULL);
	spawn_expect(&server.process, "--max-memory 1.00 MiB lets nobody in: ");
	AWAIT(server_master_value(&server, "memory") > 1 << 20);
	expect_refused();
	server_stop(&server);
}
END_TEST

static const char *const printed[][2] = {
	{ "--proxy-protocol", "PROXY header: required, version 1 or 2" },
	{ "--max-connections-per-address 7",
	    "connections of an address: at most 7\n" },
	{ "--max-connections-per-network 8/16/48",
	    "connections of a network, /16 of IPv4, /48 of IPv6: at most 8\n" },
	{ "--handshake-rate 100:5",
	    "handshakes of all clients: one in 10.0 ms, 5 at once\n" },
	{ "--handshake-rate-per-address 30/m",
	    "handshakes of an address: one in 2.00 s, 30 at once\n" },
	{ "--max-memory 2G", "memory of all processes: at most 2.00 GiB\n" },
	{ "--max-memory 1M", "--max-memory 1.00 MiB lets nobody in: the idle" },
	{ "--memory-pressure off", "memory pressure: not watched\n" },
	{ "--max-handshaking 9", "at most 9 in each worker, others wait\n" },
};

START_TEST(test_prints_limits)
{
	shell_expect(0, printed[_i][1],
	    "exec tlsecho-server --test --ca ca/ca.pem --cert ca/server.pem"
	    " --key ca/server.key --listen 127.0.0.1:0 %s",
	    printed[_i][0]);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/limits");

	SUITE_ADD(s, connections_of_an_address);
	SUITE_ADD(s, killed_workers_leave_nothing);
	SUITE_ADD(s, networks_behind_a_proxy);
	SUITE_ADD_LOOP(s, handshake_rates, TEST_ROWS(rates));
	SUITE_ADD(s, memory_runs_out_and_returns);
	SUITE_ADD(s, too_little_memory_for_anybody);
	SUITE_ADD_LOOP(s, test_prints_limits, TEST_ROWS(printed));
	return fixture_run(s, argc, argv);
}
