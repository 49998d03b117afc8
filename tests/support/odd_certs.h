/*
 * odd_certs: client certificates of all kinds, behind a root of their own, as
 * files of the fixture: odd-ca.pem, odd.pem, odd.key, and for
 * some cases odd.crl or odd.rules.
 *
 * Owns:	all certificates, from odd_certs_open to odd_certs_close.
 * Errors:	fail the test.
 * Use:
 *	odd_certs_open(&z);
 *	odd_certs_behind_one(&z, &PKI_CLIENT("alice"));
 *	odd_certs_write(&z);
 *	... a client with odd.pem and odd.key ...
 *	odd_certs_close(&z);
 */
#ifndef TESTS_SUPPORT_ODD_CERTS_H
#define TESTS_SUPPORT_ODD_CERTS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/support/pki.h"

enum {
	ODD_CERTS_CHAIN_MAX = 12
};

struct odd_certs {
	struct pki root, stranger, leaf;
	struct pki middle[ODD_CERTS_CHAIN_MAX];       /* the root's own first */
	const struct pki *chain[ODD_CERTS_CHAIN_MAX]; /* what a client shows */
	size_t count;
	const struct pki *key; /* whose key it has */
};

void odd_certs_open(struct odd_certs *z);
void odd_certs_write(const struct odd_certs *z);
void odd_certs_close(struct odd_certs *z);

/* The root's list, number such, good until then, of one certificate. */
void odd_certs_write_crl(struct odd_certs *z, uint8_t number, int64_t until_s,
    const struct pki *revoked);

/* The leaf, whose options are given, is this; one of these, once. */
void odd_certs_nothing(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_of_root(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_of_stranger(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_of_namesake(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_self_signed(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_damaged(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_with_key_of_another(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_one(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_one_twice(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_one_unseen(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_ten(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_expired(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_client(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_weak(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_one_too_many(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_within_domain(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_within_uri(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_without_uri(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_revoked(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_behind_revoked(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_revoked_long_ago(
    struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_not_revoked(struct odd_certs *z, const struct pki_options *leaf);
void odd_certs_pinned(struct odd_certs *z, const struct pki_options *leaf);

/* The leaf's last touches: members adorn of its options. */
void odd_certs_with_uri(gnutls_x509_crt_t crt);
void odd_certs_with_unknown_extension(gnutls_x509_crt_t crt);
void odd_certs_with_tls_features(gnutls_x509_crt_t crt);
void odd_certs_for_signing_too(gnutls_x509_crt_t crt);

#endif
