/*
 * key: private keys: their kinds, making them, and their PEM form.
 *
 * Owns:	the caller owns what key_generate and key_import return
 *		(gnutls_x509_privkey_deinit clears it), and the bytes.
 * Use:
 *	const struct key_kind *kind = key_kind_find("ed25519");
 *	gnutls_x509_privkey_t key;
 *	if (key_generate(&key, kind, &e) < 0) ...
 */
#ifndef CERTS_KEY_H
#define CERTS_KEY_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>

#include "certs/pbe.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct key_kind;

/* As in --key; NULL for an unknown name. The default's name is NULL. */
const struct key_kind *key_kind_find(const char *name);

/* "ecdsa-p256, ecdsa-p384, ..." for messages. */
const char *key_kind_names(void);

/* The kind of a certificate's key; NULL if there is no name for it. */
const struct key_kind *key_kind_of(gnutls_x509_crt_t cert);

int key_generate(
    gnutls_x509_privkey_t *out, const struct key_kind *kind, struct errmsg *e);

struct key_source {
	gnutls_datum_t bytes;
	gnutls_x509_crt_fmt_t format;
	const char *file;           /* for messages */
	const char *password;       /* NULL: none was given */
	const char *when_encrypted; /* what to do then, without a password */
};

/* PKCS #8, encrypted or not, and the older forms of OpenSSL. */
int key_import(gnutls_x509_privkey_t *out, const struct key_source *source,
    struct errmsg *e);

/* With whatever cipher, known to GnuTLS or not. */
bool key_is_encrypted(
    const gnutls_datum_t *bytes, gnutls_x509_crt_fmt_t format);

/* A handle that signs with the key, which must outlive it. */
int key_signer(
    gnutls_privkey_t *out, gnutls_x509_privkey_t key, struct errmsg *e);

/* PKCS #8: "BEGIN PRIVATE KEY"; with pbe, which may be NULL, encrypted. */
int key_export_pem(struct file_bytes *out, gnutls_x509_privkey_t key,
    const struct pbe *pbe, struct errmsg *e);

#endif
