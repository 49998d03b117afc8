/* flow: the callbacks of a client's connection; see the header. */
#include "client/load/flow.h"

#include <stdio.h>
#include <string.h>

#include "client/load/payload.h"
#include "client/load/session_info.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/loop.h"
#include "common/sys/addr.h"
#include "common/tls/session.h"

/*
 * A long message is handed over in pieces while less than this is queued, which
 * keeps the queue below CONN_TX_HIGH: conn would otherwise stop receiving, and
 * a server that stops as well, for its echo is not read, would wait for ever.
 */
enum {
	PIECE = TLS_RECORD_MAX,
	QUEUE_FILL = CONN_TX_HIGH - 2 * PIECE
};

static const struct conn_ops flow_ops;

static struct flow *
flow_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct flow, conn);
}

static void
send_pieces(struct flow *f)
{
	const uint8_t *piece;
	size_t n;

	while (inflight_has_unsent(&f->inflight) &&
	    io_tx_queued(&f->conn.sock) < QUEUE_FILL) {
		piece = inflight_next(&f->inflight, PIECE, &n);
		if (!conn_write(&f->conn, piece, n))
			return;
		inflight_sent(&f->inflight, n, f->group->loop->now_ns);
	}
}

void
flow_begin(struct flow *f, int64_t began_ns)
{
	struct flow_group *g = f->group;
	const uint8_t *message;
	size_t len;

	if (f->state == FLOW_IDLE) {
		f->state = FLOW_BUSY;
		g->busy++;
	}
	ASSERT(f->state == FLOW_BUSY);
	message = payload_pick(g->payload, &len);
	inflight_add(&f->inflight, message, len, began_ns);
	flow_group_watch(g, f);
	send_pieces(f);
}

static void
become_idle(struct flow *f)
{
	f->state = FLOW_IDLE;
	f->group->busy--;
	if (f->group->stopping)
		flow_stop(f);
}

static void
count_as_made(struct flow *f)
{
	f->made = true;
	tally_add(f->group->tally, TALLY_MADE, 1);
}

static void
end_round_trip(struct flow *f)
{
	struct flow_group *g = f->group;
	int64_t began_ns = inflight_pop(&f->inflight);

	hist_add(&g->tally->round_trip, g->loop->now_ns - began_ns, 1);
	tally_add(g->tally, TALLY_ROUND_TRIPS, 1);
	if (g->ops->on_echo != NULL)
		g->ops->on_echo(f);
	if (f->state == FLOW_BUSY && inflight_is_empty(&f->inflight))
		become_idle(f);
}

static void
on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	struct flow *f = flow_of(conn);

	while (n > 0) {
		size_t taken = inflight_match(&f->inflight, bytes, n);

		if (taken == 0) {
			conn_abort(conn, REASON_MISMATCH);
			return;
		}
		if (!f->made)
			count_as_made(f);
		bytes += taken;
		n -= taken;
		if (inflight_finished(&f->inflight))
			end_round_trip(f);
	}
}

static void
on_drained(struct conn *conn)
{
	send_pieces(flow_of(conn));
}

static bool
on_open(struct conn *conn)
{
	struct flow *f = flow_of(conn);
	struct flow_group *g = f->group;

	f->state = FLOW_IDLE;
	g->connecting--;
	tally_add(g->tally, TALLY_OPENED, 1);
	if (g->facts_fd >= 0)
		facts_write(g->facts_fd, conn, f->index, g->worker);
	if (g->ops->on_open != NULL)
		g->ops->on_open(f);
	return true;
}

/* error: a positive errno of a connect that failed at once, or 0. */
static void
report_failure(struct flow *f, enum close_reason reason, int error)
{
	struct tally_failure failure = { .time_ns = clock_now_ns(),
		.connection = f->index,
		.worker = f->group->worker,
		.reason = reason };
	const char *detail = "";

	f->failed = true;
	if (reason == REASON_PEER_ALERT)
		detail = tls_peer_alert(f->conn.tls);
	else if (error != 0)
		detail = strerror(error);
	(void)snprintf(failure.detail, sizeof failure.detail, "%s", detail);
	tally_fail(f->group->tally, &failure, f->made);
}

static void
become_over(struct flow *f)
{
	const struct flow_group *g = f->group;

	f->state = FLOW_OVER;
	tally_add(g->tally, TALLY_OVER, 1);
	if (g->ops->on_over != NULL)
		g->ops->on_over(f);
}

