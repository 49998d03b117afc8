/* stats: the counters that handshakes and ends of connections move. */
#include "common/stats/stats.h"
#include "common/base/clock.h"
#include "common/conn/loop.h"
#include "common/conn/private.h"
#include "common/tls/params.h"
#include "common/tls/session.h"

/* The counters that a reason moves: during the handshake, and afterwards. */
static const enum stats_counter reason_counters[REASON_COUNT][2] = {
#define REASON(name, text, during, after) \
	[REASON_##name] = { STATS_##during, STATS_##after },
#include "common/base/close_reason.def"
#undef REASON
};

/* Counters of one kind stand together, in the order of tls/params.h. */
static enum stats_counter
nth(enum stats_counter first, unsigned n)
{
	return (enum stats_counter)(first + n);
}

/* When the handshake is over, one way or the other. */
static void
count_tickets(const struct conn *conn)
{
	const struct tls_ticket_use *ticket = tls_ticket_use(&conn->tls);
	struct stats_shard *shard = conn->loop->shard;
	bool resumed = tls_is_resumed(&conn->tls);

	stats_add(shard, STATS_TICKETS_ISSUED, ticket->issued);
	if (!ticket->offered)
		return;
	stats_add(shard, STATS_TICKETS_OFFERED, 1);
	if (!ticket->known)
		stats_add(shard, STATS_TICKETS_UNKNOWN_KEY, 1);
	else if (resumed && tls_has_refused_peer(&conn->tls))
		stats_add(shard, STATS_TICKETS_REFUSED_BY_POLICY, 1);
	else if (!resumed && ticket->other_version)
		stats_add(shard, STATS_TICKETS_OTHER_VERSION, 1);
	else if (!resumed || conn->state != CONN_OPEN)
		stats_add(shard, STATS_TICKETS_REFUSED_OTHER, 1);
	else
		stats_add(shard, STATS_TICKETS_ACCEPTED, 1);
}

/* Also of those who fail: they are who would have to be updated. */
static void
count_offer(const struct conn *conn)
{
	const struct tls_offer *offer = tls_offer(&conn->tls);
	struct stats_shard *shard = conn->loop->shard;

	if (offer->size > 0)
		stats_hist_add(shard, STATS_HELLO_SIZE, offer->size, 1);
	if (offer->tls13)
		stats_add(shard, STATS_HELLOS_TLS1_3, 1);
	if (offer->post_quantum)
		stats_add(shard, STATS_HELLOS_POST_QUANTUM, 1);
}

static void
count_chain(const struct conn *conn)
{
	const struct tls_chain_use *chain = tls_chain_use(&conn->tls);
	struct stats_shard *shard = conn->loop->shard;

	if (chain->hit)
		stats_add(shard, STATS_CHAIN_CACHE_HITS, 1);
	if (chain->missed)
		stats_add(shard, STATS_CHAIN_CACHE_MISSES, 1);
	if (chain->evicted)
		stats_add(shard, STATS_CHAIN_CACHE_EVICTIONS, 1);
}

void
conn_count_handshake(const struct conn *conn)
{
	struct stats_shard *shard = conn->loop->shard;
	struct tls_params params = tls_params_read(&conn->tls);

	stats_add(shard, STATS_HANDSHAKES_COMPLETED, 1);
	stats_add(shard, nth(STATS_HANDSHAKES_TLS1_3, params.version), 1);
	stats_add(shard, nth(STATS_HANDSHAKES_AES_256_GCM, params.suite), 1);
	stats_add(shard, nth(STATS_HANDSHAKES_X25519, params.group), 1);
	if (params.alpn)
		stats_add(shard, STATS_HANDSHAKES_ALPN, 1);
	if (tls_is_resumed(&conn->tls))
		stats_add(shard, STATS_HANDSHAKES_RESUMED, 1);
	stats_hist_add(
	    shard, STATS_HANDSHAKE_TIME, clock_now_ns() - conn->started_ns, 1);
	count_offer(conn);
	count_tickets(conn);
	count_chain(conn);
}

void
conn_count_end(const struct conn *conn)
{
	struct stats_shard *shard = conn->loop->shard;
	bool was_open = conn->state >= CONN_OPEN;

	stats_add(shard, reason_counters[conn->reason][was_open], 1);
	/* Behind the counter of the limit: see refusals_tell. */
	if (close_reason_is_limit(conn->reason))
		stats_add(shard, STATS_REFUSED, 1);
	if (conn->state != CONN_HANDSHAKE)
		return;
	if (close_reason_is_failure(conn->reason))
		stats_add(shard, STATS_HANDSHAKES_FAILED, 1);
	count_offer(conn);
	count_tickets(conn);
	count_chain(conn);
}
