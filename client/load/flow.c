/* flow: the callbacks of a client's connection; see the header. */
#include "client/load/flow.h"

#include <stdio.h>
#include <string.h>

#include "client/load/dial.h"
#include "client/load/judge.h"
#include "client/load/payload.h"
#include "client/load/session_info.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/loop.h"
#include "common/sys/addr.h"
#include "common/sys/sources.h"
#include "common/tls/params.h"
#include "common/tls/refusal.h"
#include "common/tls/session.h"

/*
 * A long message is handed over in pieces, each while less than QUEUE_FILL is
 * queued. So the queue stays below CONN_TX_HIGH, above which conn does not
 * receive: that would deadlock with a server that stops reading until we read
 * its echo. One PIECE is for the last piece, one for what TLS adds to it.
 */
enum {
	PIECE = TLS_RECORD_MAX,
	QUEUE_FILL = CONN_TX_HIGH - 2 * PIECE
};

_Static_assert(QUEUE_FILL > 0, "room for pieces");

static const struct conn_ops flow_ops;

static struct flow *
flow_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct flow, conn);
}

/* The steps of the diagram in the header: from each state to which others. */
static const unsigned steps[FLOW_STATES] = {
	[FLOW_WAITING] = 1U << FLOW_CONNECTING,
	[FLOW_CONNECTING] = 1U << FLOW_IDLE | 1U << FLOW_OVER,
	[FLOW_IDLE] = 1U << FLOW_BUSY | 1U << FLOW_DONE | 1U << FLOW_OVER,
	[FLOW_BUSY] = 1U << FLOW_IDLE | 1U << FLOW_DONE | 1U << FLOW_OVER,
	[FLOW_DONE] = 1U << FLOW_OVER,
	[FLOW_OVER] = 1U << FLOW_CONNECTING,
};

static void
set_state(struct flow *f, enum flow_state state)
{
	struct flow_group *g = f->group;

	ASSERT((steps[f->state] & 1U << state) != 0);
	if (f->state == FLOW_CONNECTING)
		g->connecting--;
	else if (f->state == FLOW_BUSY)
		g->busy--;
	if (state == FLOW_CONNECTING)
		g->connecting++;
	else if (state == FLOW_BUSY)
		g->busy++;
	f->state = state;
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

	if (f->state != FLOW_BUSY)
		set_state(f, FLOW_BUSY);
	message = payload_pick(g->payload, &len);
	inflight_add(&f->inflight, message, len, began_ns);
	flow_group_watch(g, f);
	send_pieces(f);
}

