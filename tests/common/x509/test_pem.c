/* test_pem: blocks, their lines, and texts that are cut off. */
#include "common/x509/pem.h"

#include <string.h>

#include "tests/support/suite.h"

#define BLOCK(label) \
	"-----BEGIN " label "-----\nAA==\n-----END " label "-----\n"

static struct file_bytes
bytes_of(const char *text)
{
	return (struct file_bytes){ (uint8_t *)(uintptr_t)text, strlen(text) };
}

static const char mixed[] = "text\n" BLOCK("CERTIFICATE") BLOCK("PRIVATE KEY")
    BLOCK("X509 CERTIFICATE") "  " BLOCK("CERTIFICATE") "-----\n---- text";

TEST(blocks_of_a_label)
{
	struct file_bytes bytes = bytes_of(mixed);
	struct tls_pem pem = tls_pem_of(&bytes);
	static const size_t lines[] = { 2, 8, 11 };
	struct errmsg e;

	for (unsigned i = 0; i < 3; i++) {
		ck_assert(tls_pem_next(&pem, "CERTIFICATE"));
		ck_assert_uint_eq(pem.number, i + 1);
		ck_assert_uint_eq(pem.line, lines[i]);
		ck_assert_int_eq(
		    strncmp((char *)pem.block.data, "-----BEGIN ", 11), 0);
	}
	ck_assert(!tls_pem_next(&pem, "CERTIFICATE"));
	ck_assert(!tls_pem_next(&pem, "CERTIFICATE"));
	ck_assert_int_eq(tls_pem_check_end(&pem, &e), 0);
	ck_assert_uint_eq(tls_pem_count(&bytes, "CERTIFICATE"), 3);
	ck_assert_uint_eq(tls_pem_count(&bytes, "PRIVATE KEY"), 1);
	ck_assert_uint_eq(tls_pem_count(&bytes, "X509 CERTIFICATE"), 1);
	ck_assert_uint_eq(tls_pem_count(&bytes, "KEY"), 0);
}

/* Cut within the second BEGIN line, wherever that is. */
TEST_LOOP(cut_within_begin, sizeof "-----BEGIN CERTIFICATE-" - 1)
{
	static const char two[] = BLOCK("CERTIFICATE") BLOCK("CERTIFICATE");
	struct file_bytes bytes = { (uint8_t *)(uintptr_t)two,
		(sizeof two - 1) / 2 + (size_t)_i };
	struct tls_pem pem = tls_pem_of(&bytes);
	struct errmsg e;

	ck_assert(tls_pem_next(&pem, "CERTIFICATE"));
	ck_assert(!tls_pem_next(&pem, "CERTIFICATE"));
	ck_assert_int_eq(pem.is_cut, _i > 0);
	ck_assert_int_eq(tls_pem_check_end(&pem, &e), _i > 0 ? -1 : 0);
	if (_i > 0)
		ck_assert_str_eq(
		    e.text, "line 4: the file is cut off within a BEGIN line");
}

/* Text around blocks may have dashes (RFC 7468, 2). */
static const char *const whole[] = { "", "x", "\n", "---\n", "-----\n",
	"----- text", "----------", "-----BEGINNING", "- - -" };

TEST_EACH(not_cut, whole)
{
	struct file_bytes bytes = bytes_of(whole[_i]);
	struct tls_pem pem = tls_pem_of(&bytes);

	ck_assert(!tls_pem_next(&pem, "CERTIFICATE"));
	ck_assert(!pem.is_cut);
}

SUITE("common/x509/pem")
