/* The master: orderly ends, sudden ones, names, segments, descriptors. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

static void
connect_and_echo(void)
{
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	tlspeer_echo(&peer, "hello", 5);
}

START_TEST(ends_on_a_signal)
{
	static const int numbers[] = { SIGTERM, SIGINT };

	server_start(&server, NULL);
	connect_and_echo();
	tlspeer_finish(&peer);
	AWAIT(server_total(&server, "open") == 0);
	spawn_signal(&server.process, numbers[_i]);
	server_await_end(&server, 0);
	spawn_expect(&server.process, "\nConnections accepted: 1\n");
	spawn_expect(&server.process, "Handshakes completed: 1\n");
	spawn_expect(&server.process, "Handshakes failed: 0\n");
	spawn_expect(&server.process, "Read operations: 1\n");
	spawn_expect(&server.process, "Write operations: 1\n");
	spawn_expect(&server.process, "Bytes received: 5\n");
	spawn_expect(&server.process, "Bytes sent: 5\n");
}
END_TEST

/* A client that goes on is served until the drain time is over. */
START_TEST(drains_a_busy_client)
{
	static const char text[] = "still here";
	uint64_t echoes = 0;
	int64_t asked_ns;
	char answer[sizeof text];
	ssize_t got;

	server_start(&server, "--drain-timeout", "1s", NULL);
	connect_and_echo();
	spawn_signal(&server.process, SIGTERM);
	asked_ns = clock_now_ns();
	do {
		if (gnutls_record_send(peer.session, text, sizeof text) < 0)
			break;
		got = tlspeer_receive(&peer, answer, sizeof answer);
		echoes += got > 0;
	} while (got > 0);
	ck_assert_msg(
	    got == 0, "instead of close_notify: %s", gnutls_strerror((int)got));
	ck_assert_uint_gt(echoes, 1);
	ck_assert_int_ge(clock_now_ns() - asked_ns, CLOCK_NS_PER_S * 9 / 10);
	tlspeer_close(&peer);
	server_await_end(&server, 0);
	ck_assert_int_lt(clock_now_ns() - asked_ns, 5 * CLOCK_NS_PER_S);
}
END_TEST

/* One that waits for nothing is told goodbye before that. */
START_TEST(drains_a_quiet_client)
{
	int64_t asked_ns;

	server_start(&server, "--drain-timeout", "1h", NULL);
	connect_and_echo();
	spawn_signal(&server.process, SIGTERM);
	asked_ns = clock_now_ns();
	tlspeer_expect_end(&peer);
	tlspeer_close(&peer);
	server_await_end(&server, 0);
	ck_assert_int_lt(clock_now_ns() - asked_ns, 8 * CLOCK_NS_PER_S);
}
END_TEST

/* Nobody new is served meanwhile. */
START_TEST(refuses_newcomers_while_draining)
{
	char port[64];

	server_start(&server, "--drain-timeout", "1h", NULL);
	connect_and_echo();
	(void)snprintf(port, sizeof port, "127.0.0.1/%d", server.port);
	spawn_signal(&server.process, SIGTERM);
	AWAIT(shell("bash -c ': </dev/tcp/%s'", port) != 0);
	tlspeer_finish(&peer);
	server_await_end(&server, 0);
}
END_TEST

/* A client that neither reads nor leaves does not hold it up for ever. */
START_TEST(drains_a_stuck_client)
{
	static uint8_t bytes[1 << 16];

	server_start(&server, "--drain-timeout", "200ms", NULL);
	connect_and_echo();
	ck_assert_int_eq(
	    fcntl(peer.fd, F_SETFL, O_NONBLOCK), 0); /* sends what fits */
	while (server_total(&server, "backpressure_pauses") == 0)
		(void)gnutls_record_send(peer.session, bytes, 16384);
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 0);
	tlspeer_close(&peer);
}
END_TEST

START_TEST(second_signal_ends_at_once)
{
	server_start(&server, "--drain-timeout", "1h", NULL);
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	AWAIT(server_total(&server, "open") == 1);
	spawn_signal(&server.process, SIGTERM);
	spawn_expect(&server.process, "draining");
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 1);
	tlspeer_close(&peer);
}
END_TEST

