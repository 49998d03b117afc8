/*
 * san: which kind of alternative name a text is (RFC 5280, 4.2.1.6).
 *
 * An address (10.0.0.1, ::1); or a URI, if it begins with a scheme and a colon
 * (spiffe://example.org/web, mailto:me@example.org, urn:x:y); or an e-mail
 * address, if there is an @; or else a DNS name, whose first label may be *.
 *
 * Errors:	-1 and a message that can follow "'a b': " or "--allow-san: ".
 * Use:
 *	if (tls_san_parse(&san, text, strlen(text), &e) < 0) ...
 */
#ifndef COMMON_X509_SAN_H
#define COMMON_X509_SAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

enum {
	TLS_SAN_DNS_MAX = 253 /* RFC 1035, 2.3.4, as text */
};

enum tls_san_kind {
	TLS_SAN_DNS_NAME,
	TLS_SAN_URI,
	TLS_SAN_EMAIL,
	TLS_SAN_ADDRESS,
	TLS_SAN_KINDS
};

struct tls_san {
	enum tls_san_kind kind;
	uint8_t address[16]; /* of TLS_SAN_ADDRESS, in network order */
	size_t size;         /* of the address, 4 or 16, or else of the text */
};

int tls_san_parse(
    struct tls_san *san, const char *text, size_t size, struct errmsg *e);

/*
 * Labels of letters, digits, - and _ (RFC 1034, 3.5, which lacks _); no
 * wildcard. A name that ends in a number is none: 10.0.0.256 is a typing error.
 */
bool tls_san_is_dns_name(const char *name, size_t size);

#endif
