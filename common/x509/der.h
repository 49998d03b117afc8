/*
 * der: takes elements off the front of bytes in DER (ITU-T X.690).
 *
 * Borrows:	the bytes.
 * Use:
 *	struct tls_der all = { der, size }, list;
 *	if (!tls_der_take(&all, TLS_DER_SEQUENCE, &list) || all.left > 0) ...
 */
#ifndef COMMON_X509_DER_H
#define COMMON_X509_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TLS_DER_BOOLEAN = 0x01,
	TLS_DER_INTEGER = 0x02,
	TLS_DER_BIT_STRING = 0x03,
	TLS_DER_OCTET_STRING = 0x04,
	TLS_DER_OBJECT_ID = 0x06,
	TLS_DER_UTC_TIME = 0x17,
	TLS_DER_GENERALIZED_TIME = 0x18,
	TLS_DER_SEQUENCE = 0x30,
	TLS_DER_CONTEXT = 0x80,            /* and its number; primitive */
	TLS_DER_CONTEXT_CONSTRUCTED = 0xa0 /* and its number */
};

struct tls_der {
	const uint8_t *at;
	size_t left;
};

/*
 * Takes an element off the front, if it has this tag and all of its content;
 * otherwise false, and nothing has changed.
 */
bool tls_der_take(struct tls_der *from, uint8_t tag, struct tls_der *content);

/* The same of any tag. */
bool tls_der_take_any(
    struct tls_der *from, uint8_t *tag, struct tls_der *content);

#endif
