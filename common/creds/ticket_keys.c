/* ticket_keys: master keys of session tickets; see the header. */
#include "common/creds/ticket_keys.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/lines.h"

#define HOW_TO_MAKE "make one with tlsecho-certs ticket-key"

enum {
	KEYS_FILE_MAX = 1 << 16
};

/* A file that is being read. */
struct reading {
	const char *path;
	struct lines lines;
	struct file_bytes *keys;
};

static int
refuse(const struct reading *r, const char *why, struct errmsg *e)
{
	return errmsg_set(e, "%s: line %zu: %s", r->path, r->lines.number, why);
}

static int
append_key(struct reading *r, const gnutls_datum_t *key, struct errmsg *e)
{
	static const uint8_t zero[TLS_TICKET_KEY_SIZE];
	struct file_bytes *keys = r->keys;

	if (key->size != TLS_TICKET_KEY_SIZE)
		return errmsg_set(e,
		    "%s: line %zu: a key of %u bytes, not %d: " HOW_TO_MAKE,
		    r->path, r->lines.number, key->size, TLS_TICKET_KEY_SIZE);
	if (gnutls_memcmp(key->data, zero, sizeof zero) == 0)
		return refuse(r, "a key that is all zero: " HOW_TO_MAKE, e);
	for (size_t i = 0; i < keys->size; i += TLS_TICKET_KEY_SIZE)
		if (gnutls_memcmp(
			keys->data + i, key->data, TLS_TICKET_KEY_SIZE) == 0)
			return refuse(r, "the key of an earlier line", e);
	if (keys->size == TLS_TICKET_KEYS_MAX * TLS_TICKET_KEY_SIZE)
		return errmsg_set(e, "%s: line %zu: more than %d keys", r->path,
		    r->lines.number, TLS_TICKET_KEYS_MAX);
	if (file_bytes_append(keys, key->data, key->size) < 0)
		return refuse(r, "out of memory", e);
	return 0;
}

static int
read_line(struct reading *r, struct errmsg *e)
{
	gnutls_datum_t text = { (uint8_t *)(uintptr_t)r->lines.line,
		(unsigned)r->lines.size };
	gnutls_datum_t key = { NULL, 0 };
	int result;

	if (gnutls_base64_decode2(&text, &key) < 0)
		return refuse(r, "not a key in base64: " HOW_TO_MAKE, e);
	result = append_key(r, &key, e);
	gnutls_memset(key.data, 0, key.size);
	gnutls_free(key.data);
	return result;
}

static int
read_lines(struct reading *r, const struct file_bytes *text, struct errmsg *e)
{
	r->lines = lines_of((const char *)text->data, text->size);
	while (lines_next(&r->lines))
		if (read_line(r, e) < 0)
			return -1;
	if (r->keys->size == 0)
		return errmsg_set(e, "%s: no keys: " HOW_TO_MAKE, r->path);
	return 0;
}

int
tls_ticket_keys_read(
    struct file_bytes *keys, const char *path, struct errmsg *e)
{
	struct file_bytes text = FILE_BYTES_INIT;
	struct reading r = { .path = path, .keys = keys };
	int result;

	ASSERT(keys->size == 0);
	if (file_check_private(path, e) < 0 ||
	    file_read(&text, path, KEYS_FILE_MAX, e) < 0)
		return -1;
	result = read_lines(&r, &text, e);
	file_bytes_free(&text);
	if (result < 0)
		file_bytes_free(keys);
	return result;
}

void
tls_ticket_key_derive(struct tls_ticket_secrets *secrets,
    const uint8_t key[static TLS_TICKET_KEY_SIZE], int64_t unix_s)
{
	uint64_t period = (uint64_t)(unix_s / TLS_TICKET_PERIOD_S);
	uint8_t input[sizeof period + TLS_TICKET_KEY_SIZE];
	int result;

	ASSERT(unix_s >= 0);
	_Static_assert(sizeof *secrets == 64, "all that SHA3-512 gives");
	for (size_t i = 0; i < sizeof period; i++)
		input[i] = (uint8_t)(period >> (56 - 8 * i));
	memcpy(input + sizeof period, key, TLS_TICKET_KEY_SIZE);
	result =
	    gnutls_hash_fast(GNUTLS_DIG_SHA3_512, input, sizeof input, secrets);
	ASSERT(result == 0);
	gnutls_memset(input, 0, sizeof input);
}

bool
tls_ticket_key_is_of(struct tls_ticket_secrets *secrets,
    const uint8_t key[static TLS_TICKET_KEY_SIZE],
    const uint8_t name[static TLS_TICKET_NAME_SIZE], int64_t unix_s)
{
	for (int back = 0; back <= 1; back++) {
		tls_ticket_key_derive(
		    secrets, key, unix_s - back * TLS_TICKET_PERIOD_S);
		/* The name is no secret: an ordinary comparison will do. */
		if (memcmp(secrets->name, name, TLS_TICKET_NAME_SIZE) == 0)
			return true;
	}
	gnutls_memset(secrets, 0, sizeof *secrets);
	return false;
}

int
tls_ticket_keys_find(const struct file_bytes *keys,
    const uint8_t name[static TLS_TICKET_NAME_SIZE], int64_t unix_s)
{
	struct tls_ticket_secrets secrets;
	int count = (int)(keys->size / TLS_TICKET_KEY_SIZE);

	ASSERT(keys->size % TLS_TICKET_KEY_SIZE == 0);
	for (int i = 0; i < count; i++) {
		const uint8_t *key = keys->data + i * TLS_TICKET_KEY_SIZE;

		if (tls_ticket_key_is_of(&secrets, key, name, unix_s)) {
			gnutls_memset(&secrets, 0, sizeof secrets);
			return i;
		}
	}
	return -1;
}
