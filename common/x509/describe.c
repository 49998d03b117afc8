/* describe: asks GnuTLS, and escapes; see the header. */
#include "common/x509/describe.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hex.h"
#include "common/base/printable.h"
#include "common/x509/der.h"

static const char unknown[] = "(cannot be shown)";

enum {
	OID_SIZE = 128
};

/* RFC 5280, 4.1: the element itself, with its tag and length. */
static bool
find_subject(const gnutls_datum_t *der, gnutls_datum_t *subject)
{
	struct tls_der all = { der->data, der->size }, crt, tbs, skipped;
	uint8_t tag;

	if (!tls_der_take(&all, TLS_DER_SEQUENCE, &crt) ||
	    !tls_der_take(&crt, TLS_DER_SEQUENCE, &tbs))
		return false;
	(void)tls_der_take(&tbs, TLS_DER_CONTEXT_CONSTRUCTED, &skipped);
	for (int i = 0; i < 4; i++) /* serial, algorithm, issuer, validity */
		if (!tls_der_take_any(&tbs, &tag, &skipped))
			return false;
	subject->data = (unsigned char *)(uintptr_t)tbs.at;
	if (!tls_der_take(&tbs, TLS_DER_SEQUENCE, &skipped))
		return false;
	subject->size = (unsigned)(tbs.at - subject->data);
	return skipped.left > 0;
}

bool
tls_describe_subject_of_der(
    const gnutls_datum_t *der, char text[static TLS_NAME_TEXT])
{
	gnutls_datum_t subject, dn;

	if (!find_subject(der, &subject) ||
	    gnutls_x509_rdn_get2(&subject, &dn, 0) < 0)
		return false;
	(void)printable_append(text, TLS_NAME_TEXT, 0, dn.data, dn.size, "");
	gnutls_free(dn.data);
	return true;
}

static const char *
put_dn(char text[static TLS_NAME_TEXT], gnutls_x509_crt_t crt,
    int (*get)(gnutls_x509_crt_t, gnutls_datum_t *, unsigned))
{
	gnutls_datum_t dn = { NULL, 0 };
	int error = get(crt, &dn, 0);

	if (error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ||
	    (error >= 0 && dn.size == 0))
		(void)strcpy(text, "(empty)");
	else if (error < 0)
		(void)strcpy(text, unknown);
	else
		(void)printable_append(
		    text, TLS_NAME_TEXT, 0, dn.data, dn.size, "");
	gnutls_free(dn.data);
	return text;
}

const char *
tls_describe_dn(const gnutls_datum_t *der, char text[static TLS_NAME_TEXT])
{
	gnutls_datum_t dn;

	text[0] = '\0';
	if (gnutls_x509_rdn_get2(der, &dn, 0) < 0)
		return strcpy(text, unknown);
	(void)printable_append(text, TLS_NAME_TEXT, 0, dn.data, dn.size, "");
	gnutls_free(dn.data);
	return text;
}

const char *
tls_describe_from(gnutls_x509_crt_t crt, char text[static UTC_TEXT])
{
	return utc_format(gnutls_x509_crt_get_activation_time(crt), text);
}

const char *
tls_describe_until(gnutls_x509_crt_t crt, char text[static UTC_TEXT])
{
	return utc_format(gnutls_x509_crt_get_expiration_time(crt), text);
}

const char *
tls_describe_subject(gnutls_x509_crt_t crt, char text[static TLS_NAME_TEXT])
{
	return put_dn(text, crt, gnutls_x509_crt_get_dn3);
}

const char *
tls_describe_issuer(gnutls_x509_crt_t crt, char text[static TLS_NAME_TEXT])
{
	return put_dn(text, crt, gnutls_x509_crt_get_issuer_dn3);
}

static const char *
kind_of(unsigned type)
{
	switch (type) {
	case GNUTLS_SAN_DNSNAME:
		return "DNS:";
	case GNUTLS_SAN_URI:
		return "URI:";
	case GNUTLS_SAN_RFC822NAME:
		return "email:";
	case GNUTLS_SAN_IPADDRESS:
		return "IP:";
	default:
		return "other";
	}
}

/* Returns how many bytes are used then; size, if it was cut. */
static size_t
append_name(char *text, size_t size, size_t used, unsigned type,
    const gnutls_datum_t *name)
{
	char address[INET6_ADDRSTRLEN] = "";
	const char *kind = kind_of(type);
	bool is_address = type == GNUTLS_SAN_IPADDRESS;

	used = printable_append(text, size, used, kind, strlen(kind), "");
	if (is_address && (name->size == 4 || name->size == 16))
		(void)inet_ntop(name->size == 4 ? AF_INET : AF_INET6,
		    name->data, address, sizeof address);
	if (is_address)
		return printable_append(
		    text, size, used, address, strlen(address), "");
	if (strchr(kind, ':') == NULL)
		return used;
	return printable_append(
	    text, size, used, name->data, name->size, " ,\"\\");
}

/* -1 when they cannot be read. */
static int
names_open(gnutls_subject_alt_names_t *names, gnutls_x509_crt_t crt)
{
	gnutls_datum_t der = { NULL, 0 };
	int error = gnutls_x509_crt_get_extension_by_oid2(
	    crt, GNUTLS_X509EXT_OID_SAN, 0, &der, NULL);
	bool is_absent = error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;

	if ((error < 0 && !is_absent) ||
	    gnutls_subject_alt_names_init(names) < 0) {
		gnutls_free(der.data);
		return -1;
	}
	error = is_absent
	    ? 0
	    : gnutls_x509_ext_import_subject_alt_names(&der, *names, 0);
	gnutls_free(der.data);
	if (error >= 0)
		return 0;
	gnutls_subject_alt_names_deinit(*names);
	return -1;
}

