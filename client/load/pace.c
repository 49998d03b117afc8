/* pace: moments on a grid that all workers share; see the header. */
#include "client/load/pace.h"

#include "common/base/assertion.h"
#include "common/base/clock.h"

/* The first moment after now_ns, of those that are whole gaps away. */
static void
skip_missed(struct pace *p, int64_t now_ns)
{
	if (p->next_ns <= now_ns)
		p->next_ns +=
		    ((now_ns - p->next_ns) / p->gap_ns + 1) * p->gap_ns;
}

/* The gap is rounded up, so that there are never more than the rate. */
void
pace_init(struct pace *p, uint64_t rate, unsigned worker, unsigned workers,
    int64_t now_ns)
{
	ASSERT(worker < workers && rate <= (uint64_t)CLOCK_NS_PER_S);
	*p = (struct pace){ .gap_ns = 0 };
	if (rate == 0)
		return;
	p->gap_ns =
	    (int64_t)((workers * (uint64_t)CLOCK_NS_PER_S + rate - 1) / rate);
	p->next_ns = p->gap_ns * worker / workers;
	skip_missed(p, now_ns);
}

int64_t
pace_wait_ns(const struct pace *p, int64_t now_ns)
{
	return p->next_ns > now_ns ? p->next_ns - now_ns : 0;
}

bool
pace_take(struct pace *p, int64_t now_ns)
{
	if (now_ns < p->next_ns)
		return false;
	if (p->gap_ns > 0)
		skip_missed(p, now_ns);
	return true;
}
