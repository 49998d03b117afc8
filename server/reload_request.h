/*
 * reload_request: asks a running server to read its files again.
 *
 * The server is who holds the lock of the segment; it is sent SIGHUP, and
 * answers in the segment (stats/answer.h).
 */
#ifndef SERVER_RELOAD_REQUEST_H
#define SERVER_RELOAD_REQUEST_H

#include "common/base/errmsg.h"

enum {
	RELOAD_REQUEST_S = 30 /* to wait for the answer */
};

/*
 * Prints the answer on standard output. 0: taken; -1: no such server, none of
 * ours, no answer, or refused, and why.
 */
int reload_request(const char *stats_name, struct errmsg *e);

#endif
