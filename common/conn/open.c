/* open: how connections begin, and how they move between loops. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/conn.h"
#include "common/conn/private.h"
#include "common/stats/stats.h"
#include "common/sys/addr.h"
#include "common/tls/session.h"

static uint8_t *
tx_room(void *owner, size_t *room)
{
	return io_tx_room(owner, room);
}

static void
tx_commit(void *owner, size_t n)
{
	io_tx_commit(owner, n);
}

static const struct tls_output tls_to_sock = { tx_room, tx_commit };

/* Everything but the socket. 0 or -ENOMEM. */
static int
init(struct conn *conn, const struct conn_ops *ops, struct tls_creds *creds,
    const char *peer_name)
{
	io_sock_init(&conn->sock);
	timeq_init_timer(&conn->timer);
	list_init(&conn->link);
	conn->ops = ops;
	conn->unread = NULL;
	conn->pending_bytes = NULL;
	conn->pending_len = 0;
	conn->pending_fd = -1;
	conn->reason = REASON_NONE;
	conn->peer_ended = false;
	conn->leaving = false;
	conn->tls = tls_new(creds, peer_name);
	if (conn->tls == NULL)
		return -ENOMEM;
	tls_set_output(conn->tls, &tls_to_sock, &conn->sock);
	return 0;
}

static void
enter_loop(struct conn *conn, struct conn_loop *loop)
{
	conn->loop = loop;
	list_append(&loop->all, &conn->link);
	loop->count++;
}

int
conn_accept(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, int fd, struct tls_creds *creds)
{
	int error = init(conn, ops, creds, NULL);

	if (error == 0)
		error =
		    io_sock_attach(loop->io, &conn->sock, &conn_sock_ops, fd);
	if (error != 0) {
		tls_free(&conn->tls);
		return error;
	}
	enter_loop(conn, loop);
	conn->state = CONN_HANDSHAKE;
	conn->started_ns = loop->now_ns;
	conn->active_ns = conn->started_ns;
	timeq_arm(&loop->handshake, &conn->timer, conn->started_ns);
	stats_add(loop->shard, STATS_ACCEPTED, 1);
	return 0;
}

int
conn_connect(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, const struct addr *addr,
    struct tls_creds *creds, const char *peer_name)
{
	int error = init(conn, ops, creds, peer_name);

	conn->started_ns = clock_now_ns();
	if (error == 0)
		error = io_sock_connect(
		    loop->io, &conn->sock, &conn_sock_ops, addr);
	if (error != 0) {
		tls_free(&conn->tls);
		return error;
	}
	enter_loop(conn, loop);
	conn->state = CONN_CONNECTING;
	conn->active_ns = conn->started_ns;
	timeq_arm(&loop->connect, &conn->timer, conn->started_ns);
	return 0;
}

/* Without memory for the bytes the session cannot go on; see conn_attach. */
static void
keep_unread(struct conn *conn)
{
	const struct tls_input *in = conn->unread;

	conn->unread = NULL;
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
	ASSERT(conn->state == CONN_OPEN && conn->unread != NULL);
	keep_unread(conn);
	timeq_cancel(&conn->timer);
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

	enter_loop(conn, loop);
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

	conn->ops = ops;
	if (enter_with_socket(conn, loop)) {
		timeq_arm(&loop->idle, &conn->timer, loop->now_ns);
		/* Even without bytes: GnuTLS may hold a decrypted record. */
		conn_deliver(conn, &in);
	} else {
		conn_abort(conn, REASON_INTERNAL);
	}
	free(conn->pending_bytes);
	conn->pending_bytes = NULL;
}
