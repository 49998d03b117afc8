/* mismatch: compares a hello with what we support; see the header. */
#include "common/tls/mismatch.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "common/base/printable.h"
#include "common/tls/hello.h"
#include "common/tls/private.h"

/* In words of the protocol: suites of the version that would be chosen. */
static void
common_suites(const struct tls_hello *hello, const struct tls_support *own,
    bool *any, bool *one_without_group)
{
	bool is_tls13 = tls_hello_gets_tls13(hello, own);

	*any = false;
	*one_without_group = false;
	for (unsigned i = 0; i < own->suites.count; i++) {
		if (own->is_tls13[i] != is_tls13 ||
		    !tls_numbers_have(&hello->suites, own->suites.of[i]))
			continue;
		*any = true;
		if (!is_tls13 && !own->needs_group[i])
			*one_without_group = true;
	}
}

/* A client of TLS 1.2 that names no groups has the usual ones (RFC 8422, 4). */
static bool
has_common_group(const struct tls_hello *hello, const struct tls_support *own)
{
	return hello->groups.count == 0 ||
	    tls_numbers_meet(&own->groups, &hello->groups);
}

static enum close_reason
missing(const struct tls_hello *hello, const struct tls_support *own)
{
	bool any, one_without_group;

	if (!tls_numbers_meet(&own->versions, &hello->versions))
		return REASON_NO_VERSION;
	common_suites(hello, own, &any, &one_without_group);
	if (!any)
		return REASON_NO_CIPHER;
	if (!one_without_group && !has_common_group(hello, own))
		return REASON_NO_GROUP;
	return REASON_NO_SIGNATURE;
}

enum close_reason
tls_mismatch_reason(const struct tls *tls, int error)
{
	const struct tls_gnutls *g = tls->gnutls;

	if (tls->established || g == NULL || g->hello == NULL)
		return REASON_NONE;
	switch (error) {
	case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
		return REASON_NO_VERSION;
	case GNUTLS_E_NO_APPLICATION_PROTOCOL:
		return REASON_NO_ALPN;
	case GNUTLS_E_RECEIVED_DISALLOWED_NAME:
		return REASON_SERVER_NAME;
	case GNUTLS_E_NO_COMMON_KEY_SHARE:
		return REASON_NO_GROUP;
	case GNUTLS_E_NO_CIPHER_SUITES:
	case GNUTLS_E_INSUFFICIENT_CREDENTIALS:
	case GNUTLS_E_INCOMPATIBLE_SIG_WITH_KEY:
		return missing(g->hello, &g->creds->support);
	default:
		return REASON_NONE;
	}
}

static void
put_lists(struct tls_mismatch *m, const struct tls_numbers *client,
    const struct tls_numbers *server, enum tls_numbers_kind kind)
{
	(void)tls_numbers_format(client, kind, m->client, sizeof m->client);
	(void)tls_numbers_format(server, kind, m->server, sizeof m->server);
}

/* Of ours, those of the version that would be chosen. */
static void
put_suites(struct tls_mismatch *m, const struct tls_hello *hello,
    const struct tls_support *own)
{
	bool is_tls13 = tls_hello_gets_tls13(hello, own);
	struct tls_numbers suites = { .count = 0 };

	for (unsigned i = 0; i < own->suites.count; i++)
		if (own->is_tls13[i] == is_tls13)
			suites.of[suites.count++] = own->suites.of[i];
	put_lists(m, &hello->suites, &suites, TLS_NUMBERS_SUITES);
}

static void
put_schemes(struct tls_mismatch *m, const struct tls_hello *hello,
    const struct tls_creds *creds)
{
	struct tls_numbers own;
	unsigned keys = 0;

	for (unsigned i = 0; i < creds->choice_count; i++)
		keys |= creds->choices[i].kinds;
	tls_schemes_of_keys(&own, &creds->support.schemes, keys,
	    tls_hello_gets_tls13(hello, &creds->support));
	put_lists(m, &hello->schemes, &own, TLS_NUMBERS_SCHEMES);
}

/* The client chose it, and it will stand between quotes. */
static void
mask(char *text)
{
	printable_mask(text);
	for (char *c = text + strcspn(text, "\"\\"); *c != '\0';
	     c += strcspn(c, "\"\\"))
		*c = '?';
}

static void
put_protocols(struct tls_mismatch *m, const struct tls_hello *hello,
    const struct tls_settings *settings)
{
	size_t used = 0;

	(void)snprintf(m->client, sizeof m->client, "%s", hello->alpn);
	mask(m->client);
	m->server[0] = '\0';
	for (int i = 0; i < TLS_ALPN_MAX && settings->alpn[i] != NULL &&
	     used < sizeof m->server;
	     i++)
		used +=
		    (size_t)snprintf(m->server + used, sizeof m->server - used,
			"%s%s", i > 0 ? "," : "", settings->alpn[i]);
}

static void
put_name(struct tls_mismatch *m, const struct tls_hello *hello)
{
	(void)snprintf(m->client, sizeof m->client, "%s", hello->name);
	mask(m->client);
	m->server[0] = '\0';
}

bool
tls_mismatch_read(struct tls_mismatch *m, const struct tls *tls)
{
	const struct tls_gnutls *g = tls->gnutls;
	const struct tls_support *own;

	if (g == NULL || g->hello == NULL)
		return false;
	own = &g->creds->support;
	switch (tls->reason) {
	case REASON_NO_VERSION:
		put_lists(m, &g->hello->versions, &own->versions,
		    TLS_NUMBERS_VERSIONS);
		return true;
	case REASON_NO_CIPHER:
		put_suites(m, g->hello, own);
		return true;
	case REASON_NO_GROUP:
		put_lists(
		    m, &g->hello->groups, &own->groups, TLS_NUMBERS_GROUPS);
		return true;
	case REASON_NO_SIGNATURE:
		put_schemes(m, g->hello, g->creds);
		return true;
	case REASON_NO_ALPN:
		put_protocols(m, g->hello, &g->creds->settings);
		return true;
	case REASON_SERVER_NAME:
		put_name(m, g->hello);
		return true;
	default:
		return false;
	}
}
