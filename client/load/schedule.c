/* schedule: fractions of seconds, and what is due; see the header. */
#include "client/load/schedule.h"

#include "client/options.h"
#include "client/quota.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/units.h"

/* Whole periods are divided first, so that no product exceeds 64 bits. */
int64_t
schedule_time(const struct schedule *s, uint64_t n)
{
	uint64_t i = s->first + n * s->stride;

	return s->start_ns +
	    (int64_t)(i / s->rate * s->period_ns +
		i % s->rate * s->period_ns / s->rate);
}

/*
 * The events of all parts that are due by the end of this nanosecond, which
 * are those with i * period_ns < (elapsed_ns + 1) * rate.
 */
static uint64_t
all_due(const struct schedule *s, uint64_t elapsed_ns)
{
	uint64_t end = elapsed_ns + 1;
	uint64_t rest = end % s->period_ns * s->rate;

	return end / s->period_ns * s->rate +
	    (rest + s->period_ns - 1) / s->period_ns;
}

/* How many of the worker's events are due at this time. */
static uint64_t
due(const struct schedule *s, int64_t now_ns)
{
	uint64_t all;

	if (now_ns < s->start_ns)
		return 0;
	all = all_due(s, (uint64_t)(now_ns - s->start_ns));
	return all > s->first ? (all - s->first + s->stride - 1) / s->stride
			      : 0;
}

void
schedule_init(struct schedule *s, const struct options *o, unsigned worker,
    int64_t start_ns, int64_t stop_ns)
{
	unsigned parts = part_count(&o->part);

	ASSERT(o->rate >= 1 && o->rate_decimals <= OPTIONS_RATE_DECIMALS);
	ASSERT(o->rate <= OPTIONS_RATE_MAX);
	*s = (struct schedule){ .start_ns = start_ns,
		.rate = o->rate,
		.period_ns = (uint64_t)CLOCK_NS_PER_S *
		    units_power_of_10(o->rate_decimals),
		.first = o->part.index + (uint64_t)worker * parts,
		.stride = parts * o->workers };
	s->events = o->round_trips > 0
	    ? quota_of(o->round_trips, o->workers, worker)
	    : due(s, stop_ns - 1);
}

/*
 * The next event is late by late_ns, and those after it by less and less, in
 * equal steps. Counts all that fall into the same bucket of the histogram at
 * once, in such a way that its sum and maximum stay exact.
 */
static void
notice_alike(
    struct schedule *s, struct tally *tally, int64_t now_ns, int64_t late_ns)
{
	uint64_t low = hist_bucket_low(hist_bucket((uint64_t)late_ns));
	uint64_t end = due(s, now_ns - (int64_t)low);
	uint64_t n;
	int64_t ends_ns;

	if (end > s->events)
		end = s->events;
	ASSERT(end > s->noticed);
	n = end - s->noticed;
	hist_add(&tally->hists[TALLY_HIST_LATENESS], late_ns, 1);
	if (n > 1) {
		ends_ns = schedule_time(s, s->noticed + 1) +
		    schedule_time(s, end - 1);
		hist_add(&tally->hists[TALLY_HIST_LATENESS],
		    now_ns - ends_ns / 2, n - 1);
	}
	tally_add(tally, TALLY_DUE, n);
	s->noticed = end;
}

/* Bucket by bucket, for a backlog may be of many millions. */
void
schedule_notice(struct schedule *s, struct tally *tally, int64_t now_ns)
{
	while (!schedule_is_done(s)) {
		int64_t late_ns = now_ns - schedule_time(s, s->noticed);

		if (late_ns < 0)
			return;
		notice_alike(s, tally, now_ns, late_ns);
	}
}

int64_t
schedule_wait_ns(const struct schedule *s, int64_t now_ns)
{
	int64_t wait_ns;

	if (schedule_is_done(s))
		return -1;
	wait_ns = schedule_time(s, s->noticed) - now_ns;
	return wait_ns > 0 ? wait_ns : 0;
}
