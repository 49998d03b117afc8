/* print: certificates, lists and keys as text; see the header. */
#include "certs/print.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "certs/cert.h"
#include "certs/put.h"
#include "certs/serial.h"
#include "common/base/hex.h"
#include "common/base/utc.h"
#include "common/x509/describe.h"

enum {
	OID_SIZE = 64,
	/* An alternative name; longer ones are cut. */
	NAME_SIZE = 1024,
	/* The most that a stranger's certificate may make us print. */
	NAMES_MAX = 1000
};

const char *
print_serial(gnutls_x509_crt_t cert, char text[static PRINT_SERIAL_SIZE])
{
	struct serial serial;

	(void)strcpy(text, "?");
	if (serial_of(&serial, cert) >= 0)
		(void)serial_format(&serial, text);
	return text;
}

/* What a certificate without an extended key usage is for. */
static const char *
unlimited_purpose(gnutls_x509_crt_t cert)
{
	return gnutls_x509_crt_get_ca_status(cert, NULL) > 0 ? "authority"
							     : "any";
}

const char *
print_purpose(gnutls_x509_crt_t cert, char text[static PRINT_PURPOSE_SIZE])
{
	char oid[OID_SIZE];
	size_t used = 0;

	for (unsigned int i = 0; used < PRINT_PURPOSE_SIZE; i++) {
		size_t size = sizeof oid;
		int error = gnutls_x509_crt_get_key_purpose_oid(
		    cert, i, oid, &size, NULL);
		const char *word = "?";

		if (error >= 0)
			word = tls_describe_purpose(oid);
		else if (error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			word = i == 0 ? unlimited_purpose(cert) : NULL;
		if (word != NULL)
			used += (size_t)snprintf(text + used,
			    PRINT_PURPOSE_SIZE - used, "%s%s", i > 0 ? "," : "",
			    word);
		if (error < 0)
			break;
	}
	return text;
}

const char *
print_crl_number(gnutls_x509_crl_t crl, char text[static PRINT_NUMBER_SIZE])
{
	unsigned char number[21];
	size_t size = sizeof number;
	uint64_t value = 0;

	if (gnutls_x509_crl_get_number(crl, number, &size, NULL) < 0)
		return strcpy(text, "none");
	if (size > sizeof value) {
		(void)strcpy(text, "0x");
		(void)hex_put(text + 2, number, size, HEX_LOWER);
		return text;
	}
	for (size_t i = 0; i < size; i++)
		value = value << 8 | number[i];
	(void)snprintf(text, PRINT_NUMBER_SIZE, "%" PRIu64, value);
	return text;
}

static void
put_name(FILE *out, const unsigned char *name, size_t size, int type)
{
	char address[INET6_ADDRSTRLEN];

	switch (type) {
	case GNUTLS_SAN_DNSNAME:
		fprintf(out, "DNS:");
		break;
	case GNUTLS_SAN_RFC822NAME:
		fprintf(out, "email:");
		break;
	case GNUTLS_SAN_URI:
		fprintf(out, "URI:");
		break;
	case GNUTLS_SAN_IPADDRESS:
		if (inet_ntop(size == 4 ? AF_INET : AF_INET6, name, address,
			sizeof address) != NULL)
			fprintf(out, "IP:%s", address);
		return;
	default:
		fprintf(out, "other");
		return;
	}
	put_clean(out, name, size);
}

/*
 * Prints the name of that index; returns false after the last one. The buffer
 * is cleared, so that an address of a wrong size is read as zeros.
 */
static bool
put_name_at(FILE *out, gnutls_x509_crt_t cert, unsigned int index)
{
	unsigned char name[NAME_SIZE] = { 0 };
	size_t size = sizeof name;
	int type = gnutls_x509_crt_get_subject_alt_name2(
	    cert, index, name, &size, NULL, NULL);

	if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return false;
	if (index == 0)
		put_label(out, "names");
	else
		fprintf(out, ", ");
	if (type < 0)
		fprintf(out, "(%s)", gnutls_strerror(type));
	else
		put_name(out, name, size, type);
	return true;
}

static void
put_names(FILE *out, gnutls_x509_crt_t cert)
{
	unsigned int i = 0;

	while (i < NAMES_MAX && put_name_at(out, cert, i))
		i++;
	if (i > 0)
		fprintf(out, "\n");
}

/* An address and its mask, as a prefix (RFC 5280, section 4.2.1.10). */
static void
put_range(FILE *out, const gnutls_datum_t *range)
{
	unsigned int half = range->size / 2;
	char address[INET6_ADDRSTRLEN] = "?";
	int bits = 0;

	if (range->size == 8 || range->size == 32)
		(void)inet_ntop(half == 4 ? AF_INET : AF_INET6, range->data,
		    address, sizeof address);
	for (unsigned int i = half; i < range->size; i++)
		bits += __builtin_popcount(range->data[i]);
	fprintf(out, "IP:%s/%d", address, bits);
}

static void
put_constraint(FILE *out, const gnutls_datum_t *name, unsigned int type)
{
	if (type == GNUTLS_SAN_IPADDRESS)
		put_range(out, name);
	else if (type == GNUTLS_SAN_DN)
		fprintf(out, "directory name");
	else
		put_name(out, name->data, name->size, (int)type);
}

/* A line of those that are permitted, or excluded. */
static void
put_constraints(FILE *out, const char *label, gnutls_x509_name_constraints_t nc,
    int (*get)(
	gnutls_x509_name_constraints_t, unsigned, unsigned *, gnutls_datum_t *))
{
	gnutls_datum_t name;
	unsigned int type;
	unsigned int i = 0;

	for (; i < NAMES_MAX && get(nc, i, &type, &name) == 0; i++) {
		if (i == 0)
			put_label(out, label);
		else
			fprintf(out, ", ");
		put_constraint(out, &name, type);
	}
	if (i > 0)
		fprintf(out, "\n");
}

static void
put_all_constraints(FILE *out, gnutls_x509_crt_t cert)
{
	gnutls_x509_name_constraints_t nc;
	unsigned int critical;

	if (gnutls_x509_name_constraints_init(&nc) < 0)
		return;
	if (gnutls_x509_crt_get_name_constraints(cert, nc, 0, &critical) >= 0) {
		put_constraints(out, "permits names", nc,
		    gnutls_x509_name_constraints_get_permitted);
		put_constraints(out, "excludes names", nc,
		    gnutls_x509_name_constraints_get_excluded);
	}
	gnutls_x509_name_constraints_deinit(nc);
}

static void
put_usage(FILE *out, gnutls_x509_crt_t cert)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} usages[] = {
		{ GNUTLS_KEY_DIGITAL_SIGNATURE, "digitalSignature" },
		{ GNUTLS_KEY_NON_REPUDIATION, "nonRepudiation" },
		{ GNUTLS_KEY_KEY_ENCIPHERMENT, "keyEncipherment" },
		{ GNUTLS_KEY_DATA_ENCIPHERMENT, "dataEncipherment" },
		{ GNUTLS_KEY_KEY_AGREEMENT, "keyAgreement" },
		{ GNUTLS_KEY_KEY_CERT_SIGN, "keyCertSign" },
		{ GNUTLS_KEY_CRL_SIGN, "cRLSign" },
	};
	const char *separator = "";
	unsigned int usage;

	if (gnutls_x509_crt_get_key_usage(cert, &usage, NULL) < 0)
		return;
	put_label(out, "key usage");
	for (size_t i = 0; i < sizeof usages / sizeof *usages; i++) {
		if ((usage & usages[i].bit) == 0)
			continue;
		fprintf(out, "%s%s", separator, usages[i].name);
		separator = ", ";
	}
	fprintf(out, "\n");
}

