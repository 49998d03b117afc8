/* run_files: threads that take one file after another; see the header. */
#include "client/runs/run_files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
	THREADS_MAX = 15
};

struct reading {
	struct run *runs;
	struct errmsg *whys;
	char *const *paths;
	size_t count;
	atomic_size_t next;
};

static void *
read_some(void *reading)
{
	struct reading *r = reading;
	size_t i;

	while ((i = atomic_fetch_add(&r->next, 1)) < r->count)
		(void)run_read(&r->runs[i], r->paths[i], &r->whys[i]);
	return NULL;
}

void
run_files_read(
    struct run *runs, struct errmsg *whys, char *const *paths, size_t count)
{
	struct reading r = { runs, whys, paths, count, 0 };
	long wanted = sysconf(_SC_NPROCESSORS_ONLN) - 1;
	pthread_t threads[THREADS_MAX];
	int started = 0;

	while (started < wanted && started < THREADS_MAX &&
	    (size_t)started + 1 < count &&
	    pthread_create(&threads[started], NULL, read_some, &r) == 0)
		started++;
	(void)read_some(&r);
	while (started > 0)
		(void)pthread_join(threads[--started], NULL);
}
