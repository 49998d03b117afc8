/*
 * creds: credentials and policy, ready for sessions.
 *
 * Immutable and reference-counted: GnuTLS sessions hold a raw pointer to them,
 * so each session takes a reference and a reload frees the old ones only after
 * the last session that uses them. References may be taken and dropped from any
 * thread.
 *
 * Use:
 *	const struct tls_settings settings = { .role = TLS_SERVER,
 *		.priority = tls_priority_default(), .keylog_fd = -1 };
 *	if (tls_creds_new(&creds, &bundle, &settings, &e) < 0) ...
 *	tls_init(&tls, creds, NULL);
 *	tls_creds_unref(&creds);
 */
#ifndef COMMON_CREDS_CREDS_H
#define COMMON_CREDS_CREDS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

struct tls_bundle;
struct tls_creds;
struct tls_crl;
struct tls_signer_source;

enum tls_role {
	TLS_SERVER,
	TLS_CLIENT
};

/* What a server wants of its clients; what they show is always verified. */
enum tls_client_auth {
	TLS_CLIENT_AUTH_REQUIRED,
	TLS_CLIENT_AUTH_OPTIONAL, /* a certificate, or none */
	TLS_CLIENT_AUTH_NONE,     /* none is asked for */
};

enum {
	TLS_ALPN_MAX = 8,
	TLS_TICKETS_MAX = 16
};

struct tls_settings {
	enum tls_role role;
	bool shows_by_session;            /* clients: see tls_show */
	enum tls_client_auth client_auth; /* servers */
	const char *priority;
	/* Servers, up to tickets: */
	bool any_purpose;     /* of clients' certificates; else for clients */
	bool crl_required;    /* no handshake without a current list */
	uint64_t chain_cache; /* how many good chains to cache */
	unsigned tickets;     /* in TLS 1.3, after each handshake; 0: none */
	const char *alpn[TLS_ALPN_MAX]; /* NULL ends it early */
	int keylog_fd; /* secrets for a protocol analyzer; -1: none */
};

/*
 * Checks that keys belong to certificates. The caller has one reference.
 * Settings are copied; strings in them are borrowed for as long as the process
 * lives. Ticket keys and the table of revoked certificates are moved out of the
 * bundle, even on failure. Keys must be in it.
 */
int tls_creds_new(struct tls_creds **creds, struct tls_bundle *bundle,
    const struct tls_settings *settings, struct errmsg *e);

/*
 * The same of a sealed bundle (tls_bundle_seal); fd stays the caller's. source
 * leads to the process that has the keys where they are not in it
 * (creds/signer.h); NULL: then nobody can use them.
 */
int tls_creds_open(struct tls_creds **creds, int fd,
    const struct tls_signer_source *source, const struct tls_settings *settings,
    struct errmsg *e);

/* -1 when own certificate *which has expired or is not yet valid. */
int tls_creds_check_dates(
    const struct tls_creds *creds, unsigned *which, struct errmsg *e);

/* The end of own certificate i, in seconds since 1970; 0: there is none. */
int64_t tls_creds_not_after(const struct tls_creds *creds, unsigned i);

/* What was revoked; NULL: there are no lists. Valid as long as creds. */
const struct tls_crl *tls_creds_crl(const struct tls_creds *creds);

struct tls_creds *tls_creds_ref(struct tls_creds *creds);
void tls_creds_unref(struct tls_creds **creds);

/*
 * Once, before anything else of GnuTLS: makes the library ignore SSLKEYLOGFILE
 * in the environment; returns true if it was set, for a warning.
 */
bool tls_forget_keylog(void);

/* Lines for --version: GnuTLS as compiled against and as running. */
const char *tls_version_text(void);

/* "3.7.9": of GnuTLS as running. */
const char *tls_library_version(void);

#endif
