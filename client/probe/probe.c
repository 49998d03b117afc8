/* probe: connects, and hands callbacks on; see the header. */
#include "client/probe/probe.h"

#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/setup.h"
#include "common/base/clock.h"
#include "common/base/container_of.h"
#include "common/base/units.h"
#include "common/conn/redirect.h"
#include "common/stats/stats.h"
#include "common/sys/addr.h"
#include "common/tls/alert.h"
#include "common/tls/hello_pad.h"
#include "common/tls/params.h"
#include "common/tls/session.h"

static const struct conn_ops conn_ops;

static struct probe *
probe_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct probe, conn);
}

/* A ClientHello that is too long already stays as it is. */
static void
pad_hello(struct probe *p)
{
	if (p->options->hello_size > 0)
		(void)tls_pad_hello(&p->conn.tls, NULL, p->options->hello_size);
}

/* Those after it are to have as much time as it has. */
static int64_t
answer_by_ns(const struct probe *p)
{
	int64_t now_ns = clock_now_ns();

	return now_ns +
	    (p->open_by_ns - now_ns) / (p->setup->addrs.count - p->address);
}

/* From this address on. */
static void
try_addresses(struct probe *p)
{
	const struct options *o = p->options;
	const struct addr_list *addrs = &p->setup->addrs;
	struct conn_target target = { .peer_name = o->peer_name,
		.source = sources_turn(&o->sources, p->connects),
		.splits_hello = o->splits_hello,
		.keepalive = &o->keepalive };

	for (; p->address < addrs->count; p->address++) {
		target.addr = &addrs->of[p->address];
		p->answer_by_ns = answer_by_ns(p);
		p->error = -conn_connect(
		    &p->conn, &p->loop, &conn_ops, &target, p->setup->creds);
		p->is_alive = p->error == 0;
		if (p->is_alive) {
			pad_hello(p);
			return;
		}
		p->reason = close_reason_of_connect(p->error);
	}
}

static bool
on_open(struct conn *conn)
{
	struct probe *p = probe_of(conn);

	p->is_open = true;
	if (p->ops->on_open != NULL)
		p->ops->on_open(p);
	return true;
}

static void
on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	struct probe *p = probe_of(conn);

	p->ops->on_data(p, bytes, n);
}

static void
on_drained(struct conn *conn)
{
	struct probe *p = probe_of(conn);

	if (p->ops->on_drained != NULL)
		p->ops->on_drained(p);
}

static void
on_end(struct conn *conn)
{
	struct probe *p = probe_of(conn);

	p->is_alive = false;
	p->is_open = false;
	p->reason = conn->reason;
	p->alert = tls_peer_alert(&conn->tls);
	if (close_reason_is_connect_failure(p->reason)) {
		p->address++;
		try_addresses(p);
	}
	if (!p->is_alive && p->ops->on_over != NULL)
		p->ops->on_over(p);
}

static const struct conn_ops conn_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_drained = on_drained,
	.on_end = on_end,
};

/* Until it has taken too long to connect; -1: it is not connecting. */
static int64_t
wait_ns(const struct probe *p, int64_t now_ns)
{
	int64_t by_ns =
	    p->conn.state == CONN_CONNECTING ? p->answer_by_ns : p->open_by_ns;

	if (!p->is_alive || p->conn.state >= CONN_OPEN)
		return -1;
	return by_ns > now_ns ? by_ns - now_ns : 0;
}

void
probe_turn(struct probe *p, int64_t at_most_ns)
{
	conn_loop_turn(
	    &p->loop, timeq_min_wait(at_most_ns, wait_ns(p, clock_now_ns())));
}

static void
on_turn(void *owner)
{
	struct probe *p = owner;

	if (wait_ns(p, p->loop.now_ns) == 0)
		conn_abort(&p->conn,
		    p->conn.state == CONN_CONNECTING
			? REASON_CONNECT_TIMEOUT
			: REASON_HANDSHAKE_TIMEOUT);
	if (p->ops->on_turn != NULL)
		p->ops->on_turn(p);
}

int
probe_init(struct probe *p, const struct options *o, const struct setup *setup,
    const struct probe_ops *ops, struct errmsg *e)
{
	struct conn_loop_options options = {
		.handshake_timeout_ns = o->handshake_timeout_ns,
		.on_turn = on_turn,
		.owner = p,
	};

	*p = (struct probe){ .options = o,
		.setup = setup,
		.ops = ops,
		.alert = TLS_ALERT_NONE };
	p->shard =
	    aligned_alloc(_Alignof(struct stats_shard), sizeof *p->shard);
	if (p->shard == NULL)
		return errmsg_set(e, "out of memory");
	memset(p->shard, 0, sizeof *p->shard);
	options.shard = p->shard;
	return conn_loop_init(&p->loop, &options, e);
}

void
probe_fini(struct probe *p)
{
	if (p->is_alive)
		conn_loop_abort_all(&p->loop, REASON_DRAINED);
	while (p->is_alive)
		conn_loop_turn(&p->loop, 0);
	if (p->loop.io != NULL)
		conn_loop_fini(&p->loop);
	free(p->shard);
	p->shard = NULL;
}

void
probe_connect(struct probe *p)
{
	p->address = 0;
	p->open_by_ns = clock_now_ns() + p->options->connect_timeout_ns;
	p->error = 0;
	p->alert = TLS_ALERT_NONE;
	try_addresses(p);
	p->connects++;
	if (!p->is_alive && p->ops->on_over != NULL)
		p->ops->on_over(p);
}

void
probe_describe(const struct probe *p, FILE *out)
{
	struct tls_names names = tls_params_names(&p->conn.tls);
	const struct addr *addr = &p->setup->addrs.of[p->address];
	char address[ADDR_TEXT];
	char text[UNITS_TEXT];

	fprintf(out, "%s: %s, %s, group %s%s%s, connected in %s\n",
	    addr_format(addr, address), names.version, names.suite, names.group,
	    p->options->alpn[0] != NULL ? ", application protocol " : "",
	    p->options->alpn[0] != NULL ? names.alpn : "",
	    units_format_duration(p->loop.now_ns - p->conn.started_ns, text));
}

const char *
probe_why(const struct probe *p, char text[static PROBE_WHY])
{
	char name[TLS_ALERT_TEXT];
	const char *detail = "";

	if (p->reason == REASON_PEER_ALERT && p->alert != TLS_ALERT_NONE)
		detail = tls_alert_name((uint8_t)p->alert, name);
	else if (p->error != 0)
		detail = strerror(p->error);
	(void)snprintf(text, PROBE_WHY, "%s%s%s",
	    p->reason == REASON_CLOSED ? "closed by the server"
				       : close_reason_text(p->reason),
	    detail[0] != '\0' ? ": " : "", detail);
	return text;
}
