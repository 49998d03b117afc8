/* test_priority: priority strings, checked and explained. */
#include "common/creds/priority.h"

#include <string.h>

#include "tests/support/suite.h"

static struct errmsg e;

TEST(checks)
{
	ck_assert_int_eq(tls_priority_check(TLS_PRIORITY_DEFAULT, &e), 0);
	ck_assert_int_eq(tls_priority_check("NORMAL", &e), 0);
	ck_assert_int_eq(tls_priority_check("NORMAL:-WHAT", &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "NORMAL:-WHAT"));
	ck_assert_int_eq(tls_priority_check("", &e), -1);
}

TEST(default_is_modern)
{
	char text[TLS_PRIORITY_TEXT];

	ck_assert_int_eq(
	    tls_priority_describe(TLS_PRIORITY_DEFAULT, text, &e), 0);
	ck_assert_ptr_nonnull(strstr(text, "protocols: TLS1.3 TLS1.2\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "ciphers: AES-128-GCM AES-256-GCM "));
	ck_assert_ptr_nonnull(
	    strstr(text, "groups: X25519 SECP256R1 SECP384R1 "));
	ck_assert_ptr_null(strstr(text, "SHA1"));
	ck_assert_ptr_null(strstr(text, "SECP192"));
	ck_assert_ptr_null(strstr(text, "3DES"));
	ck_assert_ptr_null(strstr(text, "unknown"));
}

TEST(nonsense_is_not_described)
{
	char text[TLS_PRIORITY_TEXT];

	ck_assert_int_eq(tls_priority_describe("WHAT", text, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "'WHAT'"));
}

/* Groups of which the library has the names only. */
TEST(what_cannot_be_done)
{
	char text[TLS_PRIORITY_TEXT];

	ck_assert_uint_eq(
	    tls_priority_find_unusable(TLS_PRIORITY_DEFAULT, text), 0);
	ck_assert_str_eq(text, "");
	ck_assert_uint_eq(tls_priority_find_unusable("WHAT", text), 0);
	ck_assert_uint_gt(
	    tls_priority_find_unusable("NORMAL:+GROUP-GOST-ALL", text), 0);
	ck_assert_ptr_eq(strstr(text, "GC256A"), text);
}

/* NORMAL has them (GnuTLS 3.7.9), and DTLS, which nobody here speaks. */
TEST(versions_not_to_be_used)
{
	char text[TLS_PRIORITY_TEXT];

	ck_assert_uint_eq(
	    tls_priority_find_outdated(TLS_PRIORITY_DEFAULT, text), 0);
	ck_assert_str_eq(text, "");
	ck_assert_uint_eq(tls_priority_find_outdated("WHAT", text), 0);
	ck_assert_uint_eq(tls_priority_find_outdated(
			      "NORMAL:+VERS-TLS1.1:+VERS-TLS1.0", text),
	    2);
	ck_assert_str_eq(text, "TLS1.1 TLS1.0");
	ck_assert_int_eq(tls_priority_describe("NORMAL", text, &e), 0);
	ck_assert_ptr_null(strstr(text, "DTLS"));
}

SUITE("common/creds/priority")
