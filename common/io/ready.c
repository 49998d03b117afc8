/* ready: one-shot events of epoll; see the header. */
#include "common/io/ready.h"

#include <errno.h>
#include <sys/epoll.h>

#include "common/base/assertion.h"
#include "common/base/timeq.h"

int
ready_open(struct errmsg *e)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	return fd >= 0 ? fd : errmsg_set_errno(e, errno, "epoll_create1");
}

static int
control(int ready_fd, int operation, int fd, void *owner)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT,
		.data.ptr = owner };

	ASSERT(owner != NULL);
	return epoll_ctl(ready_fd, operation, fd, &event) < 0 ? -errno : 0;
}

int
ready_add(int ready_fd, int fd, void *owner)
{
	return control(ready_fd, EPOLL_CTL_ADD, fd, owner);
}

void
ready_arm(int ready_fd, int fd, void *owner)
{
	int error = control(ready_fd, EPOLL_CTL_MOD, fd, owner);

	ASSERT(error == 0);
}

void *
ready_wait(int ready_fd, int64_t wait_ns)
{
	struct epoll_event event;
	int n = epoll_wait(ready_fd, &event, 1, timeq_poll_ms(wait_ns));

	return n > 0 ? event.data.ptr : NULL;
}
