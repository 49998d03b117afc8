/* faults: asks GnuTLS about one thing after the other; see the header. */
#include "common/x509/faults.h"

#include <gnutls/gnutls.h>
#include <string.h>

static const struct {
	const char *word, *text;
} names[TLS_FAULTS] = {
	[TLS_FAULT_DAMAGED] = { "damaged",
	    "its signature is not its issuer's: it was changed" },
	[TLS_FAULT_NAMESAKE] = { "issuer_has_other_key",
	    "a root has its issuer's name, but another key" },
	[TLS_FAULT_SELF_SIGNED] = { "self_signed",
	    "self-signed, and not among the roots" },
	[TLS_FAULT_NO_ISSUER] = { "unknown_issuer",
	    "its issuer is neither sent nor among the roots" },
	[TLS_FAULT_NOT_CA] = { "not_an_authority",
	    "stands for an issuer, but is no authority" },
	[TLS_FAULT_EXPIRED] = { "expired", "expired" },
	[TLS_FAULT_NOT_YET_VALID] = { "not_yet_valid", "not yet valid" },
	[TLS_FAULT_PURPOSE] = { "wrong_purpose", "for another purpose" },
	[TLS_FAULT_NAME] = { "wrong_name", "for another name" },
	[TLS_FAULT_WEAK_KEY] = { "weak_key", "a weak key" },
	[TLS_FAULT_WEAK_DIGEST] = { "weak_digest",
	    "signed with a weak digest" },
	[TLS_FAULT_CRITICAL] = { "unknown_critical_extension",
	    "a critical extension that is not known" },
	[TLS_FAULT_CONSTRAINT] = { "not_permitted",
	    "not permitted by the constraints of an authority above it" },
	[TLS_FAULT_ORDER] = { "out_of_order",
	    "out of order: the next one is not its issuer" },
};

const char *
tls_fault_text(enum tls_fault fault)
{
	return names[fault].text;
}

const char *
tls_fault_word(enum tls_fault fault)
{
	return names[fault].word;
}

static bool
is_self_signed(gnutls_x509_crt_t crt)
{
	return gnutls_x509_crt_check_issuer(crt, crt) != 0;
}

static bool
is_one_of(const struct tls_chain *chain, gnutls_x509_crt_t crt)
{
	for (unsigned i = 0; i < chain->count; i++)
		if (gnutls_x509_crt_equals(chain->crts[i], crt) != 0)
			return true;
	return false;
}

/* GNUTLS_CERT_..., of what lies between these two only. */
static unsigned
status_under(gnutls_x509_crt_t issuer, gnutls_x509_crt_t crt)
{
	const unsigned flags = GNUTLS_VERIFY_DISABLE_TIME_CHECKS |
	    GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_DISABLE_CA_SIGN;
	unsigned status = 0;

	return gnutls_x509_crt_verify(crt, &issuer, 1, flags, &status) >= 0
	    ? status
	    : GNUTLS_CERT_SIGNATURE_FAILURE;
}

/* Subject and issuer, whatever the identifiers of keys say. */
static bool
is_named_as_issuer(gnutls_x509_crt_t root, gnutls_x509_crt_t crt)
{
	gnutls_datum_t subject = { NULL, 0 }, issuer = { NULL, 0 };
	bool same = gnutls_x509_crt_get_raw_dn(root, &subject) >= 0 &&
	    gnutls_x509_crt_get_raw_issuer_dn(crt, &issuer) >= 0 &&
	    subject.size == issuer.size &&
	    memcmp(subject.data, issuer.data, issuer.size) == 0;

	gnutls_free(subject.data);
	gnutls_free(issuer.data);
	return same;
}

static bool
has_namesake(const struct tls_chain *roots, gnutls_x509_crt_t crt)
{
	for (unsigned i = 0; i < roots->count; i++)
		if (is_named_as_issuer(roots->crts[i], crt))
			return true;
	return false;
}

