/*
 * pipe: --pipe: standard input goes to the server, and what comes from there to
 * standard output, both at the same time and byte for byte. At the end of input
 * close_notify and FIN follow, and what the server still sends is awaited.
 *
 * Borrows:	the descriptors, which stay blocking, since others share them.
 * Use:
 *	status = pipe_run(&options, &setup, STDIN_FILENO, STDOUT_FILENO, &e);
 */
#ifndef CLIENT_PROBE_PIPE_H
#define CLIENT_PROBE_PIPE_H

#include "common/base/errmsg.h"

struct options;
struct setup;

enum {
	PIPE_UNEQUAL = 4 /* it ended well, with another number of bytes */
};

/*
 * 0: as many bytes came back as went out, and the server closed by
 * close_notify; PIPE_UNEQUAL; or -1 and a line. SIGPIPE is ignored from now on.
 */
int pipe_run(const struct options *options, const struct setup *setup, int in,
    int out, struct errmsg *e);

#endif
