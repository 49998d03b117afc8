/* chain: asks GnuTLS for certificates; see the header. */
#include "common/x509/chain.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/x509/datum.h"
#include "common/x509/pem.h"

static const char pem_label[] = "CERTIFICATE";

void
tls_chain_free(struct tls_chain *chain)
{
	for (unsigned i = 0; i < chain->count; i++)
		gnutls_x509_crt_deinit(chain->crts[i]);
	gnutls_free(chain->crts);
	*chain = (struct tls_chain)TLS_CHAIN_INIT;
}

int
tls_chain_import(struct tls_chain *chain, const struct file_bytes *bytes,
    gnutls_x509_crt_fmt_t format)
{
	gnutls_datum_t datum = tls_datum_of(bytes);
	int error;

	ASSERT(chain->crts == NULL && chain->count == 0);
	error = gnutls_x509_crt_list_import2(
	    &chain->crts, &chain->count, &datum, format, 0);
	if (error < 0)
		*chain = (struct tls_chain)TLS_CHAIN_INIT;
	return error < 0 ? error : 0;
}

int
tls_chain_add(struct tls_chain *chain, const gnutls_datum_t *bytes,
    gnutls_x509_crt_fmt_t format)
{
	gnutls_x509_crt_t *crts = gnutls_realloc(
	    chain->crts, (chain->count + 1) * sizeof *chain->crts);
	gnutls_x509_crt_t crt;
	int error;

	if (crts == NULL)
		return GNUTLS_E_MEMORY_ERROR;
	chain->crts = crts;
	error = gnutls_x509_crt_init(&crt);
	if (error < 0)
		return error;
	error = gnutls_x509_crt_import(crt, bytes, format);
	if (error < 0)
		gnutls_x509_crt_deinit(crt);
	else
		crts[chain->count++] = crt;
	return error < 0 ? error : 0;
}

gnutls_x509_crt_t
tls_chain_issuer_of(const struct tls_chain *chain, gnutls_x509_crt_t crt)
{
	for (unsigned i = 0; i < chain->count; i++)
		if (chain->crts[i] != crt &&
		    gnutls_x509_crt_check_issuer(crt, chain->crts[i]) != 0)
			return chain->crts[i];
	return NULL;
}

bool
tls_chain_is_issued_by(
    const struct tls_chain *chain, const gnutls_datum_t *name)
{
	bool is = false;

	for (unsigned i = 0; !is && i < chain->count; i++) {
		gnutls_datum_t issuer = { NULL, 0 };

		is = gnutls_x509_crt_get_raw_issuer_dn(
			 chain->crts[i], &issuer) >= 0 &&
		    issuer.size == name->size &&
		    memcmp(issuer.data, name->data, name->size) == 0;
		gnutls_free(issuer.data);
	}
	return is;
}

bool
tls_may_sign(gnutls_x509_crt_t crt)
{
	unsigned usage = 0;

	return gnutls_x509_crt_get_key_usage(crt, &usage, NULL) < 0 ||
	    (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) != 0;
}

int
tls_chain_read_pem(
    struct tls_chain *chain, const struct file_bytes *bytes, struct errmsg *e)
{
	struct tls_pem pem = tls_pem_of(bytes);
	int error = 0;

	ASSERT(chain->crts == NULL && chain->count == 0);
	while (error == 0 && tls_pem_next(&pem, pem_label))
		error = tls_chain_add(chain, &pem.block, GNUTLS_X509_FMT_PEM);
	if (error == 0 && tls_pem_check_end(&pem, e) == 0)
		return 0;
	if (error != 0)
		(void)errmsg_set(e,
		    "certificate %u of %u, in line %zu, is damaged: %s",
		    pem.number, tls_pem_count(bytes, pem_label), pem.line,
		    gnutls_strerror(error));
	tls_chain_free(chain);
	return -1;
}

