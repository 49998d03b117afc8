/* authority_files: the files of a new authority; see the header. */
#include "certs/authority_files.h"

#include <gnutls/abstract.h>
#include <stdio.h>
#include <time.h>

#include "certs/authority.h"
#include "certs/cert.h"
#include "certs/crl.h"
#include "certs/key.h"
#include "certs/options.h"
#include "certs/pbe.h"
#include "certs/revocations.h"
#include "certs/serial.h"
#include "common/base/utc.h"

enum {
	/* A fifth of a second for each command, which users will bear. */
	KEY_ROUNDS = 600000
};

static int
make_crl(struct file_bytes *out, gnutls_x509_crt_t cert,
    gnutls_x509_privkey_t key, struct errmsg *e)
{
	gnutls_privkey_t signer;
	gnutls_x509_crl_t crl;
	int result = -1;

	if (crl_new(&crl, 0, e) < 0)
		return -1;
	if (key_signer(&signer, key, e) == 0) {
		result = crl_issue(crl, cert, signer, time(NULL), CRL_DAYS, e);
		gnutls_privkey_deinit(signer);
	}
	if (result == 0)
		result = crl_export_pem(out, crl, e);
	gnutls_x509_crl_deinit(crl);
	return result;
}

int
authority_files_make(struct authority_files *out, gnutls_x509_crt_t cert,
    gnutls_x509_privkey_t key, const struct tls_chain *issuers,
    const char *password, struct errmsg *e)
{
	const struct pbe pbe = { .password = password, .rounds = KEY_ROUNDS };
	unsigned int count = issuers != NULL ? issuers->count : 0;

	if (cert_export_pem(&out->cert, cert, e) < 0)
		return -1;
	for (unsigned int i = 0; i < count; i++)
		if (cert_export_pem(&out->cert, issuers->crts[i], e) < 0)
			return -1;
	if (key_export_pem(&out->key, key, password != NULL ? &pbe : NULL, e) <
	    0)
		return -1;
	return make_crl(&out->crl, cert, key, e);
}

int
authority_files_check(
    const struct store *store, bool overwrite, struct errmsg *e)
{
	static const struct store_file set[] = {
		{ .name = AUTHORITY_CERT_FILE },
		{ .name = AUTHORITY_KEY_FILE },
		{ .name = AUTHORITY_CRL_FILE },
	};

	return store_check(store, set, sizeof set / sizeof *set, overwrite, e);
}

/* What nobody can issue or revoke any more, and what can be told of it. */
struct lost {
	bool is_there;
	struct serial serial;
	time_t ends;
	int revoked;
};

/* One that cannot be read has nothing to lose. */
static void
find_lost(struct lost *out, const struct store *store)
{
	struct authority *a;
	gnutls_x509_crl_t crl;
	struct errmsg none;

	*out = (struct lost){ .is_there = false };
	if (authority_open(&a, store_dir(store), AUTHORITY_READ, NULL, &none) <
	    0)
		return;
	out->is_there = serial_of(&out->serial, authority_cert(a)) >= 0;
	out->ends = gnutls_x509_crt_get_expiration_time(authority_cert(a));
	if (revocations_load(&crl, a, &none) == 0) {
		out->revoked = gnutls_x509_crl_get_crt_count(crl);
		gnutls_x509_crl_deinit(crl);
	}
	authority_close(&a);
}

static void
tell_lost(const struct lost *lost, const char *dir)
{
	char serial[SERIAL_TEXT];
	char ends[UTC_TEXT];

	if (lost->is_there)
		fprintf(stderr,
		    "%s: note: %s: the authority of serial %s, valid until "
		    "%s, is replaced: its key is gone, so what it issued "
		    "cannot be revoked any more, and so is its list of %d "
		    "revoked certificate%s\n",
		    options_program.name, dir,
		    serial_format(&lost->serial, serial),
		    utc_format(lost->ends, ends), lost->revoked,
		    lost->revoked == 1 ? "" : "s");
}

int
authority_files_write(const struct authority_files *files, struct store *store,
    bool overwrite, struct errmsg *e)
{
	const struct store_file set[] = {
		{ AUTHORITY_CERT_FILE, &files->cert, 0644 },
		{ AUTHORITY_KEY_FILE, &files->key, 0600 },
		{ AUTHORITY_CRL_FILE, &files->crl, 0644 },
	};
	const char *dir = store_dir(store);
	struct lost lost;

	find_lost(&lost, store);
	if (store_write(store, set, sizeof set / sizeof *set, overwrite, e) <
		0 ||
	    store_sync(store, e) < 0)
		return -1;
	printf("%s/" AUTHORITY_CERT_FILE " %s/" AUTHORITY_KEY_FILE
	       " %s/" AUTHORITY_CRL_FILE "\n",
	    dir, dir, dir);
	tell_lost(&lost, dir);
	return 0;
}

void
authority_files_free(struct authority_files *files)
{
	file_bytes_free(&files->cert);
	file_bytes_free(&files->key);
	file_bytes_free(&files->crl);
}
