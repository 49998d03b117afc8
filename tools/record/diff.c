/* diff: fields by name, and what came between; see the header. */
#include "tools/record/diff.h"

#include <string.h>

#include "common/base/counter.h"

bool
diff_is_one_server(const struct diff *d)
{
	return sample_same_server(d->a, d->b) &&
	    sample_time_ns(d->b) > sample_time_ns(d->a);
}

/* The field of another sample that means the same; -1: it has none. */
static int
counterpart(const struct sample *s, const struct stats_field *field)
{
	int i = sample_find(s, field->name);

	return i >= 0 && sample_field(s, (unsigned)i)->kind == field->kind ? i
									   : -1;
}

/* A bucket that shrank is a liar's. */
static void
take_away(_Atomic uint64_t *from, const _Atomic uint64_t *earlier)
{
	uint64_t n = counter_get(from);
	uint64_t less = counter_get(earlier);

	counter_set(from, n > less ? n - less : 0);
}

static void
fill_hist(const struct diff *d, struct diff_row *row, int in_a, int in_b)
{
	const struct hist *after =
	    in_b >= 0 ? sample_hist(d->b, (unsigned)in_b) : NULL;
	const struct hist *before =
	    in_a >= 0 ? sample_hist(d->a, (unsigned)in_a) : NULL;

	row->has_hist = after != NULL;
	if (after == NULL)
		return;
	memcpy(&row->hist, after, sizeof row->hist);
	if (before == NULL || !diff_is_one_server(d))
		return;
	take_away(&row->hist.count, &before->count);
	take_away(&row->hist.sum, &before->sum);
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		take_away(&row->hist.buckets[i], &before->buckets[i]);
}

static void
fill(const struct diff *d, struct diff_row *row, int in_a, int in_b)
{
	row->has_a = in_a >= 0;
	row->has_b = in_b >= 0;
	row->a = in_a >= 0 ? sample_total(d->a, (unsigned)in_a) : 0;
	row->b = in_b >= 0 ? sample_total(d->b, (unsigned)in_b) : 0;
	row->field = in_b >= 0 ? sample_field(d->b, (unsigned)in_b)
			       : sample_field(d->a, (unsigned)in_a);
	row->has_rate = in_b >= 0 && stats_field_grows(row->field) &&
	    sample_rate(d->b, d->a, (unsigned)in_b, &row->per_second);
	fill_hist(d, row, in_a, in_b);
}

/* First the fields of b, then those that only a has. */
bool
diff_next(const struct diff *d, unsigned *i, struct diff_row *row)
{
	unsigned of_b = sample_field_count(d->b);
	unsigned of_a = sample_field_count(d->a);

	while (*i < of_b + of_a) {
		unsigned n = (*i)++;
		int in_b = n < of_b ? (int)n : -1;
		int in_a = n < of_b ? counterpart(d->a, sample_field(d->b, n))
				    : (int)(n - of_b);

		if (n >= of_b &&
		    counterpart(d->b, sample_field(d->a, n - of_b)) >= 0)
			continue;
		fill(d, row, in_a, in_b);
		if (d->all || row->a != row->b)
			return true;
	}
	return false;
}
