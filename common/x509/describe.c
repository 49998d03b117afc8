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

static const char unknown[] = "(cannot be shown)";

enum {
	OID_SIZE = 128
};

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
