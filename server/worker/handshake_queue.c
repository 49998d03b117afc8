/* handshake_queue: places for handshakes, and a line; see the header. */
#include "server/worker/handshake_queue.h"

#include "common/base/assertion.h"

void
handshake_queue_init(struct handshake_queue *q, uint64_t max)
{
	*q = (struct handshake_queue){ .max = max };
	list_init(&q->waiting);
	timeq_init(&q->admitted, HANDSHAKE_LEASE_NS);
}

void
handshake_place_init(struct handshake_place *place)
{
	timeq_init_timer(&place->timer);
	place->state = HANDSHAKE_OUTSIDE;
}

static bool
has_place(const struct handshake_queue *q)
{
	return q->max == 0 || q->taken < q->max;
}

static void
admit(struct handshake_queue *q, struct handshake_place *place, int64_t now_ns)
{
	place->state = HANDSHAKE_ADMITTED;
	timeq_arm(&q->admitted, &place->timer, now_ns);
	q->taken++;
}

bool
handshake_queue_enter(
    struct handshake_queue *q, struct handshake_place *place, int64_t now_ns)
{
	ASSERT(place->state == HANDSHAKE_OUTSIDE);
	if (list_empty(&q->waiting) && has_place(q)) {
		admit(q, place, now_ns);
		return true;
	}
	place->state = HANDSHAKE_WAITING;
	list_append(&q->waiting, &place->timer.link);
	return false;
}

void
handshake_queue_leave(struct handshake_queue *q, struct handshake_place *place)
{
	if (place->state == HANDSHAKE_ADMITTED) {
		ASSERT(q->taken > 0);
		q->taken--;
	}
	timeq_cancel(&place->timer);
	place->state = HANDSHAKE_OUTSIDE;
}

static void
end_leases(struct handshake_queue *q, int64_t now_ns)
{
	struct timeq_timer *timer;

	while ((timer = timeq_expired(&q->admitted, now_ns)) != NULL)
		handshake_queue_leave(
		    q, CONTAINER_OF(timer, struct handshake_place, timer));
}

struct handshake_place *
handshake_queue_next(struct handshake_queue *q, int64_t now_ns)
{
	struct handshake_place *place;
	struct list *link;

	if (list_empty(&q->waiting))
		return NULL;
	end_leases(q, now_ns);
	link = has_place(q) ? list_pop(&q->waiting) : NULL;
	if (link == NULL)
		return NULL;
	place = CONTAINER_OF(link, struct handshake_place, timer.link);
	admit(q, place, now_ns);
	return place;
}

int64_t
handshake_queue_wait_ns(const struct handshake_queue *q, int64_t now_ns)
{
	if (list_empty(&q->waiting))
		return -1;
	return has_place(q) ? 0 : timeq_wait_ns(&q->admitted, now_ns);
}
