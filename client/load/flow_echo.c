/* flow_echo: what is sent, and what comes back; see the header. */
#include "client/load/flow_echo.h"

#include "client/load/flow.h"
#include "client/load/judge.h"
#include "client/load/payload.h"
#include "client/load/session_info.h"
#include "client/mismatch.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/loop.h"
#include "common/conn/piece.h"

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

	while (inflight_has_unsent(&f->inflight) && conn_has_room(&f->conn)) {
		piece = inflight_next(&f->inflight, CONN_PIECE, &n);
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
		flow_set_state(f, FLOW_BUSY);
	message = payload_pick(g->payload, &len);
	inflight_add(&f->inflight, message, len, began_ns);
	flow_group_watch(g, f);
	send_pieces(f);
}

static void
become_idle(struct flow *f)
{
	flow_set_state(f, FLOW_IDLE);
	if (f->group->stopping)
		flow_stop(f);
}

static void
count_time(const struct flow *f, enum tally_hist which, int64_t since_ns)
{
	const struct flow_group *g = f->group;

	hist_add(&g->tally->hists[which], g->loop->now_ns - since_ns, 1);
}

/* A message that is due within a turn is handed over in that turn. */
static int64_t
service_began_ns(const struct inflight_slot *m)
{
	return m->sent_ns > m->began_ns ? m->sent_ns : m->began_ns;
}

static void
end_round_trip(struct flow *f)
{
	struct flow_group *g = f->group;
	const struct inflight_slot *m = inflight_pop(&f->inflight);

	count_time(f, TALLY_HIST_ROUND_TRIP, m->began_ns);
	if (g->is_open_loop)
		count_time(f, TALLY_HIST_SERVICE, service_began_ns(m));
	if (f->echoes++ == 0)
		count_time(f, TALLY_HIST_FIRST_ECHO, m->sent_ns);
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

/* The first that a worker sees; it ends the run. */
static void
note_mismatch(const struct flow *f, const uint8_t *bytes, size_t n)
{
	struct mismatch *m = &f->group->tally->mismatch;
	struct mismatch_seen seen = { .got = bytes,
		.got_size = n,
		.pool = f->group->payload->block,
		.pool_size = f->group->payload->size };

	if (m->time_ns != 0)
		return;
	inflight_look(&f->inflight, &seen);
	mismatch_fill(m, &seen);
	m->stream_offset += f->inflight.popped;
	m->connection = f->index;
	m->worker = f->group->worker;
	m->time_ns = clock_now_ns();
}

/* If it looks like a greeting, the report says so. */
static void
reject(struct flow *f, const uint8_t *bytes, size_t n)
{
	if (f->greeting.state == GREETING_NONE ||
	    f->greeting.state == GREETING_SHOWN)
		note_mismatch(f, bytes, n);
	if (f->greeting.state == GREETING_NONE && !f->made && bytes[0] == '{')
		f->greeting.state = GREETING_UNASKED;
	conn_abort(&f->conn, REASON_MISMATCH);
}

/* An echo that begins as a greeting does: nothing would follow it. */
static bool
is_all_echo(const struct flow *f)
{
	const struct greeting *g = &f->greeting;

	return g->state == GREETING_AWAITED && g->n > 0 &&
	    inflight_is_all_sent(&f->inflight, g->bytes, g->n);
}

void
flow_echo_on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	struct flow *f = flow_of(conn);

	while (n > 0) {
		size_t taken = f->greeting.state == GREETING_AWAITED
		    ? greeting_take(&f->greeting, bytes, n)
		    : take_echo(f, bytes, n);

		if (taken == 0) {
			reject(f, bytes, n);
			return;
		}
		bytes += taken;
		n -= taken;
	}
	if (is_all_echo(f))
		reject(f, f->greeting.bytes, f->greeting.n);
}

void
flow_echo_on_drained(struct conn *conn)
{
	send_pieces(flow_of(conn));
}