static unsigned
find_issuer_faults(const struct tls_chain *chain, gnutls_x509_crt_t crt,
    const struct tls_chain *roots)
{
	gnutls_x509_crt_t issuer = tls_chain_issuer_of(roots, crt);
	bool is_root = issuer != NULL;
	unsigned status;

	if (is_one_of(roots, crt))
		return 0;
	if (is_self_signed(crt))
		return 1U << TLS_FAULT_SELF_SIGNED;
	if (issuer == NULL)
		issuer = tls_chain_issuer_of(chain, crt);
	if (issuer == NULL)
		return 1U << (has_namesake(roots, crt) ? TLS_FAULT_NAMESAKE
						       : TLS_FAULT_NO_ISSUER);
	status = status_under(issuer, crt);
	if (status & GNUTLS_CERT_SIGNATURE_FAILURE)
		return 1U << (is_root ? TLS_FAULT_NAMESAKE : TLS_FAULT_DAMAGED);
	return status & GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS
	    ? 1U << TLS_FAULT_CRITICAL
	    : 0;
}

static unsigned
find_own_faults(gnutls_x509_crt_t crt, time_t now)
{
	unsigned bits = 0;
	int key = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
	int signature = gnutls_x509_crt_get_signature_algorithm(crt);
	unsigned faults = 0;

	if (now > gnutls_x509_crt_get_expiration_time(crt))
		faults |= 1U << TLS_FAULT_EXPIRED;
	if (now < gnutls_x509_crt_get_activation_time(crt))
		faults |= 1U << TLS_FAULT_NOT_YET_VALID;
	if (key >= 0 &&
	    gnutls_pk_bits_to_sec_param((gnutls_pk_algorithm_t)key, bits) <
		GNUTLS_SEC_PARAM_MEDIUM)
		faults |= 1U << TLS_FAULT_WEAK_KEY;
	if (signature >= 0 && !is_self_signed(crt) &&
	    gnutls_sign_is_secure2((gnutls_sign_algorithm_t)signature,
		GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS) == 0)
		faults |= 1U << TLS_FAULT_WEAK_DIGEST;
	return faults;
}

static unsigned
find_leaf_faults(gnutls_x509_crt_t crt, const struct tls_faults_query *query)
{
	const char *purpose = query->is_client ? GNUTLS_KP_TLS_WWW_CLIENT
					       : GNUTLS_KP_TLS_WWW_SERVER;
	unsigned faults = 0;

	if (gnutls_x509_crt_check_key_purpose(crt, purpose, 0) == 0)
		faults |= 1U << TLS_FAULT_PURPOSE;
	if (query->name != NULL &&
	    gnutls_x509_crt_check_hostname(crt, query->name) == 0)
		faults |= 1U << TLS_FAULT_NAME;
	return faults;
}

/* Names, and how many authorities there may be: a matter of the whole chain. */
static bool
is_constrained(const struct tls_chain *chain, const struct tls_chain *roots)
{
	const unsigned flags =
	    GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_ALLOW_BROKEN;
	unsigned status = 0;

	return gnutls_x509_crt_list_verify(chain->crts, chain->count,
		   roots->crts, roots->count, NULL, 0, flags, &status) >= 0 &&
	    (status & GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE) != 0;
}

unsigned
tls_faults_find(const struct tls_chain *chain, unsigned i,
    const struct tls_faults_query *query)
{
	gnutls_x509_crt_t crt = chain->crts[i];
	unsigned faults = find_issuer_faults(chain, crt, query->roots) |
	    find_own_faults(crt, query->now);

	if (i == 0)
		faults |= find_leaf_faults(crt, query) |
		    (unsigned)is_constrained(chain, query->roots)
			<< TLS_FAULT_CONSTRAINT;
	else if (gnutls_x509_crt_get_ca_status(crt, NULL) <= 0)
		faults |= 1U << TLS_FAULT_NOT_CA;
	if (i + 1 < chain->count &&
	    gnutls_x509_crt_check_issuer(crt, chain->crts[i + 1]) == 0)
		faults |= 1U << TLS_FAULT_ORDER;
	return faults;
}
