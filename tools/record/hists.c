/* hists: changed buckets of changed histograms; see the header. */
#include "tools/record/hists.h"

#include <string.h>

#include "common/base/counter.h"
#include "tools/sample/build.h"

static uint64_t
change(const _Atomic uint64_t *now, const _Atomic uint64_t *before)
{
	return counter_get(now) - counter_get(before);
}

static unsigned
count_changes(const struct hist *now, const struct hist *before)
{
	unsigned count = 0;

	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		count += change(&now->buckets[i], &before->buckets[i]) != 0;
	return count;
}

static bool
is_same(const struct hist *now, const struct hist *before)
{
	return change(&now->count, &before->count) == 0 &&
	    change(&now->sum, &before->sum) == 0 &&
	    change(&now->max, &before->max) == 0 &&
	    count_changes(now, before) == 0;
}

/* Most buckets that change stand side by side; 0 tells of a gap. */
static void
put_buckets(
    struct record_buffer *b, const struct hist *now, const struct hist *before)
{
	unsigned next = 0;

	record_put(b, count_changes(now, before));
	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		uint64_t n = change(&now->buckets[i], &before->buckets[i]);

		if (n == 0)
			continue;
		if (i > next) {
			record_put(b, 0);
			record_put(b, i - next);
		}
		record_put(b, n);
		next = i + 1;
	}
}

static const struct hist *
hist_of(const struct sample *s, unsigned slot, unsigned field)
{
	return s != NULL && sample_hist(s, field) != NULL
	    ? sample_slot_hist(s, slot, field)
	    : NULL;
}

unsigned
hists_put(struct record_buffer *b, const struct sample *now,
    const struct sample *before)
{
	static const struct hist none;
	unsigned fields = sample_field_count(now);
	unsigned cells = fields * sample_slot_count(now);
	unsigned next = 0, count = 0;

	for (unsigned i = 0; i < cells; i++) {
		const struct hist *h = hist_of(now, i / fields, i % fields);
		const struct hist *old =
		    hist_of(before, i / fields, i % fields);

		if (h == NULL && old == NULL)
			continue;
		count++;
		if (h == NULL)
			h = &none; /* it was emptied */
		if (old == NULL)
			old = &none;
		if (is_same(h, old))
			continue;
		record_put(b, i - next);
		record_put(b, change(&h->count, &old->count));
		record_put(b, change(&h->sum, &old->sum));
		record_put(b, change(&h->max, &old->max));
		put_buckets(b, h, old);
		next = i + 1;
	}
	return count;
}

static void
get_hist(struct record_cursor *c, struct hist *h)
{
	uint64_t next = 0;
	uint64_t changes;

	counter_add(&h->count, record_get(c));
	counter_add(&h->sum, record_get(c));
	counter_add(&h->max, record_get(c));
	changes = record_get(c);
	for (; changes > 0 && !c->failed; changes--) {
		uint64_t n = record_get(c);

		if (n == 0) { /* of buckets that stay as they are */
			n = record_get(c);
			c->failed |= n > HIST_BUCKETS - next;
			next += n;
			n = record_get(c);
		}
		c->failed |= next >= HIST_BUCKETS;
		if (!c->failed)
			counter_add(&h->buckets[next++], n);
	}
}

/* Begins as the earlier one, if there is one. NULL: no memory. */
static struct hist *
copy_hist(struct sample *s, const struct sample *before, unsigned cell)
{
	unsigned slot = cell / sample_field_count(s);
	unsigned field = cell % sample_field_count(s);
	const struct hist *old = hist_of(before, slot, field);
	struct hist *h = sample_make_hist(s, slot, field);

	if (h != NULL && old != NULL)
		memcpy(h, old, sizeof *h);
	return h;
}

/* Those that have not changed. */
static bool
copy_hists(
    struct sample *s, const struct sample *before, unsigned from, unsigned to)
{
	unsigned fields = sample_field_count(s);

	for (unsigned i = from; i < to; i++)
		if (hist_of(before, i / fields, i % fields) != NULL &&
		    copy_hist(s, before, i) == NULL)
			return false;
	return true;
}

static unsigned
count_hists(const struct sample *s)
{
	unsigned fields = s != NULL ? sample_field_count(s) : 0;
	unsigned cells = s != NULL ? fields * sample_slot_count(s) : 0;
	unsigned count = 0;

	for (unsigned i = 0; i < cells; i++)
		count += hist_of(s, i / fields, i % fields) != NULL;
	return count;
}

bool
hists_get(
    struct record_cursor *c, struct sample *s, const struct sample *before)
{
	unsigned fields = sample_field_count(s);
	unsigned cells = fields * sample_slot_count(s);
	unsigned copied = 0, count = count_hists(before);
	uint64_t next = 0;

	while (record_get_place(c, &next, cells)) {
		unsigned cell = (unsigned)next - 1;
		struct hist *h;

		count += hist_of(before, cell / fields, cell % fields) == NULL;
		c->failed |= count > RECORD_HISTS_MAX ||
		    sample_field(s, cell % fields)->kind != STATS_KIND_HIST;
		if (c->failed)
			return true;
		if (!copy_hists(s, before, copied, cell))
			return false;
		h = copy_hist(s, before, cell);
		if (h == NULL)
			return false;
		get_hist(c, h);
		copied = cell + 1;
	}
	return copy_hists(s, before, copied, cells);
}
