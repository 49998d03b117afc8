/* history: a ring of points; see the header. */
#include "tools/sample/history.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/counter.h"

struct point {
	int64_t time_ns;
	int64_t wall_ns;
	uint64_t *totals;    /* of each field */
	uint64_t *quantiles; /* HISTORY_QUANTILES of each field */
};

/* Of a field: what the last sample had, and what came since the one before. */
struct pair {
	struct hist last;
	struct hist interval;
};

struct history {
	struct point *points;
	unsigned room, first, count;
	struct sample_server server; /* of which all points are */
	unsigned field_count;
	struct pair **pairs; /* of each field, NULL if it has no histogram */
};

struct history *
history_new(unsigned points)
{
	struct history *h = calloc(1, sizeof *h);

	ASSERT(points >= 2);
	if (h == NULL)
		return NULL;
	h->room = points;
	h->points = calloc(points, sizeof *h->points);
	if (h->points == NULL)
		history_free(&h);
	return h;
}

/* Forgets all points, and which server they were of. */
static void
clear(struct history *h)
{
	for (unsigned i = 0; i < h->room; i++) {
		free(h->points[i].totals);
		free(h->points[i].quantiles);
	}
	memset(h->points, 0, h->room * sizeof *h->points);
	for (unsigned i = 0; h->pairs != NULL && i < h->field_count; i++)
		free(h->pairs[i]);
	free(h->pairs);
	h->pairs = NULL;
	h->first = h->count = h->field_count = 0;
}

void
history_free(struct history **history)
{
	struct history *old = *history;

	*history = NULL;
	if (old == NULL)
		return;
	if (old->points != NULL)
		clear(old);
	free(old->points);
	free(old);
}

static struct point *
point_at(const struct history *h, unsigned index)
{
	ASSERT(index < h->count);
	return &h->points[(h->first + index) % h->room];
}

int
history_reserve(struct history *h, unsigned points)
{
	struct point *moved;

	if (points <= h->room)
		return 0;
	moved = calloc(points, sizeof *moved);
	if (moved == NULL)
		return -1;
	for (unsigned i = 0; i < h->room; i++)
		moved[i] = h->points[(h->first + i) % h->room];
	free(h->points);
	h->points = moved;
	h->room = points;
	h->first = 0;
	return 0;
}

static const struct point *
newest(const struct history *h)
{
	return point_at(h, h->count - 1);
}

static bool
goes_on(const struct history *h, const struct sample *s)
{
	const struct sample_server *server = sample_server(s);

	return h->count > 0 && server->pid == h->server.pid &&
	    server->start_ns == h->server.start_ns &&
	    server->start_wall_ns == h->server.start_wall_ns &&
	    sample_field_count(s) == h->field_count &&
	    sample_time_ns(s) > newest(h)->time_ns;
}

/* Makes room for the histograms of a server's fields. */
static int
begin(struct history *h, const struct sample *s)
{
	unsigned fields = sample_field_count(s);

	clear(h);
	h->server = *sample_server(s);
	h->pairs = calloc(fields, sizeof(struct pair *));
	if (h->pairs == NULL)
		return -1;
	h->field_count = fields;
	for (unsigned i = 0; i < fields; i++) {
		if (sample_hist(s, i) == NULL)
			continue;
		h->pairs[i] = calloc(1, sizeof **h->pairs);
		if (h->pairs[i] == NULL)
			return -1;
	}
	return 0;
}

static void
copy_hist(struct hist *to, const struct hist *from)
{
	memset(to, 0, sizeof *to);
	hist_merge(to, from);
}

/* Of a server that is not to be trusted, a count may have fallen. */
static void
clamp(_Atomic uint64_t *n)
{
	if (counter_get(n) > UINT64_MAX / 2)
		counter_set(n, 0);
}

/* The highest value of its last bucket stands in for the maximum, which is that
 * of all samples. */
static void
tidy(struct hist *h)
{
	uint64_t high = 0;

	clamp(&h->count);
	clamp(&h->sum);
	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		clamp(&h->buckets[i]);
		if (counter_get(&h->buckets[i]) > 0)
			high = i + 1 < HIST_BUCKETS ? hist_bucket_low(i + 1) - 1
						    : HIST_MAX;
	}
	if (high < hist_max(h))
		counter_set(&h->max, high);
}