/* Workers of a dead master leave, and a new server has all it needs at once. */
START_TEST(killed_master)
{
	char name[STATS_SHM_NAME];
	char address[64];
	pid_t pids[2];
	int64_t killed_ns;

	server_new_name(name);
	server_start_as(&server, name, NULL, NULL);
	connect_and_echo();
	for (unsigned i = 0; i < 2; i++)
		pids[i] = server_worker_pid(&server, i);
	(void)snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
	server_kill_master(&server);
	killed_ns = clock_now_ns();
	/* The listener is closed first, before the connections end. */
	AWAIT(shell("bash -c ': </dev/tcp/127.0.0.1/%d'", server.port) != 0);
	ck_assert(server_segment_exists(name));

	server_start_as(&server, name, NULL, "--listen", address, NULL);
	ck_assert_str_eq(server.addresses, address);
	ck_assert_uint_eq(server_total(&server, "accepted"), 0);
	tlspeer_expect_end(&peer);
	tlspeer_close(&peer);
	AWAIT(
	    !server_process_exists(pids[0]) && !server_process_exists(pids[1]));
	ck_assert_int_lt(clock_now_ns() - killed_ns,
	    5 * CLOCK_NS_PER_S * (SUITE_IS_SANITIZED ? 2 : 1));
	connect_and_echo();
	tlspeer_finish(&peer);
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}
END_TEST

/* Also while a client keeps them busy, and another is in its handshake. */
START_TEST(killed_master_of_busy_workers)
{
	struct tlspeer silent;
	pid_t pids[2];
	int64_t killed_ns;
	char answer[8];

	server_start(&server, NULL);
	connect_and_echo();
	tlspeer_open(&silent, server.port,
	    &(struct tlspeer_options){ .identity = "ca/bob" });
	AWAIT(server_total(&server, "open") == 2);
	for (unsigned i = 0; i < 2; i++)
		pids[i] = server_worker_pid(&server, i);
	server_kill_master(&server);
	killed_ns = clock_now_ns();
	while (gnutls_record_send(peer.session, "alive?", 6) == 6 &&
	    tlspeer_receive(&peer, answer, 6) == 6)
		continue;
	AWAIT(
	    !server_process_exists(pids[0]) && !server_process_exists(pids[1]));
	ck_assert_int_lt(clock_now_ns() - killed_ns,
	    5 * CLOCK_NS_PER_S * (SUITE_IS_SANITIZED ? 2 : 1));
	tlspeer_close(&peer);
	tlspeer_close(&silent);
	shell_expect(0, "", "rm /dev/shm/tlsecho.%s", server.name);
}
END_TEST

/* The second one of a name refuses, and the first does not notice. */
START_TEST(two_servers_of_one_name)
{
	server_start(&server, NULL);
	shell_expect(1, server.name,
	    "$TLSECHO_BUILD/tlsecho-server --listen 127.0.0.1:0 --cert %s"
	    " --key %s --ca %s --stats %s",
	    fixture_path("ca/server.pem"), fixture_path("ca/server.key"),
	    fixture_path("ca/ca.pem"), server.name);
	ck_assert_ptr_nonnull(strstr(shell_output(), "--stats"));
	connect_and_echo();
	tlspeer_finish(&peer);
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}
END_TEST

START_TEST(port_in_use)
{
	char address[64];

	server_start(&server, NULL);
	(void)snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
	shell_expect(1, address,
	    "$TLSECHO_BUILD/tlsecho-server --listen %s --cert %s"
	    " --key %s --ca %s --stats %s-second",
	    address, fixture_path("ca/server.pem"),
	    fixture_path("ca/server.key"), fixture_path("ca/ca.pem"),
	    server.name);
	ck_assert_ptr_nonnull(strstr(shell_output(), "in use"));
	shell_expect(1, "", "test -e /dev/shm/tlsecho.%s-second", server.name);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/master");

	SUITE_ADD_LOOP(s, ends_on_a_signal, 2);
	SUITE_ADD(s, drains_a_busy_client);
	SUITE_ADD(s, drains_a_quiet_client);
	SUITE_ADD(s, refuses_newcomers_while_draining);
	SUITE_ADD(s, drains_a_stuck_client);
	SUITE_ADD(s, second_signal_ends_at_once);
	SUITE_ADD_SLOW(s, killed_master, 20);
	SUITE_ADD_SLOW(s, killed_master_of_busy_workers, 20);
	SUITE_ADD(s, two_servers_of_one_name);
	SUITE_ADD(s, port_in_use);
	return fixture_run(s, argc, argv);
}
