/* steps: lines out, answers in; see the header. */
#include "client/master/steps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/container_of.h"
#include "common/sys/file.h"

enum {
	STEPS = 2 /* each has one answer */
};

static void
lose(struct steps *s)
{
	steps_close(s);
	s->on_lost(s);
}

static void
lose_input(struct steps *s, ssize_t n, char byte, int error)
{
	struct errmsg *e = &s->trouble;

	if (n == 0)
		(void)errmsg_set(e, "standard input ended");
	else if (n < 0)
		(void)errmsg_set_errno(e, error, "standard input");
	else if (byte == '\n')
		(void)errmsg_set(
		    e, "standard input had more than %d newlines", STEPS);
	else
		(void)errmsg_set(e,
		    "standard input had the byte 0x%02x, which is no newline,",
		    (unsigned char)byte);
	lose(s);
}

void
steps_answer(struct steps *s)
{
	void (*on_go)(struct steps *) = s->on_go;

	s->answers++;
	if (on_go == NULL)
		return;
	s->on_go = NULL;
	s->taken++;
	on_go(s);
}

/* From then on each step has its answer. */
static void
go_alone(struct steps *s)
{
	s->is_alone = true;
	io_watch_remove(&s->input);
	steps_answer(s);
}

static void
on_ready(struct io_watch *watch)
{
	struct steps *s = CONTAINER_OF(watch, struct steps, input);
	char byte = '\0';
	ssize_t n = read(watch->fd, &byte, 1);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (s->mode == STEPS_FD && n <= 0)
		go_alone(s);
	else if (s->mode == STEPS_FD ||
	    (n == 1 && byte == '\n' && s->answers < STEPS))
		steps_answer(s);
	else
		lose_input(s, n, byte, errno);
}

int
steps_open(struct steps *s, struct io *io, const char *hello, struct errmsg *e)
{
	int in = s->mode == STEPS_STDIO ? STDIN_FILENO : s->fd;
	int error = 0;

	if (steps_mode_has_stdout(s->mode)) {
		s->fd = STDOUT_FILENO;
		error = steps_write(s->fd, hello);
		if (error != 0)
			return errmsg_set_errno(e, -error, "standard output");
	}
	if (s->mode == STEPS_FD || s->mode == STEPS_STDIO)
		error = io_watch_add(io, &s->input, in, on_ready);
	if (error == -EPERM)
		return errmsg_set(e,
		    "--steps: standard input is neither a pipe, nor a socket, "
		    "nor a terminal");
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "epoll_ctl");
}

bool
steps_report(
    struct steps *s, const char *word, void (*on_go)(struct steps *steps))
{
	int error = s->mode != STEPS_NONE ? steps_write(s->fd, word) : 0;

	if (s->mode == STEPS_NONE || (s->mode == STEPS_FD && error != 0))
		return false;
	if (error != 0) {
		(void)errmsg_set_errno(&s->trouble, -error, "standard output");
		lose(s);
		return true;
	}
	if (s->is_alone || s->taken < s->answers) {
		s->taken++;
		return false;
	}
	s->on_go = on_go;
	return true;
}

void
steps_close(struct steps *s)
{
	io_watch_remove(&s->input);
	s->on_go = NULL;
}

int
steps_write(int fd, const char *word)
{
	char line[64];
	int n = snprintf(line, sizeof line, "%s\n", word);

	ASSERT(n > 0 && (size_t)n < sizeof line);
	return file_write_all(fd, line, (size_t)n);
}
