/* test_conn_end: every way in which a connection ends, and what is counted. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/conn/conn.h"
#include "common/conn/private.h"
#include "common/creds/identity.h"
#include "common/tls/session.h"
#include "tests/support/peers.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct peers p;
static uint8_t data[70000];

static const struct conn_loop_options no_limits;

static void
setup(void)
{
	peers_init(&p, &no_limits);
}

static void
setup_version(int version)
{
	peers_init_version(&p, &no_limits, mutual_priorities[version]);
}

TEST(abort_drops_what_is_queued)
{
	setup();
	peers_open(&p);
	ck_assert(conn_write(&p.client.conn, data, 1000));
	conn_abort(&p.client.conn, REASON_MISMATCH);
	conn_abort(&p.client.conn, REASON_INTERNAL);
	conn_finish(&p.client.conn, REASON_INTERNAL);
	ck_assert(!conn_write(&p.client.conn, data, 1000));
	ck_assert_uint_eq(p.client.ended, 0); /* not within this call */
	PEERS_UNTIL(&p, p.client.ended > 0 && p.server.ended > 0);
	ck_assert_uint_eq(p.server.received, 0);
	peer_ended_once(&p.client, REASON_MISMATCH, STATS_ENDED_LOCAL);
	ck_assert(
	    p.server.reason == REASON_EOF || p.server.reason == REASON_RESET);
	ck_assert_uint_eq(peer_reasons(&p.server), 1);
	peers_fini(&p);
}

static void
abort_now(struct peer *peer)
{
	conn_abort(&peer->conn, REASON_MISMATCH);
}

static void
finish_now(struct peer *peer)
{
	conn_finish(&peer->conn, REASON_CLOSED);
}

static void
write_and_finish(struct peer *peer)
{
	ck_assert(conn_write(&peer->conn, data, 70000));
	conn_finish(&peer->conn, REASON_CLOSED);
}

TEST(abort_in_on_data)
{
	setup();
	p.server.when_data = abort_now;
	peers_open(&p);
	/* Several records in one piece: only the first may come. */
	for (int i = 0; i < 5; i++)
		ck_assert(conn_write(&p.client.conn, data, 10));
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(p.server.records, 1);
	peer_ended_once(&p.server, REASON_MISMATCH, STATS_ENDED_LOCAL);
	peers_fini(&p);
}

