/* test_args: which files of credentials go together. */
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
	{ { .cert = { "c", "d" }, .key = { "k" }, .ca = { "a" } }, "as many" },
	{ { .cert = { "c" }, .key = { "k", "l" }, .ca = { "a" } }, "as many" },
	{ { .pkcs12 = "p", .ca = { "a" } }, "--password-file" },
	{ { .pkcs12 = "p", .cert = { "c" }, .ca = { "a" } },
	    "takes the place" },
	{ { .cert = { "c" },
	      .key = { "k" },
	      .password_file = "w",
	      .ca = { "a" } },
	    "goes with --pkcs12" },
};

TEST_EACH(combination, combinations)
{
	const char *words = combinations[_i].words;

	ck_assert_int_eq(tls_files_check(&combinations[_i].files, &e),
	    words == NULL ? 0 : -1);
	if (words != NULL)
		ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

SUITE("common/creds/args")