/* Tries the addresses from f->address on until a connect is under way. */
static void
try_addresses(struct flow *f)
{
	struct flow_group *g = f->group;
	int error;

	do {
		error = conn_connect(&f->conn, g->loop, &flow_ops,
		    &g->addrs->of[f->address], g->creds, g->peer_name);
		if (error == 0) {
			if (g->ops->on_connect != NULL)
				g->ops->on_connect(f);
			return;
		}
	} while (++f->address < g->addrs->count);
	g->connecting--;
	report_failure(f, conn_connect_reason(-error), -error);
	become_over(f);
}

static bool
try_next_address(struct flow *f, enum close_reason reason)
{
	switch (reason) {
	case REASON_CONNECT_REFUSED:
	case REASON_CONNECT_TIMEOUT:
	case REASON_CONNECT_UNREACHABLE:
	case REASON_CONNECT_NO_PORT:
	case REASON_CONNECT_ERROR:
		break;
	default:
		return false;
	}
	if (++f->address >= f->group->addrs->count)
		return false;
	try_addresses(f);
	return true;
}

static bool
was_opened(const struct flow *f)
{
	return f->state == FLOW_IDLE || f->state == FLOW_BUSY ||
	    f->state == FLOW_DONE;
}

/*
 * A server that refuses our certificate says so after our handshake is complete
 * (RFC 8446, 4.4.2.4), so only an echo proves that a connection was made; or,
 * if there was nothing to echo, that the server said close_notify in return. It
 * matters little how a server hangs up after all its echoes have come.
 */
static bool
ended_well(const struct flow *f)
{
	bool has_all = f->state == FLOW_DONE ||
	    (f->state == FLOW_IDLE && f->satisfied && f->made);

	switch (f->conn.reason) {
	case REASON_CLOSED:
		return has_all;
	case REASON_EOF:
	case REASON_RESET:
	case REASON_IDLE_TIMEOUT:
		return has_all && f->made;
	case REASON_DRAINED: /* by flow_stop: neither made nor failed */
		return true;
	default:
		return false;
	}
}

static void
judge(struct flow *f)
{
	if (!ended_well(f))
		report_failure(f, f->conn.reason, 0);
	else if (f->state == FLOW_DONE && !f->made)
		count_as_made(f);
	else if (f->conn.reason == REASON_IDLE_TIMEOUT)
		tally_add(f->group->tally, TALLY_UNANSWERED, 1);
}

static void
on_end(struct conn *conn)
{
	struct flow *f = flow_of(conn);
	struct flow_group *g = f->group;

	if (f->state == FLOW_CONNECTING && try_next_address(f, conn->reason))
		return;
	judge(f);
	if (was_opened(f))
		tally_add(g->tally, TALLY_CLOSED, 1);
	else
		g->connecting--;
	if (f->state == FLOW_BUSY)
		g->busy--;
	timeq_cancel(&f->timer);
	inflight_clear(&f->inflight);
	become_over(f);
}

static const struct conn_ops flow_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_drained = on_drained,
	.on_end = on_end,
};

void
flow_init(struct flow *f, struct flow_group *group, unsigned index,
    struct inflight_slot *slots, unsigned pipeline)
{
	*f = (struct flow){ .group = group, .index = index };
	inflight_init(&f->inflight, slots, pipeline);
	timeq_init_timer(&f->timer);
	list_init(&f->link);
}

void
flow_connect(struct flow *f)
{
	ASSERT(f->state == FLOW_WAITING || f->state == FLOW_OVER);
	f->state = FLOW_CONNECTING;
	f->made = false;
	f->failed = false;
	f->address = 0;
	f->group->connecting++;
	tally_add(f->group->tally, TALLY_ASKED, 1);
	try_addresses(f);
}

void
flow_leave(struct flow *f)
{
	if (f->state == FLOW_BUSY)
		f->group->busy--;
	f->state = FLOW_DONE;
	conn_leave(&f->conn);
}

void
flow_stop(struct flow *f)
{
	switch (f->state) {
	case FLOW_CONNECTING:
		conn_abort(&f->conn, REASON_DRAINED);
		break;
	case FLOW_IDLE:
		f->state = FLOW_DONE;
		conn_end_writing(&f->conn);
		break;
	case FLOW_WAITING:
	case FLOW_BUSY:
	case FLOW_DONE:
	case FLOW_OVER:
		break;
	}
}
