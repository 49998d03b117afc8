/*
 * odd_certs: client certificates of all kinds, good and bad, and a root of
 * their own, as files of the fixture: odd-ca.pem, odd.pem, odd.key, and for
 * some kinds odd.crl or odd.rules.
 *
 * Owns:	all certificates, from odd_certs_make to odd_certs_free.
 * Errors:	fail the test.
 * Use:
 *	odd_certs_make(&odd, odd_certs_behind_one, &odd_certs_alice);
 *	... a client with odd.pem and odd.key ...
 *	odd_certs_free(&odd);
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

/* Adds a leaf of these options, and what else belongs to this kind. */
typedef void odd_certs_kind(
    struct odd_certs *odd, const struct pki_options *leaf);

odd_certs_kind odd_certs_nothing, odd_certs_of_root, odd_certs_of_stranger,
    odd_certs_of_namesake, odd_certs_self_signed, odd_certs_damaged,
    odd_certs_with_key_of_another, odd_certs_behind_one,
    odd_certs_behind_one_twice, odd_certs_behind_one_unseen,
    odd_certs_behind_ten, odd_certs_behind_expired, odd_certs_behind_client,
    odd_certs_behind_weak, odd_certs_behind_one_too_many,
    odd_certs_within_domain, odd_certs_within_uri, odd_certs_without_uri,
    odd_certs_revoked, odd_certs_behind_revoked, odd_certs_revoked_long_ago,
    odd_certs_not_revoked, odd_certs_pinned;

/* A client of the root, and all the defaults of pki_make. */
extern const struct pki_options odd_certs_alice;

/* Makes and writes all that belongs to one kind. */
void odd_certs_make(struct odd_certs *odd, odd_certs_kind *kind,
    const struct pki_options *leaf);
void odd_certs_free(struct odd_certs *odd);

/*
 * Writes odd.crl: the root's list of this number, good until then, of one
 * certificate or, if that is NULL, of none.
 */
void odd_certs_write_crl(struct odd_certs *odd, uint8_t number, int64_t until_s,
    const struct pki *revoked);

/* For member adorn of the leaf's options. */
void odd_certs_with_uri(gnutls_x509_crt_t crt);
void odd_certs_with_unknown_extension(gnutls_x509_crt_t crt);
void odd_certs_with_tls_features(gnutls_x509_crt_t crt);
void odd_certs_for_signing_too(gnutls_x509_crt_t crt);

#endif
