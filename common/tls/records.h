/*
 * records: one record, sealed or opened: of TLS 1.3 (RFC 8446, 5.2) and of TLS
 * 1.2 with AES-GCM (RFC 5246, 6.2.3.3; RFC 5288) or ChaCha20-Poly1305 (RFC
 * 7905). GnuTLS's AEAD does the cryptography.
 *
 * A session's own record layer is made for everything that a record may hold:
 * it allocates, queues, copies and locks, and the session has ten KiB.
 *
 * Threads:	one at a time; what is opened lies in memory of the thread.
 * Use:
 *	size = tls_record_size(bytes);
 *	type = tls_record_open(tls, bytes, size, &content, &n);
 *	n = tls_record_seal(tls, TLS_APPLICATION_DATA, content, n, to);
 */
#ifndef COMMON_TLS_RECORDS_H
#define COMMON_TLS_RECORDS_H

#include <stddef.h>
#include <stdint.h>

#include "common/tls/state.h"

/* ContentType: RFC 8446, 5.1. */
enum {
	TLS_ALERT = 21,
	TLS_HANDSHAKE = 22,
	TLS_APPLICATION_DATA = 23,
};

enum {
	TLS_HEADER_SIZE = 5,
	/* Bytes that a sealed record may have in addition to its content. */
	TLS_OVERHEAD_MAX = 29,
};

/* With its header, TLS_HEADER_SIZE bytes of which are read. */
static inline size_t
tls_record_size(const uint8_t *header)
{
	return TLS_HEADER_SIZE + ((size_t)header[3] << 8 | header[4]);
}

/* The AlertDescription against a record with this header; 0: none. Before all
 * of it has come; tls_record_open says the same. */
int tls_record_check(const struct tls *tls, const uint8_t *header);

/*
 * Opens a whole record. Returns its type, and its *n bytes of content (there
 * may be none), which are valid until the thread's next call; or, negated, the
 * AlertDescription to end the session with.
 */
int tls_record_open(struct tls *tls, const uint8_t *record, size_t size,
    const uint8_t **content, size_t *n);

/*
 * Seals n bytes: at most TLS_RECORD_MAX, and what the peer accepts. Writes at
 * most n + TLS_OVERHEAD_MAX bytes, which must not overlap content, and returns
 * how many; 0: no memory.
 */
size_t tls_record_seal(
    struct tls *tls, int type, const uint8_t *content, size_t n, uint8_t *to);

#endif
