/*
 * watch: what is seen of a handshake from beside it (tls/observer.h): what was
 * offered, what the server chose, and whether it asked for a certificate.
 *
 * Owns:	the names of authorities, until watch_clear.
 * Use:
 *	watch_attach(&watch, &tls);
 *	... tls_handshake(&tls, ...) ...
 *	if (watch.is_asked && !watch.has_sent) ...
 *	watch_clear(&watch);
 */
#ifndef CLIENT_EXPLAIN_WATCH_H
#define CLIENT_EXPLAIN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/sys/file.h"
#include "common/tls/hello.h"
#include "common/tls/request.h"

struct watch {
	struct tls_hello hello; /* its size is 0 before it is sent */
	uint16_t version;       /* that the server chose; 0: not yet */
	bool has_certificate;   /* the server has shown one */
	bool is_judged;
	enum close_reason verdict;        /* on it; NONE: it is good */
	char protocol[TLS_PROTOCOL_TEXT]; /* ALPN; "": none */
	bool is_asked;                    /* for a certificate of ours */
	struct tls_request request;       /* its names are those below */
	struct file_bytes names;
	bool has_answered; /* there was a place to send one */
	bool has_sent;     /* and one was sent */
};

/* Empties it, and makes it look at this client's handshake. */
void watch_attach(struct watch *watch, struct tls *tls);

void watch_clear(struct watch *watch);

#endif
