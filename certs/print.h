/*
 * print: what certificates, revocation lists and keys say, as text.
 *
 * Text from a certificate is a stranger's: control characters in it are printed
 * as \XX (base/printable.h), so that it cannot drive a terminal, or read as
 * another name.
 *
 * Use:
 *	char serial[PRINT_SERIAL_SIZE];
 *	puts(print_serial(cert, serial));
 *	print_cert(stdout, cert);
 */
#ifndef CERTS_PRINT_H
#define CERTS_PRINT_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>

#include "certs/serial.h"

enum {
	PRINT_SERIAL_SIZE = SERIAL_TEXT,
	PRINT_NUMBER_SIZE = 48,
	PRINT_PURPOSE_SIZE = 64
};

/* In hexadecimal; "?" if there is none that can be read. */
const char *print_serial(
    gnutls_x509_crt_t cert, char text[static PRINT_SERIAL_SIZE]);

/* "server", "client", "server,client", "authority", an OID, or "any". */
const char *print_purpose(
    gnutls_x509_crt_t cert, char text[static PRINT_PURPOSE_SIZE]);

/* In decimal, or in hexadecimal with 0x where it is long; "none". */
const char *print_crl_number(
    gnutls_x509_crl_t crl, char text[static PRINT_NUMBER_SIZE]);

/* Lines of "  label  value". */
void print_cert(FILE *out, gnutls_x509_crt_t cert);
void print_crl(FILE *out, gnutls_x509_crl_t crl);

void print_request(FILE *out, gnutls_x509_crq_t request);

/* Nothing but the kind of the key and identifiers of its public half. */
void print_key(FILE *out, gnutls_x509_privkey_t key);

#endif
