/* test_priority: priority strings, checked and explained. */
#include "common/creds/priority.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/creds/private.h"
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

static bool
has_all(const char *name)
{
	(void)name;
	return true;
}

static bool
has_x25519_mlkem768(const char *name)
{
	return strcmp(name, "X25519-MLKEM768") == 0;
}

static bool
has_none(const char *name)
{
	(void)name;
	return false;
}

/* GnuTLS's order: a key share of P-256 goes with the hybrid, of X25519 not. */
TEST(hybrid_where_a_library_has_it)
{
	ck_assert_str_eq(
	    tls_priority_default_of(has_none), TLS_PRIORITY_DEFAULT);
	ck_assert_str_eq(tls_priority_default_of(has_all), TLS_PRIORITY_HYBRID);
	ck_assert_str_eq(tls_priority_default_of(has_x25519_mlkem768),
	    TLS_PRIORITY_VERSIONS TLS_PRIORITY_CIPHERS
	    "-GROUP-ALL:+GROUP-X25519-MLKEM768:+GROUP-SECP256R1"
	    ":+GROUP-X25519:+GROUP-ALL:%PROFILE_MEDIUM");
}

static void
read_support(struct tls_support *s, const char *text)
{
	gnutls_priority_t priority;

	ck_assert_int_eq(tls_priority_parse(&priority, text, &e), 0);
	tls_support_read(s, priority);
	gnutls_priority_deinit(priority);
}

static void
expect_same(const struct tls_numbers *a, const struct tls_numbers *b)
{
	ck_assert_uint_eq(a->count, b->count);
	ck_assert_mem_eq(a->of, b->of, a->count * sizeof *a->of);
}

/* X25519MLKEM768 and FFDHE2048, by IANA's numbers. Nothing else changes. */
TEST(default_of_this_library)
{
	bool has =
	    gnutls_group_get_id("X25519-MLKEM768") != GNUTLS_GROUP_INVALID;
	struct tls_support usual, best;
	char text[TLS_PRIORITY_TEXT];

	ck_assert_str_eq(tls_priority_default(),
	    has ? TLS_PRIORITY_HYBRID : TLS_PRIORITY_DEFAULT);
	ck_assert_uint_eq(
	    tls_priority_find_unusable(tls_priority_default(), text), 0);
	read_support(&usual, TLS_PRIORITY_DEFAULT);
	read_support(&best, tls_priority_default());
	ck_assert_uint_eq(best.groups.of[0], has ? 0x11ec : 29);
	ck_assert_uint_eq(best.groups.count, usual.groups.count + has);
	ck_assert(tls_numbers_have(&best.groups, 256));
	expect_same(&best.versions, &usual.versions);
	expect_same(&best.suites, &usual.suites);
	expect_same(&best.schemes, &usual.schemes);
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
