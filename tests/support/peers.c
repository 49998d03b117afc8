/* peers: two conns over loopback; see the header. */
#include "tests/support/peers.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/tcp.h"

/* Long enough not to spin, too short to be felt. */
static const int64_t wait_ns = CLOCK_NS_PER_MS / 5;

/* Those that tell why connections ended. */
static const enum stats_counter reason_counters[] = {
#define REASON(name, text, during, after) STATS_##during, STATS_##after,
#include "common/base/close_reason.def"
#undef REASON
};

static struct peer *
peer_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct peer, conn);
}

static bool
on_hello(struct conn *conn)
{
	return !peer_of(conn)->holds;
}

static bool
on_open(struct conn *conn)
{
	struct peer *peer = peer_of(conn);

	peer->opened++;
	if (peer->when_open != NULL)
		peer->when_open(peer);
	if (peer->detaches)
		conn_detach(conn);
	return !peer->detaches;
}

static void
keep(struct peer *peer, const uint8_t *bytes, size_t n)
{
	if (peer->received + n > peer->room) {
		peer->room = 2 * (peer->received + n);
		peer->bytes = realloc(peer->bytes, peer->room);
		ck_assert_ptr_nonnull(peer->bytes);
	}
	memcpy(peer->bytes + peer->received, bytes, n);
	peer->received += n;
}

static void
on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	struct peer *peer = peer_of(conn);

	peer->records++;
	keep(peer, bytes, n);
	if (peer->echoes)
		(void)conn_write(conn, bytes, n);
	if (peer->when_data != NULL)
		peer->when_data(peer);
}

static void
on_drained(struct conn *conn)
{
	struct peer *peer = peer_of(conn);

	peer->drained++;
	if (peer->when_drained != NULL)
		peer->when_drained(peer);
}

static void
on_end(struct conn *conn)
{
	struct peer *peer = peer_of(conn);

	peer->ended++;
	peer->reason = conn->reason;
	/* The memory of a conn is the owner's again: nobody may look at it. */
	memset(&conn->sock, 0xdb, sizeof conn->sock);
	memset(&conn->timer, 0xdb, sizeof conn->timer);
	memset(&conn->link, 0xdb, sizeof conn->link);
}

const struct conn_ops peer_ops = {
	.on_hello = on_hello,
	.on_open = on_open,
	.on_data = on_data,
	.on_drained = on_drained,
	.on_end = on_end,
};

static void
init_peer(struct peer *peer, const struct conn_loop_options *options)
{
	struct conn_loop_options own = *options;
	struct errmsg e;

	memset(peer, 0, sizeof *peer);
	peer->slot =
	    aligned_alloc(_Alignof(struct stats_slot), sizeof *peer->slot);
	ck_assert_ptr_nonnull(peer->slot);
	memset(peer->slot, 0, sizeof *peer->slot);
	peer->shard = &peer->slot->shards[0];
	own.shard = peer->shard;
	ck_assert_int_eq(conn_loop_init(&peer->loop, &own, &e), 0);
}

void
peers_init_version(struct peers *p, const struct conn_loop_options *options,
    const char *priority)
{
	mutual_init_with_tickets(&p->mutual, priority);
	init_peer(&p->client, options);
	init_peer(&p->server, options);
}

void
peers_init(struct peers *p, const struct conn_loop_options *options)
{
	peers_init_version(p, options, TLS_PRIORITY_DEFAULT);
}

static void
fini_peer(struct peer *peer)
{
	conn_loop_abort_all(&peer->loop, REASON_DRAINED);
	conn_loop_turn(&peer->loop, 0);
	ck_assert_uint_eq(conn_loop_count(&peer->loop), 0);
	conn_loop_fini(&peer->loop);
	free(peer->bytes);
	free(peer->slot);
}

void
peers_fini(struct peers *p)
{
	fini_peer(&p->client);
	fini_peer(&p->server);
	mutual_fini(&p->mutual);
}

/* In a turn of the server's loop, as an acceptor does. */
static void
accept_on_server(struct peers *p, int fd)
{
	conn_loop_turn(&p->server.loop, 0);
	ck_assert_int_eq(conn_accept(&p->server.conn, &p->server.loop,
			     &peer_ops, fd, p->mutual.server_creds),
	    0);
}

void
peers_connect(struct peers *p, const struct addr *addr)
{
	const struct conn_target target = { .addr = addr,
		.peer_name = MUTUAL_NAME };

	ck_assert_int_eq(conn_connect(&p->client.conn, &p->client.loop,
			     &peer_ops, &target, p->mutual.client_creds),
	    0);
}

static void
start(struct peers *p, int listener, const struct addr *addr)
{
	peers_connect(p, addr);
	accept_on_server(p, tcp_accept(listener));
	(void)close(listener);
}

void
peers_start(struct peers *p)
{
	struct addr addr;
	int listener = tcp_listen(&addr);

	start(p, listener, &addr);
}

void
peers_open(struct peers *p)
{
	peers_start(p);
	PEERS_UNTIL(p, p->client.opened > 0 && p->server.opened > 0);
}

void
peers_open_narrow(struct peers *p)
{
	struct addr addr;
	int listener = tcp_listen_unix(&addr);

	start(p, listener, &addr);
	tcp_narrow(p->client.conn.sock.fd);
	tcp_narrow(p->server.conn.sock.fd);
	PEERS_UNTIL(p, p->client.opened > 0 && p->server.opened > 0);
}

int
peers_start_server_alone(struct peers *p)
{
	int fds[2];

	tcp_pair(fds);
	accept_on_server(p, fds[0]);
	return fds[1];
}

void
peers_turn(struct peers *p)
{
	conn_loop_turn(&p->client.loop, wait_ns);
	conn_loop_turn(&p->server.loop, wait_ns);
}

uint64_t
peer_count(const struct peer *peer, enum stats_counter counter)
{
	return stats_slot_total(peer->slot, counter);
}

uint64_t
peer_reasons(const struct peer *peer)
{
	bool seen[STATS_COUNTERS] = { false };
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof reason_counters / sizeof *reason_counters;
	     i++) {
		if (!seen[reason_counters[i]])
			sum += peer_count(peer, reason_counters[i]);
		seen[reason_counters[i]] = true;
	}
	return sum;
}

void
peer_ended_once(const struct peer *peer, enum close_reason reason,
    enum stats_counter counter)
{
	ck_assert_uint_eq(peer->ended, 1);
	ck_assert_str_eq(
	    close_reason_text(peer->reason), close_reason_text(reason));
	ck_assert_uint_eq(peer_count(peer, STATS_ENDED), 1);
	ck_assert_uint_eq(peer_count(peer, counter), 1);
	ck_assert_uint_eq(peer_reasons(peer), 1);
	ck_assert_uint_eq(peer_count(peer, STATS_HANDSHAKES_COMPLETED) +
		peer_count(peer, STATS_HANDSHAKES_FAILED),
	    1);
	ck_assert_uint_eq(conn_loop_count(&peer->loop), 0);
}
