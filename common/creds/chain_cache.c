/* chain_cache: keys, and dates that verdicts depend on; see the header. */
#include "common/creds/chain_cache.h"

#include <gnutls/x509.h>
#include <stdlib.h>
#include <time.h>

#include "common/base/assertion.h"
#include "common/creds/identity.h"
#include "common/x509/chain.h"
#include "common/x509/crl.h"

#define OID_TLS_FEATURES "1.3.6.1.5.5.7.1.24"

struct tls_chain_cache {
	struct tls_chain_table *table;
	int64_t *dates_s; /* at which a root or a list begins or ends */
	size_t date_count;
};

/* From when a certificate is valid, and from when it no longer is. */
static bool
read_dates(gnutls_x509_crt_t crt, int64_t dates_s[static 2])
{
	time_t from = gnutls_x509_crt_get_activation_time(crt);
	time_t until = gnutls_x509_crt_get_expiration_time(crt);

	dates_s[0] = from;
	dates_s[1] = (int64_t)until + 1; /* it is still valid in that second */
	return from != (time_t)-1 && until != (time_t)-1;
}

static int
add_date(struct tls_chain_cache *cache, int64_t date_s)
{
	int64_t *dates_s = realloc(
	    cache->dates_s, (cache->date_count + 1) * sizeof *cache->dates_s);

	if (dates_s == NULL)
		return -1;
	cache->dates_s = dates_s;
	dates_s[cache->date_count++] = date_s;
	return 0;
}

static int
add_root(struct tls_chain_cache *cache, gnutls_x509_crt_t root)
{
	int64_t dates_s[2];

	/* Without dates that can be read, GnuTLS never takes it as valid. */
	if (!read_dates(root, dates_s))
		return 0;
	if (add_date(cache, dates_s[0]) < 0)
		return -1;
	return add_date(cache, dates_s[1]);
}

static int
add_roots(struct tls_chain_cache *cache, gnutls_certificate_credentials_t roots)
{
	gnutls_x509_trust_list_iter_t next = NULL;
	gnutls_x509_trust_list_t list;
	gnutls_x509_crt_t root;
	int result = 0;

	gnutls_certificate_get_trust_list(roots, &list);
	while (result == 0) {
		result = gnutls_x509_trust_list_iter_get_ca(list, &next, &root);
		if (result < 0)
			break;
		result = add_root(cache, root);
		gnutls_x509_crt_deinit(root);
	}
	gnutls_x509_trust_list_iter_deinit(next);
	return result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ? 0 : -1;
}

static int
add_lists(struct tls_chain_cache *cache, const struct tls_crl *crl)
{
	size_t lists = crl != NULL ? tls_crl_lists(crl) : 0;

	/* A list is still valid in the second of its nextUpdate. */
	for (size_t i = 0; i < lists; i++)
		if (add_date(cache, tls_crl_list_next_update(crl, i) + 1) < 0)
			return -1;
	return 0;
}

struct tls_chain_cache *
tls_chain_cache_new(size_t chains, gnutls_certificate_credentials_t roots,
    const struct tls_crl *crl)
{
	struct tls_chain_cache *cache = calloc(1, sizeof *cache);

	if (cache == NULL)
		return NULL;
	cache->table = tls_chain_table_new(chains);
	if (cache->table == NULL || add_roots(cache, roots) < 0 ||
	    add_lists(cache, crl) < 0)
		tls_chain_cache_free(&cache);
	return cache;
}

void
tls_chain_cache_free(struct tls_chain_cache **cache)
{
	struct tls_chain_cache *c = *cache;

	*cache = NULL;
	if (c == NULL)
		return;
	tls_chain_table_free(&c->table);
	free(c->dates_s);
	free(c);
}

static bool
has_ocsp_response(gnutls_session_t session, unsigned count)
{
	gnutls_datum_t response;

	for (unsigned i = 0; i < count; i++)
		if (gnutls_ocsp_status_request_get2(session, i, &response) !=
		    GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return true;
	return false;
}

static bool
may_cache(gnutls_session_t session, const struct tls_identity *id)
{
	unsigned count;

	return tls_identity_chain(id, &count) != NULL &&
	    gnutls_certificate_type_get2(session, GNUTLS_CTYPE_PEERS) ==
	    GNUTLS_CRT_X509 &&
	    !has_ocsp_response(session, count);
}

enum tls_chain_cache_result
tls_chain_cache_lookup(struct tls_chain_cache *cache, gnutls_session_t session,
    const struct tls_identity *id, struct tls_chain_cache_query *query)
{
	if (cache == NULL || !may_cache(session, id))
		return TLS_CHAIN_CACHE_UNCACHEABLE;
	query->id = id;
	query->asked_s = time(NULL);
	return tls_chain_table_lookup(
		   cache->table, tls_identity_key(id), query->asked_s)
	    ? TLS_CHAIN_CACHE_HIT
	    : TLS_CHAIN_CACHE_MISS;
}

static bool
names_features(gnutls_x509_crt_t crt)
{
	size_t size = 0;

	return gnutls_x509_crt_get_extension_by_oid(crt, OID_TLS_FEATURES, 0,
		   NULL, &size, NULL) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/* Cuts the span at the dates of a chain. False: it must not be cached. */
static bool
cut_by_chain(
    struct tls_span *span, const struct tls_chain *chain, int64_t asked_s)
{
	int64_t dates_s[2];

	for (unsigned i = 0; i < chain->count; i++) {
		if (names_features(chain->crts[i]) ||
		    !read_dates(chain->crts[i], dates_s))
			return false;
		tls_span_cut(span, dates_s[0], asked_s);
		tls_span_cut(span, dates_s[1], asked_s);
	}
	return true;
}

/*
 * The chain was verified between the lookup and now, so within the span if both
 * are. Time is that of time(2), as in GnuTLS: a finer clock is a little ahead.
 */
bool
tls_chain_cache_insert(struct tls_chain_cache *cache,
    const struct tls_chain_cache_query *query, const struct tls_chain *chain)
{
	struct tls_span span = TLS_SPAN_ALWAYS;

	ASSERT(chain->count > 0);
	if (!cut_by_chain(&span, chain, query->asked_s))
		return false;
	for (size_t i = 0; i < cache->date_count; i++)
		tls_span_cut(&span, cache->dates_s[i], query->asked_s);
	return tls_span_holds(&span, time(NULL)) &&
	    tls_chain_table_insert(
		cache->table, tls_identity_key(query->id), &span);
}
