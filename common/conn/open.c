/* open: how connections begin; see conn/loop.h. */
#include <errno.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/loop.h"
#include "common/conn/private.h"
#include "common/conn/redirect.h"
#include "common/stats/stats.h"
#include "common/sys/addr.h"
#include "common/tls/hold.h"
#include "common/tls/session.h"

/* Everything but the socket. 0 or -ENOMEM. */
static int
init(struct conn *conn, const struct conn_ops *ops, struct tls_creds *creds,
    const char *peer_name)
{
	*conn = (struct conn){ .ops = ops,
		.state = CONN_CONNECTING,
		.reason = REASON_NONE,
		.awaits_data = peer_name != NULL,
		.pending_fd = -1 };
	io_sock_init(&conn->sock);
	timeq_init_timer(&conn->timer);
	timeq_init_timer(&conn->lifetime);
	list_init(&conn->link);
	if (tls_init(&conn->tls, creds, peer_name) < 0)
		return -ENOMEM;
	tls_set_output(&conn->tls, &conn_tls_output, &conn->sock);
	return 0;
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
		tls_fini(&conn->tls);
		return error;
	}
	conn_enter_loop(conn, loop);
	conn_set_state(conn, CONN_HANDSHAKE);
	if (ops->on_hello != NULL)
		tls_hold(&conn->tls);
	conn->has_prelude = conn->is_probe = ops->on_prelude != NULL;
	conn->started_ns = loop->now_ns;
	conn->active_ns = conn->started_ns;
	timeq_arm(&loop->handshake, &conn->timer, conn->started_ns);
	stats_add(loop->shard, STATS_ACCEPTED, 1);
	return 0;
}

int
conn_connect(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, const struct conn_target *target,
    struct tls_creds *creds)
{
	int error = init(conn, ops, creds, target->peer_name);

	conn->splits_hello = target->splits_hello;
	conn->started_ns = clock_now_ns();
	if (error == 0)
		error = io_sock_connect(loop->io, &conn->sock, &conn_sock_ops,
		    target->addr, target->source, target->keepalive);
	if (error != 0) {
		tls_fini(&conn->tls);
		return error;
	}
	conn_enter_loop(conn, loop);
	conn->active_ns = conn->started_ns;
	timeq_arm(&loop->connect, &conn->timer, conn->started_ns);
	return 0;
}

int
conn_redirect(struct conn *conn, int fd, int64_t started_ns)
{
	int error;

	ASSERT(conn->state == CONN_CONNECTING);
	io_sock_close(&conn->sock);
	io_sock_init(&conn->sock);
	error = io_sock_attach(conn->loop->io, &conn->sock, &conn_sock_ops, fd);
	if (error != 0) {
		conn_abort(conn, REASON_CONNECT_ERROR);
		return error;
	}
	conn->started_ns = started_ns;
	conn_on_connected(&conn->sock);
	return 0;
}
