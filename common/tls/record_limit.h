/*
 * record_limit: how much content the peer takes in a record: record_size_limit
 * (RFC 8449) or, of a client, max_fragment_length (RFC 6066, 4). GnuTLS obeys
 * them, but does not tell.
 */
#ifndef COMMON_TLS_RECORD_LIMIT_H
#define COMMON_TLS_RECORD_LIMIT_H

#include <gnutls/gnutls.h>
#include <stdint.h>

struct tls;

/* As the extensions of a message say; 0: not given. */
struct tls_limits {
	unsigned record_size, fragment;
};

/* One extension, of the type that IANA gave it; others leave it as it is. */
void tls_limits_read(struct tls_limits *limits, unsigned type,
    const unsigned char *data, unsigned size);

/* In a message of a server's handshake. */
void tls_read_record_limit(
    struct tls *tls, unsigned type, const gnutls_datum_t *message);

/* Only the smaller of two limits is of interest: the larger would be wrong
 * where GnuTLS has ignored the other. */
void tls_set_record_limit(struct tls *tls, const struct tls_limits *limits);

/* Content of the largest record that may be sent; the version is known. */
uint16_t tls_record_limit(const struct tls *tls);

#endif
