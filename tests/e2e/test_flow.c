/* Backpressure, half-close, and the ways in which a connection ends. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/process.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	MEGABYTE = 1000000,
	LARGE = 50 * MEGABYTE,
	/* More than the kernel holds for both directions of a connection. */
	IN_FLIGHT_MAX = 24 * MEGABYTE,
	GROWTH_MAX_KIB = 4 * 1024,
};

static struct server server;
static struct tlspeer peer;
static uint8_t *bytes;

static void
begin(int version)
{
	server_start(&server, "--workers", "1", NULL);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .priority = resume_versions[version] });
}

static void
make_bytes(size_t n)
{
	bytes = malloc(n);
	ck_assert_ptr_nonnull(bytes);
	tlspeer_fill(bytes, n, 2);
}

/* The most memory that the process ever had, KiB. */
static long
peak_memory_kib(pid_t pid)
{
	char text[PROCESS_TEXT];

	ck_assert(process_status(pid, "VmHWM", text));
	return strtol(text, NULL, 10);
}

/* In a thread, as it blocks until somebody reads. */
static void *
write_large(void *unused)
{
	(void)unused;
	for (size_t done = 0; done < LARGE;) {
		size_t n = LARGE - done < 30000 ? LARGE - done : 30000;
		ssize_t sent =
		    gnutls_record_send(peer.session, bytes + done, n);

		if (sent < 0)
			break; /* what is missing shows on the other side */
		done += (size_t)sent;
	}
	(void)gnutls_bye(peer.session, GNUTLS_SHUT_WR);
	(void)shutdown(peer.fd, SHUT_WR);
	return NULL;
}

/*
 * Nothing is read before the server has had enough; then everything comes, and
 * the end, and the server has not grown.
 */
START_TEST(writes_before_it_reads)
{
	pthread_t writer;
	pid_t worker;
	long before_kib;

	make_bytes(LARGE);
	begin(_i);
	worker = server_worker_pid(&server, 0);
	before_kib = peak_memory_kib(worker);
	ck_assert_int_eq(pthread_create(&writer, NULL, write_large, NULL), 0);
	AWAIT(server_total(&server, "backpressure_pauses") > 0);
	ck_assert_uint_lt(
	    server_total(&server, "bytes_received"), IN_FLIGHT_MAX);
	tlspeer_expect(&peer, bytes, LARGE);
	tlspeer_expect_end(&peer);
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
	/* A sanitizer gives no memory back. */
	if (!SUITE_IS_SANITIZED)
		ck_assert_int_lt(
		    peak_memory_kib(worker) - before_kib, GROWTH_MAX_KIB);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "ended_close_notify") == 1);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), LARGE);
	free(bytes);
	server_stop(&server);
}
END_TEST

/* A second client is served while the first one does not read. */
START_TEST(others_go_on_during_a_pause)
{
	struct tlspeer other;
	pthread_t writer;

	make_bytes(LARGE);
	begin(0);
	ck_assert_int_eq(pthread_create(&writer, NULL, write_large, NULL), 0);
	AWAIT(server_total(&server, "backpressure_pauses") > 0);
	tlspeer_connect(&other, server.port,
	    &(struct tlspeer_options){ .identity = "ca/bob" });
	for (int i = 0; i < 100; i++)
		tlspeer_echo(&other, bytes, 1000);
	tlspeer_finish(&other);
	/* The server drops what waits for who is gone. */
	(void)shutdown(peer.fd, SHUT_RDWR);
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
	tlspeer_reset(&peer);
	AWAIT(server_total(&server, "open") == 0);
	free(bytes);
	server_stop(&server);
}
END_TEST

START_TEST(half_close_before_reading)
{
	static const size_t sizes[] = { 1, 100, 16384, 70000, 400000 };

	make_bytes(400000);
	server_start(&server, NULL);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		tlspeer_connect(&peer, server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice",
			.priority = resume_versions[_i] });
		tlspeer_send(&peer, bytes, sizes[i]);
		tlspeer_half_close(&peer);
		tlspeer_expect(&peer, bytes, sizes[i]);
		tlspeer_expect_end(&peer);
		tlspeer_close(&peer);
		AWAIT(server_total(&server, "ended_close_notify") == i + 1);
	}
	free(bytes);
	server_stop(&server);
}
END_TEST

