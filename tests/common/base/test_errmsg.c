/* test_errmsg: texts that are set, prepended and cut. */
#include "common/base/errmsg.h"

#include <errno.h>
#include <string.h>

#include "tests/support/suite.h"

static struct errmsg e;

TEST(set_replaces)
{
	ck_assert_int_eq(errmsg_set(&e, "first %d", 1), -1);
	ck_assert_int_eq(errmsg_set(&e, "%s", "2"), -1);
	ck_assert_str_eq(e.text, "2");
	errmsg_set(&e, "%s", "");
	ck_assert_str_eq(e.text, "");
}

TEST(set_errno_appends_reason)
{
	ck_assert_int_eq(errmsg_set_errno(&e, ENOENT, "ca.%s", "pem"), -1);
	ck_assert_str_eq(e.text, "ca.pem: No such file or directory");
}

TEST(prepend_keeps_what_was_there)
{
	errmsg_set(&e, "no such file");
	ck_assert_int_eq(errmsg_prepend(&e, "%s", "ca.pem"), -1);
	ck_assert_int_eq(errmsg_prepend(&e, "--%s", "ca"), -1);
	ck_assert_str_eq(e.text, "--ca: ca.pem: no such file");
}

/* Lengths around the room there is; nothing may be written behind it. */
TEST_LOOP(too_long_is_cut, 4)
{
	struct {
		struct errmsg e;
		char guard;
	} box = { .guard = 'g' };
	char text[sizeof e.text + 2];
	size_t len = sizeof e.text - 2 + (size_t)_i;
	size_t kept = len < sizeof e.text ? len : sizeof e.text - 1;

	memset(text, 'x', sizeof text);
	text[len] = '\0';
	errmsg_set(&box.e, "%s", text);
	ck_assert_uint_eq(strlen(box.e.text), kept);
	errmsg_set_errno(&box.e, ENOENT, "%s", text);
	ck_assert_uint_eq(strlen(box.e.text), sizeof e.text - 1);
	errmsg_set(&box.e, "reason");
	errmsg_prepend(&box.e, "%s", text);
	ck_assert_uint_eq(strlen(box.e.text), sizeof e.text - 1);
	ck_assert_int_eq(strncmp(box.e.text, text, kept), 0);
	errmsg_set(&box.e, "%s", text);
	errmsg_prepend(&box.e, "a");
	ck_assert_uint_eq(strlen(box.e.text), sizeof e.text - 1);
	ck_assert_int_eq(strncmp(box.e.text, "a: xxx", 6), 0);
	ck_assert_int_eq(box.guard, 'g');
}

SUITE("common/base/errmsg")
