/* creds: GnuTLS credentials made of a bundle; see the header. */
#include "common/creds/creds.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/assertion.h"
#include "common/base/utc.h"
#include "common/creds/chain_cache.h"
#include "common/creds/identity.h"
#include "common/creds/private.h"
#include "common/creds/signer.h"
#include "common/x509/allow.h"
#include "common/x509/chain.h"
#include "common/x509/constraints.h"
#include "common/x509/crl.h"
#include "common/x509/datum.h"

/* The bytes of a name and its length (RFC 5246, 7.4.4). */
static uint32_t
name_size(gnutls_x509_crt_t root)
{
	gnutls_datum_t name;
	uint32_t size;

	if (gnutls_x509_crt_get_raw_dn(root, &name) < 0)
		return 0;
	size = name.size + 2;
	gnutls_free(name.data);
	return size;
}

static int
read_roots(struct tls_creds *c, const struct file_bytes *pem)
{
	struct tls_chain roots = TLS_CHAIN_INIT;

	if (tls_chain_import(&roots, pem, GNUTLS_X509_FMT_PEM) < 0)
		return -1;
	for (unsigned i = 0; i < roots.count; i++) {
		c->root_names += name_size(roots.crts[i]);
		if (tls_constraints_exist(roots.crts[i]))
			c->roots_constrain = true;
	}
	tls_chain_free(&roots);
	return 0;
}

static int
set_trust(
    struct tls_creds *c, const struct tls_bundle *bundle, struct errmsg *e)
{
	gnutls_datum_t ca = tls_datum_of(&bundle->ca);
	int count = gnutls_certificate_set_x509_trust_mem(
	    c->x509, &ca, GNUTLS_X509_FMT_PEM);

	if (count < 0)
		return errmsg_set(e, "CA: %s", gnutls_strerror(count));
	if (count == 0)
		return errmsg_set(e, "CA: no certificates found");
	if (read_roots(c, &bundle->ca) < 0)
		return errmsg_set(e, "CA: out of memory");
	return 0;
}

static int
set_policy(
    struct tls_creds *c, const struct tls_bundle *bundle, struct errmsg *e)
{
	const struct file_bytes *rules = &bundle->rules;
	const struct file_bytes *crl = &c->kept.crl;

	if (rules->size > 0 &&
	    tls_allow_parse(&c->rules, (const char *)rules->data, rules->size,
		"rules", e) < 0)
		return -1;
	if (crl->size > 0 && tls_crl_open(&c->crl, crl->data, crl->size, e) < 0)
		return -1;
	return 0;
}

static int
set_chain_cache(struct tls_creds *c, struct errmsg *e)
{
	if (c->settings.role != TLS_SERVER || c->settings.chain_cache == 0)
		return 0;
	c->chain_cache =
	    tls_chain_cache_new(c->settings.chain_cache, c->x509, c->crl);
	if (c->chain_cache == NULL)
		return errmsg_set(e, "chain cache: out of memory");
	return 0;
}

/* What sessions will need for as long as the credentials live. */
static void
take_from_bundle(struct tls_creds *c, struct tls_bundle *bundle)
{
	c->kept.ticket_keys = bundle->ticket_keys;
	c->kept.crl = bundle->crl;
	c->kept.map = bundle->map;
	bundle->ticket_keys = (struct file_bytes)FILE_BYTES_INIT;
	bundle->crl = (struct file_bytes)FILE_BYTES_INIT;
	bundle->map = NULL;
}

static int
set_priority(struct tls_creds *c, struct errmsg *e)
{
	const char *text = c->settings.priority;

	if (tls_priority_parse(&c->priority, text, e) < 0)
		return -1;
	tls_support_read(&c->support, c->priority);
	if (c->settings.role == TLS_CLIENT ||
	    !tls_numbers_have(&c->support.groups, TLS_NUMBER_X25519_MLKEM768))
		return 0;
	return tls_priority_parse_hybrid(&c->hybrid, text, e);
}

static int
make(struct tls_creds **creds, struct tls_bundle *bundle,
    const struct tls_signer_source *source, const struct tls_settings *settings,
    struct errmsg *e)
{
	struct tls_creds *c = calloc(1, sizeof *c);

	ASSERT(settings->priority != NULL);
	ASSERT(settings->tickets <= TLS_TICKETS_MAX);
	ASSERT(!settings->shows_by_session || bundle->key_pair_count == 0);
	if (c == NULL)
		return errmsg_set(e, "credentials: out of memory");
	atomic_init(&c->references, 1);
	c->settings = *settings;
	take_from_bundle(c, bundle);
	if (gnutls_certificate_allocate_credentials(&c->x509) < 0) {
		(void)errmsg_set(e, "credentials: out of memory");
		goto fail;
	}
	if (set_trust(c, bundle, e) < 0 ||
	    tls_own_set(c, bundle, source, e) < 0 || set_priority(c, e) < 0 ||
	    set_policy(c, bundle, e) < 0 || set_chain_cache(c, e) < 0)
		goto fail;
	*creds = c;
	return 0;
fail:
	tls_creds_unref(&c);
	return -1;
}

