/* screen: ANSI sequences, poll and signalfd; see the header. */
#include "tools/screen.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/sys/file.h"
#include "common/sys/signals.h"

/* Alternate screen, cursor off, and back (ECMA-48, and xterm's 1049). */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"
#define HOME  "\033[H"
#define NEXT  "\033[K\n" /* clears the rest of the old line */
#define REST  "\033[J"   /* and of the old screen */

struct screen {
	int signal_fd;
	bool is_in_place; /* what is shown replaces what was */
	bool is_entered;  /* the terminal shows the alternate screen */
	bool is_changed;  /* the next wait returns SCREEN_CHANGED */
};

static bool is_open;

/* For the handler of SIGBUS, which knows nothing else. */
static volatile sig_atomic_t must_leave;

static void
on_sigbus(int number)
{
	static const char text[] =
	    "tlsecho-stat: the segment was cut short while it was read\n";

	(void)number;
	if (must_leave)
		(void)file_write_all(STDOUT_FILENO, LEAVE, sizeof LEAVE - 1);
	(void)file_write_all(STDERR_FILENO, text, sizeof text - 1);
	_exit(1);
}

static bool
can_redraw(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term != NULL && term[0] != '\0' &&
	    strcmp(term, "dumb") != 0;
}

/* If the terminal cannot be written to, the print that follows fails. */
static void
enter(struct screen *s)
{
	ASSERT(s->is_in_place);
	if (s->is_entered)
		return;
	must_leave = 1;
	s->is_entered = true;
	(void)file_write_all(STDOUT_FILENO, ENTER, sizeof ENTER - 1);
}

static void
leave_alternate(struct screen *s)
{
	if (s->is_entered)
		(void)file_write_all(STDOUT_FILENO, LEAVE, sizeof LEAVE - 1);
	s->is_entered = false;
	must_leave = 0;
}

void
screen_leave(struct screen *s)
{
	leave_alternate(s);
	s->is_in_place = false;
}

int
screen_open(struct screen **screen, bool in_place, struct errmsg *e)
{
	/* What nohup(1) has asked for is not undone. */
	const int hang_up = signals_is_ignored(SIGHUP) ? SIGTERM : SIGHUP;
	const int stream[] = { SIGINT, SIGTERM, hang_up, 0 };
	const int terminal[] = { SIGINT, SIGTERM, hang_up, SIGQUIT, SIGWINCH,
		SIGTSTP, 0 };
	const struct sigaction on_bus = { .sa_handler = on_sigbus };
	struct screen *s = calloc(1, sizeof *s);

	ASSERT(!is_open);
	*screen = NULL;
	if (s == NULL)
		return errmsg_set(e, "out of memory");
	s->is_in_place = in_place && can_redraw();
	s->signal_fd = signals_open(s->is_in_place ? terminal : stream, e);
	if (s->signal_fd < 0) {
		free(s);
		return -1;
	}
	(void)sigaction(SIGBUS, &on_bus, NULL);
	is_open = true;
	*screen = s;
	return 0;
}

void
screen_close(struct screen **screen)
{
	if (*screen == NULL)
		return;
	screen_leave(*screen);
	(void)close((*screen)->signal_fd);
	free(*screen);
	*screen = NULL;
	is_open = false;
}

static struct winsize
get_size(const struct screen *s)
{
	struct winsize size = { .ws_row = 0 };

	if (!s->is_in_place || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		memset(&size, 0, sizeof size);
	return size;
}

bool
screen_is_in_place(const struct screen *s)
{
	return s->is_in_place;
}

unsigned
screen_width(const struct screen *s)
{
	return get_size(s).ws_col;
}

/* Shows the terminal as it was while the process is stopped (SIGTSTP). */
static void
suspend(struct screen *s)
{
	bool was_entered = s->is_entered;

	leave_alternate(s);
	(void)raise(SIGSTOP);
	if (was_entered)
		enter(s);
}

/* Handles those that have come; false when one of them means the end. */
static bool
take_signals(struct screen *s)
{
	int number;

	while ((number = signals_read(s->signal_fd)) != 0) {
		if (number == SIGTSTP)
			suspend(s);
		else if (number != SIGWINCH)
			return false;
		s->is_changed = true;
	}
	return true;
}

/*
 * Signals are blocked, so a write must not block either: after POLLOUT a pipe
 * takes PIPE_BUF bytes.
 */
static enum screen_event
put(struct screen *s, const char *text, size_t size, struct errmsg *e)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = s->signal_fd, .events = POLLIN },
	};
	ssize_t n;

	while (size > 0) {
		(void)poll(fds, 2, -1);
		if (!take_signals(s))
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

static size_t
count_lines(const char *text, size_t size)
{
	size_t lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	return lines;
}

/* Cuts lines to the size; the last row says how many do not fit. */
static void
compose_lines(FILE *out, const char *text, size_t size, struct winsize limit)
{
	size_t lines = count_lines(text, size);
	size_t rows = limit.ws_row > 1 ? limit.ws_row - 1U : lines;
	size_t shown = lines <= rows ? lines : rows - (rows > 1);
	const char *end = text + size;

	ASSERT(size == 0 || end[-1] == '\n');
	fputs(HOME, out);
	for (size_t i = 0; i < shown; i++) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)(feed - text);
		size_t cut = limit.ws_col > 0 && length > limit.ws_col
		    ? limit.ws_col
		    : length;

		(void)fwrite(text, 1, cut, out);
		fputs(NEXT, out);
		text = feed + 1;
	}
	if (shown < lines)
		fprintf(out, "%zu more lines do not fit", lines - shown);
	fputs("\033[K" REST, out);
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

struct page {
	const char *text;
	size_t size;
	struct winsize limit;
};

static int
compose(void *arg, FILE *out)
{
	const struct page *page = arg;

	compose_lines(out, page->text, page->size, page->limit);
	return 0;
}

static enum screen_event
show(struct screen *s, const char *text, size_t size, struct errmsg *e)
{
	struct page page = { text, size, get_size(s) };
	enum screen_event event = SCREEN_FAILED;
	char *picture = NULL;

	if (!s->is_in_place)
		return put(s, text, size, e);
	enter(s);
	if (collect(compose, &page, &picture, &size) == 0)
		event = put(s, picture, size, e);
	free(picture);
	return event;
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
		event = show(s, text, size, e);
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

	while (!s->is_changed && (left_ns = until_ns - clock_now_ns()) > 0) {
		left.tv_sec = left_ns / CLOCK_NS_PER_S;
		left.tv_nsec = left_ns % CLOCK_NS_PER_S;
		(void)ppoll(fds, 2, &left, NULL);
		if (fds[0].revents != 0 || !take_signals(s))
			return SCREEN_STOP;
	}
	if (!s->is_changed)
		return SCREEN_DONE;
	s->is_changed = false;
	return SCREEN_CHANGED;
}
