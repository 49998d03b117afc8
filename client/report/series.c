/* series: differences of sums over the tallies, kept sparse; see the header. */
#include "client/report/series.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "client/job.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"

/* A last point that is shorter would show rates of a handful of events. */
static const int64_t shortest_ns = CLOCK_NS_PER_S / 10;

/* What had been counted at one moment, over all workers. */
struct sum {
	uint64_t open;
	uint64_t counts[SERIES_COUNTS];
	struct hist latency;
};

struct series {
	const struct job *job;
	struct series_point *points;
	unsigned count;
	unsigned capacity;
	int64_t step_ns;    /* that a point stands for */
	int64_t started_ns; /* 0: not yet */
	int64_t next_ns;    /* INT64_MAX: stopped */
	int64_t cpu_ns;     /* that all points have */
	struct sum before;  /* what all points stand for */
	struct sum now;
};

struct series *
series_new(const struct job *job)
{
	struct series *s = calloc(1, sizeof *s);

	ASSERT(job->tallies != NULL && job->options != NULL);
	if (s == NULL)
		return NULL;
	s->job = job;
	s->step_ns = CLOCK_NS_PER_S;
	return s;
}

void
series_free(struct series **series)
{
	struct series *s = *series;

	for (unsigned i = 0; s != NULL && i < s->count; i++)
		series_point_fini(&s->points[i]);
	if (s != NULL)
		free(s->points);
	free(s);
	*series = NULL;
}

void
series_start(struct series *s, int64_t start_ns)
{
	if (s == NULL)
		return;
	ASSERT(s->started_ns == 0 && start_ns > 0);
	s->started_ns = start_ns;
	s->next_ns = start_ns + s->step_ns;
}

int64_t
series_wait_ns(const struct series *s, int64_t now_ns)
{
	if (s == NULL || s->started_ns == 0 || s->next_ns == INT64_MAX)
		return -1;
	return s->next_ns > now_ns ? s->next_ns - now_ns : 0;
}

static enum tally_hist
latency_of(const struct series *s)
{
	return s->job->options->handshakes ? TALLY_HIST_TRANSACTION
					   : TALLY_HIST_ROUND_TRIP;
}

static void
add_tally(struct sum *sum, const struct tally *t, enum tally_hist latency)
{
	sum->counts[SERIES_ROUND_TRIPS] += tally_get(t, TALLY_ROUND_TRIPS);
	sum->counts[SERIES_TRANSACTIONS] += tally_get(t, TALLY_TRANSACTIONS);
	sum->counts[SERIES_BYTES_RECEIVED] +=
	    tally_stat(t, STATS_BYTES_RECEIVED);
	sum->counts[SERIES_BYTES_SENT] += tally_stat(t, STATS_BYTES_SENT);
	hist_merge(&sum->latency, &t->hists[latency]);
}

static uint64_t
added(const struct series *s, unsigned bucket)
{
	return counter_get(&s->now.latency.buckets[bucket]) -
	    counter_get(&s->before.latency.buckets[bucket]);
}

/* A maximum that grew is in what was added; else its last bucket bounds it. */
static uint64_t
added_max(const struct series *s, unsigned last)
{
	uint64_t max = hist_max(&s->now.latency);
	uint64_t top = hist_bucket_low(last + 1) - 1;

	return max > hist_max(&s->before.latency) || top > max ? max : top;
}

static int
take_buckets(const struct series *s, struct series_point *p)
{
	unsigned used = 0;

	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		used += added(s, i) > 0;
	if (used == 0)
		return 0;
	p->buckets = calloc(used, sizeof *p->buckets);
	if (p->buckets == NULL)
		return -1;
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		if (added(s, i) > 0) {
			p->buckets[p->used++] =
			    (struct series_bucket){ i, added(s, i) };
			p->latency_count += added(s, i);
		}
	p->latency_sum = counter_get(&s->now.latency.sum) -
	    counter_get(&s->before.latency.sum);
	p->latency_max = added_max(s, p->buckets[p->used - 1].index);
	return 0;
}

/* Without memory for all of them, some are joined and others are not. */
static int
join_pairs(struct series *s)
{
	struct series_point *p = s->points;
	unsigned kept = 0;
	unsigned i = 0;

	while (i + 1 < s->count && series_point_join(&p[i], &p[i + 1]) == 0) {
		p[kept++] = p[i];
		i += 2;
	}
	while (i < s->count)
		p[kept++] = p[i++];
	s->count = kept;
	s->step_ns *= 2;
	return kept < SERIES_POINTS_MAX ? 0 : -1;
}

