/* test_user: names, numbers, and root given up for good. */
#include "common/sys/user.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static struct user user;
static struct errmsg e;

static const struct {
	const char *text;
	uid_t uid;
	gid_t gid;
} good[] = {
	{ "nobody", 65534, 65534 },
	{ "nobody:daemon", 65534, 1 },
	{ "daemon:65534", 1, 65534 },
	{ "65534", 65534, 65534 },
	{ "4711:4712", 4711, 4712 },
	{ "4294967294:0", 4294967294U, 0 },
};

TEST_EACH(names_and_numbers, good)
{
	ck_assert_int_eq(user_parse(&user, good[_i].text, &e), 0);
	ck_assert_uint_eq(user.uid, good[_i].uid);
	ck_assert_uint_eq(user.gid, good[_i].gid);
}

static const struct {
	const char *text, *words;
} bad[] = {
	{ "", "'' is not NAME or NAME:GROUP" },
	{ ":daemon", "':daemon' is not NAME or NAME:GROUP" },
	{ "nobody:", "'nobody:' is not NAME or NAME:GROUP" },
	{ "nosuchuser", "there is no user 'nosuchuser'" },
	{ "nosuchuser:daemon", "there is no user 'nosuchuser'" },
	{ "nobody:nosuchgroup", "there is no group 'nosuchgroup'" },
	{ "root", "'root' is root: name a user without rights" },
	{ "0:daemon", "'0' is root" },
	{ "-1", "there is no user '-1'" },
	{ "4294967295:1", "there is no user '4294967295'" },
	{ "4711", "user 4711 has no name, and so no group: give NAME:GROUP" },
};

TEST_EACH(refused, bad)
{
	ck_assert_int_eq(user_parse(&user, bad[_i].text, &e), -1);
	ck_assert_msg(strstr(e.text, bad[_i].words) != NULL, "%s", e.text);
}

/* All three of each kind, and no other groups; root does not come back. */
static void
become(void)
{
	uid_t r, f, s;
	gid_t rg, fg, sg;

	if (user_parse(&user, "4711:4712", &e) < 0 ||
	    user_check(&user, &e) < 0 || user_become(&user, &e) < 0)
		_exit(1);
	if (getresuid(&r, &f, &s) < 0 || r != 4711 || f != 4711 || s != 4711)
		_exit(2);
	if (getresgid(&rg, &fg, &sg) < 0 || rg != 4712 || fg != 4712 ||
	    sg != 4712 || getgroups(0, NULL) != 0)
		_exit(3);
	if (setuid(0) == 0 || setgid(0) == 0)
		_exit(4);
	/* It is that already. */
	if (user_check(&user, &e) < 0 || user_become(&user, &e) < 0)
		_exit(5);
}

TEST(root_becomes_a_user)
{
	if (geteuid() != 0)
		suite_skip("not root: cannot become another user");
	else
		ck_assert_int_eq(in_child_status(become), 0);
}

static void
become_without_rights(void)
{
	if (user_parse(&user, "4711:4712", &e) < 0)
		_exit(1);
	if (user_check(&user, &e) == 0 || user_become(&user, &e) == 0)
		_exit(2);
}

TEST(others_do_not)
{
	(void)in_child_as_nobody(become_without_rights);
}

SUITE("common/sys/user")
