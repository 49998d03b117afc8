/* fake_server: one process a connection, blocking GnuTLS; see the header. */
#include "tests/support/fake_server.h"

#include <check.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/fixture.h"
#include "tests/support/in_child.h"

enum {
	RECORD_MAX = 16384
};

static enum fake_kind manner;
static gnutls_certificate_credentials_t credentials;
static gnutls_datum_t ticket_key;

static void
reset(int fd)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	(void)close(fd);
}

/* The header of a record of 16 KiB (RFC 8446, 5.1), and then zeros. */
static void
drip(int fd)
{
	static const uint8_t header[5] = { 22, 3, 3, 64, 0 };
	size_t n = 0;

	while (send(fd, n < sizeof header ? &header[n] : (uint8_t[]){ 0 }, 1,
		   MSG_NOSIGNAL) == 1) {
		n++;
		(void)usleep(10000);
	}
}

/* Kinds that never shake hands. */
static void
be_rude(int fd)
{
	static const char welcome[] = "220 welcome\r\n";
	uint8_t hello[4096];

	if (manner == FAKE_IS_SILENT)
		(void)pause();
	(void)recv(fd, hello, sizeof hello, 0);
	if (manner == FAKE_DRIPS)
		drip(fd);
	if (manner == FAKE_RESETS)
		reset(fd);
	if (manner == FAKE_BABBLES || manner == FAKE_LINGERS)
		(void)send(fd, welcome, sizeof welcome - 1, MSG_NOSIGNAL);
	if (manner == FAKE_LINGERS)
		(void)pause();
}

static gnutls_session_t
shake_hands(int fd)
{
	gnutls_session_t session;
	int error;

	if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) < 0 ||
	    gnutls_set_default_priority(session) < 0 ||
	    gnutls_credentials_set(
		session, GNUTLS_CRD_CERTIFICATE, credentials) < 0 ||
	    (manner == FAKE_RESUMES &&
		gnutls_session_ticket_enable_server(session, &ticket_key) < 0))
		abort();
	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
	gnutls_transport_set_int(session, fd);
	do
		error = gnutls_handshake(session);
	while (error < 0 && !gnutls_error_is_fatal(error));
	if (error < 0)
		_exit(1);
	return session;
}

static void
put(gnutls_session_t session, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = gnutls_record_send(session, bytes, n);

		if (sent <= 0)
			_exit(1);
		bytes += sent;
		n -= (size_t)sent;
	}
}

static void
echo_record(gnutls_session_t session, uint8_t *bytes, size_t n)
{
	size_t piece = manner == FAKE_DRIBBLES ? 1 : n;

	if (manner == FAKE_FLIPS_A_BIT)
		bytes[n - 1] ^= 0x10;
	if (manner == FAKE_ADDS_A_BYTE) {
		bytes[n] = 0;
		piece = ++n;
	}
	for (size_t i = 0; i < n; i += piece)
		put(session, bytes + i, piece);
	if (manner == FAKE_ADDS_A_RECORD)
		put(session, bytes, 1);
}

/* The limit has been reached. */
static void
end_early(gnutls_session_t session, int fd)
{
	switch (manner) {
	case FAKE_CLOSES:
		(void)gnutls_bye(session, GNUTLS_SHUT_WR);
		break;
	case FAKE_RESETS_LATE:
		reset(fd);
		break;
	case FAKE_STALLS:
		(void)pause();
		break;
	default:
		break;
	}
}

static void
await_fin(int fd)
{
	uint8_t byte;

	while (recv(fd, &byte, sizeof byte, 0) > 0)
		continue;
}

/* The client has said close_notify. */
static void
end_late(gnutls_session_t session)
{
	if (manner == FAKE_SPEAKS_LAST)
		put(session, (const uint8_t *)"bye", 3);
	if (manner == FAKE_NEVER_HANGS_UP)
		(void)pause();
	if (manner == FAKE_WAITS_FOR_FIN)
		await_fin(gnutls_transport_get_int(session));
	if (manner == FAKE_RESETS_LAST)
		reset(gnutls_transport_get_int(session));
	else if (manner != FAKE_ENDS_BARE)
		(void)gnutls_bye(session, GNUTLS_SHUT_WR);
}

static void
converse(gnutls_session_t session, int fd)
{
	static uint8_t bytes[RECORD_MAX + 1];
	size_t room = manner >= FAKE_STALLS && manner <= FAKE_RESETS_LATE
	    ? FAKE_LIMIT
	    : SIZE_MAX;

	while (room > 0) {
		ssize_t n = gnutls_record_recv(session, bytes, RECORD_MAX);

		if (n < 0)
			_exit(1);
		if (n == 0) {
			end_late(session);
			return;
		}
		if ((size_t)n > room)
			n = (ssize_t)room;
		echo_record(session, bytes, (size_t)n);
		room -= (size_t)n;
	}
	end_early(session, fd);
}

static void
serve(int fd)
{
	gnutls_session_t session;

	if (manner >= FAKE_IS_SILENT && manner <= FAKE_BABBLES) {
		be_rude(fd);
		return;
	}
	session = shake_hands(fd);
	if (manner == FAKE_REFUSES) {
		(void)gnutls_alert_send(
		    session, GNUTLS_AL_FATAL, GNUTLS_A_ACCESS_DENIED);
		return;
	}
	if (manner == FAKE_SAYS_IT_PLAINLY) {
		(void)send(fd, "\x15\3\3\0\2\2\x31", 7, MSG_NOSIGNAL);
		return;
	}
	if (manner == FAKE_SPEAKS_FIRST)
		put(session, (const uint8_t *)"hello", 5);
	converse(session, fd);
}

static _Noreturn void
accept_all(int listener)
{
	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0 && fork() == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			(void)close(listener);
			serve(fd);
			_exit(0);
		}
		(void)close(fd);
	}
}

static int
open_listener(char address[static ADDR_TEXT])
{
	struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct addr bound;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
	ck_assert_int_eq(listen(fd, SOMAXCONN), 0);
	addr_of_socket(&bound, fd);
	(void)addr_format(&bound, address);
	return fd;
}

static void
load(const char *identity)
{
	const char *cert = fixture_path("%s.pem", identity);
	const char *key = fixture_path("%s.key", identity);

	ck_assert_int_eq(
	    gnutls_certificate_allocate_credentials(&credentials), 0);
	ck_assert_int_eq(gnutls_session_ticket_key_generate(&ticket_key), 0);
	ck_assert_int_eq(gnutls_certificate_set_x509_key_file(
			     credentials, cert, key, GNUTLS_X509_FMT_PEM),
	    0);
}

void
fake_server_start(
    struct fake_server *server, enum fake_kind kind, const char *identity)
{
	pid_t parent = getpid();
	int listener;

	manner = kind;
	load(identity);
	listener = open_listener(server->address);
	server->pid = fork();
	ck_assert_int_ge(server->pid, 0);
	if (server->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			accept_all(listener);
		_exit(1);
	}
	(void)close(listener);
	gnutls_certificate_free_credentials(credentials);
	gnutls_free(ticket_key.data);
}

void
fake_server_stop(const struct fake_server *server)
{
	ck_assert_int_eq(kill(server->pid, SIGKILL), 0);
	ck_assert_int_eq(in_child_wait(server->pid), -1);
}