static void
become_idle(struct flow *f)
{
	set_state(f, FLOW_IDLE);
	if (f->group->stopping)
		flow_stop(f);
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
take_first_data(struct flow *f)
{
	const struct flow_group *g = f->group;

	judge_made(f);
	if (g->info_fd >= 0)
		session_info_confirm(g->info_fd, &f->conn, f->index, g->worker);
}

/* Takes bytes of the oldest echo, as inflight_match does. */
static size_t
take_echo(struct flow *f, const uint8_t *bytes, size_t n)
{
	size_t taken = inflight_match(&f->inflight, bytes, n);

	if (taken == 0)
		return 0;
	if (!f->made)
		take_first_data(f);
	if (inflight_finished(&f->inflight))
		end_round_trip(f);
	return taken;
}

/* If it looks like a greeting, the report says so. */
static void
reject(struct flow *f, uint8_t first)
{
	if (f->greeting.state == GREETING_NONE && !f->made && first == '{')
		f->greeting.state = GREETING_UNASKED;
	conn_abort(&f->conn, REASON_MISMATCH);
}

static void
on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	struct flow *f = flow_of(conn);

	while (n > 0) {
		size_t taken = f->greeting.state == GREETING_AWAITED
		    ? greeting_take(&f->greeting, bytes, n)
		    : take_echo(f, bytes, n);

		if (taken == 0) {
			reject(f, bytes[0]);
			return;
		}
		bytes += taken;
		n -= taken;
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
	struct tls_names names = tls_params_names(&conn->tls);

	dial_end(f, true);
	set_state(f, FLOW_IDLE);
	tally_add(g->tally, TALLY_OPENED, 1);
	negotiated_add(&g->tally->negotiated, &names, 1);
	if (g->info_fd >= 0)
		session_info_write(g->info_fd, conn, f->index, g->worker);
	if (g->ops->on_open != NULL)
		g->ops->on_open(f);
	return true;
}

/* Of the first one that a worker refuses, for all: they are mostly the same. */
static void
on_fail(struct conn *conn)
{
	struct tally *tally = flow_of(conn)->group->tally;

	_Static_assert(sizeof tally->refused == TLS_REFUSAL_CHAIN, "room");
	if (close_reason_is_refusal(conn->reason) && tally->refused[0] == '\0')
		(void)tls_refusal_format_chain(&conn->tls, tally->refused);
}

static void
become_over(struct flow *f)
{
	const struct flow_group *g = f->group;

	set_state(f, FLOW_OVER);
	tally_add(g->tally, TALLY_OVER, 1);
	if (g->ops->on_over != NULL)
		g->ops->on_over(f);
}

/* No address could even be asked. */
static void
fail_to_connect(struct flow *f, int error)
{
	dial_end(f, false);
	judge_failed(f, conn_connect_reason(error), error);
	become_over(f);
}

/* In on_end conn is done with its struct, which may be connected again. */
static bool
try_next_address(struct flow *f)
{
	int error;

	if (!judge_is_connect_failure(f->conn.reason) || !dial_next(f))
		return false;
	error = dial_try(f, &flow_ops);
	if (error != 0)
		fail_to_connect(f, error);
	return true;
}

/* The server's TCP: what came then was TLS, or a signal. */
static bool
has_accepted(const struct flow *f)
{
	return f->failed && !f->no_address_accepted;
}

static void
on_end(struct conn *conn)
{
	struct flow *f = flow_of(conn);

	if (f->state == FLOW_CONNECTING && try_next_address(f))
		return;
	judge_end(f);
	if (f->state == FLOW_CONNECTING)
		dial_end(f, has_accepted(f));
	else
		tally_add(f->group->tally, TALLY_CLOSED, 1);
	timeq_cancel(&f->timer);
	inflight_clear(&f->inflight);
	greeting_clear(&f->greeting);
	become_over(f);
}

static const struct conn_ops flow_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_drained = on_drained,
	.on_fail = on_fail,
	.on_end = on_end,
};

void
flow_init(struct flow *f, struct flow_group *group, unsigned index,
    struct inflight_slot *slots, unsigned pipeline)
{
	*f = (struct flow){ .group = group, .index = index };
	inflight_init(&f->inflight, slots, pipeline);
	timeq_init_timer(&f->timer);
}

void
flow_connect(struct flow *f)
{
	struct flow_group *g = f->group;
	int error;

	set_state(f, FLOW_CONNECTING);
	f->source = sources_turn(g->sources, g->turn);
	g->turn += g->workers;
	f->made = false;
	f->failed = false;
	f->no_address_accepted = false;
	f->satisfied = false;
	greeting_init(&f->greeting, g->greeting_fd);
	f->offered = NULL;
	tally_add(g->tally, TALLY_ASKED, 1);
	error = dial_begin(f, &flow_ops);
	if (error != 0)
		fail_to_connect(f, error);
}

void
flow_fini(struct flow *f)
{
	dial_free(f);
}

void
flow_leave(struct flow *f)
{
	ASSERT(inflight_is_empty(&f->inflight));
	set_state(f, FLOW_DONE);
	conn_leave(&f->conn);
}

void
flow_stop(struct flow *f)
{
	if (f->state == FLOW_CONNECTING) {
		conn_abort(&f->conn, REASON_DRAINED);
	} else if (f->state == FLOW_IDLE) {
		set_state(f, FLOW_DONE);
		conn_end_writing(&f->conn);
	}
}
