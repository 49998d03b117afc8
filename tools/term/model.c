/* model: see the header. */
#include "tools/term/model.h"

#include <string.h>

#include "common/base/clock.h"

enum {
	POINTS = 900,
	MINUTES = 5
};

static unsigned
points_for(int64_t interval_ns)
{
	int64_t points = MINUTES * 60 * CLOCK_NS_PER_S / interval_ns + 2;

	return points > POINTS ? (unsigned)points : POINTS;
}

int
model_init(struct model *m, int64_t interval_ns, bool is_recorded)
{
	*m = (struct model){ .interval_ns = interval_ns,
		.speed = 1,
		.is_recorded = is_recorded,
		.is_stale = true };
	for (int i = 0; i < PAGES; i++)
		m->lists[i].sort = LIST_UNSORTED;
	m->history = history_new(points_for(interval_ns));
	return m->history != NULL ? 0 : -1;
}

void
model_fini(struct model *m)
{
	conns_free(&m->conns);
	sample_free(&m->before);
	sample_free(&m->now);
	sample_free(&m->base);
	history_free(&m->history);
	for (int i = 0; i < PAGES; i++)
		list_fini(&m->lists[i]);
}

int
model_add(struct model *m, struct sample *sample)
{
	conns_free(&m->conns);
	sample_free(&m->before);
	m->before = m->now;
	m->now = sample;
	m->is_waiting = false;
	m->is_stale = true;
	if (m->base != NULL && !sample_same_server(m->base, sample))
		sample_free(&m->base);
	return history_add(m->history, sample);
}

void
model_set_interval(struct model *m, int64_t interval_ns)
{
	m->interval_ns = interval_ns;
	(void)history_reserve(m->history, points_for(interval_ns));
}

void
model_toggle_base(struct model *m)
{
	m->is_stale = true;
	if (m->base != NULL)
		sample_free(&m->base);
	else
		m->base = sample_hold(m->now);
}

static uint64_t
less(uint64_t value, uint64_t base)
{
	return value > base ? value - base : 0;
}

static bool
counts_from_base(const struct model *m, unsigned field)
{
	return m->base != NULL &&
	    stats_field_grows(sample_field(m->now, field));
}

uint64_t
model_total(const struct model *m, unsigned field)
{
	uint64_t value = sample_total(m->now, field);

	return counts_from_base(m, field)
	    ? less(value, sample_total(m->base, field))
	    : value;
}

uint64_t
model_value(const struct model *m, unsigned slot, unsigned field)
{
	uint64_t value = sample_value(m->now, slot, field);

	return counts_from_base(m, field)
	    ? less(value, sample_value(m->base, slot, field))
	    : value;
}

uint64_t
model_total_of(const struct model *m, const char *name)
{
	int field = sample_find(m->now, name);

	return field < 0 ? 0 : model_total(m, (unsigned)field);
}

double
model_rate(const struct model *m, unsigned field, int64_t window_ns)
{
	double rate;

	if (!stats_field_grows(sample_field(m->now, field)) ||
	    !history_rate(m->history, field, window_ns, &rate))
		return 0;
	return rate;
}

double
model_rate_of(const struct model *m, const char *name, int64_t window_ns)
{
	int field = sample_find(m->now, name);

	return field < 0 ? 0 : model_rate(m, (unsigned)field, window_ns);
}

double
model_slot_rate(const struct model *m, unsigned slot, const char *name)
{
	int field = sample_find(m->now, name);
	double rate;

	if (field < 0 ||
	    !sample_slot_rate(m->now, m->before, slot, (unsigned)field, &rate))
		return 0;
	return rate;
}

static bool
is_comparable(const struct model *m)
{
	return m->before != NULL && sample_same_server(m->now, m->before) &&
	    sample_time_ns(m->now) > sample_time_ns(m->before);
}

double
model_cpu(const struct model *m, unsigned slot)
{
	const struct sample_slot *now = sample_slot(m->now, slot);
	const struct sample_slot *before;

	if (!is_comparable(m))
		return -1;
	before = sample_slot(m->before, slot);
	if (now->cpu_ns < 0 || before->cpu_ns < 0 || now->pid != before->pid)
		return -1;
	return (double)(now->cpu_ns - before->cpu_ns) /
	    (double)(sample_time_ns(m->now) - sample_time_ns(m->before));
}

uint64_t
model_slot_p99(const struct model *m, unsigned slot, const char *name)
{
	int field = sample_find(m->now, name);
	const struct hist *now;
	const struct hist *before;
	struct hist since;

	if (field < 0 || !is_comparable(m))
		return 0;
	now = sample_slot_hist(m->now, slot, (unsigned)field);
	before = sample_slot_hist(m->before, slot, (unsigned)field);
	if (now == NULL)
		return 0;
	memset(&since, 0, sizeof since);
	hist_merge(&since, now);
	if (before != NULL && hist_count(before) <= hist_count(now))
		hist_subtract(&since, before);
	return hist_quantile(&since, 0.99);
}

struct model_workers
model_workers(const struct model *m)
{
	struct model_workers w = { .count = sample_workers_now(m->now),
		.draining = sample_workers_draining(m->now) };
	unsigned slots = sample_slot_count(m->now);

	for (unsigned i = 1; i < slots; i++) {
		const struct sample_slot *slot = sample_slot(m->now, i);

		if (!slot->is_used)
			continue;
		w.stopped += slot->is_stopped;
		w.stalled += slot->is_stalled && !slot->is_stopped;
	}
	return w;
}
