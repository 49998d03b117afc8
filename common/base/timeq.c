/* timeq: a first-in first-out queue of timers; see the header. */
#include "common/base/timeq.h"

#include <limits.h>
#include <stddef.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"

void
timeq_init(struct timeq *q, int64_t duration_ns)
{
	ASSERT(duration_ns >= 0);
	list_init(&q->timers);
	q->duration_ns = duration_ns;
}

void
timeq_init_timer(struct timeq_timer *t)
{
	list_init(&t->link);
	t->deadline_ns = 0;
}

void
timeq_arm(struct timeq *q, struct timeq_timer *t, int64_t now_ns)
{
	list_remove(&t->link);
	t->deadline_ns = 0;
	if (q->duration_ns == 0)
		return;
	if (__builtin_add_overflow(now_ns, q->duration_ns, &t->deadline_ns))
		t->deadline_ns = INT64_MAX; /* an option said 292 years */
	list_append(&q->timers, &t->link);
}

void
timeq_cancel(struct timeq_timer *t)
{
	list_remove(&t->link);
	t->deadline_ns = 0;
}

struct timeq_timer *
timeq_expired(struct timeq *q, int64_t now_ns)
{
	struct timeq_timer *t;

	if (list_empty(&q->timers))
		return NULL;
	t = CONTAINER_OF(q->timers.next, struct timeq_timer, link);
	if (t->deadline_ns > now_ns)
		return NULL;
	timeq_cancel(t);
	return t;
}

int64_t
timeq_wait_ns(const struct timeq *q, int64_t now_ns)
{
	const struct timeq_timer *t;

	if (list_empty(&q->timers))
		return -1;
	t = CONTAINER_OF(q->timers.next, const struct timeq_timer, link);
	return t->deadline_ns > now_ns ? t->deadline_ns - now_ns : 0;
}

int
timeq_poll_ms(int64_t wait_ns)
{
	int64_t ms = wait_ns / CLOCK_NS_PER_MS + 1;

	if (wait_ns < 0)
		return -1;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}