TEST(finish_in_on_data)
{
	setup();
	p.server.when_data = write_and_finish;
	peers_open_narrow(&p);
	for (int i = 0; i < 5; i++)
		ck_assert(conn_write(&p.client.conn, data, 10));
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(p.server.records, 1);
	ck_assert_uint_eq(p.client.received, 70000);
	peer_ended_once(&p.server, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peer_ended_once(&p.client, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peers_fini(&p);
}

TEST_LOOP(end_in_on_open, 2)
{
	setup();
	p.server.when_open = _i == 0 ? abort_now : finish_now;
	peers_start(&p);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(p.server.opened, 1);
	ck_assert_uint_eq(peer_reasons(&p.server), 1);
	ck_assert_uint_eq(peer_count(&p.server, STATS_HANDSHAKES_FAILED), 0);
	ck_assert_uint_eq(peer_reasons(&p.client), 1);
	peers_fini(&p);
}

TEST(write_and_finish_in_on_open)
{
	setup();
	p.server.when_open = write_and_finish;
	peers_start(&p);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(p.client.received, 70000);
	peer_ended_once(&p.client, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peers_fini(&p);
}

TEST_LOOP(end_in_on_drained, 2)
{
	setup();
	p.server.when_drained = _i == 0 ? abort_now : finish_now;
	p.server.echoes = true;
	peers_open(&p);
	if (p.server.ended == 0)
		ck_assert(conn_write(&p.client.conn, data, 10));
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(peer_reasons(&p.server), 1);
	peers_fini(&p);
}

TEST_LOOP(handshake_that_fails, MUTUAL_VERSIONS)
{
	struct tls_creds *nobody;

	setup_version(_i);
	nobody = pki_creds_anonymous(&p.mutual.root);
	tls_creds_unref(&p.mutual.client_creds);
	p.mutual.client_creds = nobody;
	peers_start(&p);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(p.server.opened, 0);
	peer_ended_once(
	    &p.server, REASON_NO_CERTIFICATE, STATS_HANDSHAKE_NO_CERTIFICATE);
	ck_assert_uint_eq(peer_count(&p.server, STATS_HANDSHAKES_FAILED), 1);
	/* It was told so, not cut off. */
	ck_assert_int_eq(p.client.reason, REASON_PEER_ALERT);
	peers_fini(&p);
}

/* Verdicts of a policy that lets in nobody but these. */
static void
let_in(const char *rules)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	pki_bundle(&bundle, &p.mutual.server, &p.mutual.root);
	ck_assert_int_eq(
	    file_bytes_append(&bundle.rules, rules, strlen(rules)), 0);
	creds = pki_creds_of(&bundle, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	tls_bundle_free(&bundle);
	(void)tls_identities_judge(creds);
	tls_creds_unref(&creds);
}

/* What is queued arrives before the alert does. */
TEST_LOOP(refused_when_it_is_judged, MUTUAL_SUITES)
{
	setup_version(_i);
	p.server.echoes = true;
	peers_open(&p);
	let_in("cn client-0001\n");
	conn_loop_judge(&p.server.loop);
	peers_turn(&p);
	ck_assert_int_eq(p.server.conn.state, CONN_OPEN);
	let_in("cn nobody\n");
	ck_assert(conn_write(&p.server.conn, data, 70000));
	conn_loop_judge(&p.server.loop);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(p.client.received, 70000);
	peer_ended_once(&p.server, REASON_NOT_ALLOWED, STATS_ENDED_NOT_ALLOWED);
	ck_assert_uint_eq(peer_count(&p.server, STATS_ENDED_BY_RELOAD), 1);
	peer_ended_once(&p.client, REASON_PEER_ALERT, STATS_ENDED_PEER_ALERT);
	peers_fini(&p);
}

static bool
has_secrets(const struct conn *conn)
{
	static const uint8_t none[TLS_SECRET_MAX];

	return memcmp(conn->tls.secrets[TLS_IN], none, sizeof none) != 0 &&
	    memcmp(conn->tls.secrets[TLS_OUT], none, sizeof none) != 0;
}

TEST_LOOP(secrets_end_with_it, MUTUAL_VERSIONS)
{
	setup_version(_i);
	peers_open(&p);
	ck_assert(has_secrets(&p.server.conn) && has_secrets(&p.client.conn));
	conn_finish(&p.client.conn, REASON_CLOSED);
	PEERS_UNTIL(&p, p.client.ended > 0 && p.server.ended > 0);
	ck_assert(!has_secrets(&p.server.conn) && !has_secrets(&p.client.conn));
	peers_fini(&p);
}

static void
refuse_now(struct peer *peer)
{
	conn_refuse(&peer->conn, REASON_REVOKED);
	conn_refuse(&peer->conn, REASON_NOT_ALLOWED);
}

TEST_LOOP(refused_when_it_opens, MUTUAL_VERSIONS)
{
	setup_version(_i);
	p.server.when_open = refuse_now;
	peers_start(&p);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	peer_ended_once(&p.server, REASON_REVOKED, STATS_ENDED_REVOKED);
	ck_assert_int_eq(p.client.reason, REASON_PEER_ALERT);
	peers_fini(&p);
}

TEST(finish_during_the_handshake_aborts)
{
	setup();
	peers_start(&p);
	conn_loop_finish_all(&p.server.loop, REASON_DRAINED);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	peer_ended_once(&p.server, REASON_DRAINED, STATS_HANDSHAKE_DRAINED);
	peers_fini(&p);
}

TEST_LOOP(peer_hangs_up_or_resets, 2)
{
	int fd;

	setup();
	fd = peers_start_server_alone(&p);
	ck_assert_int_eq(send(fd, "\x16\x03\x01\x02", 4, 0), 4);
	if (_i == 0)
		(void)close(fd);
	else
		tcp_reset(fd);
	PEERS_UNTIL(&p, p.server.ended > 0);
	if (_i == 0)
		peer_ended_once(
		    &p.server, REASON_EOF, STATS_HANDSHAKE_PEER_CLOSED);
	else
		peer_ended_once(
		    &p.server, REASON_RESET, STATS_HANDSHAKE_PEER_RESET);
	peers_fini(&p);
}

/* What keep-alive probes without an answer come to; see tcp(7). */
TEST_LOOP(tcp_times_out, 2)
{
	setup();
	if (_i == 0)
		(void)close(peers_start_server_alone(&p));
	else
		peers_open(&p);
	conn_sock_ops.failed(&p.server.conn.sock, ETIMEDOUT);
	PEERS_UNTIL(&p, p.server.ended > 0);
	peer_ended_once(&p.server, REASON_TCP_TIMEOUT,
	    _i == 0 ? STATS_HANDSHAKE_TIMEOUT : STATS_ENDED_TCP_TIMEOUT);
	peers_fini(&p);
}

TEST(hang_up_without_close_notify)
{
	setup();
	peers_open(&p);
	ck_assert_int_eq(shutdown(p.client.conn.sock.fd, SHUT_WR), 0);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	peer_ended_once(&p.server, REASON_EOF, STATS_ENDED_EOF);
	peer_ended_once(&p.client, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peers_fini(&p);
}

/*
 * It is sent so many bytes, in pieces that have all been read before the next;
 * whether the server has not given up.
 */
static bool
takes(int fd, size_t n)
{
	while (n > 0 && p.server.ended == 0) {
		size_t piece = n < sizeof data ? n : sizeof data;
		uint32_t before = p.server.conn.drop_left;

		ck_assert_int_eq(
		    send(fd, data, piece, MSG_NOSIGNAL), (ssize_t)piece);
		n -= piece;
		PEERS_UNTIL(&p,
		    p.server.ended > 0 ||
			before - p.server.conn.drop_left == piece);
	}
	return p.server.ended == 0;
}

/* What is no handshake is answered by an alert; then it is heard to the end. */
TEST(refused_peer_that_sends_on)
{
	int fd;

	setup();
	fd = peers_start_server_alone(&p);
	ck_assert_int_eq(send(fd, "GET / HTTP/1.1\r\n", 16, 0), 16);
	PEERS_UNTIL(&p, p.server.conn.state == CONN_LINGERING);
	ck_assert(takes(fd, 1 << 20));
	ck_assert_int_eq(recv(fd, data, sizeof data, 0), 7); /* the alert */
	ck_assert(!takes(fd, 1));
	ck_assert_int_eq(send(fd, data, 1, MSG_NOSIGNAL), -1); /* it is gone */
	ck_assert_uint_eq(peer_reasons(&p.server), 1);
	(void)close(fd);
	peers_fini(&p);
}

/* One that has done nothing wrong may have much under way. */
TEST(finished_peer_that_sends_on)
{
	int fd;

	setup();
	peers_open(&p);
	fd = p.client.conn.sock.fd;
	conn_finish(&p.server.conn, REASON_DRAINED);
	conn_loop_turn(&p.server.loop, 0);
	ck_assert_int_eq(p.server.conn.state, CONN_LINGERING);
	io_rx_pause(&p.client.conn.sock); /* does not hear of it */
	ck_assert(takes(fd, 16 << 20));
	ck_assert(!takes(fd, 1));
	peers_fini(&p);
}

TEST(connect_that_is_refused)
{
	struct addr addr;
	int listener;

	setup();
	listener = tcp_listen(&addr);
	(void)close(listener);
	peers_connect(&p, &addr);
	PEERS_UNTIL(&p, p.client.ended > 0);
	ck_assert_int_eq(p.client.reason, REASON_CONNECT_REFUSED);
	ck_assert_uint_eq(peer_count(&p.client, STATS_CONNECT_FAILED), 1);
	ck_assert_uint_eq(peer_count(&p.client, STATS_HANDSHAKES_FAILED), 0);
	ck_assert_uint_eq(peer_reasons(&p.client), 1);
	peers_fini(&p);
}

TEST(accept_that_fails_counts_nothing)
{
	struct conn conn;

	setup();
	ck_assert_int_lt(conn_accept(&conn, &p.server.loop, &peer_ops,
			     STDIN_FILENO + 1000, p.mutual.server_creds),
	    0);
	ck_assert_uint_eq(peer_count(&p.server, STATS_ACCEPTED), 0);
	ck_assert_uint_eq(conn_loop_count(&p.server.loop), 0);
	peers_fini(&p);
}

SUITE("common/conn/conn_end")
