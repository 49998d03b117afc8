/* sample: what is kept, and differences; see sample.h and build.h. */
#include "tools/sample/sample.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "tools/sample/build.h"

struct sample {
	struct sample_server server;
	unsigned more_owners; /* than one */
	int64_t time_ns, wall_ns;
	unsigned slot_count, field_count;
	struct stats_field *fields;
	struct sample_slot *slots;
	uint64_t *values, *totals; /* values slot by slot */
	bool *has_unknown_buckets; /* of each field */
	struct hist **slot_hists;  /* slot by slot, of each field, or NULL */
	struct hist **hists;       /* of each field, or NULL */
	struct sample_conn *conns;
	struct stats_offender *offenders;
	size_t conn_count, conn_room, offender_count, offender_room;
};

static size_t
cell(const struct sample *s, unsigned slot, unsigned field)
{
	ASSERT(slot < s->slot_count && field < s->field_count);
	return (size_t)slot * s->field_count + field;
}

static void
free_hists(struct hist **hists, size_t count)
{
	for (size_t i = 0; hists != NULL && i < count; i++)
		free(hists[i]);
	free(hists);
}

static void
destroy(struct sample *s)
{
	free_hists(s->hists, s->field_count);
	free_hists(s->slot_hists, (size_t)s->slot_count * s->field_count);
	free(s->offenders);
	free(s->conns);
	free(s->has_unknown_buckets);
	free(s->totals);
	free(s->values);
	free(s->slots);
	free(s->fields);
	free(s);
}

struct sample *
sample_new(const struct sample_server *server, const struct stats_field *fields,
    unsigned field_count, unsigned slot_count)
{
	size_t cells = (size_t)field_count * slot_count;
	struct sample *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->server = *server;
	s->slot_count = slot_count;
	s->field_count = field_count;
	s->fields = calloc(field_count, sizeof *s->fields);
	s->slots = calloc(slot_count, sizeof *s->slots);
	s->values = calloc(cells, sizeof *s->values);
	s->totals = calloc(field_count, sizeof *s->totals);
	s->has_unknown_buckets = calloc(field_count, sizeof(bool));
	s->slot_hists = calloc(cells, sizeof(struct hist *));
	s->hists = calloc(field_count, sizeof(struct hist *));
	if (s->fields == NULL || s->slots == NULL || s->values == NULL ||
	    s->totals == NULL || s->has_unknown_buckets == NULL ||
	    s->slot_hists == NULL || s->hists == NULL) {
		destroy(s);
		return NULL;
	}
	memcpy(s->fields, fields, field_count * sizeof *fields);
	for (unsigned i = 0; i < slot_count; i++)
		s->slots[i].age_ns = s->slots[i].cpu_ns =
		    s->slots[i].memory_bytes = -1;
	return s;
}

struct sample *
sample_hold(struct sample *s)
{
	s->more_owners++;
	return s;
}

void
sample_free(struct sample **s)
{
	struct sample *old = *s;

	*s = NULL;
	if (old != NULL && old->more_owners-- == 0)
		destroy(old);
}

void
sample_set_times(struct sample *s, int64_t now_ns, int64_t wall_ns)
{
	s->time_ns = now_ns;
	s->wall_ns = wall_ns;
}

struct sample_slot *
sample_edit_slot(struct sample *s, unsigned slot)
{
	ASSERT(slot < s->slot_count);
	return &s->slots[slot];
}

void
sample_set_value(
    struct sample *s, unsigned slot, unsigned field, uint64_t value)
{
	s->values[cell(s, slot, field)] = value;
}

struct hist *
sample_make_hist(struct sample *s, unsigned slot, unsigned field)
{
	struct hist **place = &s->slot_hists[cell(s, slot, field)];

	ASSERT(*place == NULL && s->fields[field].kind == STATS_KIND_HIST);
	*place = calloc(1, sizeof **place);
	return *place;
}

void
sample_drop_hist(struct sample *s, unsigned field)
{
	s->has_unknown_buckets[field] = true;
}

/* Makes room for one more element of an array; -1: no memory. */
static int
grow(void **array, size_t count, size_t *room, size_t size)
{
	size_t more = *room > 0 ? 2 * *room : 64;
	void *larger;

	if (count < *room)
		return 0;
	larger = reallocarray(*array, more, size);
	if (larger == NULL)
		return -1;
	*array = larger;
	*room = more;
	return 0;
}

int
sample_add_conn(struct sample *s, unsigned slot, const struct stats_row *row)
{
	void *array = s->conns;

	if (grow(&array, s->conn_count, &s->conn_room, sizeof *s->conns) < 0)
		return -1;
	s->conns = array;
	s->conns[s->conn_count].slot = slot;
	memcpy(&s->conns[s->conn_count++].row, row, sizeof *row);
	return 0;
}

int
sample_add_offender(struct sample *s, const struct stats_offender *o)
{
	void *array = s->offenders;

	if (grow(&array, s->offender_count, &s->offender_room,
		sizeof *s->offenders) < 0)
		return -1;
	s->offenders = array;
	memcpy(&s->offenders[s->offender_count++], o, sizeof *o);
	return 0;
}

