/* test_name: names that are taken, as what, and what their files are called. */
#include "certs/name.h"

#include <string.h>

#include "tests/support/suite.h"

static struct errmsg e;
static struct name name;

/* What is a name at all is tested with common/x509/san. */
static const struct {
	const char *text;
	const char *why_no_server, *why_no_client; /* NULL: it is one */
} samples[] = {
	{ "localhost", NULL, NULL },
	{ "127.0.0.1", NULL, NULL },
	{ "::1", NULL, NULL },
	{ "*.example.org", NULL, "'*.example.org': a client has no wildcard" },
	{ "me@example.org",
	    "'me@example.org' is neither a DNS name nor an IP address", NULL },
	{ "urn:a:b", "'urn:a:b' is neither a DNS name nor an IP address",
	    NULL },
	{ "", "a name must not be empty", "a name must not be empty" },
	{ "me@", "'me@': is no e-mail address, such as name@example.org",
	    "'me@': is no e-mail address, such as name@example.org" },
};

static void
expect(int (*parse)(struct name *, const char *, struct errmsg *),
    const char *text, const char *why)
{
	int result = parse(&name, text, &e);

	ck_assert_int_eq(result, why == NULL ? 0 : -1);
	if (why != NULL)
		ck_assert_str_eq(e.text, why);
	else
		ck_assert_ptr_eq(name.text, text);
}

TEST_EACH(of_servers_and_clients, samples)
{
	expect(name_parse_server, samples[_i].text, samples[_i].why_no_server);
	expect(name_parse_client, samples[_i].text, samples[_i].why_no_client);
}

/* A message goes to a terminal. */
TEST(control_bytes_are_not_echoed)
{
	ck_assert_int_eq(name_parse_client(&name, "a\033[31m", &e), -1);
	ck_assert_ptr_null(strchr(e.text, '\033'));
}

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

TEST_EACH(stem_of, stems)
{
	char stem[NAME_STEM_SIZE] = "";
	int result = name_stem(stem, stems[_i].text, &e);

	if (stems[_i].stem == NULL) {
		ck_assert_msg(result == -1, "'%s'", stems[_i].text);
		return;
	}
	ck_assert_msg(result == 0, "%s", e.text);
	ck_assert_str_eq(stem, stems[_i].stem);
}

TEST(stem_length)
{
	char text[NAME_STEM_SIZE + 1];
	char stem[NAME_STEM_SIZE];

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

TEST(common_names)
{
	char text[NAME_COMMON_MAX + 2];

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

SUITE("certs/name")
