/* test_priority: priority strings, checked and explained. */
#include "common/creds/priority.h"

#include <string.h>

#include "tests/support/suite.h"

static struct errmsg e;

START_TEST(checks)
{
	ck_assert_int_eq(tls_priority_check(TLS_PRIORITY_DEFAULT, &e), 0);
	ck_assert_int_eq(tls_priority_check("NORMAL", &e), 0);
	ck_assert_int_eq(tls_priority_check("NORMAL:-WHAT", &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "NORMAL:-WHAT"));
	ck_assert_int_eq(tls_priority_check("", &e), -1);
}
END_TEST

START_TEST(default_is_modern)
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
END_TEST

START_TEST(nonsense_is_not_described)
{
	char text[TLS_PRIORITY_TEXT];

	ck_assert_int_eq(tls_priority_describe("WHAT", text, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "'WHAT'"));
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/creds/priority");

	SUITE_ADD(s, checks);
	SUITE_ADD(s, default_is_modern);
	SUITE_ADD(s, nonsense_is_not_described);
	return suite_run(s, argc, argv);
}