static bool
names_at(gnutls_subject_alt_names_t names, unsigned i, unsigned *type,
    gnutls_datum_t *name)
{
	return gnutls_subject_alt_names_get(names, i, type, name, NULL) >= 0;
}

const char *
tls_describe_names(gnutls_x509_crt_t crt, char text[static TLS_NAMES_TEXT])
{
	gnutls_subject_alt_names_t names;
	gnutls_datum_t name;
	unsigned type;
	size_t used = 0;

	if (names_open(&names, crt) < 0)
		return strcpy(text, unknown);
	text[0] = '\0';
	for (unsigned i = 0;
	     used < TLS_NAMES_TEXT && names_at(names, i, &type, &name); i++) {
		if (i > 0)
			used = printable_append(
			    text, TLS_NAMES_TEXT, used, ", ", 2, "");
		used = append_name(text, TLS_NAMES_TEXT, used, type, &name);
	}
	gnutls_subject_alt_names_deinit(names);
	return text;
}

void
tls_describe_each_name(
    gnutls_x509_crt_t crt, tls_describe_take *take, void *owner)
{
	gnutls_subject_alt_names_t names;
	char text[TLS_ONE_NAME_TEXT];
	gnutls_datum_t name;
	unsigned type;

	if (names_open(&names, crt) < 0) {
		take(owner, NULL);
		return;
	}
	for (unsigned i = 0; names_at(names, i, &type, &name); i++) {
		size_t used = append_name(text, sizeof text, 0, type, &name);

		take(owner, used < sizeof text ? text : NULL);
	}
	gnutls_subject_alt_names_deinit(names);
}

const char *
tls_describe_purpose(const char *oid)
{
	if (strcmp(oid, GNUTLS_KP_TLS_WWW_SERVER) == 0)
		return "server";
	if (strcmp(oid, GNUTLS_KP_TLS_WWW_CLIENT) == 0)
		return "client";
	return strcmp(oid, GNUTLS_KP_ANY) == 0 ? "any" : oid;
}

const char *
tls_describe_purposes(
    gnutls_x509_crt_t crt, char text[static TLS_PURPOSES_TEXT])
{
	char oid[OID_SIZE];
	size_t used = 0;

	(void)strcpy(text, "any");
	for (unsigned i = 0; used < TLS_PURPOSES_TEXT; i++) {
		size_t size = sizeof oid;
		const char *name;

		if (gnutls_x509_crt_get_key_purpose_oid(
			crt, i, oid, &size, NULL) < 0)
			break;
		name = tls_describe_purpose(oid);
		if (i > 0)
			used = printable_append(
			    text, TLS_PURPOSES_TEXT, used, ",", 1, "");
		used = printable_append(
		    text, TLS_PURPOSES_TEXT, used, name, strlen(name), "");
	}
	return text;
}

const char *
tls_describe_serial(gnutls_x509_crt_t crt, char text[static TLS_SERIAL_TEXT])
{
	uint8_t serial[TLS_SERIAL_TEXT / 2];
	size_t size = sizeof serial;

	if (gnutls_x509_crt_get_serial(crt, serial, &size) < 0)
		return strcpy(text, "?");
	(void)hex_put(text, serial, size, HEX_LOWER);
	return text;
}

const char *
tls_describe_kind(gnutls_x509_crt_t crt, char text[static TLS_KIND_TEXT])
{
	unsigned bits = 0;
	int kind = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
	const char *name =
	    kind > 0 ? gnutls_pk_get_name((gnutls_pk_algorithm_t)kind) : NULL;

	(void)snprintf(text, TLS_KIND_TEXT, "%s, %u bits",
	    name != NULL ? name : "unknown", bits);
	return text;
}

static bool
is_processed(const char *oid)
{
	static const char *const oids[] = {
		GNUTLS_X509EXT_OID_SUBJECT_KEY_ID,
		GNUTLS_X509EXT_OID_KEY_USAGE,
		GNUTLS_X509EXT_OID_PRIVATE_KEY_USAGE_PERIOD,
		GNUTLS_X509EXT_OID_SAN,
		GNUTLS_X509EXT_OID_IAN,
		GNUTLS_X509EXT_OID_BASIC_CONSTRAINTS,
		GNUTLS_X509EXT_OID_NAME_CONSTRAINTS,
		GNUTLS_X509EXT_OID_CRL_DIST_POINTS,
		GNUTLS_X509EXT_OID_CRT_POLICY,
		GNUTLS_X509EXT_OID_AUTHORITY_KEY_ID,
		GNUTLS_X509EXT_OID_EXTENDED_KEY_USAGE,
		GNUTLS_X509EXT_OID_INHIBIT_ANYPOLICY,
		GNUTLS_X509EXT_OID_AUTHORITY_INFO_ACCESS,
		GNUTLS_X509EXT_OID_PROXY_CRT_INFO,
		GNUTLS_X509EXT_OID_TLSFEATURES,
	};

	for (size_t i = 0; i < sizeof oids / sizeof *oids; i++)
		if (strcmp(oid, oids[i]) == 0)
			return true;
	return false;
}

const char *
tls_describe_critical(gnutls_x509_crt_t crt, char text[static TLS_OID_TEXT])
{
	unsigned is_critical = 0;
	size_t size = TLS_OID_TEXT;

	for (unsigned i = 0; gnutls_x509_crt_get_extension_info(
				 crt, i, text, &size, &is_critical) >= 0;
	     i++) {
		if (is_critical != 0 && !is_processed(text))
			return text;
		size = TLS_OID_TEXT;
	}
	text[0] = '\0';
	return text;
}
