/* conn: what comes in, and what goes out; see the header, and end.c. */
#include "common/conn/conn.h"

#include <errno.h>

#include "common/conn/loop.h"
#include "common/conn/private.h"
#include "common/stats/row.h"
#include "common/stats/stats.h"
#include "common/tls/session.h"

static struct conn *
conn_of(struct io_sock *sock)
{
	return CONTAINER_OF(sock, struct conn, sock);
}

/* active_ns tells when data came, not just anything. */
static void
count_received(const struct conn *conn, size_t n)
{
	struct stats_row *row = conn->row;

	if (row == NULL)
		return;
	counter_add(&row->bytes_received, n);
	counter_add(&row->read_operations, 1);
	atomic_store_explicit(
	    &row->active_ns, conn->loop->now_ns, memory_order_relaxed);
}

static void
deliver_records(struct conn *conn, struct tls_input *in)
{
	struct conn_loop *loop = conn->loop;
	const uint8_t *bytes;
	size_t n;

	while (conn_is_reading(conn)) {
		switch (tls_read(&conn->tls, in, &bytes, &n)) {
		case TLS_OK:
			loop->deliveries++;
			stats_add(loop->shard, STATS_READ_OPERATIONS, 1);
			stats_add(loop->shard, STATS_BYTES_RECEIVED, n);
			count_received(conn, n);
			conn->ops->on_data(conn, bytes, n);
			break;
		case TLS_AGAIN:
		case TLS_HELD:
			return;
		case TLS_EOF:
			conn_finish(conn, REASON_CLOSED);
			break;
		case TLS_FAIL:
			conn_fail(conn);
			break;
		}
	}
}

/* Once a send has failed nothing will drain: what has come is read to its end.
 */
static void
apply_backpressure(struct conn *conn)
{
	if (conn->state != CONN_OPEN || conn->sock.rx_paused ||
	    conn->sock.tx_error != 0 ||
	    io_tx_queued(&conn->sock) <= conn->loop->tx_high)
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

/*
 * What has come to a client is not all of what the server is sending, such as a
 * ticket in front of the first echo. A server without TCP_NODELAY sends the
 * rest when we acknowledge that, which the kernel would put off for 40 ms.
 */
static void
await_rest(struct conn *conn)
{
	if (conn->state < CONN_FLUSHING)
		io_sock_acknowledge(&conn->sock);
}

static void
deliver_first(struct conn *conn, struct tls_input *in)
{
	uint64_t before = conn->loop->deliveries;

	conn_deliver(conn, in);
	if (conn->loop->deliveries == before)
		await_rest(conn);
	else
		conn->awaits_data = false;
}

static void
handshake_done(struct conn *conn, struct tls_input *in)
{
	struct conn_loop *loop = conn->loop;
	bool is_here;

	conn_set_state(conn, CONN_OPEN);
	conn_count_handshake(conn);
	conn->active_ns = loop->now_ns;
	timeq_arm(&loop->recent, &conn->timer, conn->active_ns);
	timeq_arm(&loop->lifetime, &conn->lifetime, conn->active_ns);
	conn_loop_dropped(loop);
	loop->unread = in;
	is_here = conn->ops->on_open(conn);
	loop->unread = NULL;
	if (is_here) /* and not another thread's by now */
		conn_deliver(conn, in);
}

/* Whether there is TLS in the input. */
static bool
pass_prelude(struct conn *conn, struct tls_input *in)
{
	if (!conn->has_prelude)
		return true;
	if (!conn->ops->on_prelude(conn, in))
		return false;
	conn->has_prelude = false;
	return in->n > 0;
}

/* Once, when the ClientHello is whole, its owner is asked whether to go on. */
static enum tls_result
go_on(struct conn *conn, struct tls_input *in)
{
	enum tls_result result = tls_handshake(&conn->tls, in);

	if (result == TLS_HELD && conn->ops->on_hello(conn))
		result = tls_handshake(&conn->tls, in);
	return result;
}

void
conn_handshake(struct conn *conn, struct tls_input *in)
{
	switch (go_on(conn, in)) {
	case TLS_OK:
		handshake_done(conn, in);
		break;
	case TLS_FAIL:
		conn_fail(conn);
		break;
	case TLS_HELD:
		conn_hold(conn, in);
		break;
	case TLS_AGAIN:
		if (conn->awaits_data && in->bytes != NULL)
			await_rest(conn);
		break;
	case TLS_EOF:
		break;
	}
}

/* Data has come in, or could again; its deadline begins anew. */
static void
renew(struct conn *conn)
{
	struct conn_loop *loop = conn->loop;

	conn->active_ns = loop->now_ns;
	if (conn->state != CONN_OPEN) {
		if (!conn->leaving)
			timeq_touch(&loop->linger, &conn->timer, loop->now_ns);
	} else if (!conn->resting) {
		timeq_touch(&loop->recent, &conn->timer, loop->now_ns);
	} else {
		conn->resting = false;
		timeq_arm(&loop->recent, &conn->timer, loop->now_ns);
	}
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
		if (conn->is_held)
			conn_hold(conn, &in);
		else if (pass_prelude(conn, &in))
			conn_handshake(conn, &in);
		break;
	case CONN_OPEN:
	case CONN_HALF_CLOSED:
		renew(conn);
		if (conn->awaits_data)
			deliver_first(conn, &in);
		else
			conn_deliver(conn, &in);
		break;
	case CONN_FLUSHING:
	case CONN_LINGERING:
		conn_drop(conn, n);
		break;
	case CONN_CONNECTING:
	case CONN_ENDED:
		break;
	}
}