static void
put_cert_ids(FILE *out, gnutls_x509_crt_t cert)
{
	unsigned char id[CERT_KEY_ID_MAX];
	size_t size = sizeof id;

	if (gnutls_x509_crt_get_subject_key_id(cert, id, &size, NULL) >= 0)
		put_hex(out, "key id", id, size);
	size = sizeof id;
	if (gnutls_x509_crt_get_authority_key_id(cert, id, &size, NULL) >= 0)
		put_hex(out, "authority key id", id, size);
	size = sizeof id;
	if (gnutls_x509_crt_get_key_id(
		cert, GNUTLS_KEYID_USE_SHA256, id, &size) >= 0)
		put_hex(out, "key SHA-256", id, size);
}

void
print_cert(FILE *out, gnutls_x509_crt_t cert)
{
	char purpose[PRINT_PURPOSE_SIZE];
	char serial[PRINT_SERIAL_SIZE];
	gnutls_datum_t data = { NULL, 0 };
	unsigned int bits = 0;
	int kind = gnutls_x509_crt_get_pk_algorithm(cert, &bits);

	put_dn(out, "subject", &data, gnutls_x509_crt_get_dn3(cert, &data, 0));
	put_dn(out, "issuer", &data,
	    gnutls_x509_crt_get_issuer_dn3(cert, &data, 0));
	put_line(out, "serial", print_serial(cert, serial));
	put_time(out, "not before", gnutls_x509_crt_get_activation_time(cert));
	put_time(out, "not after", gnutls_x509_crt_get_expiration_time(cert));
	put_names(out, cert);
	put_line(out, "purpose", print_purpose(cert, purpose));
	put_line(out, "authority",
	    gnutls_x509_crt_get_ca_status(cert, NULL) > 0 ? "yes" : "no");
	put_usage(out, cert);
	put_all_constraints(out, cert);
	put_key_kind(out, kind, bits);
	put_signature(out, gnutls_x509_crt_get_signature_algorithm(cert));
	put_cert_ids(out, cert);
	put_fingerprints(out, &data,
	    gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_DER, &data));
}

