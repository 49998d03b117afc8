/*
 * load_visits: a storm of handshakes: each connection is opened, proven by one
 * echo and closed, over and over, in a closed loop or at a given rate.
 */
#include "client/load.h"
#include "client/options.h"
#include "client/schedule.h"
#include "client/tally.h"
#include "client/tickets.h"
#include "common/assertion.h"
#include "common/clock.h"
#include "common/tls_resume.h"

/* How long a connection rests whose visit failed: nobody is hammered. */
static const int64_t rest_ns = 100 * CLOCK_NS_PER_MS;

struct visits {
	struct load load;
	struct list free;     /* flows that may visit */
	struct timeq resting; /* flows that may not yet */
	unsigned active;      /* the others */
	struct tickets tickets;
	/* With --rate. */
	struct schedule schedule;
	uint64_t begun_events; /* of those noticed */
};

static struct visits *
visits_of(struct flow *f)
{
	return (struct visits *)load_of(f);
}

static int
init(struct load *l)
{
	struct visits *v = (struct visits *)l;

	list_init(&v->free);
	timeq_init(&v->resting, rest_ns);
	for (unsigned i = 0; i < l->count; i++)
		list_append(&v->free, &l->flows[i].link);
	return tickets_init(&v->tickets, l->count);
}

static void
fini(struct load *l)
{
	struct visits *v = (struct visits *)l;

	tickets_fini(&v->tickets);
}

static void
start(struct load *l, int64_t start_ns)
{
	struct visits *v = (struct visits *)l;

	if (l->options->rate > 0)
		schedule_init(&v->schedule, l->options, l->group.worker,
		    start_ns, l->stop_ns);
}

/* Before the handshake. */
static void
on_connect(struct flow *f)
{
	struct tls_resume *kept = tickets_get(&visits_of(f)->tickets);

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
	struct visits *v = visits_of(f);
	struct tls_resume *kept;

	if (v->load.options->resume) {
		kept = tls_resume_take(f->conn.tls);
		if (kept != NULL)
			tally_add(f->group->tally, TALLY_TICKETS, 1);
		tickets_put(&v->tickets, kept);
	}
	flow_leave(f);
}

/* From here on it may visit again, but not before the next turn. */
static void
on_over(struct flow *f)
{
	struct visits *v = visits_of(f);
	struct tally *tally = f->group->tally;
	int64_t now_ns = f->group->loop->now_ns;

	v->active--;
	if (f->failed) {
		timeq_arm(&v->resting, &f->timer, now_ns);
		return;
	}
	list_append(&v->free, &f->link);
	if (!f->made)
		return; /* cut short: the master is dead */
	tally_add(tally, TALLY_VISITS, 1);
	hist_add(&tally->visit, now_ns - f->began_ns, 1);
}

static void
wake_rested(struct visits *v, int64_t now_ns)
{
	struct timeq_timer *timer;

	while ((timer = timeq_expired(&v->resting, now_ns)) != NULL)
		list_append(
		    &v->free, &LIST_OWNER(timer, struct flow, timer)->link);
}

static void
visit(struct visits *v, int64_t began_ns)
{
	struct list *link = list_pop(&v->free);
	struct flow *f;

	ASSERT(link != NULL);
	f = LIST_OWNER(link, struct flow, link);
	v->active++;
	f->began_ns = began_ns;
	flow_connect(f);
}

/* Closed loop: whoever is free. */
static void
visit_again(struct visits *v, int64_t now_ns)
{
	while (!list_empty(&v->free) && load_may_begin(&v->load)) {
		v->load.budget--;
		visit(v, now_ns);
	}
}

/* Open loop: whatever is due. Those for whom nobody is free wait, in order. */
static void
visit_in_time(struct visits *v)
{
	struct schedule *s = &v->schedule;
	struct tally *tally = v->load.group.tally;
	uint64_t first = s->noticed;

	schedule_notice(s, tally, clock_now_ns());
	while (!list_empty(&v->free) && v->begun_events < s->noticed) {
		tally_add(tally, TALLY_STARTED, 1);
		visit(v, schedule_time(s, v->begun_events++));
	}
	if (first < v->begun_events)
		first = v->begun_events;
	tally_add(tally, TALLY_CROWDED, s->noticed - first);
}

static void
turn(struct load *l, int64_t now_ns)
{
	struct visits *v = (struct visits *)l;

	wake_rested(v, now_ns);
	if (l->options->rate == 0)
		visit_again(v, now_ns);
	else if (!l->group.stopping)
		visit_in_time(v);
}

/* That something is, or will be, to be visited. */
static bool
goes_on(const struct visits *v)
{
	if (v->load.options->rate == 0)
		return load_may_begin(&v->load);
	return !v->load.group.stopping &&
	    (!schedule_is_done(&v->schedule) ||
		v->begun_events < v->schedule.noticed);
}

static int64_t
wait_ns(const struct load *l, int64_t now_ns)
{
	const struct visits *v = (const struct visits *)l;
	int64_t rested_ns = timeq_wait_ns(&v->resting, now_ns);
	bool wanted =
	    l->options->rate == 0 || v->begun_events < v->schedule.noticed;

	if (!goes_on(v))
		return -1;
	if (wanted && !list_empty(&v->free))
		return 0;
	return l->options->rate == 0
	    ? rested_ns
	    : timeq_min_wait(rested_ns, schedule_wait_ns(&v->schedule, now_ns));
}

static bool
is_over(const struct load *l)
{
	const struct visits *v = (const struct visits *)l;

	return v->active == 0 && !goes_on(v);
}

const struct load_kind load_visits = {
	.flow_ops = { .on_connect = on_connect,
	    .on_open = on_open,
	    .on_echo = on_echo,
	    .on_over = on_over },
	.size = sizeof(struct visits),
	.init = init,
	.fini = fini,
	.start = start,
	.turn = turn,
	.wait_ns = wait_ns,
	.is_over = is_over,
};
