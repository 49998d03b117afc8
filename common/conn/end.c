/* end: how connections end, and what they wait for until then; see conn.h. */
#include "common/base/assertion.h"
#include "common/conn/loop.h"
#include "common/conn/private.h"
#include "common/stats/stats.h"
#include "common/tls/session.h"

/* See conn_drop. */
static const uint32_t most_of_refused = 1 << 20;
static const uint32_t most_of_others = 16 << 20;

/* A health check of a proxy ends before or within the handshake, without a
 * certificate; what else goes wrong with one is a failure all the same. */
static bool
is_health_check(const struct conn *conn, enum close_reason reason)
{
	return conn->is_probe && conn->state == CONN_HANDSHAKE &&
	    (reason == REASON_CLOSED || reason == REASON_EOF ||
		reason == REASON_RESET || reason == REASON_NO_CERTIFICATE);
}

/* Once, and before the state changes: the counter depends on it. */
static void
decide(struct conn *conn, enum close_reason reason)
{
	ASSERT(conn->reason == REASON_NONE);
	conn->reason =
	    is_health_check(conn, reason) ? REASON_HEALTH_CHECK : reason;
	conn_count_end(conn);
}

void
conn_retire(struct conn *conn)
{
	struct conn_loop *loop = conn->loop;

	ASSERT(conn->reason != REASON_NONE);
	conn_set_state(conn, CONN_ENDED);
	io_sock_close(&conn->sock);
	conn_drop_held(conn);
	timeq_cancel(&conn->timer);
	timeq_cancel(&conn->lifetime);
	list_remove(&conn->link);
	list_append(&loop->ended, &conn->link);
	conn_loop_dropped(loop);
	stats_add(loop->shard, STATS_ENDED, 1);
}

static struct timeq *
reader_queue(const struct conn *conn)
{
	struct conn_loop *loop = conn->loop;

	if (conn->leaving && !conn->hurried)
		return &loop->leave;
	if (conn->state == CONN_FLUSHING && conn->reason == REASON_CLOSED)
		return &loop->flush;
	return &loop->linger;
}

void
conn_wait_for_reader(struct conn *conn)
{
	conn->flush_left = io_tx_queued(&conn->sock);
	timeq_arm(reader_queue(conn), &conn->timer, conn->loop->now_ns);
}

/*
 * Some servers, such as those on Erlang, answer close_notify only when the FIN
 * has come, too.
 */
static void
hurry(struct conn *conn)
{
	conn->hurried = true;
	io_tx_end(&conn->sock);
	conn_wait_for_reader(conn);
}

/* The reason is decided; what is queued may still leave. */
static void
begin_flush(struct conn *conn, uint32_t drop_most)
{
	conn_set_state(conn, CONN_FLUSHING);
	conn->drop_left = drop_most;
	conn_wait_for_reader(conn);
	io_rx_resume(&conn->sock);
	io_tx_end(&conn->sock);
}

void
conn_fail(struct conn *conn)
{
	decide(conn, tls_reason(&conn->tls));
	if (conn->ops->on_fail != NULL)
		conn->ops->on_fail(conn);
	begin_flush(conn, most_of_refused);
}

static void
reset(struct conn *conn)
{
	io_sock_reset(&conn->sock);
	conn_retire(conn);
}

void
conn_drop(struct conn *conn, size_t n)
{
	if (n > conn->drop_left) {
		reset(conn);
		return;
	}
	conn->drop_left -= (uint32_t)n;
	if (conn->peer_ended && conn->state == CONN_LINGERING)
		conn_retire(conn);
}

/* A slow reader may go on as long as it reads: each time it gets more time. */
static bool
reads_on(struct conn *conn)
{
	if (io_tx_queued(&conn->sock) >= conn->flush_left)
		return false;
	conn_wait_for_reader(conn);
	return true;
}

/* It has been silent for a while: what it can do without goes. */
static void
rest(struct conn *conn)
{
	struct conn_loop *loop = conn->loop;

	conn->resting = true;
	timeq_arm(&loop->idle, &conn->timer, loop->now_ns);
	if (tls_rest(&conn->tls))
		conn_loop_dropped(loop);
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
		if (conn->resting)
			conn_finish(conn, REASON_IDLE_TIMEOUT);
		else
			rest(conn);
		break;
	case CONN_HALF_CLOSED:
		if (conn->leaving && !conn->hurried)
			hurry(conn);
		else if (!reads_on(conn))
			conn_abort(conn, REASON_IDLE_TIMEOUT);
		break;
	case CONN_FLUSHING:
		if (!reads_on(conn))
			conn_retire(conn);
		break;
	case CONN_LINGERING:
		conn_retire(conn);
		break;
	case CONN_ENDED:
		break;
	}
}

/* Sends close_notify; what the peer still sends is delivered. */
static void
half_close(struct conn *conn)
{
	conn_set_state(conn, CONN_HALF_CLOSED);
	tls_close_notify(&conn->tls);
	conn_wait_for_reader(conn);
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
		reset(conn);
		return;
	}
	tls_close_notify(&conn->tls);
	begin_flush(conn, most_of_others);
}

void
conn_refuse(struct conn *conn, enum close_reason reason)
{
	if (!conn_is_reading(conn))
		return;
	tls_refuse(&conn->tls, reason);
	stats_add(conn->loop->shard, STATS_ENDED_BY_RELOAD, 1);
	conn_fail(conn);
}

void
conn_abort(struct conn *conn, enum close_reason reason)
{
	if (conn->state == CONN_ENDED)
		return;
	if (conn->reason == REASON_NONE)
		decide(conn, reason);
	conn_retire(conn);
}
