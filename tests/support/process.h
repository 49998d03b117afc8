/*
 * process: what proc(5) says of processes and their threads.
 *
 * Errors:	fail the test, unless the function returns them.
 * Use:
 *	process_freeze(pid);
 *	ck_assert(process_status(pid, "VmHWM", text));
 */
#ifndef TESTS_SUPPORT_PROCESS_H
#define TESTS_SUPPORT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	PROCESS_THREADS_MAX = 16,
	PROCESS_TEXT = 256
};

/* The value of a line "Name: value"; false when there is no such process. */
bool process_status(
    pid_t id, const char *name, char value[static PROCESS_TEXT]);

/* Their number. */
unsigned process_threads(pid_t pid, pid_t ids[static PROCESS_THREADS_MAX]);

/*
 * SIGSTOP, until each thread stands still: the signal alone is at first known
 * to one of them, and others go on.
 */
void process_freeze(pid_t pid);

/* Children that live; their number. */
unsigned process_children(pid_t pid, pid_t ids[static PROCESS_THREADS_MAX]);

/*
 * Whether these bytes are anywhere in the memory that the process can write to:
 * it takes the right to trace it.
 */
bool process_memory_has(pid_t pid, const void *bytes, size_t n);

#endif
