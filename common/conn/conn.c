/* conn: the life of one connection; see the header. */
#include "common/conn/conn.h"

#include <errno.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/private.h"
#include "common/stats/stats.h"
#include "common/tls/session.h"

static struct conn *
conn_of(struct io_sock *sock)
{
	return CONTAINER_OF(sock, struct conn, sock);
}

/* Once, while the state still tells when it happened. */
static void
decide(struct conn *conn, enum close_reason reason)
{
	ASSERT(conn->reason == REASON_NONE);
	conn->reason = reason;
	conn_count_end(conn);
}

/* The loop gives it back at the end of its turn. */
static void
retire(struct conn *conn)
{
	struct conn_loop *loop = conn->loop;

	conn->state = CONN_ENDED;
	io_sock_close(&conn->sock);
	timeq_cancel(&conn->timer);
	list_remove(&conn->link);
	list_append(&loop->ended, &conn->link);
	stats_add(loop->shard, STATS_ENDED, 1);
}

/* Another wait for the peer, of whom nothing more is asked but to read on. */
static void
wait_for_reader(struct conn *conn)
{
	struct conn_loop *loop = conn->loop;

	conn->flush_left = io_tx_queued(&conn->sock);
	timeq_arm(&loop->linger, &conn->timer, loop->now_ns);
}

/* The cause is decided; what is queued may still leave. */
static void
begin_flush(struct conn *conn)
{
	conn->state = CONN_FLUSHING;
	wait_for_reader(conn);
	io_rx_resume(&conn->sock);
	io_tx_end(&conn->sock);
}

/* The session failed; an alert for the peer may be queued. */
static void
fail(struct conn *conn)
{
	decide(conn, tls_reason(conn->tls));
	begin_flush(conn);
}

static void
deliver_records(struct conn *conn, struct tls_input *in)
{
	struct conn_loop *loop = conn->loop;
	const uint8_t *bytes;
	size_t n;

	while (conn_is_reading(conn)) {
		switch (tls_read(conn->tls, in, &bytes, &n)) {
		case TLS_OK:
			loop->deliveries++;
			stats_add(loop->shard, STATS_READ_OPERATIONS, 1);
			stats_add(loop->shard, STATS_BYTES_RECEIVED, n);
			conn->ops->on_data(conn, bytes, n);
			break;
		case TLS_AGAIN:
			return;
		case TLS_EOF:
			conn_finish(conn, REASON_CLOSED);
			break;
		case TLS_FAIL:
			fail(conn);
			break;
		}
	}
}

static void
apply_backpressure(struct conn *conn)
{
	if (conn->state != CONN_OPEN || conn->sock.rx_paused ||
	    io_tx_queued(&conn->sock) <= CONN_TX_HIGH)
		return;
	io_rx_pause(&conn->sock);
	stats_add(conn->loop->shard, STATS_BACKPRESSURE_PAUSES, 1);
}

void
conn_deliver(struct conn *conn, struct tls_input *in)
{
	deliver_records(conn, in);
	apply_backpressure(conn);
}

static void
handshake_done(struct conn *conn, struct tls_input *in)
{
	struct conn_loop *loop = conn->loop;

	conn->state = CONN_OPEN;
	conn_count_handshake(conn);
	conn->active_ns = loop->now_ns;
	timeq_arm(&loop->idle, &conn->timer, conn->active_ns);
	conn->unread = in;
	if (!conn->ops->on_open(conn))
		return; /* another thread's now */
	conn->unread = NULL;
	conn_deliver(conn, in);
}

static void
continue_handshake(struct conn *conn, struct tls_input *in)
{
	switch (tls_handshake(conn->tls, in)) {
	case TLS_OK:
		handshake_done(conn, in);
		break;
	case TLS_FAIL:
		fail(conn);
		break;
	case TLS_AGAIN:
	case TLS_EOF:
		break;
	}
}

static void
take_data(struct conn *conn, struct tls_input *in)
{
	struct conn_loop *loop = conn->loop;
	struct timeq *silence =
	    conn->state == CONN_OPEN ? &loop->idle : &loop->linger;

	conn->active_ns = loop->now_ns;
	if (silence->duration_ns != 0)
		timeq_touch(silence, &conn->timer, conn->active_ns);
	conn_deliver(conn, in);
}

static void
on_received(struct io_sock *sock, const uint8_t *bytes, size_t n)
{
	struct conn *conn = conn_of(sock);
	struct tls_input in = { .bytes = bytes, .n = n, .ended = n == 0 };

	if (in.ended)
		conn->peer_ended = true;
	switch (conn->state) {
	case CONN_HANDSHAKE:
		continue_handshake(conn, &in);
		break;
	case CONN_OPEN:
	case CONN_HALF_CLOSED:
		take_data(conn, &in);
		break;
	case CONN_LINGERING:
		if (conn->peer_ended)
			retire(conn);
		break;
	case CONN_CONNECTING:
	case CONN_FLUSHING: /* too late to be answered */
	case CONN_ENDED:
		break;
	}
}

