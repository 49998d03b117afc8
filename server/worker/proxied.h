/*
 * proxied: a session whose client has come through a proxy: reads the PROXY
 * header (proxy/header.h), after which the session's peer is the client that
 * the header names, and the proxy's own address stands beside it.
 *
 * What the header says is kept until the handshake is over, for the greeting
 * and for lines of the log; the proxy's address as long as the session, so that
 * each line says through which proxy its connection came.
 *
 * Threads:	that of the handshake loop.
 * Use:
 *	... ops.on_prelude is proxied_read ...
 *	session_format_peer(session, text);
 *	... when the handshake is over ...
 *	proxied_forget(session->proxied);
 *	proxied_free(&session->proxied);
 */
#ifndef SERVER_WORKER_PROXIED_H
#define SERVER_WORKER_PROXIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sys/addr.h"
#include "server/proxy/header.h"

struct conn;
struct tls_input;

struct proxied_header {
	struct proxy_header parsed;
	size_t n;
	uint8_t bytes[]; /* so far, to which it points */
};

struct proxied {
	union addr_peer proxy;         /* its end of the connection with us */
	struct proxied_header *header; /* NULL: forgotten */
};

/*
 * As on_prelude of struct conn_ops. The connection ends as PROXY_HEADER when
 * there is no header, which is logged at level info, at most ten times in a
 * second; as HEALTH_CHECK when it ends without a byte.
 */
bool proxied_read(struct conn *conn, struct tls_input *in);

enum {
	PROXIED_VALUE = 512 /* a field as it is shown: longer ones are cut */
};

/* Bytes of a field, with escapes for what is not printable, " and \. */
const char *proxied_show(
    struct proxy_slice slice, char text[static PROXIED_VALUE]);
/* What the proxy says of the client's certificate: a word. */
const char *proxied_certificate(const struct proxied *proxied);

/* What the header says; proxied may be NULL. */
void proxied_forget(struct proxied *proxied);
/* *proxied may be NULL, and is then. */
void proxied_free(struct proxied **proxied);

#endif