static int
merge_hists(struct sample *s, unsigned field)
{
	struct hist *merged;

	if (s->fields[field].kind != STATS_KIND_HIST ||
	    s->has_unknown_buckets[field])
		return 0;
	merged = s->hists[field] = calloc(1, sizeof *merged);
	if (merged == NULL)
		return -1;
	for (unsigned slot = 0; slot < s->slot_count; slot++) {
		struct hist **h = &s->slot_hists[cell(s, slot, field)];

		if (*h != NULL && hist_count(*h) > 0) {
			hist_merge(merged, *h);
		} else {
			free(*h);
			*h = NULL;
		}
	}
	return 0;
}

int
sample_finish(struct sample *s)
{
	for (unsigned slot = 0; slot < s->slot_count; slot++) {
		s->slots[slot].is_used =
		    s->slots[slot].state != STATS_SLOT_EMPTY;
		for (unsigned i = 0; i < s->field_count; i++) {
			uint64_t value = s->values[cell(s, slot, i)];

			s->totals[i] += value;
			s->slots[slot].is_used |= value > 0;
		}
	}
	for (unsigned i = 0; i < s->field_count; i++)
		if (merge_hists(s, i) < 0)
			return -1;
	return 0;
}

const struct sample_server *
sample_server(const struct sample *s)
{
	return &s->server;
}

int64_t
sample_time_ns(const struct sample *s)
{
	return s->time_ns;
}

int64_t
sample_wall_ns(const struct sample *s)
{
	return s->wall_ns;
}

bool
sample_same_server(const struct sample *a, const struct sample *b)
{
	return a->server.pid == b->server.pid &&
	    a->server.start_ns == b->server.start_ns &&
	    a->server.start_wall_ns == b->server.start_wall_ns &&
	    a->field_count == b->field_count && a->slot_count == b->slot_count;
}

unsigned
sample_field_count(const struct sample *s)
{
	return s->field_count;
}

const struct stats_field *
sample_field(const struct sample *s, unsigned field)
{
	ASSERT(field < s->field_count);
	return &s->fields[field];
}

int
sample_find(const struct sample *s, const char *name)
{
	for (unsigned i = 0; i < s->field_count; i++)
		if (strcmp(s->fields[i].name, name) == 0)
			return (int)i;
	return -1;
}

unsigned
sample_slot_count(const struct sample *s)
{
	return s->slot_count;
}

const struct sample_slot *
sample_slot(const struct sample *s, unsigned slot)
{
	ASSERT(slot < s->slot_count);
	return &s->slots[slot];
}

const char *
sample_slot_state(const struct sample *s, unsigned slot)
{
	static const char *const names[] = {
		[STATS_SLOT_EMPTY] = "empty",
		[STATS_SLOT_STARTING] = "starting",
		[STATS_SLOT_READY] = "ready",
		[STATS_SLOT_DRAINING] = "draining",
	};
	const struct sample_slot *what = sample_slot(s, slot);

	if (!s->server.is_alive)
		return "dead";
	if (what->is_stopped)
		return "stopped";
	return what->is_stalled ? "stalled" : names[what->state];
}

uint64_t
sample_value(const struct sample *s, unsigned slot, unsigned field)
{
	return s->values[cell(s, slot, field)];
}

uint64_t
sample_total(const struct sample *s, unsigned field)
{
	ASSERT(field < s->field_count);
	return s->totals[field];
}

/* Between two samples of the same server; else 0. */
static int64_t
elapsed_ns(const struct sample *now, const struct sample *before)
{
	if (before == NULL || !sample_same_server(now, before))
		return 0;
	return now->time_ns - before->time_ns;
}

/* Modulo 2^64, as a total may wrap. More than half of that: it fell. */
static bool
get_rate(uint64_t now, uint64_t before, int64_t ns, double *per_second)
{
	uint64_t n = now - before;

	*per_second = n > UINT64_MAX / 2
	    ? 0
	    : (double)n * (double)CLOCK_NS_PER_S / (double)ns;
	return true;
}

bool
sample_rate(const struct sample *now, const struct sample *before,
    unsigned field, double *per_second)
{
	int64_t ns = elapsed_ns(now, before);

	return ns > 0 &&
	    get_rate(sample_total(now, field), sample_total(before, field), ns,
		per_second);
}

bool
sample_slot_rate(const struct sample *now, const struct sample *before,
    unsigned slot, unsigned field, double *per_second)
{
	int64_t ns = elapsed_ns(now, before);

	return ns > 0 &&
	    get_rate(sample_value(now, slot, field),
		sample_value(before, slot, field), ns, per_second);
}

const struct hist *
sample_hist(const struct sample *s, unsigned field)
{
	ASSERT(field < s->field_count);
	return s->hists[field];
}

const struct hist *
sample_slot_hist(const struct sample *s, unsigned slot, unsigned field)
{
	return s->slot_hists[cell(s, slot, field)];
}

const struct sample_conn *
sample_conns(const struct sample *s, size_t *count)
{
	*count = s->conn_count;
	return s->conns;
}

const struct stats_offender *
sample_offenders(const struct sample *s, size_t *count)
{
	*count = s->offender_count;
	return s->offenders;
}
