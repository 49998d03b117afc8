/* schedule: pace with a memory; see the header. */
#include "client/load/schedule.h"

#include "client/load/quota.h"
#include "client/options.h"
#include "client/tally.h"

void
schedule_init(struct schedule *s, const struct options *o, unsigned worker,
    int64_t start_ns, int64_t stop_ns)
{
	*s = (struct schedule){ .pace = { .start_ns = start_ns,
				    .rate = o->rate,
				    .worker = worker,
				    .workers = (unsigned)o->workers } };
	s->events = o->round_trips > 0
	    ? quota_of(o->round_trips, o->workers, worker)
	    : pace_due(&s->pace, stop_ns - 1);
}

/*
 * The next event is late by late_ns, those behind it by less, evenly. Counts
 * as many as fall into the same bucket of the histogram, whose sum and maximum
 * stay exact.
 */
static void
notice_alike(
    struct schedule *s, struct tally *tally, int64_t now_ns, int64_t late_ns)
{
	uint64_t low = hist_bucket_low(hist_bucket((uint64_t)late_ns));
	uint64_t due = pace_due(&s->pace, now_ns - (int64_t)low);
	uint64_t n;
	int64_t ends_ns;

	if (due > s->events)
		due = s->events;
	n = due - s->noticed;
	hist_add(&tally->lateness, late_ns, 1);
	if (n > 1) {
		ends_ns = schedule_time(s, s->noticed + 1) +
		    schedule_time(s, due - 1);
		hist_add(&tally->lateness, now_ns - ends_ns / 2, n - 1);
	}
	tally_add(tally, TALLY_DUE, n);
	s->noticed = due;
}

/* By buckets: a backlog may be of many millions. */
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
