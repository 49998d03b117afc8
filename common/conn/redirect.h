/*
 * redirect: gives a connection that is CONNECTING another socket, to another
 * address of the server, which has answered first.
 *
 * Use:
 *	if (conn->state == CONN_CONNECTING)
 *		error = conn_redirect(conn, fd, started_ns);
 */
#ifndef COMMON_CONN_REDIRECT_H
#define COMMON_CONN_REDIRECT_H

#include <stdint.h>

#include "common/base/close_reason.h"

struct conn;

/*
 * The socket is non-blocking, connected, and in no loop; its connect was
 * started at started_ns. 0; or -errno: then fd is still the caller's, and the
 * connection ends as REASON_CONNECT_ERROR.
 */
int conn_redirect(struct conn *conn, int fd, int64_t started_ns);

#endif
