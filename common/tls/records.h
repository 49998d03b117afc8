/*
 * records: records of application data under TLS 1.3 (RFC 8446, 5.2),
 * decrypted and encrypted outside the session, with its keys.
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
 *	if (tls_records_take(&records, session)) {
 *		used = tls_records_open(records, in, in_left, &bytes, &n);
 *		tls_records_give_back(records, session);
 *	}
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
	/* Bytes that a sealed record has in addition to its content. */
	TLS_RECORDS_OVERHEAD = 22,
	TLS_CACHE_LINE = 64,
};

/*
 * Takes both directions over, at a boundary between records. *records is NULL
 * before the first call, which allocates it. False, with nothing taken, if the
 * session is not of TLS 1.3, if its cipher is neither AES-GCM nor
 * ChaCha20-Poly1305, or if there is no memory.
 */
bool tls_records_take(struct tls_records **records, gnutls_session_t session);

/* Once after each tls_records_take that returned true. */
void tls_records_give_back(
    struct tls_records *records, gnutls_session_t session);
void tls_records_free(struct tls_records **records);

/*
 * Opens the record at the beginning of n bytes, while taken. Returns the size
 * of that record; its *size bytes of content (there may be none) are valid
 * until the thread's next call. 0 if the session must handle it, since it is
 * not whole, not of application data, larger than allowed, or not authentic.
 */
size_t tls_records_open(struct tls_records *records, const uint8_t *in,
    size_t n, const uint8_t **content, size_t *size);

/*
 * The key has sealed as many records as it may (RFC 8446, 5.5): the session
 * must change it before the next.
 */
bool tls_records_needs_new_key(const struct tls_records *records);

/*
 * Seals n bytes, while taken: at least 1, at most TLS_RECORD_MAX and what the
 * peer accepts (RFC 8449). Writes n + TLS_RECORDS_OVERHEAD bytes, which must
 * not overlap content. 0, or an error of GnuTLS.
 */
int tls_records_seal(
    struct tls_records *records, const uint8_t *content, size_t n, uint8_t *to);

#endif
