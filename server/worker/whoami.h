/* whoami: greets a client with what the server knows about it. */
#ifndef SERVER_WORKER_WHOAMI_H
#define SERVER_WORKER_WHOAMI_H

struct conn;

enum {
	WHOAMI_NAMES = 16384 /* bytes of alternative names, of all together */
};

/* Before the worker loses its files: Jansson reads its seed from one. */
void whoami_prepare(void);

/*
 * Sends one line of JSON about the client's certificate and the session, on an
 * open connection, before any echo. Nothing, if there is no memory. A name is
 * there whole or not at all; names_left_out counts those that are not.
 */
void whoami_greet(struct conn *conn);

#endif
