/* loop: turns, and what happens to all connections; see the header. */
#include "common/conn/loop.h"

#include <malloc.h>
#include <stdatomic.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/private.h"
#include "common/stats/stats.h"
#include "common/tls/session.h"

enum {
	/* Connections that are judged in a turn, if none of them is refused. */
	JUDGED_A_TURN = 512,
	/* As many others could be judged while one is refused. */
	REFUSAL_WEIGHT = 15,
	DROPS_WORTH_A_TRIM = 64,
	DELIVERED_WHEN_QUIET = 1000, /* records, in trim_ns */
};

/* How long a peer may read nothing of what is queued, or not answer our FIN,
 * unless the options say otherwise. */
static const int64_t linger_ns = 5 * CLOCK_NS_PER_S;
/* How long a peer may take to answer close_notify before our FIN follows. */
static const int64_t leave_ns = 250 * CLOCK_NS_PER_MS;
/* How long a connection is silent before it rests. */
static const int64_t rest_ns = 5 * CLOCK_NS_PER_S;
/* After many have given memory back, the heap is trimmed once this is over. */
static const int64_t trim_ns = 5 * CLOCK_NS_PER_S;

/* Records, in all loops of the process. */
static _Atomic uint64_t delivered_by_all;

/*
 * The idle timeout has two parts, of which none may be 0, for ever: connections
 * rest after the first.
 */
static void
init_silence(struct conn_loop *loop, int64_t idle_timeout_ns)
{
	int64_t half_ns = idle_timeout_ns / 2;

	if (idle_timeout_ns == 0 || half_ns > rest_ns)
		half_ns = rest_ns;
	else if (half_ns == 0)
		half_ns = 1;
	timeq_init(&loop->recent, half_ns);
	timeq_init(&loop->idle,
	    idle_timeout_ns > half_ns ? idle_timeout_ns - half_ns
				      : idle_timeout_ns);
}

static void
init_closing(struct conn_loop *loop, const struct conn_loop_options *options)
{
	int64_t patience_ns = options->close_timeout_ns > 0
	    ? options->close_timeout_ns
	    : linger_ns;

	timeq_init(&loop->linger, patience_ns);
	timeq_init(&loop->flush,
	    options->patient_flush ? options->idle_timeout_ns : patience_ns);
}

int
conn_loop_init(struct conn_loop *loop, const struct conn_loop_options *options,
    struct errmsg *e)
{
	ASSERT(options->shard != NULL && options->handshake_timeout_ns >= 0 &&
	    options->connect_timeout_ns >= 0 && options->idle_timeout_ns >= 0);
	*loop = (struct conn_loop){ .shard = options->shard,
		.tx_high =
		    options->tx_high > 0 ? options->tx_high : CONN_TX_HIGH,
		.on_turn = options->on_turn,
		.owner = options->owner };
	timeq_init(&loop->connect, options->connect_timeout_ns);
	timeq_init(&loop->handshake, options->handshake_timeout_ns);
	init_silence(loop, options->idle_timeout_ns);
	init_closing(loop, options);
	timeq_init(&loop->lifetime, options->max_lifetime_ns);
	timeq_init(&loop->leave, leave_ns);
	list_init(&loop->all);
	list_init(&loop->ended);
	loop->now_ns = clock_now_ns();
	return io_open(&loop->io, e);
}

void
conn_loop_fini(struct conn_loop *loop)
{
	ASSERT(loop->io == NULL ||
	    (list_empty(&loop->all) && list_empty(&loop->ended)));
	io_close(&loop->io);
}

unsigned
conn_loop_count(const struct conn_loop *loop)
{
	return loop->count;
}

void
conn_enter_loop(struct conn *conn, struct conn_loop *loop)
{
	ASSERT(conn->loop == NULL);
	conn->loop = loop;
	list_append(&loop->all, &conn->link);
	loop->count++;
}

static int64_t
next_wait_ns(const struct conn_loop *loop, int64_t wait_ns)
{
	const struct timeq *const queues[] = { &loop->connect, &loop->handshake,
		&loop->recent, &loop->idle, &loop->flush, &loop->linger,
		&loop->leave, &loop->lifetime };

	if (!list_empty(&loop->ended) || loop->unjudged > 0)
		return 0;
	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
		wait_ns = timeq_min_wait(
		    wait_ns, timeq_wait_ns(queues[i], loop->now_ns));
	if (loop->trim_at_ns != 0 && wait_ns != 0)
		wait_ns = timeq_min_wait(wait_ns,
		    loop->trim_at_ns > loop->now_ns
			? loop->trim_at_ns - loop->now_ns
			: 0);
	return wait_ns;
}

static uint64_t
delivered(void)
{
	return atomic_load_explicit(&delivered_by_all, memory_order_relaxed);
}

static void
plan_trim(struct conn_loop *loop)
{
	loop->delivered_before = delivered();
	loop->trim_at_ns = loop->now_ns + trim_ns;
}

void
conn_loop_dropped(struct conn_loop *loop)
{
	if (++loop->dropped == DROPS_WORTH_A_TRIM)
		plan_trim(loop);
}

/*
 * What a crowd of connections has needed goes back to the system. That takes
 * milliseconds, for which no thread of a busy process shall wait.
 */
static void
trim(struct conn_loop *loop)
{
	if (loop->trim_at_ns == 0 || loop->now_ns < loop->trim_at_ns)
		return;
	if (delivered() - loop->delivered_before > DELIVERED_WHEN_QUIET) {
		plan_trim(loop);
		return;
	}
	loop->trim_at_ns = 0;
	loop->dropped = 0;
	io_free_spares(loop->io);
	(void)malloc_trim(0);
}

