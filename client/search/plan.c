/* plan: doubling, halving, confirming; see the header. */
#include "client/search/plan.h"

#include <math.h>

#include "common/base/assertion.h"

/* Near enough: the gap between held and missed, as a share. */
static const double gap = 0.02;

static const double first_step_back = 0.03;
static const double last_step_back = 0.25; /* 3, 6, 12, 24 percent */

/* For people: thousandths below 1, tenths below 1,000, else whole. */
static double
rounded(double rate)
{
	double parts = rate < 1 ? 1000 : rate < 1000 ? 10 : 1;
	double nearest = round(rate * parts) / parts;

	return nearest > 0 ? nearest : rate;
}

static double
within(double rate, double least, double most)
{
	if (rate < least)
		return least;
	return rate < most ? rate : most;
}

void
plan_init(struct plan *p, double start, double most, double least)
{
	*p = (struct plan){ .start = within(start, least, most),
		.most = most,
		.least = least,
		.back = first_step_back };
}

double
plan_next(const struct plan *p)
{
	if (p->is_over)
		return 0;
	if (p->confirms)
		return p->low;
	if (p->low <= 0 && p->high <= 0)
		return p->start >= p->most ? p->most : rounded(p->start);
	if (p->low <= 0)
		return rounded(within(p->guess, p->least, p->high));
	if (p->high <= 0)
		return 2 * p->low >= p->most ? p->most : rounded(2 * p->low);
	return rounded((p->low + p->high) / 2);
}

/* Low is not to be raised any more. */
static bool
is_near(const struct plan *p)
{
	if (p->low <= 0)
		return false;
	if (p->high <= 0)
		return p->low >= p->most;
	return p->high - p->low <= gap * p->high ||
	    rounded((p->low + p->high) / 2) <= p->low ||
	    rounded((p->low + p->high) / 2) >= p->high;
}

static void
tell_confirmation(struct plan *p, bool held)
{
	if (held)
		p->found = p->low;
	else
		p->high = p->low;
	p->low = rounded(p->low * (1 - p->back));
	p->is_over = held || p->back > last_step_back || p->low < p->least;
	p->back *= 2;
}

/*
 * What was made of a rate far too high is near what can be; at most half, so
 * that latencies that are too long at any rate end the search, too.
 */
static void
lower_guess(struct plan *p, double made)
{
	p->guess = within(made, p->high / 16, p->high / 2);
	p->is_over = p->high <= p->least;
}

void
plan_tell(struct plan *p, bool held, double made)
{
	double rate = plan_next(p);

	ASSERT(!p->is_over);
	if (p->confirms) {
		tell_confirmation(p, held);
		return;
	}
	if (held)
		p->low = rate;
	else
		p->high = rate;
	if (p->low <= 0)
		lower_guess(p, made);
	p->confirms = is_near(p);
}
