/*
 * key: private keys: their kinds, making them, and their PEM form.
 *
 * Owns:	the caller owns what key_generate returns
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

#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct key_kind;

/* As in --key; NULL for an unknown name. The default's name is NULL. */
const struct key_kind *key_kind_find(const char *name);

/* "ecdsa-p256, ecdsa-p384, ..." for messages. */
const char *key_kind_names(void);

int key_generate(
    gnutls_x509_privkey_t *out, const struct key_kind *kind, struct errmsg *e);

/* A handle that signs with the key, which must outlive it. */
int key_signer(
    gnutls_privkey_t *out, gnutls_x509_privkey_t key, struct errmsg *e);

/* PKCS #8, not encrypted: "BEGIN PRIVATE KEY". */
int key_export_pem(
    struct file_bytes *out, gnutls_x509_privkey_t key, struct errmsg *e);

#endif
