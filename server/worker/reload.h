/*
 * reload: a worker takes new credentials, and asks their policy about all who
 * are connected, each identity once.
 *
 * Use:		reload_credentials(h, &order);	// in the handshake loop
 */
#ifndef SERVER_WORKER_RELOAD_H
#define SERVER_WORKER_RELOAD_H

struct control;
struct handshakes;

/* Of a CONTROL_RELOAD, whose descriptor it closes; the master has an answer. */
void reload_credentials(struct handshakes *h, const struct control *order);

#endif
