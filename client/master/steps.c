/* steps: a line out, a byte in; see the header. */
#include "client/master/steps.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/container_of.h"
#include "common/sys/file.h"

/* A byte, or the end of the file: both mean go on. */
static void
on_ready(struct io_watch *watch)
{
	struct steps *steps = CONTAINER_OF(watch, struct steps, watch);
	char byte;
	ssize_t n = read(steps->fd, &byte, 1);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	io_watch_remove(watch);
	steps->on_go(steps);
}

int
steps_report(struct steps *steps, struct io *io, const char *word,
    void (*on_go)(struct steps *steps))
{
	char line[32];
	int n = snprintf(line, sizeof line, "%s\n", word);

	ASSERT(n > 0 && (size_t)n < sizeof line);
	if (steps->fd < 0)
		return -1;
	steps->on_go = on_go;
	if (file_write_all(steps->fd, line, (size_t)n) == 0 &&
	    io_watch_add(io, &steps->watch, steps->fd, on_ready) == 0)
		return 0;
	steps->fd = -1;
	return -1;
}

void
steps_cancel(struct steps *steps)
{
	io_watch_remove(&steps->watch);
}
