/* dial: one address after the other, or two at a time; see the header. */
#include "client/load/dial.h"

#include <stdlib.h>
#include <unistd.h>

#include "client/load/flow.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/container_of.h"
#include "common/conn/loop.h"
#include "common/conn/redirect.h"
#include "common/io/sock.h"
#include "common/sys/addr.h"
#include "common/tls/hello_pad.h"
#include "common/tls/resume.h"
#include "common/tls/show.h"

/* The "Connection Attempt Delay" of RFC 8305, 8. */
static const int64_t head_start_ns = 250 * CLOCK_NS_PER_MS;

struct rival {
	struct io_sock sock; /* closed while there is no race */
	struct flow *flow;
	int address;
	int64_t started_ns;
};

static const struct io_sock_ops rival_ops;

int64_t
dial_head_start_ns(int addresses, int64_t limit_ns)
{
	int64_t share_ns = limit_ns / (addresses > 0 ? addresses : 1);

	return share_ns < head_start_ns ? share_ns : head_start_ns;
}

static bool
is_racing(const struct flow *f)
{
	return f->rival != NULL && f->rival->sock.fd >= 0;
}

static void
count_silence(const struct flow *f, int address)
{
	counter_add(&f->group->tally->unanswered[address], 1);
}

/* Each address has one turn in a dial. */
static bool
take_address(struct flow *f, int *address)
{
	int count = f->group->addrs->count;

	if (f->dialled >= count)
		return false;
	*address = (f->first_address + f->dialled++) % count;
	return true;
}

static void
await_answer(struct flow *f)
{
	struct flow_group *g = f->group;

	if (f->dialled < g->addrs->count)
		timeq_arm(&g->races, &f->timer, clock_now_ns());
}

/* Without memory for the padding the hello is a short one. */
static void
prepare_session(struct flow *f)
{
	const struct flow_group *g = f->group;

	if (g->identities != NULL)
		tls_show(&f->conn.tls, &g->identities->of[f->identity].own);
	if (g->resumption != NULL)
		tls_resume_want(&f->conn.tls);
	if (f->ticket != NULL && tls_resume_offer(&f->conn.tls, f->ticket) < 0)
		tls_resume_free(&f->ticket);
	if (g->hello_size > 0)
		(void)tls_pad_hello(&f->conn.tls, f->ticket, g->hello_size);
}

int
dial_try(struct flow *f, const struct conn_ops *ops)
{
	struct flow_group *g = f->group;
	struct conn_target target = { .source = f->source,
		.peer_name = g->peer_name,
		.keepalive = g->keepalive,
		.splits_hello = g->splits_hello };
	int error;

	do {
		ASSERT(f->address < g->addrs->count);
		target.addr = &g->addrs->of[f->address];
		error = conn_connect(&f->conn, g->loop, ops, &target, g->creds);
		if (error == 0) {
			prepare_session(f);
			await_answer(f);
			return 0;
		}
		count_silence(f, f->address);
	} while (take_address(f, &f->address));
	return -error;
}

int
dial_begin(struct flow *f, const struct conn_ops *ops)
{
	timeq_arm(&f->group->attempts, &f->limit, clock_now_ns());
	f->dialled = 0;
	f->first_address = f->group->preferred % f->group->addrs->count;
	(void)take_address(f, &f->address);
	return dial_try(f, ops);
}

/* A rival that has not answered yet is asked anew, as the only one. */
bool
dial_next(struct flow *f)
{
	count_silence(f, f->address);
	timeq_cancel(&f->timer);
	if (!is_racing(f))
		return take_address(f, &f->address);
	f->address = f->rival->address;
	io_sock_close(&f->rival->sock);
	return true;
}

static int
start_rival(struct flow *f, int address)
{
	struct rival *r = f->rival;

	r->flow = f;
	r->address = address;
	r->started_ns = clock_now_ns();
	return io_sock_connect(f->group->loop->io, &r->sock, &rival_ops,
	    &f->group->addrs->of[address], f->source, f->group->keepalive);
}

static bool
has_rival(struct flow *f)
{
	if (f->rival == NULL) {
		f->rival = calloc(1, sizeof *f->rival);
		if (f->rival != NULL)
			io_sock_init(&f->rival->sock);
	}
	return f->rival != NULL;
}

/* A rival that is silent, too, makes room for the next one. */
void
dial_race(struct flow *f)
{
	int address;

	ASSERT(f->state == FLOW_CONNECTING);
	if (f->conn.state != CONN_CONNECTING || !has_rival(f))
		return;
	if (is_racing(f)) {
		io_sock_close(&f->rival->sock);
		count_silence(f, f->rival->address);
	}
	while (take_address(f, &address)) {
		if (start_rival(f, address) == 0) {
			await_answer(f);
			return;
		}
		count_silence(f, address);
	}
}

static void
on_connected(struct io_sock *sock)
{
	struct rival *r = CONTAINER_OF(sock, struct rival, sock);
	struct flow *f = r->flow;
	int fd = io_sock_detach(sock);

	if (f->conn.state != CONN_CONNECTING ||
	    conn_redirect(&f->conn, fd, r->started_ns) != 0) {
		(void)close(fd);
		return;
	}
	count_silence(f, f->address);
	f->address = r->address;
}

static void
on_failed(struct io_sock *sock, int error)
{
	const struct rival *r = CONTAINER_OF(sock, struct rival, sock);

	(void)error;
	io_sock_close(sock);
	count_silence(r->flow, r->address);
}

static const struct io_sock_ops rival_ops = {
	.connected = on_connected,
	.failed = on_failed,
};

void
dial_give_up(struct flow *f)
{
	ASSERT(f->state == FLOW_CONNECTING);
	f->dialled = f->group->addrs->count;
	if (is_racing(f))
		io_sock_close(&f->rival->sock);
	conn_abort(&f->conn,
	    f->conn.state == CONN_CONNECTING ? REASON_CONNECT_TIMEOUT
					     : REASON_HANDSHAKE_TIMEOUT);
}

void
dial_end(struct flow *f, bool has_answered)
{
	timeq_cancel(&f->limit);
	if (has_answered)
		f->group->preferred = f->address;
	timeq_cancel(&f->timer);
	if (is_racing(f))
		io_sock_close(&f->rival->sock);
}

void
dial_free(struct flow *f)
{
	ASSERT(!is_racing(f));
	free(f->rival);
	f->rival = NULL;
}