/* -1: out of memory. */
static int
append(struct series *s, const struct series_point *p)
{
	if (s->count == SERIES_POINTS_MAX && join_pairs(s) < 0)
		return -1;
	if (s->count == s->capacity) {
		unsigned capacity = s->capacity > 0 ? 2 * s->capacity : 16;
		struct series_point *points =
		    reallocarray(s->points, capacity, sizeof *points);

		if (points == NULL)
			return -1;
		s->points = points;
		s->capacity = capacity;
	}
	s->points[s->count++] = *p;
	return 0;
}

static struct series_point *
last_of(const struct series *s)
{
	return s->count > 0 ? &s->points[s->count - 1] : NULL;
}

/* A late sample stands for all seconds that have passed. */
static uint64_t
second_of(const struct series *s, int64_t end_ns)
{
	const struct series_point *last = last_of(s);
	uint64_t after = last != NULL ? last->second : 0;
	uint64_t whole = (uint64_t)(end_ns / CLOCK_NS_PER_S);

	return whole > after ? whole : after + 1;
}

/* What now has beyond before; -1: out of memory. */
static int
take_point(
    struct series *s, struct series_point *p, int64_t end_ns, int64_t cpu_ns)
{
	*p = (struct series_point){ .second = second_of(s, end_ns),
		.end_ns = end_ns,
		.open = s->now.open,
		.cpu_ns = -1 };
	if (take_buckets(s, p) < 0)
		return -1;
	for (int i = 0; i < SERIES_COUNTS; i++)
		p->counts[i] = s->now.counts[i] - s->before.counts[i];
	if (cpu_ns >= 0 && s->cpu_ns >= 0)
		p->cpu_ns = cpu_ns > s->cpu_ns ? cpu_ns - s->cpu_ns : 0;
	return 0;
}

static void
take_sum(struct series *s, const struct tally *tallies, unsigned count)
{
	memset(&s->now, 0, sizeof s->now);
	for (unsigned i = 0; i < count; i++)
		add_tally(&s->now, &tallies[i], latency_of(s));
}

/* While workers count, of which some may still warm up. */
static void
take_sum_now(struct series *s)
{
	take_sum(s, s->job->tallies, (unsigned)s->job->options->workers);
	s->now.open = job_open(s->job);
	s->now.counts[SERIES_ERRORS] = job_errors(s->job);
}

/* As a point of its own, or in the last one; -1: out of memory. */
static int
add_point(struct series *s, int64_t end_ns, int64_t cpu_ns, bool own)
{
	struct series_point p;
	struct series_point *last = last_of(s);
	int result = take_point(s, &p, end_ns, cpu_ns);

	if (result == 0 && !own && last != NULL) {
		p.second = last->second;
		result = series_point_join(last, &p);
	} else if (result == 0) {
		result = append(s, &p);
	}
	if (result < 0) {
		series_point_fini(&p);
		return -1;
	}
	s->before = s->now;
	s->cpu_ns = cpu_ns;
	return 0;
}

static int64_t
since_start(const struct series *s, int64_t now_ns)
{
	return now_ns > s->started_ns ? now_ns - s->started_ns : 0;
}

void
series_sample(struct series *s, int64_t now_ns, int64_t cpu_ns)
{
	if (s == NULL)
		return;
	take_sum_now(s);
	(void)add_point(s, since_start(s, now_ns), cpu_ns, true);
	while (s->next_ns <= now_ns)
		s->next_ns += s->step_ns;
}

void
series_stop(struct series *s, int64_t now_ns, int64_t cpu_ns)
{
	int64_t end_ns;

	if (s == NULL || s->next_ns == INT64_MAX)
		return;
	end_ns = since_start(s, now_ns);
	take_sum_now(s);
	(void)add_point(s, end_ns, cpu_ns,
	    s->count == 0 || end_ns - last_of(s)->end_ns >= shortest_ns);
	s->next_ns = INT64_MAX;
}

int
series_finish(struct series *s, const struct tally *totals, int64_t elapsed_ns,
    int64_t cpu_ns)
{
	const struct series_point *last;

	if (s == NULL)
		return 0;
	last = last_of(s);
	take_sum(s, totals, 1);
	s->now.open = last != NULL ? last->open : 0;
	s->now.counts[SERIES_ERRORS] = tally_all_errors(totals);
	if (last != NULL && elapsed_ns < last->end_ns)
		elapsed_ns = last->end_ns;
	if (s->started_ns == 0 && s->now.counts[SERIES_ERRORS] == 0)
		return 0;
	return add_point(s, elapsed_ns, cpu_ns, false);
}

unsigned
series_count(const struct series *s)
{
	return s != NULL ? s->count : 0;
}

const struct series_point *
series_nth(const struct series *s, unsigned i)
{
	ASSERT(s != NULL && i < s->count);
	return &s->points[i];
}
