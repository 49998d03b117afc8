/*
 * request: what a server says in messages that a client's library keeps to
 * itself: which authorities its CertificateRequest names, and which application
 * protocol it has chosen.
 *
 * Borrows:	the body of the message.
 * Errors:	what cannot be read is not there: whether a message is
 *		well-formed is for GnuTLS to say.
 * Use:		in on_message of an observer (tls/observer.h):
 *	tls_request_read(&request, body, is_tls13);
 *	while (tls_request_next(&request, &name)) ...
 */
#ifndef COMMON_TLS_REQUEST_H
#define COMMON_TLS_REQUEST_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/creds/support.h"
#include "common/tls/view.h"

enum {
	TLS_PROTOCOL_TEXT = 256 /* a protocol of 255 bytes and a NUL */
};

struct tls_request {
	struct tls_numbers schemes; /* signatures that the server takes */
	struct view names;          /* of authorities, not yet taken */
};

/* A CertificateRequest (RFC 8446, 4.3.2; RFC 5246, 7.4.4). */
void tls_request_read(
    struct tls_request *request, const gnutls_datum_t *body, bool is_tls13);

/* The next authority, a distinguished name in DER; false: there is none. */
bool tls_request_next(struct tls_request *request, gnutls_datum_t *name);

/*
 * The protocol that the extensions of an EncryptedExtensions or a ServerHello
 * choose (RFC 7301, 3.1); "" if none. Returns text.
 */
const char *tls_protocol_read(const gnutls_datum_t *body, bool is_server_hello,
    char text[static TLS_PROTOCOL_TEXT]);

/* The version that a ServerHello chooses, as IANA numbers it; 0: unreadable. */
uint16_t tls_version_read(const gnutls_datum_t *body);

#endif
