/* background: fork, with a pipe or forkpty(3) between; see the header. */
#include "tests/support/background.h"

#include <check.h>
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/support/in_child.h"

static void
init(struct background *b)
{
	b->size = 0;
	b->seen = 0;
	b->text[0] = '\0';
}

void
background_start(struct background *b, int (*body)(void))
{
	int ends[2];

	init(b);
	ck_assert_int_eq(pipe(ends), 0);
	b->pid = fork();
	ck_assert_int_ge(b->pid, 0);
	if (b->pid == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)dup2(ends[1], STDERR_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		_exit(body());
	}
	(void)close(ends[1]);
	b->fd = ends[0];
}

void
background_start_on_terminal(
    struct background *b, int (*body)(void), int rows, int columns)
{
	const struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)columns };

	init(b);
	b->pid = forkpty(&b->fd, NULL, NULL, &size);
	ck_assert_int_ge(b->pid, 0);
	if (b->pid == 0)
		_exit(body());
}

/* False at the end, which a terminal tells as EIO. */
static bool
read_more(struct background *b)
{
	size_t room = sizeof b->text - 1 - b->size;
	ssize_t n;

	ck_assert_uint_gt(room, 0);
	do
		n = read(b->fd, b->text + b->size, room);
	while (n < 0 && errno == EINTR);
	ck_assert(n >= 0 || errno == EIO);
	if (n <= 0)
		return false;
	b->size += (size_t)n;
	b->text[b->size] = '\0';
	return true;
}

void
background_expect(struct background *b, const char *text)
{
	char *found;

	while ((found = strstr(b->text + b->seen, text)) == NULL)
		if (!read_more(b))
			ck_abort_msg("'%s' did not come:\n%s", text, b->text);
	b->seen = (size_t)(found - b->text) + strlen(text);
}

void
background_signal(const struct background *b, int number)
{
	ck_assert_int_eq(kill(b->pid, number), 0);
}

void
background_resize(const struct background *b, int rows, int columns)
{
	const struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)columns };

	ck_assert_int_eq(ioctl(b->fd, TIOCSWINSZ, &size), 0);
}

void
background_type(const struct background *b, const char *keys)
{
	size_t size = strlen(keys);

	ck_assert_int_eq(write(b->fd, keys, size), (ssize_t)size);
}

void
background_stop_reading(struct background *b)
{
	(void)close(b->fd);
	b->fd = -1;
}

int
background_finish(struct background *b)
{
	while (b->fd >= 0 && read_more(b))
		continue;
	if (b->fd >= 0)
		(void)close(b->fd);
	return in_child_wait(b->pid);
}
