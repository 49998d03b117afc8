/*
 * put: lines of what is printed about certificates: "  label  value".
 *
 * Use:
 *	put_line(out, "serial", "01ab");
 */
#ifndef CERTS_PUT_H
#define CERTS_PUT_H

#include <gnutls/gnutls.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

enum {
	PUT_BYTES_MAX = 64 /* of a digest or identifier */
};

void put_label(FILE *out, const char *label);
void put_line(FILE *out, const char *label, const char *value);
void put_time(FILE *out, const char *label, time_t when);
void put_hex(
    FILE *out, const char *label, const unsigned char *bytes, size_t size);

/* A stranger's text, without control characters (base/printable.h). */
void put_clean(FILE *out, const unsigned char *text, size_t size);

/* Prints and frees a name that GnuTLS made; error is that call's result. */
void put_dn(FILE *out, const char *label, gnutls_datum_t *dn, int error);

/* Prints the fingerprints of what was exported, and frees it. */
void put_fingerprints(FILE *out, gnutls_datum_t *der, int error);

/* Numbers of GnuTLS's; negative ones are its errors. */
void put_key_kind(FILE *out, int algorithm, unsigned int bits);
void put_signature(FILE *out, int algorithm);

#endif
