/*
 * hello: what a ClientHello offers (RFC 8446, 4.1.2), read once, in the hook
 * that GnuTLS calls before it looks at the message itself. Whether the message
 * is well-formed is for GnuTLS to say: what cannot be read here is not there.
 *
 * Borrows:	the message: ticket.key_name points into it.
 * Use:
 *	struct tls_hello hello;
 *	tls_hello_read(&hello, message);
 *	if (tls_numbers_have(&hello.versions, TLS_NUMBER_TLS13)) ...
 */
#ifndef COMMON_TLS_HELLO_H
#define COMMON_TLS_HELLO_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/creds/support.h"
#include "common/tls/record_limit.h"
#include "common/tls/ticket.h"

struct tls;

enum {
	TLS_HELLO_NAME = 256,
	TLS_HELLO_ALPN = 128,
};

struct tls_hello {
	struct tls_numbers versions, suites, groups, schemes;
	char name[TLS_HELLO_NAME]; /* RFC 6066, 3; "": none */
	char alpn[TLS_HELLO_ALPN]; /* "h2,http/1.1", as sent; "": none */
	unsigned size;             /* of the message's body */
	struct tls_limits limits;  /* see record_limit.c */
	struct tls_ticket_offer ticket;
};

/* False when GnuTLS cannot read the extensions, either. */
bool tls_hello_read(struct tls_hello *hello, const gnutls_datum_t *message);

/* Whether TLS 1.3 comes of it, at a server that supports this. */
bool tls_hello_gets_tls13(
    const struct tls_hello *hello, const struct tls_support *own);

/* A hybrid of an old group and one that withstands quantum computers, or such a
 * one alone: ML-KEM, or Kyber, which it was before. */
bool tls_hello_is_post_quantum(const struct tls_hello *hello);

/* Whether TLS 1.3 comes of it, and X25519MLKEM768 is the first group that both
 * have. */
bool tls_hello_wants_hybrid(
    const struct tls_hello *hello, const struct tls_support *own);

/* choose.c: says which certificate the session shows, whose hello has come. */
void tls_choose(struct tls *tls);

#endif
