/* ages: expected ones, and what differs from them; see the header. */
#include "tools/record/ages.h"

#include "tools/sample/build.h"

/* Far from what would overflow: 146 years. */
#define AGE_MAX (INT64_MAX / 2)

/* -1: not known. */
static int64_t
expected_ns(const struct sample *now, const struct sample *before, unsigned i)
{
	int64_t age_ns = before != NULL ? sample_slot(before, i)->age_ns : -1;

	if (age_ns < 0)
		return -1;
	age_ns += sample_time_ns(now) - sample_time_ns(before);
	return age_ns >= 0 && age_ns <= AGE_MAX ? age_ns : -1;
}

static bool
is_as_expected(const struct sample *now, const struct sample *before,
    unsigned i, int64_t age_ns)
{
	const struct sample_slot *slot = sample_slot(now, i);
	int64_t by_ns = slot->age_ns - age_ns;

	if (by_ns == 0)
		return true;
	return age_ns >= 0 && slot->age_ns >= 0 &&
	    slot->pid == sample_slot(before, i)->pid && by_ns < AGES_SLACK_NS &&
	    by_ns > -AGES_SLACK_NS;
}

void
ages_put(struct record_buffer *b, const struct sample *now,
    const struct sample *before)
{
	unsigned next = 0;

	for (unsigned i = 0; i < sample_slot_count(now); i++) {
		int64_t age_ns = expected_ns(now, before, i);

		if (is_as_expected(now, before, i, age_ns))
			continue;
		record_put(b, i - next);
		record_put_signed(b, sample_slot(now, i)->age_ns);
		next = i + 1;
	}
}

void
ages_get(struct record_cursor *c, struct sample *s, const struct sample *before)
{
	unsigned slots = sample_slot_count(s);
	uint64_t next = 0;

	for (unsigned i = 0; i < slots; i++)
		sample_edit_slot(s, i)->age_ns = expected_ns(s, before, i);
	while (record_get_place(c, &next, slots)) {
		int64_t age_ns = record_get_signed(c);

		if (age_ns < -1 || age_ns > AGE_MAX) {
			c->failed = true;
			return;
		}
		sample_edit_slot(s, (unsigned)next - 1)->age_ns = age_ns;
	}
}
