/* replaced: a certificate that another one replaces; see the header. */
#include "certs/replaced.h"

#include <gnutls/x509.h>
#include <stdio.h>
#include <time.h>

#include "certs/crl.h"
#include "certs/options.h"
#include "certs/revocations.h"
#include "certs/serial.h"
#include "common/base/utc.h"

static int
revoke_it(struct replaced *r, gnutls_x509_crl_t crl, const struct authority *a,
    struct errmsg *e)
{
	if (crl_add(crl, &r->old.serial, time(NULL), e) < 0)
		return -1;
	r->is_revoked = true;
	return revocations_issue(&r->crl, crl, a, CRL_DAYS, e);
}

/* Unless it is to be revoked, the list is only asked, if it can be. */
static int
ask_list(struct replaced *r, const struct authority *a, bool revoke,
    struct errmsg *e)
{
	gnutls_x509_crl_t crl;
	time_t when;
	int result;

	if (revocations_load(&crl, a, e) < 0)
		return revoke ? -1 : 0;
	result = crl_find(crl, &r->old.serial, &when, e);
	if (result > 0)
		r->is_good = false;
	else if (result == 0 && revoke)
		result = revoke_it(r, crl, a, e);
	gnutls_x509_crl_deinit(crl);
	return result < 0 ? -1 : 0;
}

int
replaced_load(struct replaced *out, const struct authority *a, const char *stem,
    bool revoke, struct errmsg *e)
{
	struct errmsg no_cert;

	out->is_good = old_cert_load(&out->old, a, stem, &no_cert) == 0 &&
	    gnutls_x509_crt_get_expiration_time(out->old.chain.crts[0]) >
		time(NULL);
	return out->is_good ? ask_list(out, a, revoke, e) : 0;
}

int
replaced_write(const struct replaced *r, const struct authority *a,
    const char *stem, const struct file_bytes *pem, bool overwrite,
    struct errmsg *e)
{
	struct store *store = authority_store(a);
	struct store_file set[] = {
		{ .bytes = pem, .mode = 0644 },
		{ AUTHORITY_CRL_FILE, &r->crl, 0644 },
	};

	(void)snprintf(set[0].name, sizeof set[0].name, "%s.pem", stem);
	if (store_write(store, set, r->is_revoked ? 2 : 1, overwrite, e) < 0)
		return -1;
	return store_sync(store, e);
}

void
replaced_tell(const struct replaced *r, const struct authority *a)
{
	const char *dir = store_dir(authority_store(a));
	char serial[SERIAL_TEXT];
	char ends[UTC_TEXT];

	if (!r->is_good)
		return;
	(void)serial_format(&r->old.serial, serial);
	(void)utc_format(
	    gnutls_x509_crt_get_expiration_time(r->old.chain.crts[0]), ends);
	if (r->is_revoked)
		printf("%s/" AUTHORITY_CRL_FILE ": revoked serial %s\n", dir,
		    serial);
	else
		fprintf(stderr,
		    "%s: note: serial %s is replaced, and stays valid until "
		    "%s: 'tlsecho-certs revoke %s %s' revokes it, and so does "
		    "--revoke-old\n",
		    options_program.name, serial, ends, dir, serial);
}

void
replaced_free(struct replaced *r)
{
	old_cert_free(&r->old);
	file_bytes_free(&r->crl);
}
