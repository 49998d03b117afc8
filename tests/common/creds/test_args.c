/* test_args: which files of credentials go together, and lists of names. */
#include "common/creds/args.h"

#include <string.h>

#include "tests/support/suite.h"

static struct errmsg e;

static const struct {
	struct tls_files files;
	const char *words; /* NULL: fine */
} combinations[] = {
	{ { .cert = { "c" }, .key = { "k" }, .ca = { "a" } }, NULL },
	{ { .cert = { "c", "d" }, .key = { "k", "l" }, .ca = { "a" } }, NULL },
	{ { .pkcs12 = "p", .password_file = "w", .ca = { "a" } }, NULL },
	{ { .cert = { "c" }, .key = { "k" } }, "--ca" },
	{ { .cert = { "c" }, .ca = { "a" } }, "--key" },
	{ { .key = { "k" }, .ca = { "a" } }, "--cert" },
	{ { .ca = { "a" } }, "--cert" },
	{ { .ca = { "a" }, .own_is_optional = true }, NULL },
	{ { .own_is_optional = true }, "--ca" },
	{ { .cert = { "c" }, .ca = { "a" }, .own_is_optional = true },
	    "--key" },
	{ { .key = { "k" }, .ca = { "a" }, .own_is_optional = true },
	    "--cert" },
	{ { .cert = { "c", "d" }, .key = { "k" }, .ca = { "a" } }, "as many" },
	{ { .cert = { "c" }, .key = { "k", "l" }, .ca = { "a" } }, "as many" },
	{ { .pkcs12 = "p", .ca = { "a" } }, "--password-file" },
	{ { .pkcs12 = "p", .cert = { "c" }, .ca = { "a" } },
	    "takes the place" },
	{ { .cert = { "c" },
	      .key = { "k" },
	      .password_file = "w",
	      .ca = { "a" } },
	    NULL },
	{ { .password_file = "w", .own_is_optional = true, .ca = { "a" } },
	    "--password-file goes with --key or --pkcs12" },
};

TEST_EACH(combination, combinations)
{
	const char *words = combinations[_i].words;

	ck_assert_int_eq(tls_files_check(&combinations[_i].files, &e),
	    words == NULL ? 0 : -1);
	if (words != NULL)
		ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

#define L51  "123456789012345678901234567890123456789012345678901"
#define L255 L51 L51 L51 L51 L51

/* After a first name; none: refused. */
static const struct {
	const char *list, *second, *last;
} lists[] = {
	{ "h2", "h2", "h2" },
	{ "h2,http/1.1", "h2", "http/1.1" },
	{ "a,b,c,d,e,f,\xff", "a", "\xff" },
	{ L255, L255, L255 },
	{ "a,b,c,d,e,f,g,h", NULL, "more than 8 names" },
	{ "", NULL, "'' is not a name of 1 to 255 bytes" },
	{ "a,", NULL, "'' is not a name" },
	{ "a,,b", NULL, "'' is not a name" },
	{ "a, b", NULL, "' b' is not a name" },
	{ "\"h2\"", NULL, "'\"h2\"' is not a name" },
	{ "'h2'", NULL, "''h2'' is not a name" },
	{ "a\tb", NULL, "is not a name" },
	{ L255 "x", NULL, "is not a name" },
};

TEST_EACH(application_protocols, lists)
{
	const char *names[TLS_ALPN_MAX] = { "first" };
	char text[TLS_ALPN_MAX][TLS_ALPN_NAME];
	int n = TLS_ALPN_MAX;
	int result = tls_alpn_add(names, text, lists[_i].list, &e);

	if (lists[_i].second == NULL) {
		ck_assert_int_eq(result, -1);
		ck_assert_msg(
		    strstr(e.text, lists[_i].last) != NULL, "%s", e.text);
		return;
	}
	ck_assert_int_eq(result, 0);
	while (names[n - 1] == NULL)
		n--;
	ck_assert_str_eq(names[0], "first");
	ck_assert_str_eq(names[1], lists[_i].second);
	ck_assert_str_eq(names[n - 1], lists[_i].last);
}

SUITE("common/creds/args")
