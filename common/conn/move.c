/* move: from one loop to another; see conn/loop.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/conn/loop.h"
#include "common/conn/private.h"
#include "common/tls/session.h"

/* Without memory for the bytes the session cannot go on; see conn_attach. */
static void
keep_unread(struct conn *conn)
{
	const struct tls_input *in = conn->loop->unread;

	conn->pending_len = in->n;
	if (in->n == 0)
		return;
	conn->pending_bytes = malloc(in->n);
	if (conn->pending_bytes != NULL)
		memcpy(conn->pending_bytes, in->bytes, in->n);
}

void
conn_detach(struct conn *conn)
{
	ASSERT(conn->state == CONN_OPEN && conn->loop->unread != NULL);
	keep_unread(conn);
	timeq_cancel(&conn->timer);
	timeq_cancel(&conn->lifetime);
	list_remove(&conn->link);
	conn->loop->count--;
	conn->loop = NULL;
	conn->pending_fd = io_sock_detach(&conn->sock);
}

/* False when the connection cannot go on here. */
static bool
enter_with_socket(struct conn *conn, struct conn_loop *loop)
{
	int fd = conn->pending_fd;

	conn_enter_loop(conn, loop);
	conn->pending_fd = -1;
	if (io_sock_attach(loop->io, &conn->sock, &conn_sock_ops, fd) != 0) {
		(void)close(fd);
		return false;
	}
	return conn->pending_bytes != NULL || conn->pending_len == 0;
}

void
conn_attach(
    struct conn *conn, struct conn_loop *loop, const struct conn_ops *ops)
{
	struct tls_input in = { .bytes = conn->pending_bytes,
		.n = conn->pending_len };

	ASSERT(conn->loop == NULL && conn->pending_fd >= 0);
	conn->ops = ops;
	if (enter_with_socket(conn, loop)) {
		timeq_arm(&loop->recent, &conn->timer, loop->now_ns);
		timeq_arm(&loop->lifetime, &conn->lifetime, loop->now_ns);
		/* The session itself holds none: see tls/handshake.c. */
		if (in.n > 0)
			conn_deliver(conn, &in);
	} else {
		conn_abort(conn, REASON_INTERNAL);
	}
	free(conn->pending_bytes);
	conn->pending_bytes = NULL;
}
