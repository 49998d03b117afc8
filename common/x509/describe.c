/* describe: asks GnuTLS, and escapes; see the header. */
#include "common/x509/describe.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hex.h"
#include "common/base/printable.h"

static const char unknown[] = "(cannot be shown)";

enum {
	OID_SIZE = 128,
	ALTERNATIVE_NAME = 4096, /* room that most do not need */
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

static size_t
append_word(char text[static TLS_NAMES_TEXT], size_t used, const char *word)
{
	return printable_append(
	    text, TLS_NAMES_TEXT, used, word, strlen(word), "");
}

static const char *
kind_of(int type)
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

static size_t
append_name(char text[static TLS_NAMES_TEXT], size_t used, int type,
    const void *name, size_t size)
{
	char address[INET6_ADDRSTRLEN];
	int family = size == 4 ? AF_INET : AF_INET6;
	const char *kind = kind_of(type);

	if (used > 0)
		used = append_word(text, used, ", ");
	used = append_word(text, used, kind);
	if (type == GNUTLS_SAN_IPADDRESS) {
		if ((size == 4 || size == 16) &&
		    inet_ntop(family, name, address, sizeof address) != NULL)
			used = append_word(text, used, address);
		return used;
	}
	if (strchr(kind, ':') == NULL)
		return used;
	return printable_append(
	    text, TLS_NAMES_TEXT, used, name, size, " ,\"\\");
}

const char *
tls_describe_names(gnutls_x509_crt_t crt, char text[static TLS_NAMES_TEXT])
{
	char name[ALTERNATIVE_NAME];
	size_t used = 0;
	int type = 0;

	text[0] = '\0';
	for (unsigned i = 0; used < TLS_NAMES_TEXT; i++) {
		size_t size = sizeof name;

		type = gnutls_x509_crt_get_subject_alt_name(
		    crt, i, name, &size, NULL);
		if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			break;
		/* It is longer than what will be shown. */
		if (type == GNUTLS_E_SHORT_MEMORY_BUFFER)
			used = append_word(text, used, "...");
		else if (type < 0)
			return strcpy(text, unknown);
		else
			used = append_name(text, used, type, name, size);
	}
	return text;
}

static const char *
purpose_name(const char *oid)
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
		name = purpose_name(oid);
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
