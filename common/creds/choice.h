/*
 * choice: a certificate of a server's, which may have several, and when it is
 * the one to show.
 *
 * GnuTLS compares names byte by byte and knows no wildcards, so its own choice
 * would be wrong: names are compared without regard to case, and "*" stands for
 * one left-most label (RFC 9525, 6.3; RFC 6066, 3).
 *
 * Owns:	chain, key and names, from tls_choice_read to tls_choice_free.
 * Threads:	immutable in between: sessions of any thread may use it.
 * Use:
 *	tls_choice_read(&choice, x509, 0);
 *	tls_certified_key_set(session, &choice.own);
 */
#ifndef COMMON_CREDS_CHOICE_H
#define COMMON_CREDS_CHOICE_H

#include <gnutls/gnutls.h>

#include "common/creds/certified_key.h"
#include "common/sys/file.h"

enum tls_choice_match {
	TLS_CHOICE_OTHER,
	TLS_CHOICE_WILDCARD,
	TLS_CHOICE_EXACT,
};

struct tls_choice {
	struct tls_certified_key own;
	unsigned kinds; /* of the key: see creds/support.h */
	char **names;   /* DNS names, NULL at the end; or NULL */
};

/* Certificate i and its key. 0, or an error of GnuTLS's. A zeroed one may be
 * freed, and one that could not be read. */
int tls_choice_read(struct tls_choice *choice,
    gnutls_certificate_credentials_t x509, unsigned i);

/* The same of a certificate in PEM whose key is number i of the signer. */
int tls_choice_read_remote(struct tls_choice *choice,
    const struct file_bytes *pem, struct tls_signer *signer, unsigned i);
void tls_choice_free(struct tls_choice *choice);

/* A trailing dot of the name does not count. */
enum tls_choice_match tls_choice_match(
    const struct tls_choice *choice, const char *name);

#endif
