/*
 * record: TLS records made by hand, with the keys of a GnuTLS session, as no
 * library would send them.
 *
 * Borrows:	the session, for a call.
 * Errors:	fail the test.
 * Use:
 *	n = record_forge(session, header, inner, size, inbox);
 *	record_set_number(session, RECORD_WRITE,
 *	    record_number(session, RECORD_WRITE) + 1);
 */
#ifndef TESTS_SUPPORT_RECORD_H
#define TESTS_SUPPORT_RECORD_H

#include <gnutls/gnutls.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RECORD_HEADER = 5,
	RECORD_TAG = 16
};

enum record_way {
	RECORD_WRITE,
	RECORD_READ
};

/* Of the next record. */
uint64_t record_number(gnutls_session_t session, enum record_way way);
void record_set_number(
    gnutls_session_t session, enum record_way way, uint64_t number);

/*
 * Seals n bytes of content, type and padding under TLS 1.3, with the number of
 * the session's next record, which does not change, and this header, whatever
 * it says. Returns the record's size: RECORD_HEADER + RECORD_TAG more.
 */
size_t record_forge(gnutls_session_t session,
    const uint8_t header[static RECORD_HEADER], const void *inner, size_t n,
    uint8_t *to);

/* With the right header, and the session goes on with the next number. */
size_t record_send(
    gnutls_session_t session, const void *inner, size_t n, uint8_t *to);

#endif
