/*
 * tally: what a worker has done so far, in memory that the master shares.
 *
 * Owns:	tally_map: the mapping, which children inherit.
 * Rule:	the worker is the only writer. Counters and histograms may be
 *		read at any time; negotiated, first, refused, mismatch and
 *		trouble once it is gone.
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

#include "client/mismatch.h"
#include "client/negotiated.h"
#include "client/tally_failure.h"
#include "client/tally_hist.h"
#include "common/base/close_reason.h"
#include "common/base/counter.h"
#include "common/base/errmsg.h"
#include "common/base/hist.h"
#include "common/stats/stats.h"
#include "common/sys/addr.h"
#include "common/tls/alert.h"

enum tally_count {
	/* Connections: */
	TALLY_ASKED,   /* flow_connect was called */
	TALLY_OPENED,  /* whose handshake was complete on this side */
	TALLY_CLOSED,  /* that were opened and are over */
	TALLY_MADE,    /* proven by an echo; or closed, if none was asked for */
	TALLY_FAILED,  /* that ended by an error before they were made */
	TALLY_BROKEN,  /* that ended by an error after they were made */
	TALLY_REFUSED, /* not made, as was expected: --expect */
	TALLY_UNANSWERED, /* made; the server did not answer close_notify */
	TALLY_HURRIED,    /* it did only when our FIN had come */
	TALLY_OVER,       /* that are over, in whatever way */
	/* Of other things: */
	TALLY_ROUND_TRIPS,
	TALLY_TRANSACTIONS,    /* connect, echo (but --no-echo), close */
	TALLY_TICKETS,         /* that the server gave, with --resume */
	TALLY_TICKETS_OFFERED, /* to it */
	TALLY_TICKETS_REFUSED, /* of these: the handshake was full */
	TALLY_DUE,     /* events of an open loop that were noticed to be due */
	TALLY_STARTED, /* that were started */
	TALLY_CROWDED, /* transactions that were due and found no free flow */
	TALLY_RUN_NS,  /* from the start to the end of the last round trip */
	TALLY_CPU_NS,  /* CPU time in that time */
	TALLY_COUNTS
};

struct tally {
	struct stats_shard shard; /* what conn counts */
	_Alignas(STATS_CACHE_LINE) _Atomic uint64_t counts[TALLY_COUNTS];
	_Atomic uint64_t errors[REASON_COUNT];
	_Atomic uint64_t unanswered[ADDR_LIST_MAX]; /* connects, by address */
	_Atomic uint64_t alerts[TLS_ALERTS]; /* from the server, by number */
	struct hist hists[TALLY_HISTS];
	_Atomic int64_t cpu_before_ns; /* CPU time at the start; 0: not yet */
	_Atomic int64_t finished_ns;   /* end of its last round trip; 0: none */
	struct negotiated negotiated;
	struct tally_failure first;
	struct mismatch mismatch; /* the first */
	char refused[8192];       /* tls/refusal.h, of the first; or "" */
	struct errmsg trouble;    /* why the worker had to give up */
};

/* Zeroed, and shared with children forked later; NULL on error. */
struct tally *tally_map(unsigned count, struct errmsg *e);
/* Zeroed again; no child counts any more. */
void tally_reset(struct tally *tallies, unsigned count);
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

/* Connections that ended by an error: for one reason, and for any. */
uint64_t tally_errors(const struct tally *t, enum close_reason reason);
uint64_t tally_all_errors(const struct tally *t);

/* Connections that the server ended by this alert. */
uint64_t tally_alerts(const struct tally *t, uint8_t number);

/* A counter of the shard. */
uint64_t tally_stat(const struct tally *t, enum stats_counter c);

/* Counts a connection that ended by an error, after it was made or before. */
void tally_fail(
    struct tally *t, const struct tally_failure *failure, bool made);

/* Adds all that from holds to into, which nobody else reads or writes. */
void tally_merge(struct tally *into, const struct tally *from);

/*
 * Adds what a warm-up leaves to the run: how connections fared, failures, and
 * what was due and has not begun. If connections reopen, those that are over
 * and went well are left out. Both together remain what the server counts.
 */
void tally_merge_warmup(
    struct tally *into, const struct tally *warmup, bool reopens);

#endif
