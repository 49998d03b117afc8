/* ticket_file: master keys in base64; see the header. */
#include "tests/support/ticket_file.h"

#include <check.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "tests/support/pki_file.h"
#include "tests/support/tlspeer.h"

enum {
	LINE = 89, /* 64 bytes in base64, and a line feed */
	KEYS_MAX = 8
};

void
ticket_file_key(uint8_t key[static TLS_TICKET_KEY_SIZE], char letter)
{
	tlspeer_fill(key, TLS_TICKET_KEY_SIZE, (uint64_t)letter);
}

void
ticket_file_write(const char *path, const char *letters)
{
	uint8_t key[TLS_TICKET_KEY_SIZE];
	const gnutls_datum_t binary = { key, sizeof key };
	char text[KEYS_MAX * LINE];
	gnutls_datum_t line;
	size_t n = 0;

	for (; *letters != '\0'; letters++) {
		ticket_file_key(key, *letters);
		ck_assert_int_eq(gnutls_base64_encode2(&binary, &line), 0);
		ck_assert_uint_eq(line.size, LINE - 1);
		ck_assert_uint_le(n + LINE, sizeof text);
		memcpy(text + n, line.data, line.size);
		n += line.size;
		text[n++] = '\n';
		gnutls_free(line.data);
	}
	pki_file_write(path, text, n, 0600);
}
