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
 *	tls_choice_allow(x509);
 *	tls_choice_set(session, &choice);
 */
#ifndef COMMON_CREDS_CHOICE_H
#define COMMON_CREDS_CHOICE_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

enum {
	TLS_CHOICE_CHAIN_MAX = 16
};

enum tls_choice_match {
	TLS_CHOICE_OTHER,
	TLS_CHOICE_WILDCARD,
	TLS_CHOICE_EXACT,
};

struct tls_choice {
	gnutls_pcert_st chain[TLS_CHOICE_CHAIN_MAX];
	unsigned count;
	gnutls_privkey_t key;
	unsigned kinds; /* of the key: see creds/support.h */
	char **names;   /* DNS names, NULL at the end; or NULL */
};

/* Certificate i and its key. 0, or an error of GnuTLS's. A zeroed one may be
 * freed, and one that could not be read. */
int tls_choice_read(struct tls_choice *choice,
    gnutls_certificate_credentials_t x509, unsigned i);
void tls_choice_free(struct tls_choice *choice);

/* A trailing dot of the name does not count. */
enum tls_choice_match tls_choice_match(
    const struct tls_choice *choice, const char *name);

/* Sessions with these credentials show what tls_choice_set has said. */
void tls_choice_allow(gnutls_certificate_credentials_t x509);
void tls_choice_set(gnutls_session_t session, const struct tls_choice *choice);

#endif
