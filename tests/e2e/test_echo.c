/* Every byte comes back, however it is cut into records and segments. */
#include <check.h>
#include <stdint.h>
#include <sys/socket.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	SIZE_MAX_SENT = 70000,
	RECORD = 16384
};

static uint8_t bytes[SIZE_MAX_SENT];
static struct server server;
static struct tlspeer peer;

static void
begin(int version)
{
	tlspeer_fill(bytes, sizeof bytes, 1);
	server_start(&server, NULL);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .priority = resume_versions[version] });
}

static void
end(void)
{
	tlspeer_finish(&peer);
	AWAIT(server_total(&server, "ended_close_notify") == 1);
	ck_assert_uint_eq(server_total(&server, "bytes_received"),
	    server_total(&server, "bytes_sent"));
	server_stop(&server);
}

START_TEST(all_sizes)
{
	static const size_t limits[] = { RECORD - 1, RECORD, RECORD + 1,
		2 * RECORD - 1, 2 * RECORD, 2 * RECORD + 1, 65535, 65536, 65537,
		SIZE_MAX_SENT };

	begin(_i);
	for (size_t n = 1; n <= 1100; n++)
		tlspeer_echo(&peer, bytes + n, n);
	for (size_t n = 1100; n <= SIZE_MAX_SENT; n += 997)
		tlspeer_echo(&peer, bytes, n);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		tlspeer_echo(&peer, bytes, limits[i]);
	end();
}
END_TEST

/* Records of these four sizes in turn, until all is sent; then it is read. */
static void
echo_in_records(const size_t mix[static 4], size_t total)
{
	size_t done = 0;

	for (size_t i = 0; done < total; i++) {
		size_t n = mix[i % 4];

		if (n > total - done)
			n = total - done;
		tlspeer_send(&peer, bytes + done, n);
		done += n;
	}
	tlspeer_expect(&peer, bytes, total);
}

START_TEST(records_of_all_sizes)
{
	begin(_i);
	echo_in_records((const size_t[]){ 1, 1, 1, 1 }, 2000);
	echo_in_records((const size_t[]){ 1, RECORD, 2, 3 }, SIZE_MAX_SENT);
	echo_in_records((const size_t[]){ 100, 1, 5000, 17 }, SIZE_MAX_SENT);
	echo_in_records(
	    (const size_t[]){ RECORD, RECORD, RECORD, 1 }, SIZE_MAX_SENT);
	echo_in_records((const size_t[]){ 99, 999, 1000, 1 }, SIZE_MAX_SENT);
	end();
}
END_TEST

START_TEST(full_record_is_one_operation)
{
	begin(_i);
	tlspeer_echo(&peer, bytes, RECORD);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 1);
	ck_assert_uint_eq(server_total(&server, "write_operations"), 1);
	ck_assert_uint_eq(server_total(&server, "bytes_received"), RECORD);
	end();
}
END_TEST

START_TEST(many_records_in_one_segment)
{
	begin(_i);
	tlspeer_hold(&peer);
	for (size_t i = 0; i < 500; i++)
		tlspeer_send(&peer, bytes + i, 1);
	tlspeer_release_all(&peer);
	tlspeer_expect(&peer, bytes, 500);
	end();
}
END_TEST

/* The same three records, cut in two after every byte. */
START_TEST(cut_at_every_byte)
{
	size_t cut = 0;
	size_t size;

	begin(_i);
	do {
		tlspeer_hold(&peer);
		tlspeer_send(&peer, bytes, 3);
		tlspeer_send(&peer, bytes + 3, 40);
		tlspeer_send(&peer, bytes + 43, 7);
		size = peer.held_size;
		tlspeer_release(&peer, ++cut);
		AWAIT(server_total(&server, "recv_calls") >= 2 * cut);
		tlspeer_release_all(&peer);
		tlspeer_expect(&peer, bytes, 50);
	} while (cut < size - 1);
	end();
}
END_TEST

START_TEST(one_byte_at_a_time)
{
	tlspeer_fill(bytes, sizeof bytes, 1);
	server_start(&server, NULL);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice",
		.priority = resume_versions[_i],
		.drips = true });
	tlspeer_echo(&peer, bytes, 1);
	tlspeer_echo(&peer, bytes, RECORD + 100);
	end();
}
END_TEST

/* The client's last flight and data leave in one send. */
static void
finished_with_data(size_t part, size_t data)
{
	tlspeer_fill(bytes, sizeof bytes, 1);
	server_start(&server, NULL);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .holds_last_flight = true });
	ck_assert_uint_gt(peer.held_size, 0);
	if (part > 0)
		part = peer.held_size + part;
	tlspeer_send(&peer, bytes, data);
	if (part > 0) {
		tlspeer_release(&peer, part);
		AWAIT(server_total(&server, "handshakes_completed") == 1);
	}
	tlspeer_release_all(&peer);
	tlspeer_expect(&peer, bytes, data);
	ck_assert_uint_eq(server_total(&server, "bytes_received"), data);
	end();
}

