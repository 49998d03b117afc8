/* test_pbe: what is encrypted with a password comes back with it alone. */
#include "certs/pbe.h"

#include <string.h>

#include "tests/support/suite.h"

static struct errmsg e;
static struct der d;

static void
encrypt(const void *bytes, size_t size, unsigned int rounds)
{
	const struct pbe pbe = { "secret", rounds };
	struct file_bytes plain = FILE_BYTES_INIT;

	ck_assert_int_eq(file_bytes_append(&plain, bytes, size), 0);
	der_open(&d, DER_SEQUENCE);
	ck_assert_msg(
	    pbe_put_encrypted(&d, DER_OCTET_STRING, &pbe, &plain, &e) == 0,
	    "%s", e.text);
	der_close(&d);
	file_bytes_free(&plain);
}

static int
decrypt(struct file_bytes *out, const char *password)
{
	const struct der_view view = { d.bytes.data, d.bytes.size };

	return pbe_decrypt(out, &view, password);
}

/* Sizes around a block, and a salt of its own each time. */
TEST_LOOP(comes_back, 34)
{
	static const uint8_t bytes[34] = "thirty-three bytes, one by one...";
	struct file_bytes plain = FILE_BYTES_INIT;
	struct file_bytes first;

	encrypt(bytes, (size_t)_i, PBE_ROUNDS_MIN);
	ck_assert_int_eq(decrypt(&plain, "secret"), 0);
	ck_assert_uint_eq(plain.size, (size_t)_i);
	ck_assert_int_eq(memcmp(plain.data, bytes, plain.size), 0);
	file_bytes_free(&plain);
	first = d.bytes;
	d = (struct der)DER_INIT;
	encrypt(bytes, (size_t)_i, PBE_ROUNDS_MIN);
	ck_assert_uint_eq(d.bytes.size, first.size);
	ck_assert_int_ne(memcmp(d.bytes.data, first.data, first.size), 0);
	file_bytes_free(&first);
	file_bytes_free(&d.bytes);
}

/* One wrong password in 256 ends as good padding does, with other bytes. */
TEST(wrong_password)
{
	struct file_bytes plain = FILE_BYTES_INIT;

	encrypt("0123456789", 10, PBE_ROUNDS_MIN);
	if (decrypt(&plain, "Secret") == 0)
		ck_assert(plain.size != 10 ||
		    memcmp(plain.data, "0123456789", 10) != 0);
	file_bytes_free(&plain);
	file_bytes_free(&d.bytes);
}

/* Each byte damaged, and each length: nothing is read that is not there. */
TEST(damaged)
{
	struct file_bytes plain = FILE_BYTES_INIT;
	struct file_bytes whole;

	encrypt("0123456789", 10, PBE_ROUNDS_MIN);
	whole = d.bytes;
	for (size_t i = 0; i < whole.size; i++) {
		struct der_view view = { whole.data, i };

		ck_assert_int_eq(pbe_decrypt(&plain, &view, "secret"), -1);
		ck_assert_ptr_null(plain.data);
		whole.data[i] ^= 0xff;
		view.size = whole.size;
		if (pbe_decrypt(&plain, &view, "secret") == 0)
			file_bytes_free(&plain);
		whole.data[i] ^= 0xff;
	}
	file_bytes_free(&whole);
	d = (struct der)DER_INIT;
}

SUITE("certs/pbe")
