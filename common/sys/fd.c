/* fd: open(2), fcntl(2) and socketpair(2); see the header. */
#include "common/sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/base/units.h"

/* Those below are open, so that open(2) returns the number that is missing. */
int
fd_open_standard(struct errmsg *e)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	(void)signal(SIGXFSZ, SIG_IGN);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", flags[fd]) != fd)
			return errmsg_set_errno(e, errno, "/dev/null");
	return 0;
}

int
fd_parse(const char *text, int *fd, struct errmsg *e)
{
	uint64_t number;

	if (units_parse_count(text, &number, e) < 0)
		return -1;
	if (number > INT32_MAX || fcntl((int)number, F_GETFD) < 0)
		return errmsg_set(e, "%s is not an open descriptor", text);
	*fd = (int)number;
	return 0;
}

int
fd_open_pair(int *one_end, int *other_end, struct errmsg *e)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
		0, pair) < 0)
		return errmsg_set_errno(e, errno, "socketpair");
	*one_end = pair[0];
	*other_end = pair[1];
	return 0;
}

/* The least of those from which on; or INT_MAX. */
static int
next_kept(const int *kept, size_t count, int from)
{
	int next = INT_MAX;

	for (size_t i = 0; i < count; i++)
		if (kept[i] >= from && kept[i] < next)
			next = kept[i];
	return next;
}

void
fd_close_others(const int *kept, size_t count)
{
	int next;

	for (int from = STDERR_FILENO + 1; from < INT_MAX; from = next + 1) {
		next = next_kept(kept, count, from);
		if (next > from)
			(void)close_range(
			    (unsigned)from, (unsigned)next - 1, 0);
		if (next == INT_MAX)
			return;
	}
}

bool
fd_wait_readable(int fd, int64_t by_ns)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	int n;

	do {
		int64_t left_ns = by_ns - clock_now_ns();

		n = poll(&one, 1, left_ns > 0 ? timeq_poll_ms(left_ns) : 0);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

int
fd_poll(struct pollfd *fds, nfds_t count, int ms)
{
	int n = poll(fds, count, ms);

	if (n >= 0 || errno != EINVAL)
		return n;
	if (poll(NULL, 0, ms < 0 || ms > FD_BLIND_MS ? FD_BLIND_MS : ms) < 0)
		return -1;
	n = 0;
	for (nfds_t i = 0; i < count; i++) {
		if (poll(&fds[i], 1, 0) < 0)
			fds[i].revents = fds[i].events & POLLIN;
		if (fds[i].fd < 0)
			fds[i].revents = 0;
		n += fds[i].revents != 0;
	}
	return n;
}
