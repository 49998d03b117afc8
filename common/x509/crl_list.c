/* crl_list: verifies a revocation list; see the header. */
#include "common/x509/crl_list.h"

#include <gnutls/gnutls.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/printable.h"
#include "common/base/utc.h"
#include "common/x509/crl_entries.h"

enum {
	ENTRY_SIZE_MIN = 6 /* three elements without any content */
};

/* RFC 5280, 5.2; NULL: understood. */
struct extension {
	const char *oid;
	const char *refusal;
};

static const struct extension extensions[] = {
	{ "2.5.29.20", NULL }, /* CRL number */
	{ "2.5.29.35", NULL }, /* authority key identifier */
	{ "2.5.29.27", "is a delta list; give the complete one" },
};

#define OID_ISSUING_DISTRIBUTION_POINT "2.5.29.28"

static int
judge_extension(const char *oid, bool is_critical, struct errmsg *e)
{
	size_t count = sizeof extensions / sizeof *extensions;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(extensions[i].oid, oid) != 0)
			continue;
		if (extensions[i].refusal == NULL)
			return 0;
		return errmsg_set(e, "%s", extensions[i].refusal);
	}
	if (is_critical)
		return errmsg_set(
		    e, "has the critical extension %s, which is unknown", oid);
	return 0;
}

static int
read_scope(struct tls_crl_list *list, gnutls_x509_crl_t crl, unsigned i,
    struct errmsg *e)
{
	gnutls_datum_t content;
	int result = gnutls_x509_crl_get_extension_data2(crl, i, &content);

	if (result < 0)
		return errmsg_set(
		    e, "its extensions: %s", gnutls_strerror(result));
	result = tls_crl_scope_read(&list->row.scope, &content, e);
	gnutls_free(content.data);
	return result;
}

static int
read_extensions(
    struct tls_crl_list *list, gnutls_x509_crl_t crl, struct errmsg *e)
{
	char oid[128];
	size_t size = sizeof oid;
	unsigned is_critical;
	int error;

