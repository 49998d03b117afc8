/* loop: the loop itself and its watches; see the header. */
#include "common/io/loop.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/io/private.h"

int
io_open(struct io **io, struct errmsg *e)
{
	struct io *new = malloc(sizeof *new);

	if (new == NULL)
		return errmsg_set(e, "poll loop: out of memory");
	new->event_count = 0;
	new->batch = IO_EVENTS;
	new->pwait2_is_missing = false;
	new->now_ns = clock_now_ns();
	new->chunks = (struct io_chunk_pool){ .first = NULL };
	new->counters = (struct io_counters){ 0 };
	list_init(&new->dirty);
	new->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (new->epoll_fd < 0) {
		free(new);
		return errmsg_set_errno(e, errno, "poll loop: epoll_create1");
	}
	*io = new;
	return 0;
}

void
io_free_spares(struct io *io)
{
	io_chunk_pool_empty(&io->chunks);
}

void
io_close(struct io **io)
{
	if (*io == NULL)
		return;
	ASSERT(list_empty(&(*io)->dirty)); /* a socket has not been closed */
	io_chunk_pool_empty(&(*io)->chunks);
	(void)close((*io)->epoll_fd);
	free(*io);
	*io = NULL;
}

void
io_set_batch(struct io *io, int batch)
{
	ASSERT(batch > 0 && batch <= IO_EVENTS);
	io->batch = batch;
}

/* Linux before 5.11, and some sandboxes, know milliseconds only. */
static int
wait_for_milliseconds(struct io *io, int64_t wait_ns)
{
	int64_t ms =
	    wait_ns / CLOCK_NS_PER_MS + (wait_ns % CLOCK_NS_PER_MS > 0);

	if (wait_ns < 0)
		ms = -1;
	return epoll_wait(io->epoll_fd, io->events, io->batch,
	    ms < INT_MAX ? (int)ms : INT_MAX);
}

static int
wait_for_events(struct io *io, int64_t wait_ns)
{
	const struct timespec limit = {
		.tv_sec = (time_t)(wait_ns / CLOCK_NS_PER_S),
		.tv_nsec = (long)(wait_ns % CLOCK_NS_PER_S),
	};
	int count = -1;

	if (!io->pwait2_is_missing)
		count = epoll_pwait2(io->epoll_fd, io->events, io->batch,
		    wait_ns < 0 ? NULL : &limit, NULL);
	if (count < 0 && (errno == ENOSYS || errno == EPERM))
		io->pwait2_is_missing = true;
	return io->pwait2_is_missing ? wait_for_milliseconds(io, wait_ns)
				     : count;
}

void
io_wait(struct io *io, int64_t wait_ns)
{
	ASSERT(wait_ns >= -1 && io->event_count == 0);
	if (!list_empty(&io->dirty))
		wait_ns = 0; /* queued during io_flush, and not yet sent */
	io->event_count = wait_for_events(io, wait_ns);
	if (io->event_count < 0) {
		ASSERT(errno == EINTR); /* a debugger, or a stop signal */
		io->event_count = 0;
	}
	io->counters.wait_calls++;
	io->now_ns = clock_now_ns();
}

void
io_dispatch(struct io *io)
{
	for (int i = 0; i < io->event_count; i++) {
		struct io_source *source = io->events[i].data.ptr;

		source->ready(source, io->events[i].events);
	}
	io->event_count = 0;
}

int64_t
io_now_ns(const struct io *io)
{
	return io->now_ns;
}

const struct io_counters *
io_counters(const struct io *io)
{
	return &io->counters;
}

static void
watch_ready(struct io_source *source, uint32_t events)
{
	struct io_watch *watch = CONTAINER_OF(source, struct io_watch, source);

	(void)events;
	if (watch->io != NULL) /* else removed earlier in this turn */
		watch->on_ready(watch);
}

static int
add_watch(struct io *io, struct io_watch *watch, int fd, uint32_t events,
    void (*on_ready)(struct io_watch *watch))
{
	struct epoll_event event = { .events = events };

	ASSERT(on_ready != NULL);
	watch->source.ready = watch_ready;
	watch->on_ready = on_ready;
	watch->io = NULL;
	watch->fd = fd;
	event.data.ptr = &watch->source;
	if (epoll_ctl(io->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	watch->io = io;
	return 0;
}

int
io_watch_add(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch))
{
	return add_watch(io, watch, fd, EPOLLIN, on_ready);
}

int
io_watch_add_output(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch))
{
	return add_watch(io, watch, fd, EPOLLOUT, on_ready);
}

int
io_watch_add_exclusive(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch))
{
	return add_watch(io, watch, fd, EPOLLIN | EPOLLEXCLUSIVE, on_ready);
}

void
io_watch_remove(struct io_watch *watch)
{
	if (watch->io == NULL)
		return;
	(void)epoll_ctl(watch->io->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->io = NULL;
}
