/*
 * pki: certificates and keys made in memory, good and bad ones, and credentials
 * of them.
 *
 * Owns:	struct pki owns certificate and key; pki_free frees them.
 * Errors:	all fail the test.
 * Use:
 *	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
 *	pki_make(&leaf, &PKI_SERVER("localhost"), &root);
 *	creds = pki_creds(TLS_SERVER, &leaf, &root, TLS_PRIORITY_DEFAULT);
 */
#ifndef TESTS_SUPPORT_PKI_H
#define TESTS_SUPPORT_PKI_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/creds/bundle.h"
#include "common/creds/creds.h"
#include "common/creds/priority.h"

enum {
	PKI_HOUR_S = 3600,
	PKI_DAY_S = 24 * PKI_HOUR_S
};

struct pki {
	gnutls_x509_crt_t crt;
	gnutls_x509_privkey_t key;
};

enum pki_key {
	PKI_EC_P256, /* the default, and the fastest */
	PKI_RSA_2048,
	PKI_RSA_1024,
	PKI_ED25519,
	PKI_EC_P192,
};

struct pki_options {
	const char *name;    /* common name; of a leaf also its SAN */
	const char *purpose; /* GNUTLS_KP_...; "" for none at all; NULL makes
				an authority */
	int64_t from_s;      /* from now; both 0: an hour to each side */
	int64_t until_s;
	gnutls_digest_algorithm_t digest; /* of the signature; 0: SHA-256 */
	enum pki_key key;
	const struct pki *key_of; /* has its key; NULL: one of its own */
	void (*adorn)(gnutls_x509_crt_t crt); /* before it is signed */
};

#define PKI_SERVER(name_)      \
	((struct pki_options){ \
	    .name = (name_), .purpose = GNUTLS_KP_TLS_WWW_SERVER })
#define PKI_CLIENT(name_)      \
	((struct pki_options){ \
	    .name = (name_), .purpose = GNUTLS_KP_TLS_WWW_CLIENT })

/* Signed by the issuer, or by itself when that is NULL. */
void pki_make(struct pki *pki, const struct pki_options *options,
    const struct pki *issuer);
void pki_free(struct pki *pki);

/* Turns a bit of the certificate's signature over. */
void pki_damage(struct pki *pki);

/* Fills an empty bundle; the chain is that of identity, then of extra. */
void pki_bundle(struct tls_bundle *bundle, const struct pki *identity,
    const struct pki *root);
void pki_append_cert(struct file_bytes *pem, const struct pki *pki);

/* One reference; without a key for tickets. */
struct tls_creds *pki_creds(enum tls_role role, const struct pki *identity,
    const struct pki *root, const char *priority);

/* The same of a bundle, to which the caller may have added what it likes. */
struct tls_creds *pki_creds_of(
    struct tls_bundle *bundle, enum tls_role role, const char *priority);

/* A client that trusts root and has nothing to show. */
struct tls_creds *pki_creds_anonymous(const struct pki *root);

/* A client that shows a certificate to which it has not the key. */
struct tls_creds *pki_creds_impostor(const struct pki *shown,
    const struct pki *own, const struct pki *root, const char *priority);

#endif
