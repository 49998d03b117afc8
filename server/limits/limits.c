/* limits: checks all, then counts; see the header. */
#include "server/limits/limits.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/limits/rate.h"
#include "server/limits/table.h"

enum {
	V4_PREFIX = 96, /* bits of ::ffff:0:0/96 (RFC 4291, 2.5.5.2) */
	/* Connections to have room for, where their number has no limit. */
	CONNECTIONS = 65536
};

struct limits {
	const struct config *config;
	struct limits_table *table;
	int fd; /* of the table */
};

/* What a client is judged by. NULL: it is not, or there was no place for it. */
struct entries {
	struct table_entry *all, *address, *network;
};

static bool
has_any(const struct config *config)
{
	return config->max_per_address > 0 || config->network.max > 0 ||
	    config->handshake_rate.interval_ns != 0 ||
	    config->address_rate.interval_ns != 0;
}

static int
open_table(struct limits *l, int fd, struct errmsg *e)
{
	const struct config *c = l->config;
	uint64_t connections =
	    c->max_connections > 0 ? c->max_connections : CONNECTIONS;

	l->fd = fd;
	if (fd >= 0 && table_adopt(&l->table, fd, c->slots, connections) == 0)
		return 0;
	if (fd >= 0) {
		log_warn("limits of addresses, networks and rates begin anew: "
			 "--max-connections, slots or the release are others "
			 "than before");
		(void)close(fd);
	}
	return table_new(&l->table, &l->fd, c->slots, connections, e);
}

int
limits_new(struct limits **limits, const struct config *config, int fd,
    struct errmsg *e)
{
	struct limits *l;

	*limits = NULL;
	if (!has_any(config)) {
		if (fd >= 0)
			(void)close(fd);
		return 0;
	}
	l = calloc(1, sizeof *l);
	if (l == NULL)
		return errmsg_set(e, "limits: no memory");
	l->config = config;
	if (open_table(l, fd, e) < 0) {
		free(l);
		return -1;
	}
	*limits = l;
	return 0;
}

int
limits_fd(const struct limits *limits)
{
	return limits != NULL ? limits->fd : -1;
}

void
limits_free(struct limits **limits)
{
	if (*limits != NULL) {
		table_free(&(*limits)->table);
		(void)close((*limits)->fd);
	}
	free(*limits);
	*limits = NULL;
}

static bool
is_v4(const uint8_t address[static 16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };

	return memcmp(address, mapped, sizeof mapped) == 0;
}

static struct table_key
network_of(const struct table_key *address, const struct config_network *n)
{
	struct table_key key = *address;
	unsigned bits =
	    is_v4(key.address) ? (unsigned)V4_PREFIX + n->v4 : n->v6;

	key.prefix = (uint8_t)bits;
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = bits > 8 * i ? bits - 8 * i : 0;

		if (keep < 8)
			key.address[i] &= (uint8_t)(0xff00U >> keep);
	}
	return key;
}

static void
find(struct limits *l, const union addr_peer *peer, int64_t now_ns,
    struct entries *found)
{
	/* The unspecified address is nobody's, so this is the whole server. */
	static const struct table_key all = { .prefix = 128 };
	const struct config *c = l->config;
	struct table_key key = { .prefix = 128 };
	uint16_t port;

	if (c->handshake_rate.interval_ns != 0)
		found->all = table_find(l->table, &all, now_ns);
	if (peer->any.sa_family == 0)
		return;
	addr_peer_bytes(peer, key.address, &port);
	if (c->max_per_address > 0 || c->address_rate.interval_ns != 0)
		found->address = table_find(l->table, &key, now_ns);
	if (c->network.max > 0) {
		key = network_of(&key, &c->network);
		found->network = table_find(l->table, &key, now_ns);
	}
}

static bool
is_full(struct limits *l, const struct table_entry *entry, uint64_t max)
{
	return entry != NULL && max > 0 && table_open(l->table, entry) >= max;
}

static bool
is_early(const struct table_entry *entry, const struct config_rate *rate,
    int64_t now_ns)
{
	return entry != NULL &&
	    !rate_allows(rate, atomic_load(&entry->next_ns), now_ns);
}

/* The server's own rate comes last: who is refused anyway uses none of it. */
static enum close_reason
judge(struct limits *l, const struct entries *e, int64_t now_ns)
{
	const struct config *c = l->config;

	if (is_full(l, e->address, c->max_per_address))
		return REASON_ADDRESS_LIMIT;
	if (is_full(l, e->network, c->network.max))
		return REASON_NETWORK_LIMIT;
	if (is_early(e->address, &c->address_rate, now_ns))
		return REASON_ADDRESS_RATE;
	if (is_early(e->all, &c->handshake_rate, now_ns))
		return REASON_RATE_LIMIT;
	return REASON_NONE;
}

static void
use(struct table_entry *entry, const struct config_rate *rate, int64_t now_ns)
{
	if (entry != NULL && rate->interval_ns != 0)
		atomic_store(&entry->next_ns,
		    rate_take(rate, atomic_load(&entry->next_ns), now_ns));
}

static void
count(struct limits *l, const struct entries *e, unsigned worker,
    int64_t now_ns, struct limits_pass *pass)
{
	use(e->all, &l->config->handshake_rate, now_ns);
	use(e->address, &l->config->address_rate, now_ns);
	if (e->address != NULL)
		pass->address = table_count(l->table, e->address, worker);
	if (e->network != NULL)
		pass->network = table_count(l->table, e->network, worker);
}

enum close_reason
limits_admit(struct limits *l, unsigned worker, const union addr_peer *peer,
    int64_t now_ns, struct limits_pass *pass)
{
	struct entries entries = { .all = NULL };
	enum close_reason reason;

	*pass = (struct limits_pass){ 0 };
	if (l == NULL || !table_lock(l->table))
		return REASON_NONE;
	find(l, peer, now_ns, &entries);
	reason = judge(l, &entries, now_ns);
	if (reason == REASON_NONE)
		count(l, &entries, worker, now_ns, pass);
	table_unlock(l->table);
	return reason;
}

enum stats_counter
limits_counter(enum close_reason reason)
{
	switch (reason) {
	case REASON_ADDRESS_LIMIT:
		return STATS_REFUSED_ADDRESS;
	case REASON_NETWORK_LIMIT:
		return STATS_REFUSED_NETWORK;
	case REASON_ADDRESS_RATE:
		return STATS_REFUSED_ADDRESS_RATE;
	default:
		ASSERT(reason == REASON_RATE_LIMIT);
		return STATS_REFUSED_RATE;
	}
}

void
limits_release(
    struct limits *l, unsigned worker, const struct limits_pass *pass)
{
	if (l == NULL)
		return;
	table_release(l->table, pass->address, worker);
	table_release(l->table, pass->network, worker);
}

void
limits_forget(struct limits *l, unsigned worker)
{
	if (l != NULL)
		table_forget(l->table, worker);
}
