/* balancer: chooses by load words, sends to inboxes; see the header. */
#include "server/worker/balancer.h"

#include <unistd.h>

#include "common/base/assertion.h"

static const uint64_t one_open = 1;
static const uint64_t one_assigned = UINT64_C(1) << 32;

static uint32_t
sum_of_halves(uint64_t load)
{
	return (uint32_t)load + (uint32_t)(load >> 32);
}

void
balancer_init(struct balancer *b, struct stats_slot *slots,
    const struct inbox *inboxes, unsigned workers, unsigned self)
{
	ASSERT(self < workers);
	*b = (struct balancer){ .slots = slots,
		.inboxes = inboxes,
		.workers = workers,
		.self = self };
}

void
balancer_set_state(struct balancer *b, enum stats_state state)
{
	ASSERT(state == STATS_SLOT_READY || state == STATS_SLOT_DRAINING);
	atomic_store(&b->slots[b->self].state, state);
}

void
balancer_set_full(struct balancer *b, bool full)
{
	atomic_store(&b->slots[b->self].full, full);
}

int
balancer_inbox_fd(const struct balancer *b)
{
	return b->inboxes[b->self].rx_fd;
}

static bool
has_room(const struct stats_slot *slot)
{
	return atomic_load(&slot->state) == STATS_SLOT_READY &&
	    atomic_load(&slot->full) == 0;
}

static bool
is_stalled(const struct stats_slot *slot)
{
	return atomic_load(&slot->stalled) != 0;
}

/* Of the others that have room, the one with least load; self if none has. */
static unsigned
lightest_other(const struct balancer *b, uint64_t *load)
{
	unsigned best = b->self;
	uint32_t least = UINT32_MAX;

	for (unsigned i = 0; i < b->workers; i++) {
		const struct stats_slot *slot = &b->slots[i];
		uint64_t word = atomic_load(&slot->load);

		if (i == b->self || !has_room(slot) || is_stalled(slot) ||
		    sum_of_halves(word) >= least)
			continue;
		best = i;
		least = sum_of_halves(word);
		*load = word;
	}
	return best;
}

unsigned
balancer_choose(struct balancer *b)
{
	_Atomic uint64_t *own = &b->slots[b->self].load;
	uint64_t load = 0;

	ASSERT(has_room(&b->slots[b->self]));
	for (;;) {
		uint64_t here = atomic_load(own);
		unsigned target = lightest_other(b, &load);

		if (target != b->self &&
		    (is_stalled(&b->slots[b->self]) ||
			sum_of_halves(load) < sum_of_halves(here))) {
			if (atomic_compare_exchange_strong(
				&b->slots[target].load, &load,
				load + one_assigned))
				return target;
		} else if (atomic_compare_exchange_strong(
			       own, &here, here + one_open)) {
			return b->self;
		}
	}
}

void
balancer_cancel(struct balancer *b, unsigned target)
{
	uint64_t before;

	ASSERT(target < b->workers);
	if (target == b->self) {
		balancer_connection_ended(b);
		return;
	}
	before = atomic_fetch_sub(&b->slots[target].load, one_assigned);
	ASSERT(before >= one_assigned);
}

bool
balancer_hand_over(struct balancer *b, unsigned target, int fd)
{
	ASSERT(target < b->workers);
	if (target == b->self)
		return false;
	ASSERT(fd >= 0);
	if (inbox_send(&b->inboxes[target], fd) == 0) {
		(void)close(fd);
		return true;
	}
	balancer_cancel(b, target);
	atomic_fetch_add(&b->slots[b->self].load, one_open);
	return false;
}

enum balancer_received
balancer_receive(struct balancer *b, int *fd, int *spare_fd)
{
	uint64_t before;

	if (!inbox_receive(&b->inboxes[b->self], fd, spare_fd))
		return BALANCER_NONE;
	before =
	    atomic_fetch_add(&b->slots[b->self].load, one_open - one_assigned);
	ASSERT(before >= one_assigned);
	if (*fd >= 0)
		return BALANCER_RECEIVED;
	balancer_connection_ended(b);
	return BALANCER_LOST;
}

void
balancer_connection_ended(struct balancer *b)
{
	uint64_t before = atomic_fetch_sub(&b->slots[b->self].load, one_open);

	/* Below 0 it would borrow from the other half. */
	ASSERT((uint32_t)before > 0);
}

void
balancer_clear_dead(struct stats_slot *slot)
{
	atomic_fetch_and(&slot->load, ~UINT64_C(0) << 32);
	atomic_store(&slot->full, 0);
}

/* To the lightest that serves; false: there is none. */
static bool
pass_on(struct balancer *b, int fd)
{
	uint64_t load = 0;
	unsigned target;
	bool is_sent;

	do {
		target = lightest_other(b, &load);
		if (target == b->self)
			return false;
	} while (!atomic_compare_exchange_strong(
	    &b->slots[target].load, &load, load + one_assigned));
	is_sent = balancer_hand_over(b, target, fd); /* else open here again */
	balancer_connection_ended(b);
	return is_sent;
}

void
balancer_pass_on(struct balancer *b)
{
	int spare_fd = -1;
	int fd;

	if (atomic_load(&b->slots[b->self].load) < one_assigned)
		return;
	while (balancer_receive(b, &fd, &spare_fd) == BALANCER_RECEIVED) {
		if (pass_on(b, fd))
			continue;
		(void)close(fd);
		balancer_connection_ended(b);
	}
	if (spare_fd >= 0)
		(void)close(spare_fd);
}

uint64_t
balancer_open_everywhere(const struct balancer *b)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < b->workers; i++)
		sum += sum_of_halves(atomic_load(&b->slots[i].load));
	return sum;
}
