/*
 * records: records of application data under TLS 1.3 (RFC 8446, 5.2),
 * opened and sealed beside the session, with its keys.
 *
 * A session's own record layer is made for everything that a record may hold:
 * it allocates, queues, copies and locks, and touches so much of the session
 * that with a thousand of them most of its time is spent waiting for memory.
 * Here is only what plain data needs: the keys are the session's, the AEAD is
 * GnuTLS's, and whatever is not one whole record of application data is left to
 * the session.
 *
 * Only one of the two may seal at a time: a sequence number that is used twice
 * gives the key away (RFC 8446, 5.3). So the numbers move: tls_records_take
 * brings them here, tls_records_give_back returns them, and between the two the
 * session must neither read nor write.
 *
 * Owns:	copies of the keys.
 * Borrows:	the session, for a call.
 * Threads:	one at a time; what is opened lies in memory of the thread.
 * Use:
 *	if (tls_records_take(&records, session))
 *		used = tls_records_open(records, in, in_left, &bytes, &n);
 *	tls_records_give_back(records, session);
 *	tls_records_free(&records);
 */
#ifndef COMMON_TLS_RECORDS_H
#define COMMON_TLS_RECORDS_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_records;

enum {
	/* By how much a sealed record is longer than its content. */
	TLS_RECORDS_OVERHEAD = 22,
	TLS_CACHE_LINE = 64,
};

/*
 * Takes both directions over, at a boundary between records. *records is NULL
 * at first and then used again; false, with nothing taken, for a session that
 * is not of TLS 1.3 or whose cipher is another than AES-GCM or
 * ChaCha20-Poly1305, and without memory.
 */
bool tls_records_take(struct tls_records **records, gnutls_session_t session);
void tls_records_give_back(
    const struct tls_records *records, gnutls_session_t session);
void tls_records_free(struct tls_records **records);

/*
 * Opens the record at the beginning of n bytes. Returns how many of them it
 * was; its *size bytes of content (there may be none) are valid until the
 * thread opens the next. 0: it is for the session, and nothing has changed: it
 * is not whole, not of application data, larger than allowed, or not authentic.
 */
size_t tls_records_open(struct tls_records *records, const uint8_t *in,
    size_t n, const uint8_t **content, size_t *size);

/*
 * The key has sealed as many records as one may (RFC 8446, 5.5): the session
 * must change it first.
 */
bool tls_records_is_worn(const struct tls_records *records);

/*
 * Seals n bytes, 1 to TLS_RECORD_MAX or what the peer takes (RFC 8449), and
 * writes TLS_RECORDS_OVERHEAD more to a place that does not overlap. 0, or an
 * error of GnuTLS.
 */
int tls_records_seal(
    struct tls_records *records, const uint8_t *content, size_t n, uint8_t *to);

#endif
