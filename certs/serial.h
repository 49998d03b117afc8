/*
 * serial: the serial numbers of certificates, as bytes and as text.
 *
 * The bytes are those of the INTEGER in a certificate (RFC 5280, section
 * 4.1.2.2): big-endian, and a zero in front of a high bit.
 *
 * Use:
 *	struct serial serial;
 *	char text[SERIAL_TEXT];
 *	if (serial_of(&serial, cert) < 0) ...
 *	puts(serial_format(&serial, text));
 */
#ifndef CERTS_SERIAL_H
#define CERTS_SERIAL_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SERIAL_MAX = 40, /* RFC 5280 allows 20 and a zero; others go further */
	SERIAL_TEXT = 2 * SERIAL_MAX + 1
};

struct serial {
	uint8_t bytes[SERIAL_MAX];
	size_t size;
};

/* 0, or GnuTLS's error. */
int serial_of(struct serial *out, gnutls_x509_crt_t cert);

/*
 * Reads hexadecimal digits, as show, list and other programs print them: with
 * colons between bytes or without, with or without zeros in front. Fewer than
 * 16 digits must begin with 0x, since they could be a name. False if the text
 * is no serial number.
 */
bool serial_parse(struct serial *out, const char *text);

bool serial_equals(const struct serial *a, const struct serial *b);

/* In hexadecimal. */
const char *serial_format(
    const struct serial *serial, char text[static SERIAL_TEXT]);

#endif