START_TEST(finished_and_data_in_one_segment)
{
	static const size_t sizes[] = { 1, 5, 1000, RECORD, 50000 };

	finished_with_data(0, sizes[_i]);
}
END_TEST

/* So much of the data's record is in the same segment, the rest comes later. */
START_TEST(finished_and_part_of_data)
{
	static const size_t parts[] = { 1, 4, 5, 6, 100 };

	finished_with_data(parts[_i], 1000);
}
END_TEST

/* Data, close_notify (or not) and FIN follow the handshake at once. */
START_TEST(finished_data_and_end)
{
	server_start(&server, NULL);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .holds_last_flight = true });
	tlspeer_send(&peer, "hello", 5);
	if (_i == 0)
		ck_assert_int_eq(gnutls_bye(peer.session, GNUTLS_SHUT_WR), 0);
	tlspeer_release_all(&peer);
	ck_assert_int_eq(shutdown(peer.fd, SHUT_WR), 0);
	tlspeer_expect(&peer, "hello", 5);
	tlspeer_expect_end(&peer);
	tlspeer_close(&peer);
	AWAIT(server_total(
		  &server, _i == 0 ? "ended_close_notify" : "ended_eof") == 1);
	server_stop(&server);
}
END_TEST

static unsigned answers;

static int
on_key_update(gnutls_session_t session, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	(void)session, (void)type, (void)when, (void)message;
	answers += incoming;
	return 0;
}

/* In a row; with some of them the client asks for the server's to change. */
static void
change_keys(unsigned n, unsigned requests)
{
	for (unsigned i = 0; i < n; i++)
		ck_assert_int_eq(gnutls_session_key_update(peer.session,
				     i < requests ? GNUTLS_KU_PEER : 0),
		    0);
}

/*
 * RFC 8446, 4.6.3, between data that is under way in both directions. Requests
 * that come together may have one answer; GnuTLS takes 8 a second at most.
 */
START_TEST(key_updates)
{
	static const unsigned requests[] = { 1, 4, 0 };
	static const unsigned counts[] = { 1, 1000, 1024 };

	begin(0);
	gnutls_handshake_set_hook_function(peer.session,
	    GNUTLS_HANDSHAKE_KEY_UPDATE, GNUTLS_HOOK_POST, on_key_update);
	tlspeer_hold(&peer);
	tlspeer_send(&peer, bytes, SIZE_MAX_SENT);
	change_keys(counts[_i], requests[_i]);
	tlspeer_send(&peer, bytes, SIZE_MAX_SENT);
	tlspeer_release_all(&peer);
	tlspeer_expect(&peer, bytes, SIZE_MAX_SENT);
	tlspeer_expect(&peer, bytes, SIZE_MAX_SENT);
	ck_assert_uint_ge(answers, requests[_i] > 0);
	ck_assert_uint_le(answers, requests[_i]);
	end();
}
END_TEST

START_TEST(too_many_key_updates)
{
	uint8_t byte;

	begin(0);
	tlspeer_echo(&peer, bytes, 10);
	change_keys(1025, 0);
	ck_assert_int_eq(
	    tlspeer_receive(&peer, &byte, 1), GNUTLS_E_FATAL_ALERT_RECEIVED);
	ck_assert_int_eq(
	    (int)gnutls_alert_get(peer.session), GNUTLS_A_UNEXPECTED_MESSAGE);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "ended_protocol") == 1);
	server_stop(&server);
}
END_TEST

START_TEST(resumption)
{
	gnutls_datum_t session;

	begin(_i);
	tlspeer_session(&peer, &session);
	tlspeer_finish(&peer);
	for (uint64_t i = 1; i <= 3; i++) {
		tlspeer_connect(&peer, server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice",
			.priority = resume_versions[_i],
			.resume = &session });
		ck_assert_int_ne(gnutls_session_is_resumed(peer.session), 0);
		tlspeer_echo(&peer, bytes, 1000);
		ck_assert_uint_eq(
		    server_total(&server, "handshakes_resumed"), i);
		tlspeer_finish(&peer);
	}
	gnutls_free(session.data);
	AWAIT(server_total(&server, "ended_close_notify") == 4);
	server_stop(&server);
}
END_TEST

/* RFC 8446, 5.1: legal, and no end of anything. */
START_TEST(empty_records)
{
	begin(0);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_ge(
		    gnutls_record_send2(peer.session, "", 0, 16, 0), 0);
		tlspeer_echo(&peer, bytes, 100);
	}
	end();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/echo");

	SUITE_ADD_LOOP(s, all_sizes, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, records_of_all_sizes, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, full_record_is_one_operation, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, many_records_in_one_segment, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, cut_at_every_byte, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, one_byte_at_a_time, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, finished_and_data_in_one_segment, 5);
	SUITE_ADD_LOOP(s, finished_and_part_of_data, 5);
	SUITE_ADD_LOOP(s, finished_data_and_end, 2);
	SUITE_ADD_LOOP(s, key_updates, 3);
	SUITE_ADD(s, too_many_key_updates);
	SUITE_ADD_LOOP(s, resumption, RESUME_VERSIONS);
	SUITE_ADD(s, empty_records);
	return fixture_run(s, argc, argv);
}
