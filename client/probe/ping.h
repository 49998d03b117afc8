/*
 * ping: --ping: one message after the other on one connection, and a line for
 * each that comes back, as ping(8) has them.
 *
 * Use:
 *	status = ping_run(&options, &setup, stdout, &e);
 */
#ifndef CLIENT_PROBE_PING_H
#define CLIENT_PROBE_PING_H

#include <stdio.h>

#include "common/base/errmsg.h"

struct options;
struct setup;

/*
 * Until --round-trips are over, or SIGINT, SIGTERM or SIGHUP comes. 0: all that
 * were sent came back, and there was one; 1: not; -1 and a line: it did not
 * begin, or what it prints cannot be written, which ends it.
 */
int ping_run(const struct options *options, const struct setup *setup,
    FILE *out, struct errmsg *e);

#endif
