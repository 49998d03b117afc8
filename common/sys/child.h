/*
 * child: processes that a parent forks and watches over.
 *
 * fork(2) only: GnuTLS re-seeds its random generator in an atfork handler,
 * which clone and vfork skip. Call it before the parent starts any thread.
 *
 * Use:
 *	pid = child_fork(worker_run, &context);
 *	while ((pid = child_reap(&status)) > 0)
 *		log_warn("%s", child_describe(status, text));
 */
#ifndef COMMON_SYS_CHILD_H
#define COMMON_SYS_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	CHILD_TEXT = 64
};

/*
 * The child ignores INT, TERM, HUP and strays (signals_ignore_strays), blocks
 * no signal, whatever the parent blocks, calls run(arg) and exits with what it
 * returns, without flushing the parent's stdio buffers. Pid, or -errno.
 */
pid_t child_fork(int (*run)(void *arg), void *arg);

/* A child that has ended: its pid and wait status; 0 when there is none. */
pid_t child_reap(int *status);

/* The same, waiting for it; 0 when there are no children at all. */
pid_t child_wait(int *status);

/* The same for one of them: its wait status. */
int child_wait_for(pid_t pid);

/*
 * As child_reap, and also a child that a signal has stopped, or that goes on
 * again: child_has_ended and child_is_stopped tell which it is. SIGCHLD comes
 * for these, too.
 */
pid_t child_next(int *status);

/*
 * CPU time of a process, in user and kernel mode, by clock_getcpuclockid(3); -1
 * when it is gone.
 */
int64_t child_cpu_ns(pid_t pid);

/* In a child: SIGKILL comes when its parent dies, or has died meanwhile. */
void child_die_with(pid_t parent);

/*
 * In a child: SIGCONT comes when its parent dies, so that even one that is
 * stopped gets to know it. A change of user undoes it (prctl(2)).
 */
void child_go_on_without_parent(void);

/* SIGKILL, or SIGABRT, to a child of ours that is not reaped yet. */
void child_kill(pid_t pid);
void child_abort(pid_t pid);

/* If a signal has stopped it, it goes on. */
void child_go_on(pid_t pid);

/* "exited with status 3", "killed by SIGSEGV" or "stopped by SIGSTOP". */
const char *child_describe(int status, char text[static CHILD_TEXT]);

/* Ended, in whatever way; or stopped. If neither, it goes on again. */
bool child_has_ended(int status);
bool child_is_stopped(int status);

/* It exited, with whatever status; no signal ended it. */
bool child_exited(int status);

/* SIGKILL ended it, such as the system's when memory is short. */
bool child_was_killed(int status);

/* It exited with status 0. */
bool child_succeeded(int status);

#endif
