/*
 * odd_certs: client certificates of all kinds, behind a root of their own, as
 * files of the fixture: zoo-ca.pem, zoo.pem, zoo.key, and for some animals
 * zoo.crl or zoo.rules.
 *
 * Owns:	all certificates, from zoo_open to zoo_close.
 * Errors:	fail the test.
 * Use:
 *	zoo_open(&z);
 *	zoo_behind_one(&z, &PKI_CLIENT("alice"));
 *	zoo_write(&z);
 *	... a client with zoo.pem and zoo.key ...
 *	zoo_close(&z);
 */
#ifndef TESTS_SUPPORT_ODD_CERTS_H
#define TESTS_SUPPORT_ODD_CERTS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/support/pki.h"

enum {
	ZOO_CHAIN_MAX = 12
};

struct zoo {
	struct pki root, stranger, leaf;
	struct pki middle[ZOO_CHAIN_MAX];       /* the root's own first */
	const struct pki *chain[ZOO_CHAIN_MAX]; /* what a client shows */
	size_t count;
	const struct pki *key; /* whose key it has */
};

void zoo_open(struct zoo *z);
void zoo_write(const struct zoo *z);
void zoo_close(struct zoo *z);

/* The root's list, number such, good until then, of one certificate. */
void zoo_write_crl(
    struct zoo *z, uint8_t number, int64_t until_s, const struct pki *revoked);

/* The leaf, whose options are given, is this; one of these, once. */
void zoo_nothing(struct zoo *z, const struct pki_options *leaf);
void zoo_of_root(struct zoo *z, const struct pki_options *leaf);
void zoo_of_stranger(struct zoo *z, const struct pki_options *leaf);
void zoo_of_namesake(struct zoo *z, const struct pki_options *leaf);
void zoo_self_signed(struct zoo *z, const struct pki_options *leaf);
void zoo_damaged(struct zoo *z, const struct pki_options *leaf);
void zoo_with_key_of_another(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_one(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_one_twice(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_one_unseen(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_ten(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_expired(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_client(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_weak(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_one_too_many(struct zoo *z, const struct pki_options *leaf);
void zoo_within_domain(struct zoo *z, const struct pki_options *leaf);
void zoo_within_uri(struct zoo *z, const struct pki_options *leaf);
void zoo_without_uri(struct zoo *z, const struct pki_options *leaf);
void zoo_revoked(struct zoo *z, const struct pki_options *leaf);
void zoo_behind_revoked(struct zoo *z, const struct pki_options *leaf);
void zoo_revoked_long_ago(struct zoo *z, const struct pki_options *leaf);
void zoo_not_revoked(struct zoo *z, const struct pki_options *leaf);
void zoo_pinned(struct zoo *z, const struct pki_options *leaf);

/* The leaf's last touches: members adorn of its options. */
void zoo_with_uri(gnutls_x509_crt_t crt);
void zoo_with_unknown_extension(gnutls_x509_crt_t crt);
void zoo_with_tls_features(gnutls_x509_crt_t crt);
void zoo_for_signing_too(gnutls_x509_crt_t crt);

#endif
