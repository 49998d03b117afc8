/* test_name: names that are taken, as what, and what their files are called. */
#include "certs/name.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

#define LABEL_63 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

enum {
	NONE = -1
};

struct sample {
	const char *text;
	int as_server, as_client; /* enum name_kind or NONE */
};

static const struct sample samples[] = {
	{ "localhost", NAME_DNS, NAME_DNS },
	{ "a", NAME_DNS, NAME_DNS },
	{ "www.example.org", NAME_DNS, NAME_DNS },
	{ "xn--mller-kva.example", NAME_DNS, NAME_DNS },
	{ "load_01", NAME_DNS, NAME_DNS },
	{ "0001", NAME_DNS, NAME_DNS },
	{ "3com.com", NAME_DNS, NAME_DNS },
	{ LABEL_63, NAME_DNS, NAME_DNS },
	{ LABEL_63 "a", NONE, NONE },
	{ LABEL_63 "." LABEL_63 "." LABEL_63 ".a", NAME_DNS, NAME_DNS },
	{ LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, NONE, NONE },
	{ "*.example.org", NAME_DNS, NONE },
	{ "*.local", NAME_DNS, NONE },
	{ "*", NONE, NONE },
	{ "*.", NONE, NONE },
	{ "*.*.org", NONE, NONE },
	{ "w*.example.org", NONE, NONE },
	{ "127.0.0.1", NAME_ADDRESS, NAME_ADDRESS },
	{ "::1", NAME_ADDRESS, NAME_ADDRESS },
	{ "2001:db8::1", NAME_ADDRESS, NAME_ADDRESS },
	{ "10.0.0.256", NONE, NONE },
	{ "10.0.0", NONE, NONE },
	{ "[::1]", NONE, NONE },
	{ "fe80::1%eth0", NONE, NONE },
	{ "me@example.org", NONE, NAME_EMAIL },
	{ "first.last+tag@example.org", NONE, NAME_EMAIL },
	{ "@example.org", NONE, NONE },
	{ "me@", NONE, NONE },
	{ "me@you@example.org", NONE, NONE },
	{ ".me@example.org", NONE, NONE },
	{ "a/b@example.org", NONE, NONE },
	{ "spiffe://example.org/load", NONE, NAME_URI },
	{ "urn://x", NONE, NAME_URI },
	{ "a+b.c-d://x@y", NONE, NAME_URI },
	{ "://x", NONE, NONE },
	{ "1a://x", NONE, NONE },
	{ "x://", NONE, NONE },
	{ "a/b://x", NONE, NONE },
	{ "", NONE, NONE },
	{ ".", NONE, NONE },
	{ ".hidden", NONE, NONE },
	{ "..", NONE, NONE },
	{ "a..b", NONE, NONE },
	{ "a.", NONE, NONE },
	{ "-a", NONE, NONE },
	{ "a-", NONE, NONE },
	{ "a.-b", NONE, NONE },
	{ "a/b", NONE, NONE },
	{ "../a", NONE, NONE },
	{ "a b", NONE, NONE },
	{ "a\nb", NONE, NONE },
	{ "a\x7f", NONE, NONE },
	{ "m\xc3\xbcller", NONE, NONE },
	{ "x://m\xc3\xbcller", NONE, NONE },
};

static void
expect_kind(int (*parse)(struct name *, const char *, struct errmsg *),
    const char *text, int kind)
{
	struct errmsg e = { "" };
	struct name name;
	int result = parse(&name, text, &e);

	if (kind == NONE) {
		ck_assert_msg(result == -1, "'%s' was taken", text);
		ck_assert_str_ne(e.text, "");
		return;
	}
	ck_assert_msg(result == 0, "%s", e.text);
	ck_assert_msg(
	    (int)name.kind == kind, "'%s': kind %d", text, (int)name.kind);
	ck_assert_ptr_eq(name.text, text);
}

START_TEST(kinds)
{
	expect_kind(name_parse_server, samples[_i].text, samples[_i].as_server);
	expect_kind(name_parse_client, samples[_i].text, samples[_i].as_client);
}
END_TEST

