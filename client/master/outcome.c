/* outcome: sums over the workers, and how long they took; see the header. */
#include "client/master/outcome.h"

#include "client/job.h"
#include "client/master/workers.h"
#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/clock.h"

/* The largest share of a CPU that a worker used. */
static double
busiest(const struct job *job)
{
	double most = 0;

	for (unsigned i = 0; i < job->options->workers; i++) {
		const struct tally *t = &job->tallies[i];
		double run = (double)tally_get(t, TALLY_RUN_NS);
		double share = (double)tally_get(t, TALLY_CPU_NS) / run;

		if (run > 0 && share > most)
			most = share;
	}
	return most;
}

/*
 * The time that the events of an open loop stand for: three of them, at one a
 * second, are three seconds, though the last is due after two.
 */
static int64_t
scheduled_ns(const struct job *job)
{
	double rate = options_rate(job->options);
	uint64_t due = tally_get(job->totals, TALLY_DUE);

	return rate > 0 ? (int64_t)((double)due / rate * CLOCK_NS_PER_S) : 0;
}

/* From the start to the last round trip, or to the last worker's death. */
static int64_t
elapsed_ns(const struct job *job, const struct workers *w, int64_t started_ns)
{
	int64_t end_ns = atomic_load(&job->totals->finished_ns);
	int64_t elapsed;

	if (w->last_death_ns > end_ns)
		end_ns = w->last_death_ns;
	if (started_ns == 0 || end_ns <= started_ns)
		return 0;
	elapsed = end_ns - started_ns;
	return elapsed > scheduled_ns(job) ? elapsed : scheduled_ns(job);
}

void
outcome_fill(struct report *r, const struct job *job, const struct workers *w,
    int64_t started_ns)
{
	job_add_up(job);
	*r = (struct report){ .options = job->options,
		.addrs = job->addrs,
		.totals = job->totals,
		.elapsed_ns = elapsed_ns(job, w, started_ns),
		.busiest = busiest(job),
		.workers_died = w->died,
		.cut_off = w->cut_off,
		.first_death = w->first_death,
		.identities = job->identities,
		.outcomes = job->outcomes };
	if (job->outcomes != NULL)
		outcomes_sum(job->outcomes, &r->sum);
}
