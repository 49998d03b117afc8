/*
 * input_limit: how much a session may read that is no data.
 *
 * GnuTLS gathers the pieces of a handshake message, however large it says it
 * is, and keeps something of each, even of an empty one. So there is a limit to
 * what a handshake reads, and again to all that an open session reads that is
 * neither data nor a new key: 256 KiB, where a record counts for 1 KiB more
 * than its size.
 *
 * Use:
 *	while (!tls_input_limit_is_exceeded(&input_limit) && ...) {
 *		... pull n bytes ...
 *		tls_input_limit_add(&input_limit, bytes, n);
 *		if (it was data)
 *			tls_input_limit_justify(&input_limit);
 *	}
 */
#ifndef COMMON_TLS_INPUT_LIMIT_H
#define COMMON_TLS_INPUT_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero at first. */
struct tls_input_limit {
	uint32_t cost;        /* of the records so far, the last one included */
	uint32_t last_cost;   /* of the last record; 0: it is justified */
	uint32_t record_left; /* bytes of the body under way */
	uint8_t header_got;
	uint8_t length_high;
};

/* The next bytes of the stream of records (RFC 8446, 5.1). */
void tls_input_limit_add(
    struct tls_input_limit *input_limit, const uint8_t *bytes, size_t n);

/* The last record was data or a new key: it costs nothing. */
void tls_input_limit_justify(struct tls_input_limit *input_limit);

/* The handshake is over: counts from 0, at a boundary between records. */
void tls_input_limit_forget(struct tls_input_limit *input_limit);

bool tls_input_limit_is_exceeded(const struct tls_input_limit *input_limit);

#endif
