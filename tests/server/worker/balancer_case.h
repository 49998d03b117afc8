/*
 * balancer_case: slots and inboxes of some workers, all of them in this
 * process, or shared with its children.
 */
#ifndef TESTS_SERVER_WORKER_BALANCER_CASE_H
#define TESTS_SERVER_WORKER_BALANCER_CASE_H

#include <check.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/sys/fdpass.h"
#include "server/worker/balancer.h"

enum {
	CASE_WORKERS_MAX = 8
};

static struct stats_slot *slots; /* shared with children */
static struct inbox inboxes[CASE_WORKERS_MAX];
static struct balancer of[CASE_WORKERS_MAX];
static int spare_fd = -1;

static inline void
setup(unsigned workers)
{
	struct errmsg e;

	slots = mmap(NULL, workers * sizeof *slots, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(slots, MAP_FAILED);
	for (unsigned i = 0; i < workers; i++) {
		ck_assert_int_eq(inbox_open(&inboxes[i], &e), 0);
		balancer_init(&of[i], slots, inboxes, workers, i);
		balancer_set_state(&of[i], STATS_SLOT_READY);
	}
	fdpass_keep_spare(&spare_fd);
}

static inline void
teardown(unsigned workers)
{
	(void)close(spare_fd);
	for (unsigned i = 0; i < workers; i++)
		inbox_close(&inboxes[i]);
	(void)munmap(slots, workers * sizeof *slots);
}

static inline void
set_load(unsigned i, uint64_t open, uint64_t assigned)
{
	atomic_store(&slots[i].load, open + (assigned << 32));
}

static inline void
expect_load(unsigned i, uint64_t open, uint64_t assigned)
{
	uint64_t load = atomic_load(&slots[i].load);

	ck_assert_uint_eq(load & UINT32_MAX, open);
	ck_assert_uint_eq(load >> 32, assigned);
}

static inline int
some_fd(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* What an acceptor does; the worker that it went to. */
static inline unsigned
place(struct balancer *b, int fd)
{
	unsigned target = balancer_choose(b);

	return balancer_hand_over(b, target, fd) ? target : b->self;
}

/* Threads at once have a spare descriptor each. */
static inline unsigned
take_all(struct balancer *b, int *spare)
{
	unsigned count = 0;
	int fd;

	while (balancer_receive(b, &fd, spare) == BALANCER_RECEIVED) {
		(void)close(fd);
		count++;
	}
	return count;
}

static inline void
within_one(unsigned workers, uint64_t total)
{
	uint64_t least = UINT64_MAX, most = 0, sum = 0;

	for (unsigned i = 0; i < workers; i++) {
		uint64_t open = atomic_load(&slots[i].load);

		sum += open; /* were any assigned, it would be far too much */
		least = open < least ? open : least;
		most = open > most ? open : most;
	}
	ck_assert_uint_eq(sum, total);
	ck_assert_uint_le(most - least, 1);
}

#endif
