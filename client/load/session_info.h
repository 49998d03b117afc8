/*
 * session_info: shows what a connection's session has negotiated, for
 * --verbose.
 *
 * Use:
 *	session_info_write(STDOUT_FILENO, conn, 3, 0);
 */
#ifndef CLIENT_LOAD_SESSION_INFO_H
#define CLIENT_LOAD_SESSION_INFO_H

struct conn;

/*
 * Of an open connection; connection and worker count from 0. It is one write,
 * so that the lines of several workers do not mix. Its errors are ignored.
 */
void session_info_write(
    int fd, const struct conn *conn, unsigned connection, unsigned worker);

/*
 * Data has come from the server, so it has accepted our certificate: says so,
 * if that was not known when the connection was opened.
 */
void session_info_confirm(
    int fd, const struct conn *conn, unsigned connection, unsigned worker);

#endif
