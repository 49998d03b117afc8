/* crr: the callbacks of flows that come and go; see the header. */
#include "client/load/crr.h"

#include "client/options.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/tls/resume.h"

/* How long a connection rests whose transaction failed: nobody is hammered. */
static const int64_t rest_ns = 100 * CLOCK_NS_PER_MS;

static struct crr *
crr_of(struct flow *f)
{
	return (struct crr *)load_of(f);
}

/* Before the handshake; for each address that is tried. */
static void
on_connect(struct flow *f)
{
	if (f->ticket != NULL)
		(void)tls_resume_offer(f->conn.tls, f->ticket);
}

static void
on_open(struct flow *f)
{
	flow_begin(f, 0);
}

static void
on_echo(struct flow *f)
{
	struct crr *v = crr_of(f);
	struct tls_resume *kept;

	if (v->load.options->resume) {
		kept = tls_resume_take(f->conn.tls);
		if (kept != NULL)
			tally_add(f->group->tally, TALLY_TICKETS, 1);
		tickets_put(&v->tickets, kept);
	}
	flow_leave(f);
}

/* A server sees a ticket once; one that nobody has seen is as good as new. */
static void
drop_ticket(struct crr *v, struct flow *f)
{
	if (f->unheard)
		tickets_put(&v->tickets, f->ticket);
	else
		tls_resume_free(&f->ticket);
	f->ticket = NULL;
}

/* From here on it may begin another one, but not before the next turn. */
static void
on_over(struct flow *f)
{
	struct crr *v = crr_of(f);
	struct tally *tally = f->group->tally;
	int64_t now_ns = f->group->loop->now_ns;

	v->active--;
	drop_ticket(v, f);
	if (f->failed) {
		timeq_arm(&v->resting, &f->timer, now_ns);
		return;
	}
	list_append(&v->free, &f->link);
	if (!f->made)
		return; /* cut short: the master is dead */
	tally_add(tally, TALLY_TRANSACTIONS, 1);
	hist_add(&tally->transaction, now_ns - f->began_ns, 1);
}

const struct flow_ops crr_flow_ops = {
	.on_connect = on_connect,
	.on_open = on_open,
	.on_echo = on_echo,
	.on_over = on_over,
};

int
crr_init(struct load *l)
{
	struct crr *v = (struct crr *)l;

	list_init(&v->free);
	timeq_init(&v->resting, rest_ns);
	for (unsigned i = 0; i < l->count; i++)
		list_append(&v->free, &l->flows[i].link);
	return tickets_init(&v->tickets, l->count);
}

void
crr_fini(struct load *l)
{
	struct crr *v = (struct crr *)l;

	tickets_fini(&v->tickets);
}

void
crr_wake(struct crr *v, int64_t now_ns)
{
	struct timeq_timer *timer;

	while ((timer = timeq_expired(&v->resting, now_ns)) != NULL)
		list_append(
		    &v->free, &CONTAINER_OF(timer, struct flow, timer)->link);
}

void
crr_begin(struct crr *v, int64_t began_ns)
{
	struct list *link = list_pop(&v->free);
	struct flow *f;

	ASSERT(link != NULL);
	f = CONTAINER_OF(link, struct flow, link);
	v->active++;
	f->began_ns = began_ns;
	f->ticket = tickets_get(&v->tickets);
	flow_connect(f);
}

int64_t
crr_wait_ns(const struct crr *v, int64_t now_ns)
{
	return crr_can_begin(v) ? 0 : timeq_wait_ns(&v->resting, now_ns);
}
