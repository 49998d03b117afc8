/* balancer: load words and inboxes; see the header. */
#include "server/worker/balancer.h"

#include <sys/socket.h>
#include <unistd.h>

#include "common/sys/fd.h"
#include "common/sys/fdpass.h"

enum {
	INBOX_BYTES = 1 << 20
};

static const uint64_t one_open = 1;
static const uint64_t one_assigned = UINT64_C(1) << 32;

static uint32_t
sum_of_halves(uint64_t load)
{
	return (uint32_t)load + (uint32_t)(load >> 32);
}

int
inboxes_open(struct inboxes *inboxes, unsigned count, struct errmsg *e)
{
	const int room = INBOX_BYTES;
	inboxes->count = 0;
	for (unsigned i = 0; i < count; i++) {
		if (fd_open_pair(&inboxes->rx[i], &inboxes->tx[i], e) < 0) {
			inboxes_close(inboxes);
			return errmsg_prepend(e, "inbox");
		}
		inboxes->count++;
		(void)setsockopt(
		    inboxes->tx[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	}
	return 0;
}

void
inboxes_close(struct inboxes *inboxes)
{
	for (unsigned i = 0; i < inboxes->count; i++) {
		(void)close(inboxes->rx[i]);
		(void)close(inboxes->tx[i]);
	}
	inboxes->count = 0;
}

void
inboxes_keep(struct inboxes *inboxes, unsigned self)
{
	for (unsigned i = 0; i < inboxes->count; i++) {
		if (i == self)
			continue;
		(void)close(inboxes->rx[i]);
		inboxes->rx[i] = -1;
	}
}

void
balancer_forget(struct stats_slot *slot)
{
	atomic_fetch_and(&slot->load, ~UINT64_C(0) << 32);
	atomic_store(&slot->full, 0);
}

void
balancer_leave(struct balancer *p)
{
	atomic_fetch_sub(&p->slots[p->self]->load, one_open);
}

void
balancer_set_full(struct balancer *p, bool full)
{
	atomic_store(&p->slots[p->self]->full, full);
}

static bool
has_room(const struct stats_slot *slot)
{
	return atomic_load(&slot->state) == STATS_SLOT_READY &&
	    atomic_load(&slot->full) == 0;
}

/* The lightest worker with room but self, and its load word; self if none. */
static unsigned
lightest_other(const struct balancer *p, uint64_t *load)
{
	unsigned best = p->self;
	uint32_t least = UINT32_MAX;

	for (unsigned i = 0; i < p->workers; i++) {
		const struct stats_slot *slot = p->slots[i];
		uint64_t word = atomic_load(&slot->load);

		if (i == p->self || !has_room(slot) ||
		    sum_of_halves(word) >= least)
			continue;
		best = i;
		least = sum_of_halves(word);
		*load = word;
	}
	return best;
}

unsigned
balancer_choose(struct balancer *p)
{
	_Atomic uint64_t *own = &p->slots[p->self]->load;
	uint64_t load = 0;

	for (;;) {
		uint64_t here = atomic_load(own);
		unsigned target = lightest_other(p, &load);

		if (target != p->self &&
		    sum_of_halves(load) < sum_of_halves(here)) {
			if (atomic_compare_exchange_strong(
				&p->slots[target]->load, &load,
				load + one_assigned))
				return target;
		} else if (atomic_compare_exchange_strong(
			       own, &here, here + one_open)) {
			return p->self;
		}
	}
}

void
balancer_take_back(struct balancer *p, unsigned target)
{
	atomic_fetch_sub(&p->slots[target]->load,
	    target == p->self ? one_open : one_assigned);
}

int
balancer_hand_over(struct balancer *p, unsigned target, int fd)
{
	const char byte = 'c';
	int error = fdpass_send(p->inboxes->tx[target], &byte, 1, fd);

	if (error != 0) {
		balancer_take_back(p, target);
		atomic_fetch_add(&p->slots[p->self]->load, one_open);
		return error;
	}
	(void)close(fd);
	return 0;
}

/*
 * If the spare descriptor cannot be had again, the limit is reached, and the
 * newcomer has to go.
 */
enum balancer_taken
balancer_take(struct balancer *p, int *fd)
{
	char byte;

	if (fdpass_receive_with_spare(
		p->inboxes->rx[p->self], &byte, 1, fd, &p->spare_fd) <= 0)
		return BALANCER_NONE;
	atomic_fetch_add(&p->slots[p->self]->load, one_open - one_assigned);
	if (*fd >= 0 && p->spare_fd >= 0)
		return BALANCER_TAKEN;
	if (*fd >= 0)
		(void)close(*fd);
	fdpass_keep_spare(&p->spare_fd);
	balancer_leave(p);
	return BALANCER_LOST;
}

uint64_t
balancer_open_everywhere(const struct balancer *p)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < p->workers; i++)
		sum += sum_of_halves(atomic_load(&p->slots[i]->load));
	return sum;
}
