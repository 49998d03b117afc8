/* crr: the callbacks of flows that come and go; see the header. */
#include "client/load/crr.h"

#include "client/options.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"

/*
 * How long a connection rests after its transaction has failed, so that a
 * server that refuses is not asked as fast as a CPU can ask.
 */
static const int64_t rest_ns = 100 * CLOCK_NS_PER_MS;

static struct crr *
crr_of(struct flow *f)
{
	return (struct crr *)load_of(f);
}

static void
on_open(struct flow *f)
{
	if (f->group->no_echo)
		flow_leave(f);
	else
		flow_begin(f, 0);
}

static void
on_echo(struct flow *f)
{
	flow_leave(f);
}

/* From here on it can begin another one, but that waits for the next turn. */
static void
on_over(struct flow *f)
{
	struct crr *c = crr_of(f);
	struct crr_flow *cf = (struct crr_flow *)f;
	struct tally *tally = f->group->tally;
	int64_t now_ns = f->group->loop->now_ns;

	ASSERT(c->active > 0);
	c->active--;
	if (f->failed && !f->as_expected) {
		timeq_arm(&c->resting, &cf->rest, now_ns);
		return;
	}
	list_append(&c->free, &cf->link);
	if (!f->made)
		return; /* refused; or cut short, for the master is dead */
	tally_add(tally, TALLY_TRANSACTIONS, 1);
	hist_add(
	    &tally->hists[TALLY_HIST_TRANSACTION], now_ns - cf->began_ns, 1);
	if (c->load.options->rate > 0)
		hist_add(&tally->hists[TALLY_HIST_SERVICE],
		    now_ns - cf->connect_ns, 1);
}

const struct flow_ops crr_flow_ops = {
	.on_open = on_open,
	.on_echo = on_echo,
	.on_over = on_over,
};

int
crr_init(struct load *l)
{
	struct crr *c = (struct crr *)l;

	list_init(&c->free);
	timeq_init(&c->resting, rest_ns);
	for (unsigned i = 0; i < l->count; i++) {
		struct crr_flow *cf = (struct crr_flow *)load_flow(l, i);

		timeq_init_timer(&cf->rest);
		list_init(&cf->link);
		list_append(&c->free, &cf->link);
	}
	return 0;
}

void
crr_wake(struct crr *c, int64_t now_ns)
{
	struct timeq_timer *timer;

	while ((timer = timeq_expired(&c->resting, now_ns)) != NULL)
		list_append(&c->free,
		    &CONTAINER_OF(timer, struct crr_flow, rest)->link);
}

void
crr_begin(struct crr *c, int64_t began_ns)
{
	struct list *link = list_pop(&c->free);
	struct crr_flow *cf;

	ASSERT(link != NULL);
	cf = CONTAINER_OF(link, struct crr_flow, link);
	c->active++;
	cf->began_ns = began_ns;
	cf->connect_ns = c->load.group.loop->now_ns;
	if (cf->connect_ns < began_ns)
		cf->connect_ns = began_ns;
	flow_connect(&cf->flow);
}

int64_t
crr_wait_ns(const struct crr *c, int64_t now_ns)
{
	return crr_can_begin(c) ? pace_wait_ns(&c->load.pace, now_ns)
				: timeq_wait_ns(&c->resting, now_ns);
}
