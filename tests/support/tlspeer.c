/* tlspeer: a GnuTLS session over a blocking socket; see the header. */
#include "tests/support/tlspeer.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/fixture.h"
#include "tests/support/suite.h"

enum {
	HELD_MAX = 1 << 22,
	PIECE = 8192
};

int
tlspeer_tcp(const char *address, int port)
{
	const struct timeval limit = { .tv_sec = SUITE_IS_SANITIZED ? 40 : 8 };
	const int on = 1;
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	bool is_v6 = inet_pton(AF_INET6, address, &v6.sin6_addr) == 1;
	int fd =
	    socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result;

	ck_assert_int_ge(fd, 0);
	(void)inet_pton(AF_INET, address, &v4.sin_addr);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	result = is_v6 ? connect(fd, (const struct sockaddr *)&v6, sizeof v6)
		       : connect(fd, (const struct sockaddr *)&v4, sizeof v4);
	ck_assert_msg(result == 0, "connect to %s:%d: %s", address, port,
	    strerror(errno));
	return fd;
}

/* What cannot be sent shows when the answer is read. */
static void
send_all(const struct tlspeer *p, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent =
		    send(p->fd, bytes, p->drips ? 1 : n, MSG_NOSIGNAL);

		if (sent < 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

static ssize_t
push(gnutls_transport_ptr_t owner, const void *bytes, size_t n)
{
	struct tlspeer *p = owner;

	if (p->holds) {
		ck_assert_uint_le(p->held_size + n, HELD_MAX);
		memcpy(p->held + p->held_size, bytes, n);
		p->held_size += n;
	} else {
		send_all(p, bytes, n);
	}
	return (ssize_t)n;
}

static ssize_t
pull(gnutls_transport_ptr_t owner, void *bytes, size_t n)
{
	struct tlspeer *p = owner;
	ssize_t got = recv(p->fd, bytes, n, 0);

	if (p->holds_when_answered) {
		p->holds_when_answered = false;
		p->holds = true;
	}
	/* Time is over: not AGAIN, which would be tried again. */
	gnutls_transport_set_errno(
	    p->session, got < 0 && errno == EAGAIN ? EIO : errno);
	return got;
}

static void
set_credentials(struct tlspeer *p, const char *identity)
{
	char cert[128];
	char key[128];

	ck_assert_int_eq(
	    gnutls_certificate_allocate_credentials(&p->credentials), 0);
	/* Whoever shows a certificate of others has not its key. */
	gnutls_certificate_set_flags(
	    p->credentials, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
	ck_assert_int_gt(gnutls_certificate_set_x509_trust_file(p->credentials,
			     fixture_path("ca/ca.pem"), GNUTLS_X509_FMT_PEM),
	    0);
	if (identity != NULL) {
		(void)snprintf(cert, sizeof cert, "%s.pem", identity);
		(void)snprintf(key, sizeof key, "%s.key", identity);
		ck_assert_int_eq(
		    gnutls_certificate_set_x509_key_file(p->credentials,
			fixture_path("%s", cert), fixture_path("%s", key),
			GNUTLS_X509_FMT_PEM),
		    0);
	}
	ck_assert_int_eq(gnutls_credentials_set(p->session,
			     GNUTLS_CRD_CERTIFICATE, p->credentials),
	    0);
}

void
tlspeer_open(struct tlspeer *p, int port, const struct tlspeer_options *options)
{
	const char *address =
	    options->address != NULL ? options->address : "127.0.0.1";
	const char *priority =
	    options->priority != NULL ? options->priority : TLSPEER_TLS13;

	*p = (struct tlspeer){ .drips = options->drips,
		.holds_when_answered = options->holds_last_flight,
		.held = malloc(HELD_MAX) };
	ck_assert_ptr_nonnull(p->held);
	ck_assert_int_eq(
	    gnutls_init(&p->session,
		GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT | GNUTLS_NO_SIGNAL |
		    (options->asks_for_no_ocsp ? GNUTLS_NO_EXTENSIONS : 0)),
	    0);
	ck_assert_int_eq(
	    gnutls_priority_set_direct(p->session, priority, NULL), 0);
	set_credentials(p, options->identity);
	(void)gnutls_server_name_set(
	    p->session, GNUTLS_NAME_DNS, "localhost", strlen("localhost"));
	if (options->resume != NULL)
		ck_assert_int_eq(
		    gnutls_session_set_data(p->session, options->resume->data,
			options->resume->size),
		    0);
	gnutls_transport_set_ptr(p->session, p);
	gnutls_transport_set_push_function(p->session, push);
	gnutls_transport_set_pull_function(p->session, pull);
	p->fd = tlspeer_tcp(address, port);
}

int
tlspeer_handshake(struct tlspeer *p)
{
	int result;

	do
		result = gnutls_handshake(p->session);
	while (result < 0 && !gnutls_error_is_fatal(result));
	return result;
}

void
tlspeer_connect(
    struct tlspeer *p, int port, const struct tlspeer_options *options)
{
	unsigned status;
	int result;

	tlspeer_open(p, port, options);
	result = tlspeer_handshake(p);
	ck_assert_msg(result == 0, "handshake: %s", gnutls_strerror(result));
	ck_assert_int_eq(
	    gnutls_certificate_verify_peers3(p->session, "localhost", &status),
	    0);
	ck_assert_uint_eq(status, 0);
}

void
tlspeer_send(struct tlspeer *p, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;

	while (n > 0) {
		ssize_t sent = gnutls_record_send(p->session, from, n);

		ck_assert_msg(sent > 0, "send: %s", gnutls_strerror((int)sent));
		from += sent;
		n -= (size_t)sent;
	}
}

ssize_t
tlspeer_receive(struct tlspeer *p, void *bytes, size_t n)
{
	ssize_t got;

	do
		got = gnutls_record_recv(p->session, bytes, n);
	while (got < 0 && !gnutls_error_is_fatal((int)got));
	return got;
}

void
tlspeer_expect(struct tlspeer *p, const void *bytes, size_t n)
{
	const uint8_t *wanted = bytes;
	uint8_t piece[PIECE];
	size_t done = 0;

	while (done < n) {
		size_t room = n - done < PIECE ? n - done : PIECE;
		ssize_t got = tlspeer_receive(p, piece, room);

		ck_assert_msg(got > 0, "after %zu of %zu bytes: %s", done, n,
		    got == 0 ? "close_notify" : gnutls_strerror((int)got));
		ck_assert_msg(memcmp(piece, wanted + done, (size_t)got) == 0,
		    "other bytes came back, after %zu of %zu", done, n);
		done += (size_t)got;
	}
}

void
tlspeer_echo(struct tlspeer *p, const void *bytes, size_t n)
{
	tlspeer_send(p, bytes, n);
	tlspeer_expect(p, bytes, n);
}

void
tlspeer_join(struct tlspeer *p, int port)
{
	tlspeer_connect(
	    p, port, &(struct tlspeer_options){ .identity = "ca/alice" });
	tlspeer_echo(p, "hello", 5);
}

void
tlspeer_hold(struct tlspeer *p)
{
	p->holds = true;
}

void
tlspeer_release(struct tlspeer *p, size_t n)
{
	ck_assert_uint_le(n, p->held_size);
	send_all(p, p->held, n);
	p->held_size -= n;
	memmove(p->held, p->held + n, p->held_size);
	p->holds = p->held_size > 0;
}

void
tlspeer_release_all(struct tlspeer *p)
{
	tlspeer_release(p, p->held_size);
}

int
tlspeer_refusal(struct tlspeer *p)
{
	int alert = TLSPEER_NO_ALERT;
	uint8_t byte;
	ssize_t result = tlspeer_handshake(p);

	if (result == 0) {
		(void)gnutls_record_send(p->session, "hello", 5);
		result = tlspeer_receive(p, &byte, 1);
		ck_assert_msg(result <= 0, "a byte came back");
	}
	ck_assert_msg(result < 0, "close_notify instead of a refusal");
	if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
		alert = (int)gnutls_alert_get(p->session);
	tlspeer_close(p);
	return alert;
}

bool
tlspeer_was_shown(const struct tlspeer *p, const char *identity)
{
	unsigned count;
	const gnutls_datum_t *shown =
	    gnutls_certificate_get_peers(p->session, &count);
	gnutls_datum_t pem;
	gnutls_datum_t der;
	bool same;

	ck_assert_ptr_nonnull(shown);
	ck_assert_int_eq(
	    gnutls_load_file(fixture_path("%s.pem", identity), &pem), 0);
	ck_assert_int_eq(gnutls_pem_base64_decode2(NULL, &pem, &der), 0);
	same = der.size == shown[0].size &&
	    memcmp(der.data, shown[0].data, der.size) == 0;
	gnutls_free(pem.data);
	gnutls_free(der.data);
	return same;
}

/* A TLS 1.3 ticket comes with data only: so there is an echo. */
void
tlspeer_session(struct tlspeer *p, gnutls_datum_t *data)
{
	tlspeer_echo(p, "ticket", 6);
	ck_assert_int_eq(gnutls_session_get_data2(p->session, data), 0);
}

void
tlspeer_half_close(struct tlspeer *p)
{
	ck_assert_int_eq(gnutls_bye(p->session, GNUTLS_SHUT_WR), 0);
	ck_assert_int_eq(shutdown(p->fd, SHUT_WR), 0);
}

void
tlspeer_expect_end(struct tlspeer *p)
{
	uint8_t byte;
	ssize_t result = tlspeer_receive(p, &byte, 1);

	ck_assert_msg(result == 0, "instead of close_notify: %s",
	    result > 0 ? "data" : gnutls_strerror((int)result));
	ck_assert_int_eq(recv(p->fd, &byte, 1, 0), 0);
}

void
tlspeer_close(struct tlspeer *p)
{
	gnutls_deinit(p->session);
	gnutls_certificate_free_credentials(p->credentials);
	free(p->held);
	(void)close(p->fd);
}

void
tlspeer_finish(struct tlspeer *p)
{
	tlspeer_half_close(p);
	tlspeer_expect_end(p);
	tlspeer_close(p);
}

void
tlspeer_reset(struct tlspeer *p)
{
	const struct linger at_once = { .l_onoff = 1 };

	(void)setsockopt(
	    p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	tlspeer_close(p);
}

/* splitmix64, a byte a step. */
void
tlspeer_fill(uint8_t *bytes, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		bytes[i] = (uint8_t)(z >> 56);
	}
}
