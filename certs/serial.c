/* serial: the serial numbers of certificates; see the header. */
#include "certs/serial.h"

#include <ctype.h>
#include <string.h>

#include "common/base/hex.h"

int
serial_of(struct serial *out, gnutls_x509_crt_t cert)
{
	int error;

	out->size = sizeof out->bytes;
	error = gnutls_x509_crt_get_serial(cert, out->bytes, &out->size);
	return error < 0 ? error : 0;
}

enum {
	DIGITS_MIN = 16 /* of what is not marked as a number by 0x */
};

static uint8_t
digit_value(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* The digits of a text, without colons; 0: there is something else in it. */
static size_t
collect_digits(char digits[static SERIAL_TEXT], const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		if (*text == ':' && count > 0)
			continue;
		if (!isxdigit((unsigned char)*text) || count == SERIAL_TEXT - 1)
			return 0;
		digits[count++] = *text;
	}
	return count;
}

/* Without zeros that say nothing, and with the one that says positive. */
static void
put_bytes(struct serial *out, const char *digits, size_t count)
{
	uint8_t bytes[1 + SERIAL_MAX] = { 0 };
	size_t first = 0;

	for (size_t i = 0; i < count; i++) {
		size_t place = count - 1 - i; /* 0 is the last digit */
		uint8_t *byte = &bytes[SERIAL_MAX - place / 2];

		*byte = (uint8_t)(*byte << 4 | digit_value(digits[i]));
	}
	while (first < SERIAL_MAX && bytes[first] == 0)
		first++;
	first -= bytes[first] >= 0x80;
	out->size = sizeof bytes - first;
	memcpy(out->bytes, bytes + first, out->size);
}

bool
serial_parse(struct serial *out, const char *text)
{
	bool is_marked = text[0] == '0' && (text[1] | 0x20) == 'x';
	char digits[SERIAL_TEXT];
	size_t count = collect_digits(digits, text + (is_marked ? 2 : 0));

	/* The highest bit of all stays free, for the sign. */
	if (count < (is_marked ? 1 : DIGITS_MIN) ||
	    (count == SERIAL_TEXT - 1 && digit_value(digits[0]) >= 8))
		return false;
	put_bytes(out, digits, count);
	return true;
}

bool
serial_equals(const struct serial *a, const struct serial *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

const char *
serial_format(const struct serial *serial, char text[static SERIAL_TEXT])
{
	(void)hex_put(text, serial->bytes, serial->size, HEX_LOWER);
	return text;
}
