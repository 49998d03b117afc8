/* --proxy-protocol: what comes in front of TLS, and whose address counts. */
#include <arpa/inet.h>
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/stats/rows.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/header_case.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"
#include "tests/support/tlspeer.h"

#define LINE "PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\r\n"

static struct server server;
static struct tlspeer peer;
static const struct tlspeer_options alice = { .identity = "ca/alice" };

static void
start(void)
{
	server_start(&server, "--proxy-protocol", "--whoami", "--log-level",
	    "debug", NULL);
}

/* MSG_MORE: what follows is in the same segment. */
static void
send_header(const char *bytes, size_t n, int flags)
{
	ck_assert_int_eq(
	    send(peer.fd, bytes, n, flags | MSG_NOSIGNAL), (ssize_t)n);
}

/* The member "proxy" of the greeting, which names this client. */
static json_t *
expect_client(const char *client)
{
	static char line[16384];
	json_t *object, *proxy;
	size_t n = 0;

	while (n == 0 || line[n - 1] != '\n')
		ck_assert_int_eq(tlspeer_receive(&peer, line + n++, 1), 1);
	object = json_loadb(line, n, 0, NULL);
	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(
	    json_string_value(json_object_get(object, "peer")), client);
	proxy = json_incref(json_object_get(object, "proxy"));
	json_decref(object);
	return proxy;
}

static unsigned
rows_from(const char *address)
{
	uint8_t bytes[STATS_ROW_ADDRESS] = { [10] = 0xff, 0xff };
	struct stats_row row;
	unsigned n = 0;

	ck_assert_int_eq(inet_pton(AF_INET, address, bytes + 12), 1);
	for (unsigned i = 0; i < stats_shm_row_count(server.shm); i++)
		if (stats_shm_row(server.shm, i, &row) == STATS_ROW_OPEN &&
		    memcmp(row.address, bytes, sizeof bytes) == 0)
			n++;
	return n;
}

/* " id=1 peer=192.0.2.1:4660 proxy=127.0.0.1:PORT ended=" of its last line. */
static void
format_end(char text[static 2 * ADDR_TEXT])
{
	char own[ADDR_TEXT];
	struct addr addr;

	addr_of_socket(&addr, peer.fd);
	(void)snprintf(text, 2 * (size_t)ADDR_TEXT,
	    " id=1 peer=192.0.2.1:4660 proxy=%s ended=",
	    addr_format(&addr, own));
}

/* The header in one segment with the hello, byte by byte, or long before. */
START_TEST(address_is_the_client)
{
	char ended[2 * ADDR_TEXT];
	json_t *proxy;

	start();
	tlspeer_open(&peer, server.port, &alice);
	if (_i == 0) {
		send_header(LINE, strlen(LINE), MSG_MORE);
	} else if (_i == 1) {
		for (size_t i = 0; i < strlen(LINE); i++)
			send_header(&LINE[i], 1, 0);
		peer.drips = true;
	} else {
		send_header(LINE, 20, 0);
		AWAIT(server_total(&server, "wire_bytes_received") == 20);
		send_header(&LINE[20], strlen(LINE) - 20, 0);
		AWAIT(server_total(&server, "wire_bytes_received") ==
		    strlen(LINE));
	}
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	proxy = expect_client("192.0.2.1:4660");
	ck_assert_str_eq(
	    json_string_value(json_object_get(proxy, "destination")),
	    "198.51.100.2:443");
	ck_assert_int_eq(
	    strncmp(json_string_value(json_object_get(proxy, "address")),
		"127.0.0.1:", 10),
	    0);
	json_decref(proxy);
	tlspeer_echo(&peer, "hello", 5);
	AWAIT(rows_from("192.0.2.1") == 1);
	format_end(ended);
	tlspeer_finish(&peer);
	spawn_expect(
	    &server.process, " id=1 peer=192.0.2.1:4660 proxy=127.0.0.1:");
	spawn_expect(
	    &server.process, "Client connection 192.0.2.1:4660 accepted");
	spawn_expect(&server.process, ended);
	server_stop_clean(&server);
}
END_TEST

