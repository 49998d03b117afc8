/*
 * resume: a client that comes again with what it kept of an earlier session, or
 * for the first time.
 *
 * Version 0 is TLS 1.3, version 1 TLS 1.2: for loop tests.
 *
 * Owns:	what it fills is the caller's: gnutls_free(session.data).
 * Errors:	all fail the case.
 * Use:
 *	resume_take(&session, server.port, "ca/alice", version);
 *	ck_assert(resume_use(&session, server.port, "ca/alice", version));
 */
#ifndef TESTS_SUPPORT_RESUME_H
#define TESTS_SUPPORT_RESUME_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

#include "tests/support/tlspeer.h"

enum {
	RESUME_VERSIONS = 2
};

extern const char *const resume_versions[RESUME_VERSIONS];

/* A session from the first byte to the last, and what is left of it. */
void resume_take(
    gnutls_datum_t *session, int port, const char *identity, int version);

/* Another, which must work; whether it was resumed. */
bool resume_use(
    const gnutls_datum_t *session, int port, const char *identity, int version);

/* A first one, which must work; it does not verify the server. */
void resume_echo(int port, const char *identity, int version);

/* One that must be refused; session may be NULL. See tlspeer_refusal. */
int resume_refusal(
    const gnutls_datum_t *session, int port, const char *identity, int version);

/* The TCP connection of another; session may be NULL. */
void resume_open(struct tlspeer *p, const gnutls_datum_t *session, int port,
    const char *identity, int version);

#endif
