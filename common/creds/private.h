/* private: what creds/creds.c, creds/policy.c and sessions (tls/) share. */
#ifndef COMMON_CREDS_PRIVATE_H
#define COMMON_CREDS_PRIVATE_H

#include <gnutls/gnutls.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/creds/bundle.h"
#include "common/creds/choice.h"
#include "common/creds/creds.h"
#include "common/creds/support.h"

struct tls_allow;
struct tls_chain;
struct tls_chain_cache;
struct tls_crl;
struct tls_identity;
struct tls_signer;
struct tls_signer_source;

struct tls_creds {
	atomic_int references;
	struct tls_settings settings;
	gnutls_certificate_credentials_t x509;
	gnutls_priority_t priority;
	gnutls_priority_t hybrid; /* a server's, with one group; or NULL */
	bool roots_constrain;     /* see x509/constraints.h */
	uint32_t root_names;      /* bytes that the roots' names take in TLS */
	struct tls_allow *rules;  /* NULL: every valid peer */
	struct tls_crl *crl;      /* NULL: no lists */
	struct tls_bundle kept;   /* ticket keys, and what crl lies in */
	struct tls_chain_cache *chain_cache;         /* NULL: none */
	struct tls_identity *own[TLS_KEY_PAIRS_MAX]; /* leaves alone */
	struct tls_support support;                  /* by priority */
	/* Of a server, which chooses among them by itself: */
	struct tls_choice choices[TLS_KEY_PAIRS_MAX];
	unsigned choice_count;
	struct tls_signer *signer; /* that has the keys; NULL: they are here */
};

/* Whether sessions have a certificate to show. */
static inline bool
tls_creds_have_own(const struct tls_creds *creds)
{
	return creds->own[0] != NULL || creds->settings.shows_by_session;
}

/* A reference to the own certificate that has this DER; NULL: none has. */
struct tls_identity *tls_creds_shown(
    const struct tls_creds *creds, const gnutls_datum_t *der);

/* In creds/own.c: the certificates and keys of a bundle; see tls_creds_open. */
int tls_own_set(struct tls_creds *creds, const struct tls_bundle *bundle,
    const struct tls_signer_source *source, struct errmsg *e);

/* Own certificate i and its issuers; -1: there is none, or no memory. */
int tls_own_chain(
    const struct tls_creds *creds, unsigned i, struct tls_chain *chain);

enum {
	/*
	 * With more than this a CertificateRequest would not fit: its list has
	 * 65,535 bytes (RFC 5246, 7.4.4), and in TLS 1.3 all of its extensions
	 * together (RFC 8446, 4.3.2).
	 */
	TLS_ROOT_NAMES_MAX = 65000
};

/* Whether clients are told which roots are trusted. */
static inline bool
tls_creds_name_roots(const struct tls_creds *creds)
{
	return creds->root_names <= TLS_ROOT_NAMES_MAX;
}

/* In creds/priority.c. On success, gnutls_priority_deinit frees it. */
int tls_priority_parse(
    gnutls_priority_t *parsed, const char *priority, struct errmsg *e);

/* The same with X25519MLKEM768 for its only group. */
int tls_priority_parse_hybrid(
    gnutls_priority_t *parsed, const char *priority, struct errmsg *e);

/* Asks the policy about a chain that is valid; REASON_NONE: let it in. */
enum close_reason tls_check_policy(
    const struct tls_creds *creds, const struct tls_chain *chain);

/* Whether the policy has to see a chain of this many certificates. */
bool tls_policy_asks(const struct tls_creds *creds, unsigned count);

#endif
