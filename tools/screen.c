/* screen: poll and signalfd; see the header. */
#include "tools/screen.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/sys/signals.h"

struct screen {
	int signal_fd;
};

static bool is_open;

int
screen_open(struct screen **screen, struct errmsg *e)
{
	/* What nohup(1) has asked for is not undone. */
	const int hang_up = signals_is_ignored(SIGHUP) ? SIGTERM : SIGHUP;
	const int numbers[] = { SIGINT, SIGTERM, hang_up, 0 };
	struct screen *s = calloc(1, sizeof *s);

	ASSERT(!is_open);
	*screen = NULL;
	if (s == NULL)
		return errmsg_set(e, "out of memory");
	s->signal_fd = signals_open(numbers, e);
	if (s->signal_fd < 0) {
		free(s);
		return -1;
	}
	is_open = true;
	*screen = s;
	return 0;
}

void
screen_close(struct screen **screen)
{
	if (*screen == NULL)
		return;
	(void)close((*screen)->signal_fd);
	free(*screen);
	*screen = NULL;
	is_open = false;
}

unsigned
screen_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/*
 * Signals are blocked, so a write must not block either: after POLLOUT a pipe
 * takes PIPE_BUF bytes.
 */
static enum screen_event
put(const struct screen *s, const char *text, size_t size, struct errmsg *e)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = s->signal_fd, .events = POLLIN },
	};
	ssize_t n;

	while (size > 0) {
		(void)poll(fds, 2, -1);
		if (signals_read(s->signal_fd) != 0)
			return SCREEN_STOP;
		if (fds[0].revents == 0)
			continue;
		n = write(
		    STDOUT_FILENO, text, size < PIPE_BUF ? size : PIPE_BUF);
		if (n < 0 && errno == EPIPE)
			return SCREEN_STOP;
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			errmsg_set_errno(e, errno, "standard output");
			return SCREEN_FAILED;
		}
		text += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return SCREEN_DONE;
}

/* Calls print with a stream into memory; the caller frees *text. */
static int
collect(
    int (*print)(void *arg, FILE *out), void *arg, char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);
	int result;

	if (out == NULL)
		return -1;
	result = print(arg, out);
	/* fclose(3) may succeed although output was lost, or *text is NULL. */
	if (ferror(out))
		result = -1;
	return fclose(out) == 0 && *text != NULL ? result : -1;
}

enum screen_event
screen_print(struct screen *s, int (*print)(void *arg, FILE *out), void *arg,
    struct errmsg *e)
{
	enum screen_event event = SCREEN_FAILED;
	char *text = NULL;
	size_t size;

	errmsg_set(e, "out of memory");
	if (collect(print, arg, &text, &size) == 0)
		event = put(s, text, size, e);
	free(text);
	return event;
}

enum screen_event
screen_wait(struct screen *s, int64_t until_ns)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO }, /* POLLERR: the reader has gone */
		{ .fd = s->signal_fd, .events = POLLIN },
	};
	struct timespec left;
	int64_t left_ns;

	while ((left_ns = until_ns - clock_now_ns()) > 0) {
		left.tv_sec = left_ns / CLOCK_NS_PER_S;
		left.tv_nsec = left_ns % CLOCK_NS_PER_S;
		(void)ppoll(fds, 2, &left, NULL);
		if (fds[0].revents != 0 || signals_read(s->signal_fd) != 0)
			return SCREEN_STOP;
	}
	return SCREEN_DONE;
}
