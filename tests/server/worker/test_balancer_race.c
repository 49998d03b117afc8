/* test_balancer_race: workers that accept, place and take all at once. */
#include <pthread.h>
#include <stdlib.h>

#include "server/worker/balancer.h"
#include "tests/server/worker/balancer_case.h"
#include "tests/support/in_child.h"
#include "tests/support/suite.h"

enum {
	WORKERS = 4,
	EACH = 500, /* connections that a worker accepts */
};

static pthread_barrier_t *start;

/* A worker of a race: accepts, places, takes what came. */
static void
accept_and_take(struct balancer *b)
{
	int spare = -1;

	(void)pthread_barrier_wait(start);
	for (int i = 0; i < EACH; i++) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (place(b, fd) == b->self)
			(void)close(fd);
		(void)take_all(b, &spare);
	}
	(void)close(spare);
}

static void
open_barrier(void)
{
	pthread_barrierattr_t attr;

	start = mmap(NULL, sizeof *start, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(start, MAP_FAILED);
	(void)pthread_barrierattr_init(&attr);
	(void)pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_barrier_init(start, &attr, WORKERS);
	(void)pthread_barrierattr_destroy(&attr);
}

static void *
thread_body(void *balancer)
{
	accept_and_take(balancer);
	return NULL;
}

START_TEST(threads_at_once)
{
	pthread_t threads[WORKERS];

	setup(WORKERS);
	open_barrier();
	for (int i = 0; i < WORKERS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, thread_body, &of[i]), 0);
	for (int i = 0; i < WORKERS; i++)
		(void)pthread_join(threads[i], NULL);
	for (int i = 0; i < WORKERS; i++)
		(void)take_all(&of[i], &spare_fd);
	within_one(WORKERS, (uint64_t)WORKERS * EACH);
	teardown(WORKERS);
}
END_TEST

START_TEST(processes_at_once)
{
	pid_t pids[WORKERS];

	setup(WORKERS);
	open_barrier();
	for (int i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		ck_assert_int_ge(pids[i], 0);
		if (pids[i] == 0) {
			accept_and_take(&of[i]);
			_exit(0);
		}
	}
	for (int i = 0; i < WORKERS; i++)
		ck_assert_int_eq(in_child_wait(pids[i]), 0);
	for (int i = 0; i < WORKERS; i++)
		(void)take_all(&of[i], &spare_fd);
	within_one(WORKERS, (uint64_t)WORKERS * EACH);
	teardown(WORKERS);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/worker/balancer_race");

	SUITE_ADD(s, threads_at_once);
	SUITE_ADD(s, processes_at_once);
	return suite_run(s, argc, argv);
}
