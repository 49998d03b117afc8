/*
 * ticket: opens and makes session tickets by hand, for tests that look inside
 * or forge.
 *
 * Errors:	fail the test.
 * Use:
 *	size = ticket_open(state, ticket, ticket_size, &secrets);
 *	size = ticket_seal(forged, state, size, &other_secrets);
 */
#ifndef TESTS_SUPPORT_TICKET_H
#define TESTS_SUPPORT_TICKET_H

#include <stddef.h>
#include <stdint.h>

#include "common/creds/ticket_keys.h"

enum {
	TICKET_FRAME = 16 + 16 + 2 + 20
};

/* Decrypts; how many bytes the state has, padding and all. */
size_t ticket_open(uint8_t *state, const uint8_t *ticket, size_t size,
    const struct tls_ticket_secrets *secrets);

/*
 * Encrypts a state of a multiple of 16 bytes, under an IV of zeros; the
 * ticket's size, which is TICKET_FRAME more.
 */
size_t ticket_seal(uint8_t *ticket, const uint8_t *state, size_t size,
    const struct tls_ticket_secrets *secrets);

#endif