int
tls_chain_check_kind(gnutls_x509_crt_t crt, struct errmsg *e)
{
	char oid[128] = "unknown";
	size_t size = sizeof oid;
	gnutls_pubkey_t key;
	int error = gnutls_pubkey_init(&key);

	if (error < 0)
		return errmsg_set(e, "out of memory");
	error = gnutls_pubkey_import_x509(key, crt, 0);
	gnutls_pubkey_deinit(key);
	if (error >= 0)
		return 0;
	(void)gnutls_x509_crt_get_pk_oid(crt, oid, &size);
	return errmsg_set(e,
	    "its kind of key (%s) is not supported by GnuTLS %s", oid,
	    gnutls_check_version(NULL));
}

static bool
is_current(gnutls_x509_crt_t crt, time_t now)
{
	return now >= gnutls_x509_crt_get_activation_time(crt) &&
	    now <= gnutls_x509_crt_get_expiration_time(crt);
}

static bool
has_same_subject(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
	gnutls_datum_t x = { NULL, 0 }, y = { NULL, 0 };
	bool same = gnutls_x509_crt_get_raw_dn(a, &x) >= 0 &&
	    gnutls_x509_crt_get_raw_dn(b, &y) >= 0 && x.size == y.size &&
	    memcmp(x.data, y.data, x.size) == 0;

	gnutls_free(x.data);
	gnutls_free(y.data);
	return same;
}

static bool
is_same_authority(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
	uint8_t ids[2][32];
	size_t sizes[2] = { sizeof ids[0], sizeof ids[1] };

	return has_same_subject(a, b) &&
	    gnutls_x509_crt_get_key_id(
		a, GNUTLS_KEYID_USE_SHA256, ids[0], &sizes[0]) >= 0 &&
	    gnutls_x509_crt_get_key_id(
		b, GNUTLS_KEYID_USE_SHA256, ids[1], &sizes[1]) >= 0 &&
	    memcmp(ids[0], ids[1], sizeof ids[0]) == 0;
}

bool
tls_chain_is_replaced(const struct tls_chain *chain, unsigned i, time_t now)
{
	if (i == 0 || is_current(chain->crts[i], now))
		return false;
	for (unsigned k = 1; k < chain->count; k++)
		if (is_current(chain->crts[k], now) &&
		    is_same_authority(chain->crts[i], chain->crts[k]))
			return true;
	return false;
}

int
tls_chain_append_pem(struct file_bytes *out, gnutls_x509_crt_t crt)
{
	gnutls_datum_t pem;

	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem) < 0)
		return -1;
	return tls_datum_move(out, &pem);
}

/* Both halves have the same identifier: a hash of the public one. */
bool
tls_chain_has_key(const struct tls_chain *chain, gnutls_x509_privkey_t key)
{
	uint8_t ids[2][32];
	size_t sizes[2] = { sizeof ids[0], sizeof ids[1] };

	ASSERT(chain->count > 0);
	return gnutls_x509_crt_get_key_id(chain->crts[0],
		   GNUTLS_KEYID_USE_SHA256, ids[0], &sizes[0]) >= 0 &&
	    gnutls_x509_privkey_get_key_id(
		key, GNUTLS_KEYID_USE_SHA256, ids[1], &sizes[1]) >= 0 &&
	    memcmp(ids[0], ids[1], sizeof ids[0]) == 0;
}

static enum close_reason
read_all(struct tls_chain *chain, const gnutls_datum_t *ders, unsigned count)
{
	chain->crts = gnutls_calloc(count, sizeof *chain->crts);
	if (chain->crts == NULL)
		return REASON_INTERNAL;
	while (chain->count < count) {
		gnutls_x509_crt_t *crt = &chain->crts[chain->count];

		if (gnutls_x509_crt_init(crt) < 0)
			return REASON_INTERNAL;
		chain->count++;
		if (gnutls_x509_crt_import(
			*crt, &ders[chain->count - 1], GNUTLS_X509_FMT_DER) < 0)
			return REASON_BAD_CERTIFICATE;
	}
	return REASON_NONE;
}

enum close_reason
tls_chain_read(
    struct tls_chain *chain, const gnutls_datum_t *ders, unsigned count)
{
	enum close_reason reason;

	*chain = (struct tls_chain)TLS_CHAIN_INIT;
	reason = read_all(chain, ders, count);
	if (reason != REASON_NONE)
		tls_chain_free(chain);
	return reason;
}