START_TEST(fields_of_version_2)
{
	static struct header_case h;
	json_t *proxy, *ssl;

	start();
	header_case_begin(&h, HEADER_PROXY, HEADER_TCP4);
	header_case_add(&h, HEADER_INET, 12);
	header_case_tlv(&h, 2, "example.org", 11);
	header_case_tlv(&h, 5, "id-7", 4);
	header_case_tlv(&h, 0x20, "\7\0\0\0\0\x21\0\7TLSv1.3\x22\0\5carol", 23);
	header_case_checksum(&h);
	tlspeer_open(&peer, server.port, &alice);
	send_header((const char *)h.bytes, h.n, 0);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	proxy = expect_client("192.0.2.1:4660");
	ck_assert_str_eq(json_string_value(json_object_get(proxy, "authority")),
	    "example.org");
	ssl = json_object_get(proxy, "ssl");
	ck_assert_str_eq(
	    json_string_value(json_object_get(ssl, "certificate")), "verified");
	ck_assert_str_eq(
	    json_string_value(json_object_get(ssl, "common_name")), "carol");
	json_decref(proxy);
	tlspeer_finish(&peer);
	spawn_expect(&server.process,
	    "proxy_authority=example.org proxy_unique_id=id-7");
	server_stop_clean(&server);
}
END_TEST

static const struct {
	const char *bytes, *fault;
} refused[] = {
	{ "GET / HTTP/1.1\r\n", "PROXY header: there is none\"" },
	{ "\x16\x03\x01\x02", "there is none, TLS begins at once\"" },
	{ "PROXY TCP4 1.2.3.4\r\n", "an address or port in its line is wrong" },
};

START_TEST(refused_without_a_header)
{
	int fd;

	start();
	fd = tlspeer_tcp("127.0.0.1", server.port);
	ck_assert_int_gt(send(fd, refused[_i].bytes, strlen(refused[_i].bytes),
			     MSG_NOSIGNAL),
	    0);
	AWAIT(server_total(&server, "handshake_proxy_header") == 1);
	server_expect_failures(&server, "handshake_proxy_header", 1);
	ck_assert_uint_eq(server_total(&server, "health_checks"), 0);
	spawn_expect(&server.process, " id=1 peer=127.0.0.1:");
	spawn_expect(&server.process, "refused=proxy_header because=");
	spawn_expect(&server.process, refused[_i].fault);
	(void)close(fd);
	server_stop_idle(&server);
}
END_TEST

/* A proxy goes away in the middle of its header. */
START_TEST(cut_off_by_the_proxy)
{
	int fd;

	start();
	fd = tlspeer_tcp("127.0.0.1", server.port);
	ck_assert_int_eq(send(fd, LINE, 9, MSG_NOSIGNAL), 9);
	AWAIT(server_total(&server, "wire_bytes_received") == 9);
	(void)close(fd);
	AWAIT(server_total(&server, "handshake_proxy_header") == 1);
	server_expect_failures(&server, "handshake_proxy_header", 1);
	server_stop_idle(&server);
}
END_TEST

/* The time limit is the handshake's, before the first byte and behind it. */
START_TEST(header_has_a_deadline)
{
	int fd;

	server_start(
	    &server, "--proxy-protocol", "--handshake-timeout", "100ms", NULL);
	fd = tlspeer_tcp("127.0.0.1", server.port);
	if (_i > 0)
		ck_assert_int_eq(send(fd, LINE, (size_t)_i, MSG_NOSIGNAL), _i);
	AWAIT(server_total(&server, "handshake_timeout") == 1);
	server_expect_failures(&server, "handshake_timeout", 1);
	(void)close(fd);
	server_stop_idle(&server);
}
END_TEST

