/*
 * dialogue: one TLS session on a connection of its own, which waits for each
 * thing that it does.
 *
 * Owns:	socket, session and what was seen of it, from dialogue_open, if
 *		that succeeds, to dialogue_close.
 * Use:
 *	reason = dialogue_open(&d, explain, &addr, deadline_ns);
 *	if (dialogue_handshake(&d, creds, NULL, deadline_ns)) ...
 *	result = dialogue_read(&d, &bytes, &n, deadline_ns);
 *	dialogue_close(&d);
 */
#ifndef CLIENT_EXPLAIN_DIALOGUE_H
#define CLIENT_EXPLAIN_DIALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/explain/watch.h"
#include "client/explain/wire.h"
#include "common/tls/session.h"

struct options;
struct tls_creds;
struct tls_resume;

struct dialogue {
	const struct options *options;
	struct wire wire;
	struct watch watch;
	struct tls tls;
	struct tls_input input; /* that the session has not taken yet */
	bool has_tls;
	/* Why it is over, or NONE: what the session says, or the socket. */
	enum close_reason reason;
};

/* A connection; CONNECT_... if there is none. */
enum close_reason dialogue_open(struct dialogue *d,
    const struct options *options, const struct addr *addr,
    int64_t deadline_ns);
void dialogue_close(struct dialogue *d);

/*
 * Offers the ticket, if it is not NULL. It has the time of --handshake-timeout,
 * and until the deadline. False: d->reason says why.
 */
bool dialogue_handshake(struct dialogue *d, struct tls_creds *creds,
    const struct tls_resume *ticket, int64_t deadline_ns);

/* False: d->reason. */
bool dialogue_write(
    struct dialogue *d, const void *bytes, size_t n, int64_t deadline_ns);

/*
 * TLS_OK: *n bytes, valid until the next call; TLS_AGAIN: none came until the
 * deadline; TLS_EOF; TLS_FAIL: d->reason. Bytes that come beside data, such as
 * session tickets, are taken meanwhile.
 */
enum tls_result dialogue_read(
    struct dialogue *d, const uint8_t **bytes, size_t *n, int64_t deadline_ns);

/* Says close_notify; reading goes on. */
void dialogue_say_close(struct dialogue *d, int64_t deadline_ns);

/* The number of the alert that has ended it, or TLS_ALERT_NONE. */
int dialogue_alert(const struct dialogue *d);

#endif
