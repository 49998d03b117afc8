/*
 * fuzz_ticket_keys: a file of ticket keys of whatever the input holds:
 * `make fuzz ROLE=tickets`.
 *
 * Keys that are accepted are 1 to 8, all different, none of them zero, each
 * found by the name that it gives; written in the one usual way they are read
 * as the same. Keys to begin with are made, as no key is kept anywhere.
 */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/ticket_keys.h"
#include "tests/fuzz/input.h"

enum {
	LINE = 128, /* 64 bytes in base64, and its end */
	SEED_KEYS = 2,
	NOW_S = 1 << 30
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static char path[INPUT_PATH];
static int fd;

/* One on a line of its own; how long the text is. */
static size_t
write_keys(char *text, size_t size, const struct file_bytes *keys)
{
	size_t n = 0;

	for (size_t i = 0; i < keys->size; i += TLS_TICKET_KEY_SIZE) {
		const gnutls_datum_t key = { keys->data + i,
			TLS_TICKET_KEY_SIZE };
		gnutls_datum_t line;

		ASSERT(gnutls_base64_encode2(&key, &line) == 0);
		n += (size_t)snprintf(text + n, size - n, "%.*s\n",
		    (int)line.size, (const char *)line.data);
		gnutls_free(line.data);
	}
	return n;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	uint8_t random[SEED_KEYS * TLS_TICKET_KEY_SIZE];
	struct file_bytes keys = { .data = random, .size = sizeof random };
	char text[SEED_KEYS * LINE];

	ASSERT(gnutls_rnd(GNUTLS_RND_RANDOM, random, sizeof random) == 0);
	input_seed(
	    *argc, *argv, "seed", text, write_keys(text, sizeof text, &keys));
	fd = input_file("tickets", path);
	return 0;
}

static bool
read_keys(struct file_bytes *keys, const void *text, size_t n)
{
	struct errmsg e;

	*keys = (struct file_bytes)FILE_BYTES_INIT;
	input_write(fd, text, n);
	if (tls_ticket_keys_read(keys, path, &e) == 0)
		return true;
	ASSERT(keys->size == 0 && strchr(e.text, '\n') == NULL);
	ASSERT(strncmp(e.text, path, strlen(path)) == 0);
	return false;
}

static void
check_keys(const struct file_bytes *keys)
{
	static const uint8_t zero[TLS_TICKET_KEY_SIZE];
	size_t count = keys->size / TLS_TICKET_KEY_SIZE;
	struct tls_ticket_secrets secrets;

	ASSERT(count >= 1 && count <= TLS_TICKET_KEYS_MAX);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *key = keys->data + i * TLS_TICKET_KEY_SIZE;

		ASSERT(memcmp(key, zero, sizeof zero) != 0);
		tls_ticket_key_derive(&secrets, key, NOW_S);
		ASSERT(
		    tls_ticket_keys_find(keys, secrets.name, NOW_S) == (int)i);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char text[TLS_TICKET_KEYS_MAX * LINE];
	struct file_bytes keys, again;

	if (!read_keys(&keys, bytes, n))
		return 0;
	check_keys(&keys);
	ASSERT(read_keys(&again, text, write_keys(text, sizeof text, &keys)));
	ASSERT(again.size == keys.size &&
	    memcmp(again.data, keys.data, keys.size) == 0);
	file_bytes_free(&again);
	file_bytes_free(&keys);
	return 0;
}
