/* Orderly ends: signals, draining, and those who hold it up. */
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	LARGE = 50000000
};

static struct server server;
static struct tlspeer peer;

START_TEST(ends_on_a_signal)
{
	static const int numbers[] = { SIGTERM, SIGINT };

	server_start(&server, NULL);
	resume_echo(server.port, "ca/alice", 0);
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
	ssize_t got = 1;

	server_start(&server, "--drain-timeout", "1s", NULL);
	tlspeer_join(&peer, server.port);
	spawn_signal(&server.process, SIGTERM);
	asked_ns = clock_now_ns();
	while (got > 0 &&
	    gnutls_record_send(peer.session, text, sizeof text) > 0) {
		got = tlspeer_receive(&peer, answer, sizeof answer);
		echoes += got > 0;
	}
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
	tlspeer_join(&peer, server.port);
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
	tlspeer_join(&peer, server.port);
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
	tlspeer_join(&peer, server.port);
	ck_assert_int_eq(
	    fcntl(peer.fd, F_SETFL, O_NONBLOCK), 0); /* sends what fits */
	while (server_total(&server, "backpressure_pauses") == 0)
		(void)gnutls_record_send(peer.session, bytes, 16384);
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 0);
	tlspeer_close(&peer);
}
END_TEST

/* In a thread, as it blocks until somebody reads. */
static void *
write_all(void *bytes)
{
	for (size_t done = 0; done < LARGE;) {
		ssize_t sent = gnutls_record_send(
		    peer.session, (uint8_t *)bytes + done, LARGE - done);

		if (sent < 0)
			break; /* what is missing shows on the other side */
		done += (size_t)sent;
	}
	return NULL;
}

/*
 * Who has not read all that he is to get waits for an echo, though he is quiet
 * while he does not read.
 */
START_TEST(drains_a_slow_reader)
{
	struct tlspeer quiet;
	pthread_t writer;
	uint8_t *bytes = malloc(LARGE);

	ck_assert_ptr_nonnull(bytes);
	tlspeer_fill(bytes, LARGE, 4);
	server_start(&server, "--drain-timeout", "1h", NULL);
	tlspeer_join(&peer, server.port);
	tlspeer_connect(&quiet, server.port,
	    &(struct tlspeer_options){ .identity = "ca/bob" });
	ck_assert_int_eq(pthread_create(&writer, NULL, write_all, bytes), 0);
	AWAIT(server_total(&server, "backpressure_pauses") > 0);
	spawn_signal(&server.process, SIGTERM);
	tlspeer_echo(&quiet, "hello", 5);
	tlspeer_expect_end(&quiet);
	tlspeer_close(&quiet);
	tlspeer_expect(&peer, bytes, LARGE);
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
	tlspeer_expect_end(&peer);
	tlspeer_close(&peer);
	free(bytes);
	server_await_end(&server, 0);
}
END_TEST

/* A worker that hangs is killed in the end, and the status tells. */
START_TEST(drains_a_hanging_worker)
{
	server_start(&server, "--drain-timeout", "0", NULL);
	(void)server_freeze_worker(&server, 0);
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 1);
	ck_assert(spawn_said(&server.process, "did not leave in time"));
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

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/drain");

	SUITE_ADD_LOOP(s, ends_on_a_signal, 2);
	SUITE_ADD(s, drains_a_busy_client);
	SUITE_ADD(s, drains_a_quiet_client);
	SUITE_ADD(s, refuses_newcomers_while_draining);
	SUITE_ADD(s, drains_a_stuck_client);
	SUITE_ADD_SLOW(s, drains_a_slow_reader, 20);
	SUITE_ADD(s, drains_a_hanging_worker);
	SUITE_ADD(s, second_signal_ends_at_once);
	return fixture_run(s, argc, argv);
}
