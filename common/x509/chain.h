/*
 * chain: certificates in their order, as a peer or a file has them.
 *
 * Owns:	the parsed certificates.
 * Borrows:	PEM or DER, for a call.
 * Use:
 *	struct tls_chain chain = TLS_CHAIN_INIT;
 *	error = tls_chain_import(&chain, &pem, GNUTLS_X509_FMT_PEM);
 *	tls_chain_free(&chain);
 */
#ifndef COMMON_X509_CHAIN_H
#define COMMON_X509_CHAIN_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <time.h>

#include "common/base/close_reason.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

enum {
	TLS_CHAIN_MAX = 16 /* what GnuTLS reads of a peer */
};

/* Of a peer or an identity the leaf is first. GnuTLS allocates the array. */
struct tls_chain {
	gnutls_x509_crt_t *crts;
	unsigned count;
};

#define TLS_CHAIN_INIT                   \
	{                                \
		.crts = NULL, .count = 0 \
	}

/* Of DERs. REASON_NONE, or what is wrong: then it is empty. */
enum close_reason tls_chain_read(
    struct tls_chain *chain, const gnutls_datum_t *ders, unsigned count);

/*
 * All certificates of a text in PEM, or none: -1 if one of them is damaged, or
 * the text is cut off, with words that say where and can follow its name.
 */
int tls_chain_read_pem(
    struct tls_chain *chain, const struct file_bytes *bytes, struct errmsg *e);

/* All certificates of a text. 0, or GnuTLS's error: then it is empty. */
int tls_chain_import(struct tls_chain *chain, const struct file_bytes *bytes,
    gnutls_x509_crt_fmt_t format);

/*
 * 0, or -1 and the kind of its key, as words that can follow the certificate's
 * name, if this is a kind that GnuTLS does not know.
 */
int tls_chain_check_kind(gnutls_x509_crt_t crt, struct errmsg *e);

/* Whether its key usage, if it has one, has digitalSignature (RFC 5280,
 * 4.2.1.3). */
bool tls_may_sign(gnutls_x509_crt_t crt);

/* Adds a certificate at the end. 0, or GnuTLS's error: then it is as before. */
int tls_chain_add(struct tls_chain *chain, const gnutls_datum_t *bytes,
    gnutls_x509_crt_fmt_t format);

/* Another one of the chain that has issued this one; NULL: none has. */
gnutls_x509_crt_t tls_chain_issuer_of(
    const struct tls_chain *chain, gnutls_x509_crt_t crt);

/* Whether one of them was issued by the owner of this name, in DER. */
bool tls_chain_is_issued_by(
    const struct tls_chain *chain, const gnutls_datum_t *name);

/*
 * Whether certificate i, which is no leaf (0), is out of date, and another one
 * of its name and key is not: a path through that one is as good (RFC 4158,
 * 2.4.2).
 */
bool tls_chain_is_replaced(
    const struct tls_chain *chain, unsigned i, time_t now);

/* Appends a certificate in PEM. 0, or -1 without memory. */
int tls_chain_append_pem(struct file_bytes *out, gnutls_x509_crt_t crt);

/* Whether the private key is that of the first certificate. */
bool tls_chain_has_key(
    const struct tls_chain *chain, gnutls_x509_privkey_t key);

/* The chain is empty afterwards. */
void tls_chain_free(struct tls_chain *chain);

#endif