static const struct {
	const char *header;
	size_t n;
	bool handshake; /* and one without a certificate */
	bool reset;
} checks[] = {
	{ "", 0, false, false },
	{ "", 0, false, true },
	{ "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16, false, false },
	{ "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16, false, true },
	{ "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16, true, false },
};

START_TEST(health_checks_are_no_failures)
{
	start();
	tlspeer_open(
	    &peer, server.port, &(struct tlspeer_options){ .identity = NULL });
	send_header(checks[_i].header, checks[_i].n, 0);
	AWAIT(server_total(&server, "wire_bytes_received") == checks[_i].n &&
	    server_total(&server, "accepted") == 1);
	if (checks[_i].handshake)
		(void)tlspeer_refusal(&peer);
	else if (checks[_i].reset)
		tlspeer_reset(&peer);
	else
		tlspeer_close(&peer);
	AWAIT(server_total(&server, "health_checks") == 1);
	server_stop_clean(&server);
	ck_assert(!spawn_said(&server.process, "refused="));
}
END_TEST

/* A client that comes through a unix socket of haproxy is LOCAL, too. */
START_TEST(local_can_be_a_client)
{
	start();
	tlspeer_open(&peer, server.port, &alice);
	send_header("\r\n\r\n\0\r\nQUIT\n\x20\0\0\7\5\0\4id-8", 23, 0);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_close(&peer);
	spawn_expect(&server.process, "proxy_unique_id=id-8");
	AWAIT(server_total(&server, "handshakes_completed") == 1);
	ck_assert_uint_eq(server_total(&server, "health_checks"), 0);
	server_stop_clean(&server);
}
END_TEST

/* Also one that is LOCAL; a check with a certificate is to find that out. */
/*
 * Clients without an address count for the rate of the whole server, and for
 * none of an address, which would be the proxy's; its own checks for nothing.
 */
START_TEST(nameless_clients_have_a_rate)
{
	static const char unknown[] = "PROXY UNKNOWN\r\n";
	static const char local[] = "\r\n\r\n\0\r\nQUIT\n\x20\0\0";

	server_start(&server, "--proxy-protocol", "--handshake-rate", "2/h",
	    "--handshake-rate-per-address", "1/h",
	    "--max-connections-per-address", "1", NULL);
	for (int i = 0; i < 2; i++) {
		tlspeer_open(&peer, server.port, &alice);
		send_header(unknown, sizeof unknown - 1, MSG_MORE);
		ck_assert_int_eq(tlspeer_handshake(&peer), 0);
		tlspeer_echo(&peer, "hello", 5);
		tlspeer_close(&peer);
	}
	tlspeer_open(&peer, server.port, &alice);
	send_header(unknown, sizeof unknown - 1, 0);
	AWAIT(server_total(&server, "refused_rate") == 1);
	tlspeer_close(&peer);
	tlspeer_open(&peer, server.port, &alice);
	send_header(local, sizeof local, MSG_MORE);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_close(&peer);
	server_stop(&server);
}
END_TEST

START_TEST(bad_certificates_are_failures)
{
	start();
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "other/mallory" });
	send_header("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16, 0);
	(void)tlspeer_refusal(&peer);
	AWAIT(server_total(&server, "handshake_unknown_issuer") == 1);
	server_expect_failures(&server, "handshake_unknown_issuer", 1);
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/proxy");

	SUITE_ADD_LOOP(s, address_is_the_client, 3);
	SUITE_ADD(s, fields_of_version_2);
	SUITE_ADD_LOOP(s, refused_without_a_header, TEST_ROWS(refused));
	SUITE_ADD(s, cut_off_by_the_proxy);
	SUITE_ADD_LOOP(s, header_has_a_deadline, 2);
	SUITE_ADD_LOOP(s, health_checks_are_no_failures, TEST_ROWS(checks));
	SUITE_ADD(s, local_can_be_a_client);
	SUITE_ADD(s, nameless_clients_have_a_rate);
	SUITE_ADD(s, bad_certificates_are_failures);
	return fixture_run(s, argc, argv);
}
