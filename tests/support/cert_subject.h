/*
 * cert_subject: self-signed certificates with names of all kinds, odd ones too.
 *
 * Owns:	certificate and key are those of a struct pki; see pki_free.
 * Errors:	all fail the test.
 * Use:
 *	cert_subject_begin(&pki);
 *	cert_subject_add_cn(&pki, "alice", 5);
 *	cert_subject_set_sans(&pki, sans, count);
 *	cert_subject_end(&pki);
 */
#ifndef TESTS_SUPPORT_CERT_SUBJECT_H
#define TESTS_SUPPORT_CERT_SUBJECT_H

#include <gnutls/x509.h>
#include <stddef.h>

#include "tests/support/pki.h"

/* A DNS name, URI, email address, or the bytes of an IP address. */
struct cert_subject_san {
	gnutls_x509_subject_alt_name_t type;
	const char *text;
	size_t size;
};

void cert_subject_begin(struct pki *subject);
void cert_subject_add_cn(struct pki *subject, const char *name, size_t size);

/* Once; each is shorter than 128 bytes or longer than 255, 16,000 in all. */
void cert_subject_set_sans(
    struct pki *subject, const struct cert_subject_san *sans, size_t count);

/* Signs it and reads it back, as if a peer had sent it. */
void cert_subject_end(struct pki *subject);

/* A result of GnuTLS that is an error fails the test. */
void cert_subject_must(int result);

#endif
