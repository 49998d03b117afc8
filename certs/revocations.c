/* revocations: the list in an authority's directory; see the header. */
#include "certs/revocations.h"

#include <time.h>

#include "certs/crl.h"
#include "certs/store.h"

int
revocations_load(
    gnutls_x509_crl_t *out, const struct authority *a, struct errmsg *e)
{
	const struct store *store = authority_store(a);

	if (store_has(store, AUTHORITY_CRL_FILE))
		return crl_load(
		    out, store, AUTHORITY_CRL_FILE, authority_cert(a), e);
	return errmsg_set(e,
	    "%s/" AUTHORITY_CRL_FILE
	    ": missing, and with it what was revoked: restore it, or begin an "
	    "empty one with 'tlsecho-certs crl --force'",
	    store_dir(store));
}

int
revocations_issue(struct file_bytes *out, gnutls_x509_crl_t crl,
    const struct authority *a, int days, struct errmsg *e)
{
	if (authority_check_usage(a, GNUTLS_KEY_CRL_SIGN, e) < 0 ||
	    crl_issue(crl, authority_cert(a), authority_key(a), time(NULL),
		days, e) < 0)
		return -1;
	return crl_export_pem(out, crl, e);
}