void
history_subtract(
    struct hist *interval, const struct hist *now, const struct hist *before)
{
	copy_hist(interval, now);
	hist_subtract(interval, before);
	tidy(interval);
}

static void
take_hist(struct pair *pair, const struct hist *now, uint64_t *quantiles)
{
	history_subtract(&pair->interval, now, &pair->last);
	copy_hist(&pair->last, now);
	quantiles[HISTORY_P50] = hist_quantile(&pair->interval, 0.5);
	quantiles[HISTORY_P99] = hist_quantile(&pair->interval, 0.99);
}

/* The place of the next point, with its memory, which it may have already. */
static struct point *
next_point(struct history *h)
{
	struct point *p = &h->points[(h->first + h->count) % h->room];

	if (p->totals == NULL)
		p->totals = calloc(h->field_count, sizeof *p->totals);
	if (p->quantiles == NULL)
		p->quantiles =
		    calloc((size_t)h->field_count * HISTORY_QUANTILES,
			sizeof *p->quantiles);
	return p->totals != NULL && p->quantiles != NULL ? p : NULL;
}

int
history_add(struct history *h, const struct sample *s)
{
	struct point *p;

	if (!goes_on(h, s) && begin(h, s) < 0) {
		clear(h);
		return -1;
	}
	p = next_point(h);
	if (p == NULL)
		return -1;
	p->time_ns = sample_time_ns(s);
	p->wall_ns = sample_wall_ns(s);
	for (unsigned i = 0; i < h->field_count; i++) {
		p->totals[i] = sample_total(s, i);
		if (h->pairs[i] != NULL && sample_hist(s, i) != NULL)
			take_hist(h->pairs[i], sample_hist(s, i),
			    &p->quantiles[(size_t)i * HISTORY_QUANTILES]);
	}
	if (h->count < h->room)
		h->count++;
	else
		h->first = (h->first + 1) % h->room;
	return 0;
}

unsigned
history_count(const struct history *h)
{
	return h->count;
}

int64_t
history_wall_ns(const struct history *h, unsigned point)
{
	return point_at(h, point)->wall_ns;
}

/* Modulo 2^64; what falls has not grown. */
static double
growth(const struct point *from, const struct point *to, unsigned field)
{
	uint64_t n = to->totals[field] - from->totals[field];

	return n > UINT64_MAX / 2 ? 0
				  : (double)n * (double)CLOCK_NS_PER_S /
		(double)(to->time_ns - from->time_ns);
}

/* The oldest point that is not older than the time, but not the newest. */
static unsigned
point_since(const struct history *h, int64_t time_ns)
{
	unsigned low = 0;
	unsigned high = h->count - 2;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (point_at(h, middle)->time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
history_rate(const struct history *h, unsigned field, int64_t window_ns,
    double *per_second)
{
	const struct point *last;

	if (h->count < 2)
		return false;
	ASSERT(field < h->field_count);
	last = newest(h);
	*per_second =
	    growth(point_at(h, point_since(h, last->time_ns - window_ns)), last,
		field);
	return true;
}

unsigned
history_rates(const struct history *h, unsigned field, double *out, unsigned n)
{
	unsigned have = h->count > 0 ? h->count - 1 : 0;
	unsigned given = have < n ? have : n;

	for (unsigned i = 0; i < given; i++) {
		unsigned to = h->count - given + i;

		out[i] = growth(point_at(h, to - 1), point_at(h, to), field);
	}
	return given;
}

unsigned
history_values(const struct history *h, unsigned field, double *out, unsigned n)
{
	unsigned given = h->count < n ? h->count : n;

	for (unsigned i = 0; i < given; i++)
		out[i] =
		    (double)point_at(h, h->count - given + i)->totals[field];
	return given;
}

unsigned
history_quantiles(const struct history *h, unsigned field,
    enum history_quantile q, double *out, unsigned n)
{
	unsigned have = h->count > 0 ? h->count - 1 : 0;
	unsigned given = have < n ? have : n;

	for (unsigned i = 0; i < given; i++)
		out[i] = (double)point_at(h, h->count - given + i)
			     ->quantiles[(size_t)field * HISTORY_QUANTILES + q];
	return given;
}

const struct hist *
history_interval(const struct history *h, unsigned field)
{
	if (h->count < 2 || h->pairs[field] == NULL)
		return NULL;
	return &h->pairs[field]->interval;
}
