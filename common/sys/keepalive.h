/*
 * keepalive: TCP keep-alive probes (RFC 9293, 3.8.4; tcp(7)): they find a peer
 * that has gone without a FIN, on a connection where nobody sends.
 *
 * Use:
 *	struct keepalive keepalive = { .on = true };
 *	if (keepalive_parse(&keepalive, "60s:10s:6", &e) < 0) ...
 *	keepalive_apply(&keepalive, fd);
 */
#ifndef COMMON_SYS_KEEPALIVE_H
#define COMMON_SYS_KEEPALIVE_H

#include <stdbool.h>

#include "common/base/errmsg.h"

/* 0 is the system's own value: net.ipv4.tcp_keepalive_*. */
struct keepalive {
	bool on;
	int idle_s;     /* silence before the first probe */
	int interval_s; /* between two */
	int count;      /* probes without an answer that end the connection */
};

/* "off", "on", or IDLE[:INTERVAL[:COUNT]]: times of whole seconds, 1 to 32767,
 * and a number, 1 to 127. 0, or -1 with a message. */
int keepalive_parse(
    struct keepalive *keepalive, const char *text, struct errmsg *e);

/*
 * Of a TCP socket. Those that a listening one accepts inherit it. It cannot
 * fail but for want of such options in the kernel, and then nothing is lost but
 * the probes.
 */
void keepalive_apply(const struct keepalive *keepalive, int fd);

#endif