/* close_notify alone ends it, too; the server gives up waiting for our FIN. */
START_TEST(close_notify_without_fin)
{
	begin(0);
	tlspeer_send(&peer, "hello", 5);
	ck_assert_int_eq(gnutls_bye(peer.session, GNUTLS_SHUT_WR), 0);
	tlspeer_expect(&peer, "hello", 5);
	tlspeer_expect_end(&peer);
	ck_assert_uint_eq(server_total(&server, "open"), 1);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 1);
	tlspeer_close(&peer);
	server_stop(&server);
}
END_TEST

/* Perhaps cut off: counted so, but echoed and answered with close_notify. */
START_TEST(fin_without_close_notify)
{
	begin(_i);
	tlspeer_send(&peer, "hello", 5);
	ck_assert_int_eq(shutdown(peer.fd, SHUT_WR), 0);
	tlspeer_expect(&peer, "hello", 5);
	tlspeer_expect_end(&peer);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_eof"), 1);
	server_stop(&server);
}
END_TEST

START_TEST(reset)
{
	begin(_i);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_reset(&peer);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_reset"), 1);
	server_stop(&server);
}
END_TEST

/* Closed with an echo unread, which TCP makes a reset. */
START_TEST(close_before_the_echo)
{
	make_bytes(MEGABYTE);
	begin(_i);
	tlspeer_send(&peer, bytes, MEGABYTE);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended"), 1);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 0);
	ck_assert_uint_eq(server_total(&server, "ended_internal"), 0);
	free(bytes);
	server_stop(&server);
}
END_TEST

/* A record whose tag does not match: RFC 8446, 5.2. */
START_TEST(damaged_record)
{
	uint8_t byte;

	begin(_i);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_hold(&peer);
	tlspeer_send(&peer, "world", 5);
	peer.held[peer.held_size - 1] ^= 1;
	tlspeer_release_all(&peer);
	ck_assert_int_eq(
	    tlspeer_receive(&peer, &byte, 1), GNUTLS_E_FATAL_ALERT_RECEIVED);
	ck_assert_int_eq(
	    (int)gnutls_alert_get(peer.session), GNUTLS_A_BAD_RECORD_MAC);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "ended_protocol") == 1);
	server_stop(&server);
}
END_TEST

START_TEST(alert_from_the_client)
{
	begin(_i);
	tlspeer_echo(&peer, "hello", 5);
	ck_assert_int_eq(gnutls_alert_send(peer.session, GNUTLS_AL_FATAL,
			     GNUTLS_A_INTERNAL_ERROR),
	    0);
	AWAIT(server_total(&server, "ended_peer_alert") == 1);
	tlspeer_close(&peer);
	server_stop(&server);
}
END_TEST

/* Silent ones are told goodbye, one after another; a busy one is not. */
START_TEST(idle_timeout)
{
	struct tlspeer busy;

	server_start(&server, "--idle-timeout", SUITE_LIMIT, NULL);
	tlspeer_connect(&busy, server.port,
	    &(struct tlspeer_options){ .identity = "ca/bob" });
	for (uint64_t i = 0; i < 2; i++) {
		tlspeer_connect(&peer, server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice",
			.priority = resume_versions[_i] });
		while (server_total(&server, "ended_idle_timeout") == i)
			tlspeer_echo(&busy, "still here", 10);
		tlspeer_expect_end(&peer);
		tlspeer_close(&peer);
	}
	tlspeer_finish(&busy);
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_idle_timeout"), 2);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 1);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/flow");

	suite_add(s, "writes_before_it_reads", writes_before_it_reads, 30,
	    RESUME_VERSIONS);
	SUITE_ADD(s, others_go_on_during_a_pause);
	SUITE_ADD_LOOP(s, half_close_before_reading, RESUME_VERSIONS);
	SUITE_ADD_SLOW(s, close_notify_without_fin, 20);
	SUITE_ADD_LOOP(s, fin_without_close_notify, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, reset, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, close_before_the_echo, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, damaged_record, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, alert_from_the_client, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, idle_timeout, RESUME_VERSIONS);
	return fixture_run(s, argc, argv);
}