static void
open_drained(struct conn *conn)
{
	if (conn->sock.rx_paused) {
		io_rx_resume(&conn->sock);
		renew(conn); /* what came meanwhile has not been seen yet */
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
		conn_wait_for_reader(conn);
		break;
	case CONN_FLUSHING:
		conn_set_state(conn, CONN_LINGERING);
		conn_wait_for_reader(conn);
		if (conn->peer_ended)
			conn_retire(conn);
		break;
	case CONN_CONNECTING:
	case CONN_HANDSHAKE:
	case CONN_LINGERING:
	case CONN_ENDED:
		break;
	}
}

static void
on_failed(struct io_sock *sock, int error)
{
	struct conn *conn = conn_of(sock);

	conn_abort(conn,
	    conn->state == CONN_CONNECTING ? close_reason_of_connect(error)
		: error == ETIMEDOUT       ? REASON_TCP_TIMEOUT
					   : REASON_RESET);
}

void
conn_on_connected(struct io_sock *sock)
{
	struct conn *conn = conn_of(sock);
	struct tls_input nothing = { .bytes = NULL };

	conn_set_state(conn, CONN_HANDSHAKE);
	timeq_arm(&conn->loop->handshake, &conn->timer, conn->loop->now_ns);
	if (conn->ops->on_connected != NULL)
		conn->ops->on_connected(conn);
	conn_handshake(conn, &nothing);
	if (conn->splits_hello)
		io_tx_split(&conn->sock, io_tx_queued(&conn->sock) / 2);
}

const struct io_sock_ops conn_sock_ops = {
	.connected = conn_on_connected,
	.received = on_received,
	.drained = on_drained,
	.failed = on_failed,
};

static uint8_t *
tx_room(void *owner, size_t *room)
{
	return io_tx_room(owner, room);
}

static void
tx_commit(void *owner, size_t n)
{
	io_tx_commit(owner, n);
}

const struct tls_output conn_tls_output = { tx_room, tx_commit };

bool
conn_write(struct conn *conn, const uint8_t *bytes, size_t n)
{
	struct stats_shard *shard = conn->loop->shard;
	uint64_t records;

	if (conn->state != CONN_OPEN)
		return false;
	if (tls_write(&conn->tls, bytes, n, &records) != TLS_OK) {
		conn_fail(conn);
		return false;
	}
	stats_add(shard, STATS_WRITE_OPERATIONS, records);
	stats_add(shard, STATS_BYTES_SENT, n);
	if (conn->row != NULL)
		counter_add(&conn->row->bytes_sent, n);
	return true;
}
