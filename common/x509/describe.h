/*
 * describe: what a certificate says of itself, as text for people and logs.
 *
 * The peer chose it: control characters, and what is not UTF-8, become \XX. A
 * text that is too long for its buffer is cut, and ends in "...". Where
 * memory runs out, it is "(cannot be shown)".
 *
 * Use:
 *	char names[TLS_NAMES_TEXT];
 *	log_info("names=\"%s\"", tls_describe_names(crt, names));
 */
#ifndef COMMON_X509_DESCRIBE_H
#define COMMON_X509_DESCRIBE_H

#include <gnutls/x509.h>
#include <stdbool.h>

#include "common/base/utc.h"

enum {
	TLS_NAME_TEXT = 512,
	TLS_NAMES_TEXT = 1024,
	TLS_ONE_NAME_TEXT = 4096,
	TLS_PURPOSES_TEXT = 256,
	TLS_SERIAL_TEXT = 129, /* RFC 5280, 4.1.2.2: 20 bytes; room for 64 */
	TLS_KIND_TEXT = 64,
	TLS_OID_TEXT = 128
};

/* Distinguished names (RFC 4514), or "(empty)". Each returns text. */
const char *tls_describe_subject(
    gnutls_x509_crt_t crt, char text[static TLS_NAME_TEXT]);
const char *tls_describe_issuer(
    gnutls_x509_crt_t crt, char text[static TLS_NAME_TEXT]);

/* A distinguished name in DER, as a CertificateRequest has it. Returns text. */
const char *tls_describe_dn(
    const gnutls_datum_t *der, char text[static TLS_NAME_TEXT]);

/* The OID of the first critical extension that GnuTLS 3.7.9 does not process,
 * for which it refuses the certificate; "": there is none. Returns text. */
const char *tls_describe_critical(
    gnutls_x509_crt_t crt, char text[static TLS_OID_TEXT]);

/* From when and until when it is valid, in UTC. Each returns text. */
const char *tls_describe_from(
    gnutls_x509_crt_t crt, char text[static UTC_TEXT]);
const char *tls_describe_until(
    gnutls_x509_crt_t crt, char text[static UTC_TEXT]);

/*
 * The subject of a certificate in DER, for who wants nothing else of it: a
 * fraction of what importing it takes. False: it is empty, or cannot be read.
 */
bool tls_describe_subject_of_der(
    const gnutls_datum_t *der, char text[static TLS_NAME_TEXT]);

/*
 * Alternative names in their order, such as "DNS:localhost, IP:::1"; kinds are
 * DNS, URI, email, IP and other, whose name is not shown. Blanks, commas,
 * quotes and backslashes in a name are \XX, so that ", " is between two names
 * and nowhere else. "" if there are none.
 */
const char *tls_describe_names(
    gnutls_x509_crt_t crt, char text[static TLS_NAMES_TEXT]);

/* A name, or NULL for what cannot be shown whole. */
typedef void tls_describe_take(void *owner, const char *name);

/*
 * Hands over the same names one by one, none of them cut: one that does not fit
 * into TLS_ONE_NAME_TEXT is NULL, and so are all together, once, if they cannot
 * be read.
 */
void tls_describe_each_name(
    gnutls_x509_crt_t crt, tls_describe_take *take, void *owner);

/* Of extended key usage: "server", "client", "any", or oid itself. */
const char *tls_describe_purpose(const char *oid);

/*
 * Extended key usage: "server", "client", "any" or numbers, with commas between
 * them; "any" if there is none.
 */
const char *tls_describe_purposes(
    gnutls_x509_crt_t crt, char text[static TLS_PURPOSES_TEXT]);

/* Hexadecimal. */
const char *tls_describe_serial(
    gnutls_x509_crt_t crt, char text[static TLS_SERIAL_TEXT]);

/* Kind and size of its key: "RSA, 1024 bits". */
const char *tls_describe_kind(
    gnutls_x509_crt_t crt, char text[static TLS_KIND_TEXT]);

#endif
