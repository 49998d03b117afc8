/* whoami: greets a client with what the server knows about it. */
#ifndef SERVER_WORKER_WHOAMI_H
#define SERVER_WORKER_WHOAMI_H

struct conn;

/*
 * Sends one line of JSON about the client's certificate and the session, on an
 * open connection, before any echo. Nothing, if there is no memory.
 */
void whoami_greet(struct conn *conn);

#endif
