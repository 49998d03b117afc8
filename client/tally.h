/*
 * tally: what a worker has done so far, in memory that the master shares.
 *
 * Owns:	tally_map: the mapping, which children inherit.
 * Rule:	one writer, the worker. Counters and histograms may be read at
 *		any time; alerts, first and trouble once the worker is gone.
 * Use:
 *	tallies = tally_map(workers, &e);
 *	tally_add(tally, TALLY_ROUND_TRIPS, 1);
 *	tally_merge(totals, &tallies[i]);
 */
#ifndef CLIENT_TALLY_H
#define CLIENT_TALLY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/base/counter.h"
#include "common/base/errmsg.h"
#include "common/base/hist.h"
#include "common/stats/stats.h"

enum tally_count {
	TALLY_ASKED,  /* connections that are to be opened */
	TALLY_OPENED, /* handshakes that are complete on this side */
	TALLY_CLOSED, /* of the opened, those that are over */
	TALLY_MADE,   /* proven by an echo, or not asked for any and closed */
	TALLY_FAILED, /* ended by an error before they were made */
	TALLY_BROKEN, /* ended by an error after they were made */
	TALLY_UNANSWERED, /* made, but the server did not answer close_notify */
	TALLY_OVER,       /* over, in whatever way */
	TALLY_ROUND_TRIPS,
	TALLY_TRANSACTIONS, /* connect, one echo, close; with --handshakes */
	TALLY_TICKETS,      /* that the server gave, with --resume */
	TALLY_DUE,          /* events of an open loop that were noticed, */
	TALLY_STARTED,      /* that were started, */
	TALLY_CROWDED,      /* and that found all connections in use */
	TALLY_RUN_NS, /* from the start to the end of the last round trip */
	TALLY_CPU_NS, /* that was used meanwhile */
	TALLY_COUNTS
};

enum {
	TALLY_DETAIL = 64,
	TALLY_ALERTS = 8
};

/* How a connection failed. */
struct tally_failure {
	int64_t time_ns;           /* 0: there is none */
	char detail[TALLY_DETAIL]; /* the alert's name, or the error's; or "" */
	unsigned connection;       /* from 0 */
	unsigned worker;           /* from 0 */
	enum close_reason reason;
};

/* Alerts from the server by name; the last entry takes all further names. */
struct tally_alert {
	char name[TALLY_DETAIL]; /* "" ends the list */
	uint64_t count;
};

struct tally {
	struct stats_shard shard; /* what conn counts */
	_Alignas(STATS_CACHE_LINE) _Atomic uint64_t counts[TALLY_COUNTS];
	_Atomic uint64_t errors[REASON_COUNT];
	struct hist round_trip;
	struct hist transaction;
	struct hist lateness;        /* of noticing events of an open loop */
	_Atomic int64_t finished_ns; /* end of its last round trip; 0: none */
	struct tally_alert alerts[TALLY_ALERTS];
	struct tally_failure first;
	struct errmsg trouble; /* why the worker had to give up */
};

/* Zeroed, shared with children to come; NULL on error. */
struct tally *tally_map(unsigned count, struct errmsg *e);

/* NULL is fine. */
void tally_unmap(struct tally **tallies, unsigned count);

/* Only for the one writer. */
static inline void
tally_add(struct tally *t, enum tally_count c, uint64_t n)
{
	counter_add(&t->counts[c], n);
}

static inline uint64_t
tally_get(const struct tally *t, enum tally_count c)
{
	return counter_get(&t->counts[c]);
}

/* Connections that are open now; at least 0. */
uint64_t tally_open(const struct tally *t);

/* Connections that ended by an error, of one cause and of all. */
uint64_t tally_errors(const struct tally *t, enum close_reason reason);
uint64_t tally_all_errors(const struct tally *t);

/* A counter of conn. */
uint64_t tally_stat(const struct tally *t, enum stats_counter c);

/* Counts a connection that ended by an error; made says when. */
void tally_fail(
    struct tally *t, const struct tally_failure *failure, bool made);

/* Adds what from holds to into, which has no other user. */
void tally_merge(struct tally *into, const struct tally *from);

#endif
