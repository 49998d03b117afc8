/*
 * sandbox: a worker, or the process that signs for workers, gives up what it
 * needs no more once it serves, in layers of which each holds without the
 * others:
 *
 *	capabilities	none, also of root (capabilities(7))
 *	privileges	none by exec (PR_SET_NO_NEW_PRIVS), no core file
 *	Landlock	no files, TCP connects, signals; see sandbox/landlock.h
 *	seccomp		no other system calls; see sandbox/syscalls.h
 *
 * Errors:	-1 and a line that names the layer; then it must not serve.
 * Use:
 *	sandbox_probe(&layers);
 *	if (sandbox_confine(&layers, &e) < 0) ...
 *	... start the other threads, which wait ...
 *	if (sandbox_filter(&layers, SYSCALLS_WORKER, &e) < 0) ...
 */
#ifndef SERVER_SANDBOX_SANDBOX_H
#define SERVER_SANDBOX_SANDBOX_H

#include <stdbool.h>

#include "common/base/errmsg.h"
#include "server/sandbox/syscalls.h"

/* What this kernel has. */
struct sandbox_layers {
	bool seccomp;
	int landlock_abi; /* 0: no Landlock */
};

/*
 * Whether workers have one where nobody asked: not in a sanitizer build, whose
 * leak check opens files and stops threads.
 */
bool sandbox_is_usual(void);

enum {
	SANDBOX_TEXT = 64
};

void sandbox_probe(struct sandbox_layers *layers);

/* "seccomp on, Landlock ABI 7 on", or why one is off. */
const char *sandbox_describe(
    const struct sandbox_layers *layers, char text[static SANDBOX_TEXT]);

/* All layers but seccomp, for a process that has one thread. */
int sandbox_confine(const struct sandbox_layers *layers, struct errmsg *e);

/* seccomp, for all threads, of which there will be no more. */
int sandbox_filter(const struct sandbox_layers *layers, enum syscalls_role role,
    struct errmsg *e);

#endif