	for (unsigned i = 0; (error = gnutls_x509_crl_get_extension_info(
				  crl, i, oid, &size, &is_critical)) >= 0;
	     i++) {
		int result = strcmp(oid, OID_ISSUING_DISTRIBUTION_POINT) == 0
		    ? read_scope(list, crl, i, e)
		    : judge_extension(oid, is_critical != 0, e);

		if (result < 0)
			return -1;
		size = sizeof oid;
	}
	if (error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return errmsg_set(
		    e, "its extensions: %s", gnutls_strerror(error));
	return 0;
}

/* The issuer's name goes to a terminal or a log: no control bytes. */
static int
read_issuer(struct tls_crl_list *list, gnutls_x509_crl_t crl, struct errmsg *e)
{
	char *name = list->row.info.issuer;
	gnutls_datum_t text;
	gnutls_datum_t dn;
	int error = gnutls_x509_crl_get_raw_issuer_dn(crl, &dn);

	if (error < 0)
		return errmsg_set(e, "its issuer: %s", gnutls_strerror(error));
	tls_crl_hash(dn.data, dn.size, list->row.issuer);
	gnutls_free(dn.data);
	error = gnutls_x509_crl_get_issuer_dn3(crl, &text, 0);
	(void)snprintf(name, TLS_CRL_NAME, "%.*s",
	    error < 0 ? 0 : (int)text.size,
	    error < 0 ? "" : (const char *)text.data);
	if (error >= 0)
		gnutls_free(text.data);
	printable_mask(name);
	return 0;
}

/* What gnutls_x509_crl_verify has found; NULL: the list is good. */
static const char *
words_of_status(unsigned status)
{
	if (status & GNUTLS_CERT_SIGNER_NOT_CA)
		return "the issuer's certificate is not that of a CA";
	if (status & GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE)
		return "the issuer's certificate lacks the key usage cRLSign";
	if (status & GNUTLS_CERT_SIGNATURE_FAILURE)
		return "its signature is wrong";
	if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
		return "it is signed with an insecure algorithm";
	return status != 0 ? "it could not be verified" : NULL;
}

/*
 * NULL: good. Whatever the flags, GnuTLS checks dates too. They are left to
 * read_dates, so a status that comes of dates alone is cleared here. Weak
 * hashes, which GnuTLS accepts, are refused.
 */
static const char *
verify(gnutls_x509_crl_t crl, gnutls_x509_crt_t issuer)
{
	const unsigned dates = GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED |
	    GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE;
	gnutls_sign_algorithm_t algorithm =
	    (gnutls_sign_algorithm_t)gnutls_x509_crl_get_signature_algorithm(
		crl);
	unsigned status = 0;
	int error = gnutls_x509_crl_verify(crl, &issuer, 1, 0, &status);

	if (error < 0)
		return gnutls_strerror(error);
	if (status & dates)
		status &= ~(dates | GNUTLS_CERT_INVALID);
	if (status == 0 &&
	    !gnutls_sign_is_secure2(
		algorithm, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS))
		status = GNUTLS_CERT_INSECURE_ALGORITHM;
	return words_of_status(status);
}

/* An issuer may have several keys, hence several certificates. */
static int
find_signer(struct tls_crl_list *list, gnutls_x509_crl_t crl,
    const struct tls_chain *authorities, struct errmsg *e)
{
	const char *wrong =
	    "its issuer is not in the CA file: --ca must hold the certificate "
	    "of each list's issuer, an intermediate authority's, too";
	size_t size = sizeof list->signer;

	for (unsigned i = 0; i < authorities->count && wrong != NULL; i++) {
		gnutls_x509_crt_t issuer = authorities->crts[i];

		if (!gnutls_x509_crl_check_issuer(crl, issuer))
			continue;
		wrong = verify(crl, issuer);
		if (wrong == NULL &&
		    gnutls_x509_crt_get_key_id(issuer, GNUTLS_KEYID_USE_SHA256,
			list->signer, &size) < 0)
			wrong = "the issuer's key cannot be read";
	}
	if (wrong != NULL)
		return errmsg_set(e, "%s", wrong);
	return 0;
}

static int
read_dates(struct tls_crl_list *list, gnutls_x509_crl_t crl, struct errmsg *e)
{
	time_t this_update = gnutls_x509_crl_get_this_update(crl);
	time_t next_update = gnutls_x509_crl_get_next_update(crl);
	char date[UTC_TEXT];

	if (this_update == -1 || next_update == -1)
		return errmsg_set(e,
		    "has no valid thisUpdate and nextUpdate, without which it "
		    "would never be outdated");
	if (this_update > time(NULL))
		return errmsg_set(
		    e, "is from the future: %s", utc_format(this_update, date));
	list->row.info.this_update_s = this_update;
	list->row.info.next_update_s = next_update;
	return 0;
}

static int
read_number(struct tls_crl_list *list, gnutls_x509_crl_t crl, struct errmsg *e)
{
	size_t size = sizeof list->number;
	size_t zeros = 0;
	int error = gnutls_x509_crl_get_number(crl, list->number, &size, NULL);

	if (error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return 0;
	if (error < 0)
		return errmsg_set(e, "its number: %s", gnutls_strerror(error));
	while (zeros < size && list->number[zeros] == 0)
		zeros++;
	list->number_size = size - zeros;
	memmove(list->number, list->number + zeros, list->number_size);
	return 0;
}

static int
read_entries(
    struct tls_crl_list *list, const gnutls_datum_t *der, struct errmsg *e)
{
	uint64_t *count = &list->row.info.entries;
	struct tls_crl_entries walk;
	struct tls_crl_entry entry;

	if (!tls_crl_entries_start(&walk, der->data, der->size))
		return errmsg_set(e, "is malformed");
	/* Room for more than there can be; pages not used cost nothing. */
	list->slots =
	    calloc(walk.left / ENTRY_SIZE_MIN + 1, sizeof *list->slots);
	if (list->slots == NULL)
		return errmsg_set(e, "out of memory");
	for (; tls_crl_entries_next(&walk, &entry); ++*count) {
		if (!entry.is_understood)
			return errmsg_set(e,
			    "entry %" PRIu64 " has a critical extension, which "
			    "is unknown",
			    *count + 1);
		if (entry.serial_size > TLS_CRL_SERIAL)
			return errmsg_set(e,
			    "entry %" PRIu64 " has a serial number of %zu "
			    "bytes",
			    *count + 1, entry.serial_size);
		list->slots[*count] = tls_crl_make_slot(
		    list->row.issuer, entry.serial, entry.serial_size);
	}
	if (walk.is_malformed)
		return errmsg_set(
		    e, "entry %" PRIu64 " is malformed", *count + 1);
	return 0;
}

int
tls_crl_list_read(struct tls_crl_list *list, const gnutls_datum_t *der,
    const struct tls_chain *authorities, struct errmsg *e)
{
	gnutls_x509_crl_t crl = NULL;
	int result = -1;
	int error;

	memset(list, 0, sizeof *list);
	list->row.scope = (struct tls_crl_scope)TLS_CRL_SCOPE_ALL;
	error = gnutls_x509_crl_init(&crl);
	if (error >= 0)
		error = gnutls_x509_crl_import(crl, der, GNUTLS_X509_FMT_DER);
	if (error < 0)
		(void)errmsg_set(
		    e, "is not a revocation list: %s", gnutls_strerror(error));
	else if (read_issuer(list, crl, e) == 0) {
		result = find_signer(list, crl, authorities, e);
		if (result == 0)
			result = read_extensions(list, crl, e);
		if (result == 0)
			result = read_dates(list, crl, e);
		if (result == 0)
			result = read_number(list, crl, e);
		if (result == 0)
			result = read_entries(list, der, e);
		if (result < 0)
			(void)errmsg_prepend(
			    e, "list of %s", list->row.info.issuer);
	}
	if (crl != NULL)
		gnutls_x509_crl_deinit(crl);
	if (result < 0)
		tls_crl_list_free(list);
	return result;
}

void
tls_crl_list_free(struct tls_crl_list *list)
{
	free(list->slots);
	list->slots = NULL;
}

bool
tls_crl_list_is_rival(
    const struct tls_crl_list *a, const struct tls_crl_list *b)
{
	return memcmp(a->row.issuer, b->row.issuer, TLS_CRL_HASH) == 0 &&
	    memcmp(a->signer, b->signer, TLS_CRL_HASH) == 0 &&
	    memcmp(&a->row.scope, &b->row.scope, sizeof a->row.scope) == 0;
}
