/*
 * tls_creds: credentials ready for sessions: certificate, key, roots, priority.
 *
 * Immutable and reference-counted: GnuTLS sessions hold a raw pointer to them,
 * so each session takes a reference and a reload frees the old ones only after
 * the last session that uses them. References may be taken and dropped from any
 * thread.
 *
 * Use:
 *	if (tls_creds_new(&creds, &bundle, TLS_SERVER, priority, &e) < 0) ...
 *	session = tls_new(creds, NULL);
 *	tls_creds_unref(&creds);
 */
#ifndef COMMON_TLS_CREDS_H
#define COMMON_TLS_CREDS_H

#include "common/errmsg.h"

struct tls_bundle;
struct tls_creds;

enum tls_role {
	TLS_SERVER,
	TLS_CLIENT
};

/*
 * TLS 1.3 and 1.2 only; at least 128 bits of security, so neither RSA below
 * 2048 bits nor P-192 nor SHA-1 (GnuTLS manual, "Priority strings").
 */
#define TLS_PRIORITY_DEFAULT \
	"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"

/* Checks that the key belongs to the certificate. One reference. */
int tls_creds_new(struct tls_creds **creds, const struct tls_bundle *bundle,
    enum tls_role role, const char *priority, struct errmsg *e);

/* -1 when the own certificate has expired or is not yet valid. */
int tls_creds_check_dates(const struct tls_creds *creds, struct errmsg *e);

struct tls_creds *tls_creds_ref(struct tls_creds *creds);
void tls_creds_unref(struct tls_creds **creds);

/* -1 when GnuTLS does not understand the string. */
int tls_priority_check(const char *priority, struct errmsg *e);

/*
 * Once, before anything else of GnuTLS: makes the library ignore SSLKEYLOGFILE
 * in the environment; returns true if it was set, for a warning.
 */
_Bool tls_forget_keylog(void);

/* Lines for --version: GnuTLS as compiled against and as running. */
const char *tls_version_text(void);

#endif