START_TEST(addresses_are_in_network_order)
{
	static const uint8_t v4[] = { 127, 0, 0, 1 };
	static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	struct errmsg e;
	struct name name;

	ck_assert_int_eq(name_parse_server(&name, "127.0.0.1", &e), 0);
	ck_assert_uint_eq(name.address_size, 4);
	ck_assert_mem_eq(name.address, v4, 4);
	ck_assert_int_eq(name_parse_client(&name, "2001:db8::1", &e), 0);
	ck_assert_uint_eq(name.address_size, 16);
	ck_assert_mem_eq(name.address, v6, 16);
}
END_TEST

/* A message goes to a terminal. */
START_TEST(control_bytes_are_not_echoed)
{
	struct errmsg e;
	struct name name;

	ck_assert_int_eq(name_parse_client(&name, "a\033[31m", &e), -1);
	ck_assert_ptr_null(strchr(e.text, '\033'));
}
END_TEST

static const struct {
	const char *text, *stem; /* NULL: refused */
} stems[] = {
	{ "localhost", "localhost" },
	{ "*.example.org", "_wildcard.example.org" },
	{ "::1", "_1" },
	{ "::", "_" },
	{ "2001:db8::1", "2001_db8_1" },
	{ "me+tag@example.org", "me+tag@example.org" },
	{ "spiffe://example.org/load/1", "spiffe_example.org_load_1" },
	{ "x://../../etc", "x_.._.._etc" },
	{ "ca", NULL },
	{ "crl", NULL },
	{ "ca.example.org", "ca.example.org" },
	{ "CA", "CA" },
	{ "", NULL },
	{ ".a", NULL },
	{ "-a", NULL },
	{ "..", NULL },
};

START_TEST(stem_of)
{
	char stem[NAME_STEM_SIZE] = "";
	struct errmsg e = { "" };
	int result = name_stem(stem, stems[_i].text, &e);

	if (stems[_i].stem == NULL) {
		ck_assert_msg(result == -1, "'%s'", stems[_i].text);
		ck_assert_str_ne(e.text, "");
		return;
	}
	ck_assert_msg(result == 0, "%s", e.text);
	ck_assert_str_eq(stem, stems[_i].stem);
}
END_TEST

START_TEST(stem_length)
{
	char text[NAME_STEM_SIZE + 1];
	char stem[NAME_STEM_SIZE];
	struct errmsg e;

	memset(text, 'a', sizeof text);
	text[NAME_STEM_SIZE - 1] = '\0';
	ck_assert_int_eq(name_stem(stem, text, &e), 0);
	ck_assert_str_eq(stem, text);
	text[NAME_STEM_SIZE - 1] = 'a';
	text[NAME_STEM_SIZE] = '\0';
	ck_assert_int_eq(name_stem(stem, text, &e), -1);
	text[0] = '*'; /* "_wildcard" is longer */
	text[NAME_STEM_SIZE - 8] = '\0';
	ck_assert_int_eq(name_stem(stem, text, &e), -1);
	text[NAME_STEM_SIZE - 9] = '\0';
	ck_assert_int_eq(name_stem(stem, text, &e), 0);
}
END_TEST

START_TEST(common_names)
{
	char text[NAME_COMMON_MAX + 2];
	struct errmsg e;

	memset(text, 'a', sizeof text);
	text[NAME_COMMON_MAX + 1] = '\0';
	ck_assert_int_eq(name_check_common(text, &e), -1);
	text[NAME_COMMON_MAX] = '\0';
	ck_assert_int_eq(name_check_common(text, &e), 0);
	ck_assert_int_eq(name_check_common("", &e), -1);
	ck_assert_int_eq(name_check_common("Pr\xc3\xbc"
					   "fstelle 1",
			     &e),
	    0);
	ck_assert_int_eq(name_check_common("M\xfcller", &e), -1);
	ck_assert_int_eq(name_check_common("a\tb", &e), -1);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("certs/name");

	SUITE_ADD_LOOP(s, kinds, sizeof samples / sizeof *samples);
	SUITE_ADD(s, addresses_are_in_network_order);
	SUITE_ADD(s, control_bytes_are_not_echoed);
	SUITE_ADD_LOOP(s, stem_of, sizeof stems / sizeof *stems);
	SUITE_ADD(s, stem_length);
	SUITE_ADD(s, common_names);
	return suite_run(s, argc, argv);
}