static void
open_drained(struct conn *conn)
{
	if (conn->sock.rx_paused) {
		io_rx_resume(&conn->sock);
		/* What came meanwhile has not been seen yet. */
		conn->active_ns = conn->loop->now_ns;
	}
	if (conn->ops->on_drained != NULL)
		conn->ops->on_drained(conn);
}

static void
on_drained(struct io_sock *sock)
{
	struct conn *conn = conn_of(sock);

	switch (conn->state) {
	case CONN_OPEN:
		open_drained(conn);
		break;
	case CONN_HALF_CLOSED:
		wait_for_reader(conn);
		break;
	case CONN_FLUSHING:
		conn->state = CONN_LINGERING;
		if (conn->peer_ended)
			retire(conn);
		break;
	case CONN_CONNECTING:
	case CONN_HANDSHAKE:
	case CONN_LINGERING:
	case CONN_ENDED:
		break;
	}
}

enum close_reason
conn_connect_reason(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return REASON_CONNECT_REFUSED;
	case ETIMEDOUT:
		return REASON_CONNECT_TIMEOUT;
	case ENETUNREACH:
	case EHOSTUNREACH:
		return REASON_CONNECT_UNREACHABLE;
	case EADDRNOTAVAIL:
		return REASON_CONNECT_NO_PORT;
	default:
		return REASON_CONNECT_ERROR;
	}
}

static void
on_failed(struct io_sock *sock, int error)
{
	struct conn *conn = conn_of(sock);

	conn_abort(conn,
	    conn->state == CONN_CONNECTING ? conn_connect_reason(error)
					   : REASON_RESET);
}

static void
on_connected(struct io_sock *sock)
{
	struct conn *conn = conn_of(sock);
	struct tls_input nothing = { .bytes = NULL };

	conn->state = CONN_HANDSHAKE;
	timeq_arm(&conn->loop->handshake, &conn->timer, conn->loop->now_ns);
	continue_handshake(conn, &nothing);
}

const struct io_sock_ops conn_sock_ops = {
	.connected = on_connected,
	.received = on_received,
	.drained = on_drained,
	.failed = on_failed,
};

/* A slow reader may go on as long as it does read: then waits again. */
static bool
reads_on(struct conn *conn)
{
	if (io_tx_queued(&conn->sock) >= conn->flush_left)
		return false;
	wait_for_reader(conn);
	return true;
}

void
conn_on_timer(struct conn *conn)
{
	switch (conn->state) {
	case CONN_CONNECTING:
		conn_abort(conn, REASON_CONNECT_TIMEOUT);
		break;
	case CONN_HANDSHAKE:
		conn_abort(conn, REASON_HANDSHAKE_TIMEOUT);
		break;
	case CONN_OPEN:
		conn_finish(conn, REASON_IDLE_TIMEOUT);
		break;
	case CONN_HALF_CLOSED:
		if (!reads_on(conn))
			conn_abort(conn, REASON_IDLE_TIMEOUT);
		break;
	case CONN_FLUSHING:
		if (!reads_on(conn))
			retire(conn);
		break;
	case CONN_LINGERING:
		retire(conn);
		break;
	case CONN_ENDED:
		break;
	}
}

bool
conn_write(struct conn *conn, const uint8_t *bytes, size_t n)
{
	struct stats_shard *shard = conn->loop->shard;
	uint64_t records;

	if (conn->state != CONN_OPEN)
		return false;
	if (tls_write(conn->tls, bytes, n, &records) != TLS_OK) {
		fail(conn);
		return false;
	}
	stats_add(shard, STATS_WRITE_OPERATIONS, records);
	stats_add(shard, STATS_BYTES_SENT, n);
	return true;
}

/* Says goodbye; what the peer still sends is delivered. */
static void
half_close(struct conn *conn)
{
	conn->state = CONN_HALF_CLOSED;
	tls_close_notify(conn->tls);
	wait_for_reader(conn);
	io_rx_resume(&conn->sock);
}

void
conn_end_writing(struct conn *conn)
{
	if (conn->state != CONN_OPEN)
		return;
	half_close(conn);
	io_tx_end(&conn->sock);
}

void
conn_leave(struct conn *conn)
{
	if (conn->state != CONN_OPEN)
		return;
	conn->leaving = true;
	half_close(conn);
}

void
conn_finish(struct conn *conn, enum close_reason reason)
{
	if (conn->state < CONN_OPEN) {
		conn_abort(conn, reason);
		return;
	}
	if (!conn_is_reading(conn))
		return;
	decide(conn, reason);
	if (conn->leaving) {
		io_sock_reset(&conn->sock);
		retire(conn);
		return;
	}
	tls_close_notify(conn->tls);
	begin_flush(conn);
}

void
conn_abort(struct conn *conn, enum close_reason reason)
{
	if (conn->state == CONN_ENDED)
		return;
	if (conn->reason == REASON_NONE)
		decide(conn, reason);
	retire(conn);
}
