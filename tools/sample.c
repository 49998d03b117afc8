/* sample: one pass over the segment, and differences; see the header. */
#include "tools/sample.h"

#include <stdlib.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"

struct slot {
	enum stats_state state;
	pid_t pid;
	bool is_stalled;
	bool is_used;
};

struct sample {
	int64_t time_ns;
	int64_t wall_ns;
	bool is_alive;
	pid_t server; /* and its start tell servers of one name apart */
	int64_t server_start_ns;
	unsigned slot_count;
	unsigned field_count;
	struct slot *slots;
	uint64_t *values; /* slot by slot */
	uint64_t *totals;
	struct hist **hists; /* of each field, or NULL */
};

static struct sample *
new_sample(const struct stats_header *h)
{
	struct sample *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->server = h->pid;
	s->server_start_ns = h->start_ns;
	s->slot_count = h->slot_count;
	s->field_count = h->field_count;
	s->slots = calloc(h->slot_count, sizeof *s->slots);
	s->values =
	    calloc((size_t)h->slot_count * h->field_count, sizeof *s->values);
	s->totals = calloc(h->field_count, sizeof *s->totals);
	s->hists = calloc(h->field_count, sizeof(struct hist *));
	if (s->slots == NULL || s->values == NULL || s->totals == NULL ||
	    s->hists == NULL)
		sample_free(&s);
	return s;
}

static void
read_slot(struct sample *s, const struct stats_shm *shm, unsigned slot)
{
	uint64_t *values = s->values + (size_t)slot * s->field_count;
	bool has_counted = false;

	for (unsigned i = 0; i < s->field_count; i++) {
		values[i] = stats_shm_value(shm, slot, i);
		s->totals[i] += values[i];
		has_counted |= values[i] > 0;
	}
	s->slots[slot].state = stats_shm_state(shm, slot);
	s->slots[slot].pid = stats_shm_pid(shm, slot);
	s->slots[slot].is_stalled = stats_shm_is_stalled(shm, slot);
	s->slots[slot].is_used =
	    has_counted || s->slots[slot].state != STATS_SLOT_EMPTY;
}

static int
read_hist(struct sample *s, const struct stats_shm *shm, unsigned field)
{
	struct hist *merged = calloc(1, sizeof *merged);

	ASSERT(s->hists[field] == NULL);
	if (merged == NULL)
		return -1;
	s->hists[field] = merged;
	for (unsigned slot = 0; slot < s->slot_count; slot++) {
		if (stats_shm_merge_hist(shm, slot, field, merged) < 0) {
			s->hists[field] = NULL;
			free(merged);
			return 0;
		}
	}
	return 0;
}

static int
read_hists(struct sample *s, const struct stats_shm *shm)
{
	for (unsigned i = 0; i < s->field_count; i++)
		if (stats_shm_field(shm, i)->kind == STATS_KIND_HIST &&
		    read_hist(s, shm, i) < 0)
			return -1;
	return 0;
}

struct sample *
sample_take(const struct stats_shm *shm, int64_t now_ns, int64_t wall_ns)
{
	struct sample *s = new_sample(stats_shm_header(shm));

	if (s == NULL)
		return NULL;
	s->time_ns = now_ns;
	s->wall_ns = wall_ns;
	s->is_alive = stats_shm_owner(shm) != 0;
	for (unsigned slot = 0; slot < s->slot_count; slot++)
		read_slot(s, shm, slot);
	if (read_hists(s, shm) < 0)
		sample_free(&s);
	return s;
}

void
sample_free(struct sample **s)
{
	struct sample *old = *s;

	*s = NULL;
	if (old == NULL)
		return;
	for (unsigned i = 0; old->hists != NULL && i < old->field_count; i++)
		free(old->hists[i]);
	free(old->hists);
	free(old->totals);
	free(old->values);
	free(old->slots);
	free(old);
}

bool
sample_is_alive(const struct sample *s)
{
	return s->is_alive;
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

uint64_t
sample_value(const struct sample *s, unsigned slot, unsigned field)
{
	ASSERT(slot < s->slot_count && field < s->field_count);
	return s->values[(size_t)slot * s->field_count + field];
}

uint64_t
sample_total(const struct sample *s, unsigned field)
{
	ASSERT(field < s->field_count);
	return s->totals[field];
}

/* Modulo 2^64, as a total may wrap. More than half of that: it fell. */
static uint64_t
increase(uint64_t now, uint64_t before)
{
	uint64_t n = now - before;

	return n <= UINT64_MAX / 2 ? n : 0;
}

bool
sample_rate(const struct sample *now, const struct sample *before,
    unsigned field, double *per_second)
{
	int64_t elapsed_ns;

	if (before == NULL || before->server != now->server ||
	    before->server_start_ns != now->server_start_ns)
		return false;
	ASSERT(before->field_count == now->field_count);
	elapsed_ns = now->time_ns - before->time_ns;
	if (elapsed_ns <= 0)
		return false;
	*per_second = (double)increase(sample_total(now, field),
			  sample_total(before, field)) *
	    (double)CLOCK_NS_PER_S / (double)elapsed_ns;
	return true;
}

const struct hist *
sample_hist(const struct sample *s, unsigned field)
{
	ASSERT(field < s->field_count);
	return s->hists[field];
}

bool
sample_slot_used(const struct sample *s, unsigned slot)
{
	ASSERT(slot < s->slot_count);
	return s->slots[slot].is_used;
}

pid_t
sample_slot_pid(const struct sample *s, unsigned slot)
{
	ASSERT(slot < s->slot_count);
	return s->slots[slot].pid;
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

	ASSERT(slot < s->slot_count);
	if (!s->is_alive)
		return "dead";
	return s->slots[slot].is_stalled ? "stalled"
					 : names[s->slots[slot].state];
}
