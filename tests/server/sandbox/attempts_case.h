/*
 * attempts_case: what a worker must not be able to do, as calls to be tried in
 * a child that has entered the sandbox.
 *
 * Use:
 *	attempts_set_up();
 *	... fork, enter the sandbox, attempt_is_refused(&attempts[i]) ...
 *	attempts_tear_down();
 */
#ifndef TESTS_SERVER_SANDBOX_ATTEMPTS_CASE_H
#define TESTS_SERVER_SANDBOX_ATTEMPTS_CASE_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ATTEMPTS_COUNT = 23
};

struct attempt {
	const char *name;
	int (*call)(void); /* -1 with errno, when it is refused */
	int landlock_abi;  /* from which Landlock alone refuses it; 0: none */
	bool is_mine;      /* this process may do it without a sandbox */
};

extern const struct attempt attempts[ATTEMPTS_COUNT];

/* A key file, and sockets that somebody listens on. */
void attempts_set_up(void);
void attempts_tear_down(void);

/* Tries it: whether it fails for want of permission. */
bool attempt_is_refused(const struct attempt *attempt);

#endif
