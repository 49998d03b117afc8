/* flow: from the connect to the end of a connection; see the header. */
#include "client/load/flow.h"

#include <stdio.h>
#include <string.h>

#include "client/load/dial.h"
#include "client/load/flow_echo.h"
#include "client/load/judge.h"
#include "client/load/resumption.h"
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

static const struct conn_ops flow_ops, quiet_ops;

static const struct conn_ops *
ops_of(const struct flow *f)
{
	return f->group->no_echo ? &quiet_ops : &flow_ops;
}

static struct flow *
flow_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct flow, conn);
}

/* Some servers speak first: HTTP/2, SMTP. */
static void
ignore_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	(void)conn;
	(void)bytes;
	(void)n;
}

/* Time is read anew, as for the start of the connect. */
static void
on_connected(struct conn *conn)
{
	struct flow *f = flow_of(conn);

	f->connected_ns = clock_now_ns();
	hist_add(&f->group->tally->hists[TALLY_HIST_CONNECT],
	    f->connected_ns - conn->started_ns, 1);
}

static bool
on_open(struct conn *conn)
{
	struct flow *f = flow_of(conn);
	struct flow_group *g = f->group;
	struct tls_names names = tls_params_names(&conn->tls);

	dial_end(f, true);
	flow_set_state(f, FLOW_IDLE);
	hist_add(&g->tally->hists[TALLY_HIST_TLS_HANDSHAKE],
	    clock_now_ns() - f->connected_ns, 1);
	tally_add(g->tally, TALLY_OPENED, 1);
	if (f->ticket != NULL && !tls_is_resumed(&conn->tls))
		tally_add(g->tally, TALLY_TICKETS_REFUSED, 1);
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

/* The hello that shows it follows as soon as TCP is connected. */
static void
end_ticket(struct flow *f)
{
	bool was_seen = f->connected_ns != 0;

	if (f->ticket == NULL)
		return;
	if (was_seen)
		tally_add(f->group->tally, TALLY_TICKETS_OFFERED, 1);
	resumption_end(f->group->resumption, f->identity, &f->ticket, was_seen);
}

static void
become_over(struct flow *f)
{
	const struct flow_group *g = f->group;

	flow_set_state(f, FLOW_OVER);
	tally_add(g->tally, TALLY_OVER, 1);
	end_ticket(f);
	if (g->ops->on_over != NULL)
		g->ops->on_over(f);
}

/* No address could even be asked. */
static void
fail_to_connect(struct flow *f, int error)
{
	dial_end(f, false);
	judge_failed(f, close_reason_of_connect(error), error);
	become_over(f);
}

/* In on_end conn is done with its struct, which may be connected again. */
static bool
try_next_address(struct flow *f)
{
	int error;

	if (!close_reason_is_connect_failure(f->conn.reason) || !dial_next(f))
		return false;
	error = dial_try(f, ops_of(f));
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
	.on_connected = on_connected,
	.on_open = on_open,
	.on_data = flow_echo_on_data,
	.on_drained = flow_echo_on_drained,
	.on_fail = on_fail,
	.on_end = on_end,
};

/* Of a connection that sends nothing. */
static const struct conn_ops quiet_ops = {
	.on_connected = on_connected,
	.on_open = on_open,
	.on_data = ignore_data,
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
	timeq_init_timer(&f->limit);
}

void
flow_connect(struct flow *f)
{
	struct flow_group *g = f->group;
	int error;

	flow_set_state(f, FLOW_CONNECTING);
	f->source = sources_turn(g->sources, g->turn);
	f->identity = flow_group_identity(g);
	g->turn += g->workers;
	f->made = false;
	f->failed = false;
	f->no_address_accepted = false;
	f->as_expected = false;
	f->satisfied = false;
	f->echoes = 0;
	greeting_init(&f->greeting, g->greeting_fd);
	f->connected_ns = 0;
	if (g->resumption != NULL)
		f->ticket = resumption_draw(g->resumption, f->identity);
	tally_add(g->tally, TALLY_ASKED, 1);
	error = dial_begin(f, ops_of(f));
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
	const struct flow_group *g = f->group;

	ASSERT(inflight_is_empty(&f->inflight));
	if (g->resumption != NULL)
		tally_add(g->tally, TALLY_TICKETS,
		    resumption_take(g->resumption, f->identity, &f->conn.tls));
	flow_set_state(f, FLOW_DONE);
	conn_leave(&f->conn);
}

void
flow_stop(struct flow *f)
{
	if (f->state == FLOW_CONNECTING) {
		conn_abort(&f->conn, REASON_DRAINED);
	} else if (f->state == FLOW_IDLE) {
		flow_set_state(f, FLOW_DONE);
		conn_end_writing(&f->conn);
	}
}
