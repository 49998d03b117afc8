/*
 * answer: what it comes of that bytes came which are neither TLS nor an echo.
 *
 * Use:
 *	const struct advice *a = answer_advice(bytes, n, sent, sent_size);
 *	if (a != NULL) ... a->cause ...
 */
#ifndef CLIENT_EXPLAIN_ANSWER_H
#define CLIENT_EXPLAIN_ANSWER_H

#include <stddef.h>
#include <stdint.h>

struct advice;

/*
 * The first bytes of an answer to a ClientHello, whose first bytes are sent.
 * NULL: they may be TLS (RFC 8446, 5.1), or there are none.
 */
const struct advice *answer_advice(
    const uint8_t *bytes, size_t n, const uint8_t *sent, size_t sent_size);

#endif
