/*
 * open: how connections begin: accepted, or with a connect.
 *
 * Borrows:	credentials, of which the session takes a reference.
 * Errors:	-errno: then there is no connection, and on_end is not called.
 * Use:
 *	error = conn_accept(&peer->conn, &loop, &ops, fd, creds);
 *	error = conn_connect(&peer->conn, &loop, &ops, &addr, creds, "name");
 */
#ifndef COMMON_CONN_OPEN_H
#define COMMON_CONN_OPEN_H

struct addr;
struct conn;
struct conn_loop;
struct conn_ops;
struct tls_creds;

/*
 * Starts on an accepted, non-blocking socket. 0, or -errno: fd is then still
 * the caller's, and nothing was counted.
 */
int conn_accept(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, int fd, struct tls_creds *creds);

/* Starts a connect and a handshake as a client. 0 or -errno. */
int conn_connect(struct conn *conn, struct conn_loop *loop,
    const struct conn_ops *ops, const struct addr *addr,
    struct tls_creds *creds, const char *peer_name);

#endif
