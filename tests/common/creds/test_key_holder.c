/* test_key_holder: requests that are none, and secrets that are not there. */
#include "common/creds/key_holder.h"

#include <string.h>
#include <unistd.h>

#include "common/creds/key_request.h"
#include "tests/support/pki.h"
#include "tests/support/suite.h"

static struct tls_key_holder holder;
static struct tls_key_request request;
static struct tls_key_reply reply;
static struct errmsg e;
static int error;

static int
open_of(const char *text)
{
	struct tls_bundle keys = TLS_BUNDLE_INIT;
	int fd, result;

	keys.key_pair_count = 1;
	keys.keys_id = 1;
	ck_assert_int_eq(
	    file_bytes_append(&keys.key_pairs[0].key, text, strlen(text)), 0);
	fd = tls_bundle_seal(&keys, &e);
	result = tls_key_holder_open(&holder, fd, &e);
	(void)close(fd);
	tls_bundle_free(&keys);
	return result;
}

static void
open_rsa(void)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct pki leaf;

	pki_make(&leaf,
	    &(struct pki_options){ .name = "leaf", .key = PKI_RSA_2048 }, NULL);
	pki_bundle(&b, &leaf, &leaf);
	ck_assert_int_eq(open_of((const char *)b.key_pairs[0].key.data), 0);
	tls_bundle_free(&b);
	pki_free(&leaf);
}

static const struct {
	size_t size;
	uint16_t key, operation;
} none[] = {
	{ 0, 0, 0 },
	{ TLS_KEY_REQUEST_HEAD - 1, 0, 0 },
	{ TLS_KEY_REQUEST_HEAD, 1, 0 },
	{ TLS_KEY_REQUEST_HEAD, UINT16_MAX, 0 },
	{ TLS_KEY_REQUEST_HEAD, 0, TLS_KEY_DECRYPT + 1 },
};

TEST(no_requests)
{
	open_rsa();
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		request.key = none[i].key;
		request.operation = none[i].operation;
		ck_assert_uint_eq(tls_key_holder_answer(&holder, &request,
				      none[i].size, &reply, &error),
		    0);
	}
	tls_key_holder_close(&holder);
}

/* Of an algorithm that the key cannot, or that there is not. */
TEST(errors_are_told)
{
	static const unsigned algorithms[] = { 0, UINT32_MAX,
		GNUTLS_SIGN_ECDSA_SHA256 };

	open_rsa();
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
		request = (struct tls_key_request){ .id = 9,
			.operation = TLS_KEY_SIGN_HASH,
			.algorithm = algorithms[i] };
		ck_assert_uint_eq(
		    tls_key_holder_answer(&holder, &request,
			TLS_KEY_REQUEST_HEAD + 5, &reply, &error), /* no hash */
		    TLS_KEY_REPLY_HEAD);
		ck_assert_uint_eq(reply.id, 9);
		ck_assert_int_lt(reply.error, 0);
		ck_assert_int_eq(error, reply.error);
	}
	tls_key_holder_close(&holder);
}

/* Nobody can tell it from one that could be decrypted. */
TEST(wrong_secrets_are_chance)
{
	uint8_t first[TLS_KEY_PREMASTER];
	size_t size = 0;

	open_rsa();
	for (int i = 0; i < 2; i++) {
		request =
		    (struct tls_key_request){ .operation = TLS_KEY_DECRYPT };
		size = tls_key_holder_answer(&holder, &request,
		    TLS_KEY_REQUEST_HEAD + 256, &reply, &error);
		ck_assert_uint_eq(size, TLS_KEY_REPLY_HEAD + TLS_KEY_PREMASTER);
		ck_assert_int_eq(reply.error, 0);
		ck_assert_int_eq(error, 0);
		if (i == 0)
			memcpy(first, reply.data, sizeof first);
	}
	ck_assert_mem_ne(first, reply.data, sizeof first);
	tls_key_holder_close(&holder);
}

TEST(no_key)
{
	ck_assert_int_eq(open_of("-----BEGIN PRIVATE KEY-----"), -1);
	ck_assert_ptr_eq(strstr(e.text, "key 1: "), e.text);
	ck_assert_uint_eq(holder.count, 0);
}

SUITE("common/creds/key_holder")