static void
put_revoked(FILE *out, gnutls_x509_crl_t crl)
{
	struct serial serial = { .size = sizeof serial.bytes };
	gnutls_x509_crl_iter_t iter = NULL;
	char text[SERIAL_TEXT];
	char date[UTC_TEXT];
	time_t when;

	while (gnutls_x509_crl_iter_crt_serial(
		   crl, &iter, serial.bytes, &serial.size, &when) >= 0) {
		put_label(out, "revoked");
		fprintf(out, "%s %s\n", serial_format(&serial, text),
		    utc_format(when, date));
		serial.size = sizeof serial.bytes;
	}
	gnutls_x509_crl_iter_deinit(iter);
}

void
print_crl(FILE *out, gnutls_x509_crl_t crl)
{
	char number[PRINT_NUMBER_SIZE];
	unsigned char id[CERT_KEY_ID_MAX];
	size_t size = sizeof id;
	gnutls_datum_t data = { NULL, 0 };

	put_dn(out, "issuer", &data,
	    gnutls_x509_crl_get_issuer_dn3(crl, &data, 0));
	put_line(out, "number", print_crl_number(crl, number));
	put_time(out, "this update", gnutls_x509_crl_get_this_update(crl));
	put_time(out, "next update", gnutls_x509_crl_get_next_update(crl));
	put_signature(out, gnutls_x509_crl_get_signature_algorithm(crl));
	if (gnutls_x509_crl_get_authority_key_id(crl, id, &size, NULL) >= 0)
		put_hex(out, "authority key id", id, size);
	put_fingerprints(out, &data,
	    gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_DER, &data));
	put_revoked(out, crl);
}

void
print_request(FILE *out, gnutls_x509_crq_t request)
{
	unsigned char id[CERT_KEY_ID_MAX];
	gnutls_datum_t dn = { NULL, 0 };
	unsigned int bits = 0;
	size_t size = sizeof id;
	int kind = gnutls_x509_crq_get_pk_algorithm(request, &bits);

	put_dn(out, "subject", &dn, gnutls_x509_crq_get_dn3(request, &dn, 0));
	put_key_kind(out, kind, bits);
	put_signature(out, gnutls_x509_crq_get_signature_algorithm(request));
	if (gnutls_x509_crq_get_key_id(
		request, GNUTLS_KEYID_USE_SHA256, id, &size) >= 0)
		put_hex(out, "key SHA-256", id, size);
}

void
print_key(FILE *out, gnutls_x509_privkey_t key)
{
	unsigned char id[CERT_KEY_ID_MAX];
	unsigned int bits = 0;
	size_t size = sizeof id;
	int kind = gnutls_x509_privkey_get_pk_algorithm2(key, &bits);

	put_key_kind(out, kind, bits);
	if (gnutls_x509_privkey_get_key_id(
		key, GNUTLS_KEYID_USE_SHA1, id, &size) >= 0)
		put_hex(out, "key id", id, size);
	size = sizeof id;
	if (gnutls_x509_privkey_get_key_id(
		key, GNUTLS_KEYID_USE_SHA256, id, &size) >= 0)
		put_hex(out, "key SHA-256", id, size);
}
