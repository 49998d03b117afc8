/*
 * background: a function that runs in a child, whose standard output and error
 * the test reads meanwhile, from a pipe or from a terminal.
 *
 * Nothing sleeps: the test waits for what the child says.
 *
 * Owns:	the child; a background that is started must be finished.
 * Errors:	all fail the test.
 * Use:
 *	background_start(&b, body);
 *	background_expect(&b, "ready");
 *	background_signal(&b, SIGTERM);
 *	ck_assert_int_eq(background_finish(&b), 0);
 */
#ifndef TESTS_SUPPORT_BACKGROUND_H
#define TESTS_SUPPORT_BACKGROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct background {
	char text[1 << 18]; /* all that it said so far */
	size_t size;
	size_t seen; /* of it, by background_expect */
	pid_t pid;
	int fd;
};

/* body returns the exit status. */
void background_start(struct background *b, int (*body)(void));

/* The same on a new terminal of this size, which it controls. */
void background_start_on_terminal(
    struct background *b, int (*body)(void), int rows, int columns);

/* Reads until the text comes, after what the last call found. */
void background_expect(struct background *b, const char *text);

void background_signal(const struct background *b, int number);

/* Changes the size of its terminal, and so sends SIGWINCH. */
void background_resize(const struct background *b, int rows, int columns);

/* Types on its terminal. */
void background_type(const struct background *b, const char *keys);

/* Reads no more, as head(1) does at its end. */
void background_stop_reading(struct background *b);

/* Reads all, and waits: its exit status, or -1 when a signal ended it. */
int background_finish(struct background *b);

#endif
