/* review: asks certificates what they are for; see the header. */
#include "common/creds/review.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "common/base/utc.h"
#include "common/creds/private.h"
#include "common/x509/chain.h"
#include "common/x509/describe.h"

enum {
	LINE_TEXT = 2560,
	WARNINGS_MAX = 8
};

struct review {
	const struct tls_creds *creds;
	enum tls_review_kind kind;
	void (*line)(void *owner, const char *text);
	void *owner;
	unsigned warnings;
	time_t now;
};

static void put(struct review *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put(struct review *r, const char *format, ...)
{
	char text[LINE_TEXT];
	va_list args;

	if (r->kind == TLS_REVIEW_WARNINGS && ++r->warnings > WARNINGS_MAX)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	r->line(r->owner, text);
}

/* With what it is, such as "--ca", in front of its subject. */
static void
warn_of_begin(struct review *r, const char *what, gnutls_x509_crt_t crt)
{
	time_t from = gnutls_x509_crt_get_activation_time(crt);
	char subject[TLS_NAME_TEXT], date[UTC_TEXT];

	if (r->now < from)
		put(r, "%s %s: is not valid before %s", what,
		    tls_describe_subject(crt, subject), utc_format(from, date));
}

static void
warn_of_dates(struct review *r, const char *what, gnutls_x509_crt_t crt)
{
	time_t until = gnutls_x509_crt_get_expiration_time(crt);
	char subject[TLS_NAME_TEXT], date[UTC_TEXT];

	warn_of_begin(r, what, crt);
	if (r->now > until)
		put(r, "%s %s: expired on %s", what,
		    tls_describe_subject(crt, subject),
		    utc_format(until, date));
}

static bool
is_for(gnutls_x509_crt_t crt, const char *purpose)
{
	return gnutls_x509_crt_check_key_purpose(crt, purpose, 0) != 0;
}

static void
warn_of_own(struct review *r, const struct tls_chain *chain)
{
	bool is_server = r->creds->settings.role == TLS_SERVER;
	char subject[TLS_NAME_TEXT], purposes[TLS_PURPOSES_TEXT];
	gnutls_x509_crt_t leaf = chain->crts[0];

	if (!is_for(leaf,
		is_server ? GNUTLS_KP_TLS_WWW_SERVER
			  : GNUTLS_KP_TLS_WWW_CLIENT))
		put(r, "certificate %s: is for %s, not for %s: %s refuse it",
		    tls_describe_subject(leaf, subject),
		    tls_describe_purposes(leaf, purposes),
		    is_server ? "servers" : "clients",
		    is_server ? "clients" : "servers");
	warn_of_begin(r, "certificate", leaf);
	for (unsigned i = 1; i < chain->count; i++)
		warn_of_dates(r, "certificate's issuer", chain->crts[i]);
}

static void
put_own(struct review *r, const struct tls_chain *chain)
{
	char subject[TLS_NAME_TEXT], names[TLS_NAMES_TEXT], date[UTC_TEXT];
	char purposes[TLS_PURPOSES_TEXT], kind[TLS_KIND_TEXT];
	gnutls_x509_crt_t leaf = chain->crts[0];

	(void)tls_describe_names(leaf, names);
	put(r, "certificate: %s, for %s, of %s, until %s, %s",
	    tls_describe_subject(leaf, subject),
	    tls_describe_purposes(leaf, purposes),
	    names[0] != '\0' ? names : "no alternative name",
	    utc_format(gnutls_x509_crt_get_expiration_time(leaf), date),
	    tls_describe_kind(leaf, kind));
}

static void
review_own(struct review *r)
{
	struct tls_chain chain = TLS_CHAIN_INIT;

	for (unsigned i = 0; tls_own_chain(r->creds, i, &chain) == 0; i++) {
		if (r->kind == TLS_REVIEW_FACTS)
			put_own(r, &chain);
		else
			warn_of_own(r, &chain);
		tls_chain_free(&chain);
	}
}

/* A root of version 1 has neither extension, and may sign. */
static const char *
why_it_cannot_sign(gnutls_x509_crt_t root)
{
	unsigned usage = 0;

	if (gnutls_x509_crt_get_version(root) >= 3 &&
	    gnutls_x509_crt_get_ca_status(root, NULL) <= 0)
		return "is not an authority's: it lets in nobody but itself";
	if (gnutls_x509_crt_get_key_usage(root, &usage, NULL) >= 0 &&
	    (usage & GNUTLS_KEY_KEY_CERT_SIGN) == 0)
		return "may not sign certificates, as its key usage says";
	return NULL;
}

static void
warn_of_root(struct review *r, gnutls_x509_crt_t root)
{
	char subject[TLS_NAME_TEXT];
	const char *why = why_it_cannot_sign(root);
	struct errmsg e;

	(void)tls_describe_subject(root, subject);
	if (tls_chain_check_kind(root, &e) < 0)
		put(r, "--ca %s: %s", subject, e.text);
	else if (why != NULL)
		put(r, "--ca %s: %s", subject, why);
	warn_of_dates(r, "--ca", root);
}

static void
put_root(struct review *r, gnutls_x509_crt_t root)
{
	char subject[TLS_NAME_TEXT], kind[TLS_KIND_TEXT], date[UTC_TEXT];

	put(r, "root: %s, until %s, %s", tls_describe_subject(root, subject),
	    utc_format(gnutls_x509_crt_get_expiration_time(root), date),
	    tls_describe_kind(root, kind));
}

static void
review_roots(struct review *r)
{
	gnutls_x509_trust_list_iter_t next = NULL;
	gnutls_x509_trust_list_t list;
	gnutls_x509_crt_t root;

	gnutls_certificate_get_trust_list(r->creds->x509, &list);
	while (gnutls_x509_trust_list_iter_get_ca(list, &next, &root) >= 0) {
		if (r->kind == TLS_REVIEW_FACTS)
			put_root(r, root);
		else
			warn_of_root(r, root);
		gnutls_x509_crt_deinit(root);
	}
	gnutls_x509_trust_list_iter_deinit(next);
	if (r->kind == TLS_REVIEW_WARNINGS && !tls_creds_name_roots(r->creds))
		put(r,
		    "--ca: the names of the roots take %u bytes, more than "
		    "the %d that fit into a handshake: clients are not told "
		    "them",
		    r->creds->root_names, TLS_ROOT_NAMES_MAX);
}

void
tls_review(const struct tls_creds *creds, enum tls_review_kind kind,
    void (*line)(void *owner, const char *text), void *owner)
{
	struct review r = { .creds = creds,
		.kind = kind,
		.line = line,
		.owner = owner,
		.now = time(NULL) };

	review_own(&r);
	review_roots(&r);
	if (kind == TLS_REVIEW_FACTS || r.warnings <= WARNINGS_MAX)
		return;
	r.kind = TLS_REVIEW_FACTS;
	put(&r, "certificates: %u more warnings like these",
	    r.warnings - WARNINGS_MAX);
}
