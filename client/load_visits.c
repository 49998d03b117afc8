/*
 * load_visits: a storm of handshakes: each connection is opened, proven by one
 * echo and closed, over and over, in a closed loop or at a given rate.
 */
#include "client/load.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/assertion.h"
#include "common/clock.h"
#include "common/tls_resume.h"

/* How long a connection rests whose visit failed: nobody is hammered. */
static const int64_t rest_ns = 100 * CLOCK_NS_PER_MS;

static int
init(struct load *l)
{
	list_init(&l->free);
	timeq_init(&l->resting, rest_ns);
	for (unsigned i = 0; i < l->count; i++)
		list_append(&l->free, &l->flows[i].link);
	return tickets_init(&l->tickets, l->count);
}

/* Before the handshake. */
static void
on_connect(struct flow *f)
{
	struct load *l = load_of(f);
	struct tls_resume *kept = tickets_get(&l->tickets);

	if (kept != NULL)
		(void)tls_resume_offer(f->conn.tls, kept);
	tls_resume_free(&kept);
}

static void
on_open(struct flow *f)
{
	flow_begin(f, 0);
}

static void
on_echo(struct flow *f)
{
	struct load *l = load_of(f);
	struct tls_resume *kept;

	if (l->options->resume) {
		kept = tls_resume_take(f->conn.tls);
		if (kept != NULL)
			tally_add(l->group.tally, TALLY_TICKETS, 1);
		tickets_put(&l->tickets, kept);
	}
	flow_leave(f);
}

/* From here on it may visit again, but not before the next turn. */
static void
on_over(struct flow *f)
{
	struct load *l = load_of(f);
	int64_t now_ns = l->group.loop->now_ns;

	l->active--;
	if (f->failed) {
		timeq_arm(&l->resting, &f->timer, now_ns);
		return;
	}
	list_append(&l->free, &f->link);
	if (!f->made)
		return; /* cut short: the master is dead */
	tally_add(l->group.tally, TALLY_VISITS, 1);
	hist_add(&l->group.tally->visit, now_ns - f->began_ns, 1);
}

static void
wake_rested(struct load *l, int64_t now_ns)
{
	struct timeq_timer *timer;

	while ((timer = timeq_expired(&l->resting, now_ns)) != NULL)
		list_append(
		    &l->free, &LIST_OWNER(timer, struct flow, timer)->link);
}

static void
visit(struct load *l, int64_t began_ns)
{
	struct list *link = list_pop(&l->free);
	struct flow *f;

	ASSERT(link != NULL);
	f = LIST_OWNER(link, struct flow, link);
	l->active++;
	f->began_ns = began_ns;
	flow_connect(f);
}

/* Closed loop: whoever is free. */
static void
visit_again(struct load *l, int64_t now_ns)
{
	while (!list_empty(&l->free) && load_may_begin(l)) {
		l->budget--;
		visit(l, now_ns);
	}
}

/* Open loop: whatever is due. Those for whom nobody is free wait, in order. */
static void
visit_in_time(struct load *l)
{
	struct schedule *s = &l->schedule;
	struct tally *tally = l->group.tally;
	uint64_t first = s->noticed;

	schedule_notice(s, tally, clock_now_ns());
	while (!list_empty(&l->free) && l->begun_events < s->noticed) {
		tally_add(tally, TALLY_STARTED, 1);
		visit(l, schedule_time(s, l->begun_events++));
	}
	if (first < l->begun_events)
		first = l->begun_events;
	tally_add(tally, TALLY_CROWDED, s->noticed - first);
}

static void
turn(struct load *l, int64_t now_ns)
{
	wake_rested(l, now_ns);
	if (l->options->rate == 0)
		visit_again(l, now_ns);
	else if (!l->group.stopping)
		visit_in_time(l);
}

/* That something is, or will be, to be visited. */
static bool
goes_on(const struct load *l)
{
	if (l->options->rate == 0)
		return load_may_begin(l);
	return !l->group.stopping &&
	    (!schedule_is_done(&l->schedule) ||
		l->begun_events < l->schedule.noticed);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	const struct schedule *s = &l->schedule;
	int64_t rested_ns = timeq_wait_ns(&l->resting, now_ns);
	bool wanted = l->options->rate == 0 || l->begun_events < s->noticed;

	if (!goes_on(l))
		return -1;
	if (wanted && !list_empty(&l->free))
		return 0;
	return l->options->rate == 0
	    ? rested_ns
	    : timeq_min_wait(rested_ns, schedule_wait_ns(s, now_ns));
}

static bool
is_over(const struct load *l)
{
	return l->active == 0 && !goes_on(l);
}

const struct load_kind load_visits = {
	.flow_ops = { .on_connect = on_connect,
	    .on_open = on_open,
	    .on_echo = on_echo,
	    .on_over = on_over },
	.init = init,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