int
tls_creds_new(struct tls_creds **creds, struct tls_bundle *bundle,
    const struct tls_settings *settings, struct errmsg *e)
{
	ASSERT(bundle->keys_id == 0);
	return make(creds, bundle, NULL, settings, e);
}

int
tls_creds_open(struct tls_creds **creds, int fd,
    const struct tls_signer_source *source, const struct tls_settings *settings,
    struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	int result = tls_bundle_open(&bundle, fd, e);

	if (result == 0)
		result = make(creds, &bundle, source, settings, e);
	tls_bundle_free(&bundle);
	return result;
}

/* From when and until when own certificate i is valid; -1: there is none. */
static int
get_dates(
    const struct tls_creds *creds, unsigned i, time_t *from, time_t *until)
{
	struct tls_chain chain = TLS_CHAIN_INIT;

	if (tls_own_chain(creds, i, &chain) < 0)
		return -1;
	*from = gnutls_x509_crt_get_activation_time(chain.crts[0]);
	*until = gnutls_x509_crt_get_expiration_time(chain.crts[0]);
	tls_chain_free(&chain);
	return 0;
}

int
tls_creds_check_dates(
    const struct tls_creds *creds, unsigned *which, struct errmsg *e)
{
	time_t now = time(NULL);
	time_t from;
	time_t until;
	char date[UTC_TEXT];

	for (*which = 0; get_dates(creds, *which, &from, &until) == 0;
	     (*which)++) {
		if (now < from)
			return errmsg_set(e,
			    "the certificate is not valid before %s",
			    utc_format(from, date));
		if (now > until)
			return errmsg_set(e, "the certificate expired on %s",
			    utc_format(until, date));
	}
	return 0;
}

int64_t
tls_creds_not_after(const struct tls_creds *creds, unsigned i)
{
	time_t from;
	time_t until;

	return get_dates(creds, i, &from, &until) == 0 ? (int64_t)until : 0;
}

struct tls_identity *
tls_creds_shown(const struct tls_creds *creds, const gnutls_datum_t *der)
{
	if (der != NULL && creds->settings.shows_by_session)
		return tls_identity_new(der, 1);
	for (int i = 0; der != NULL && i < TLS_KEY_PAIRS_MAX; i++) {
		const gnutls_datum_t *own =
		    tls_identity_chain(creds->own[i], NULL);

		if (own != NULL && own->size == der->size &&
		    memcmp(own->data, der->data, der->size) == 0)
			return tls_identity_ref(creds->own[i]);
	}
	return NULL;
}

const struct tls_crl *
tls_creds_crl(const struct tls_creds *creds)
{
	return creds->crl;
}

struct tls_creds *
tls_creds_ref(struct tls_creds *creds)
{
	int references = atomic_fetch_add_explicit(
	    &creds->references, 1, memory_order_relaxed);

	ASSERT(references > 0);
	return creds;
}

void
tls_creds_unref(struct tls_creds **creds)
{
	struct tls_creds *c = *creds;
	int references;

	*creds = NULL;
	if (c == NULL)
		return;
	references =
	    atomic_fetch_sub_explicit(&c->references, 1, memory_order_acq_rel);
	ASSERT(references > 0);
	if (references > 1)
		return;
	if (c->x509 != NULL)
		gnutls_certificate_free_credentials(c->x509);
	if (c->priority != NULL)
		gnutls_priority_deinit(c->priority);
	if (c->hybrid != NULL)
		gnutls_priority_deinit(c->hybrid);
	tls_allow_free(&c->rules);
	tls_crl_close(&c->crl);
	tls_bundle_free(&c->kept);
	tls_chain_cache_free(&c->chain_cache);
	for (int i = 0; i < TLS_KEY_PAIRS_MAX; i++) {
		tls_identity_unref(&c->own[i]);
		tls_choice_free(&c->choices[i]);
	}
	tls_signer_free(&c->signer);
	free(c);
}

bool
tls_forget_keylog(void)
{
	if (getenv("SSLKEYLOGFILE") == NULL)
		return false;
	(void)unsetenv("SSLKEYLOGFILE");
	return true;
}

const char *
tls_library_version(void)
{
	return gnutls_check_version(NULL);
}

const char *
tls_version_text(void)
{
	static char text[96];

	(void)snprintf(text, sizeof text, "GnuTLS %s (compiled against %s)\n",
	    tls_library_version(), GNUTLS_VERSION);
	return text;
}