static void
expire(struct conn_loop *loop, int64_t now_ns)
{
	struct timeq *const queues[] = { &loop->connect, &loop->handshake,
		&loop->recent, &loop->idle, &loop->flush, &loop->linger,
		&loop->leave };
	struct timeq_timer *timer;

	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
		while ((timer = timeq_expired(queues[i], now_ns)) != NULL)
			conn_on_timer(CONTAINER_OF(timer, struct conn, timer));
	while ((timer = timeq_expired(&loop->lifetime, now_ns)) != NULL)
		conn_finish(CONTAINER_OF(timer, struct conn, lifetime),
		    REASON_LIFETIME);
}

/*
 * From the first on; each goes behind the last, where new ones are, too. So all
 * have been seen when as many are through as there were when it began, whoever
 * has left meanwhile.
 */
static void
judge_some(struct conn_loop *loop)
{
	for (int weight = 0; loop->unjudged > 0 && weight < JUDGED_A_TURN;
	     weight++, loop->unjudged--) {
		struct list *link = list_pop(&loop->all);
		enum close_reason reason;
		struct conn *conn;

		if (link == NULL) {
			loop->unjudged = 0;
			return;
		}
		list_append(&loop->all, link);
		conn = CONTAINER_OF(link, struct conn, link);
		reason = tls_peer_refusal(&conn->tls);
		if (reason != REASON_NONE) {
			conn_refuse(conn, reason);
			weight += REFUSAL_WEIGHT;
		}
	}
}

void
conn_loop_judge(struct conn_loop *loop)
{
	loop->unjudged = loop->count;
}

/* Nothing in this turn refers to the ended connections any more. */
static void
release_ended(struct conn_loop *loop)
{
	struct list *link;

	while ((link = list_pop(&loop->ended)) != NULL) {
		struct conn *conn = CONTAINER_OF(link, struct conn, link);

		ASSERT(conn->state == CONN_ENDED && loop->count > 0);
		loop->count--;
		tls_fini(&conn->tls);
		conn->ops->on_end(conn);
	}
}

/* Adds what io did in this turn to totals that outlive this process. */
static void
publish_io(struct conn_loop *loop)
{
	const struct io_counters *now = io_counters(loop->io);
	struct io_counters *old = &loop->published;
	struct stats_shard *shard = loop->shard;

	stats_add(shard, STATS_WAIT_CALLS, now->wait_calls - old->wait_calls);
	stats_add(shard, STATS_RECV_CALLS, now->recv_calls - old->recv_calls);
	stats_add(shard, STATS_SEND_CALLS, now->send_calls - old->send_calls);
	stats_add(shard, STATS_WIRE_BYTES_RECEIVED,
	    now->bytes_received - old->bytes_received);
	stats_add(
	    shard, STATS_WIRE_BYTES_SENT, now->bytes_sent - old->bytes_sent);
	*old = *now;
}

static void
publish(struct conn_loop *loop, int64_t turn_ns)
{
	struct stats_shard *shard = loop->shard;

	ASSERT(turn_ns >= 0);
	stats_hist_add(shard, STATS_ECHO_TIME, turn_ns, loop->deliveries);
	stats_hist_add(shard, STATS_LOOP_TURN, turn_ns, 1);
	atomic_fetch_add_explicit(
	    &delivered_by_all, loop->deliveries, memory_order_relaxed);
	loop->deliveries = 0;
	publish_io(loop);
}

void
conn_loop_turn(struct conn_loop *loop, int64_t wait_ns)
{
	int64_t begin_ns;

	ASSERT(!loop->in_turn);
	loop->in_turn = true;
	io_wait(loop->io, next_wait_ns(loop, wait_ns));
	begin_ns = io_now_ns(loop->io);
	loop->now_ns = begin_ns; /* it may have slept for long */
	atomic_store_explicit(
	    &loop->shard->busy_since_ns, begin_ns, memory_order_relaxed);
	io_dispatch(loop->io);
	expire(loop, begin_ns);
	trim(loop);
	judge_some(loop);
	if (loop->on_turn != NULL)
		loop->on_turn(loop->owner);
	io_flush(loop->io);
	release_ended(loop);
	loop->now_ns = clock_now_ns();
	publish(loop, loop->now_ns - begin_ns);
	atomic_store_explicit(
	    &loop->shard->busy_since_ns, 0, memory_order_relaxed);
	loop->in_turn = false;
}

/*
 * conn_finish and conn_abort call no callback, and unlink at most their own
 * connection: so the next one stays linked in the walks below.
 */
void
conn_loop_finish_quiet(
    struct conn_loop *loop, int64_t quiet_ns, enum close_reason reason)
{
	struct list *next;

	for (struct list *l = loop->all.next; l != &loop->all; l = next) {
		struct conn *conn = CONTAINER_OF(l, struct conn, link);

		next = l->next;
		if (conn_is_reading(conn) && io_tx_queued(&conn->sock) == 0 &&
		    loop->now_ns - conn->active_ns >= quiet_ns)
			conn_finish(conn, reason);
	}
}

void
conn_loop_finish_all(struct conn_loop *loop, enum close_reason reason)
{
	struct list *next;

	for (struct list *l = loop->all.next; l != &loop->all; l = next) {
		next = l->next;
		conn_finish(CONTAINER_OF(l, struct conn, link), reason);
	}
}

void
conn_loop_abort_all(struct conn_loop *loop, enum close_reason reason)
{
	while (!list_empty(&loop->all)) {
		struct conn *conn =
		    CONTAINER_OF(loop->all.next, struct conn, link);

		conn_abort(conn, reason);
		ASSERT(conn->state == CONN_ENDED); /* and so unlinked */
	}
}
