/*
 * spawn: runs a program beside the test, which writes to its standard input and
 * reads what it says, from pipes or on a terminal.
 *
 * Programs are looked for in PATH, of which those under test come first. A
 * program does not outlive the test case.
 *
 * Owns:	the process until spawn_wait, and both descriptors.
 * Errors:	all fail the case, and so does waiting for longer than 8 s.
 * Use:
 *	spawn_start(&s, (const char *const[]){ "cat", NULL }, NULL);
 *	spawn_write(&s, "hello", 5);
 *	spawn_expect(&s, "hello");
 *	spawn_close_input(&s);
 *	ck_assert_int_eq(spawn_wait(&s), 0);
 */
#ifndef TESTS_SUPPORT_SPAWN_H
#define TESTS_SUPPORT_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	SPAWN_KEPT_FD = 9,
	SPAWN_SIGNALLED = 128 /* spawn_wait: plus the signal's number */
};

struct spawn_options {
	bool terminal;    /* input and output are a new terminal */
	unsigned max_fds; /* RLIMIT_NOFILE; 0: as it is */
	int kept_fd;      /* becomes SPAWN_KEPT_FD; 0: none */
	unsigned closed;  /* standard streams: a bit for each number */
	int listen_fd;    /* becomes 3, as sd_listen_fds(3) says; 0: none */
};

struct spawn {
	char text[1 << 17]; /* all that it said so far, and a NUL */
	size_t size;
	size_t seen; /* of it, by spawn_expect */
	pid_t pid;   /* 0 after spawn_wait */
	int pidfd;
	int in; /* -1 when closed; for a terminal the same as out */
	int out;
	bool is_silent; /* nothing can come any more */
};

/* argv ends with NULL; options may be NULL. */
void spawn_start(struct spawn *s, const char *const argv[],
    const struct spawn_options *options);

/* A command line of a shell, which becomes the program. */
void spawn_shell(struct spawn *s, const struct spawn_options *options,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

void spawn_write(const struct spawn *s, const void *bytes, size_t n);
void spawn_close_input(struct spawn *s);

/* Reads until these bytes come, after what the last call found. */
void spawn_expect_bytes(struct spawn *s, const void *bytes, size_t n);
void spawn_expect(struct spawn *s, const char *text);

/* Whether it has said this, all in all; and how often. */
bool spawn_said(const struct spawn *s, const char *text);
unsigned spawn_count(const struct spawn *s, const char *text);

void spawn_signal(const struct spawn *s, int number);

/* Reads what there is until the process ends; its exit status. */
int spawn_wait(struct spawn *s);

#endif
