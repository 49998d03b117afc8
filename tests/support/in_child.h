/*
 * in_child: runs a piece of a test in a child: for what changes a process for
 * good, such as its user, and for what must be another process.
 *
 * Use:
 *	ck_assert_int_eq(in_child_status(look), 0);
 */
#ifndef TESTS_SUPPORT_IN_CHILD_H
#define TESTS_SUPPORT_IN_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/* Exit status of a child that calls body and exits 0; -1 for a signal. */
int in_child_status(void (*body)(void));

/*
 * The same as user and group 65534, who have no rights; it must exit 0. False,
 * and the case is reported as skipped, when this process is not root.
 */
bool in_child_as_nobody(void (*body)(void));

/* Waits for a child: its exit status, or -1 when a signal ended it. */
int in_child_wait(pid_t pid);

#endif
