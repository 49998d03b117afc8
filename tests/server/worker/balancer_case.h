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

static struct stats_slot *slots; /* shared with children */
static struct inboxes inboxes;
static struct balancer of[CONFIG_WORKERS_MAX];

static inline void
setup(unsigned workers)
{
	struct errmsg e;

	slots = mmap(NULL, workers * sizeof *slots, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(slots, MAP_FAILED);
	ck_assert_int_eq(inboxes_open(&inboxes, workers, &e), 0);
	for (unsigned i = 0; i < workers; i++) {
		atomic_store(&slots[i].state, STATS_SLOT_READY);
		of[i].inboxes = &inboxes;
		of[i].workers = workers;
		of[i].self = i;
		of[i].spare_fd = -1;
		fdpass_keep_spare(&of[i].spare_fd);
		for (unsigned k = 0; k < workers; k++)
			of[i].slots[k] = &slots[k];
	}
}

static inline void
teardown(unsigned workers)
{
	for (unsigned i = 0; i < workers; i++)
		(void)close(of[i].spare_fd);
	inboxes_close(&inboxes);
	(void)munmap(slots, workers * sizeof *slots);
}

static inline uint64_t
open_of(unsigned i)
{
	return atomic_load(&slots[i].load) & 0xffffffff;
}

static inline uint64_t
assigned_of(unsigned i)
{
	return atomic_load(&slots[i].load) >> 32;
}

static inline int
some_fd(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* What an handshakes does; the worker that it went to. */
static inline unsigned
place(struct balancer *p, int fd)
{
	unsigned target = balancer_choose(p);

	if (target != p->self && balancer_hand_over(p, target, fd) != 0)
		return p->self;
	return target;
}

static inline unsigned
take_all(struct balancer *p)
{
	unsigned count = 0;
	int fd;

	while (balancer_take(p, &fd) == BALANCER_TAKEN) {
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
		ck_assert_uint_eq(assigned_of(i), 0);
		sum += open_of(i);
		least = open_of(i) < least ? open_of(i) : least;
		most = open_of(i) > most ? open_of(i) : most;
	}
	ck_assert_uint_eq(sum, total);
	ck_assert_uint_le(most - least, 1);
}

#endif
