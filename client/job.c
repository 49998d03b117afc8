/* job: sums over the tallies of all workers; see the header. */
#include "client/job.h"

#include "client/options.h"
#include "client/tally.h"

/* How many tallies there are: one of each worker, or two. */
static unsigned
tallies(const struct job *job)
{
	unsigned workers = (unsigned)job->options->workers;

	return job->options->warmup_ns > 0 ? 2 * workers : workers;
}

static uint64_t
count(const struct job *job, enum tally_count c)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < tallies(job); i++)
		sum += tally_get(&job->tallies[i], c);
	return sum;
}

uint64_t
job_open(const struct job *job)
{
	uint64_t closed = count(job, TALLY_CLOSED);
	uint64_t opened = count(job, TALLY_OPENED);

	return opened > closed ? opened - closed : 0;
}

uint64_t
job_errors(const struct job *job)
{
	return count(job, TALLY_FAILED) + count(job, TALLY_BROKEN);
}

uint64_t
job_unanswered(const struct job *job, int address)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < tallies(job); i++)
		sum += counter_get(&job->tallies[i].unanswered[address]);
	return sum;
}

uint64_t
job_not_over(const struct job *job, unsigned worker)
{
	uint64_t sum = 0;

	for (unsigned i = worker; i < tallies(job);
	     i += (unsigned)job->options->workers)
		sum += tally_get(&job->tallies[i], TALLY_ASKED) -
		    tally_get(&job->tallies[i], TALLY_OVER);
	return sum;
}

void
job_add_up(const struct job *job)
{
	unsigned workers = (unsigned)job->options->workers;

	for (unsigned i = 0; i < workers; i++)
		tally_merge(job->totals, &job->tallies[i]);
	for (unsigned i = workers; i < tallies(job); i++)
		tally_merge_warmup(job->totals, &job->tallies[i],
		    options_reopen(job->options));
}
