/*
 * history: the last minutes of a server: averages over a time, and series for
 * graphs. It keeps of each sample the totals, and of each histogram the
 * quantiles of what came since the sample before.
 *
 * A sample of another server, or one that is not later than the last, begins a
 * new history. Averages are by time, so samples may come at any distance.
 *
 * Owns:	copies of what it keeps; samples stay the caller's.
 * Use:
 *	history = history_new(900);
 *	if (history_add(history, now) < 0) ...
 *	if (history_rate(history, field, 10 * CLOCK_NS_PER_S, &rate)) ...
 *	history_free(&history);
 */
#ifndef TOOLS_SAMPLE_HISTORY_H
#define TOOLS_SAMPLE_HISTORY_H

#include "tools/sample/sample.h"

struct history;

enum history_quantile {
	HISTORY_P50,
	HISTORY_P99,
	HISTORY_QUANTILES
};

/* Keeps that many samples, at least 2. NULL: no memory. */
struct history *history_new(unsigned points);
void history_free(struct history **history);

/* From now on keeps at least that many. 0, or -1: as history_add. */
int history_reserve(struct history *history, unsigned points);

/* 0, or -1: there is no memory, and nothing has changed. */
int history_add(struct history *history, const struct sample *s);

/* Samples that are kept. */
unsigned history_count(const struct history *history);
/* The wall-clock time of one; 0 is the oldest. */
int64_t history_wall_ns(const struct history *history, unsigned point);

/*
 * Average growth per second over the last window_ns, or over what is kept if
 * that is less. False with fewer than two samples.
 */
bool history_rate(const struct history *history, unsigned field,
    int64_t window_ns, double *per_second);

/*
 * The last values, at most n, the oldest first; returns how many there are.
 * Rates: growth per second since the sample before. Values: totals and gauges.
 * Quantiles: of what came since the sample before; 0 if nothing came.
 */
unsigned history_rates(
    const struct history *history, unsigned field, double *out, unsigned n);
unsigned history_values(
    const struct history *history, unsigned field, double *out, unsigned n);
unsigned history_quantiles(const struct history *history, unsigned field,
    enum history_quantile q, double *out, unsigned n);

/*
 * The histogram of what came since the sample before the last; its maximum is
 * that of its highest bucket. NULL where sample_hist is NULL, and until there
 * are two samples.
 */
const struct hist *history_interval(
    const struct history *history, unsigned field);

/* The same, of two samples of one histogram, without a history. */
void history_subtract(
    struct hist *interval, const struct hist *now, const struct hist *before);

#endif
