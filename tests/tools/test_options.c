/* Tests of tools/options. */
#include "tools/options.h"

#include <check.h>
#include <stddef.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"

enum {
	WORDS = 8
};

static struct options o;
static struct errmsg e;

static int
parse(const char *const words[WORDS])
{
	static char copies[WORDS][64];
	char *argv[WORDS + 2] = { copies[0] };
	int argc = 1;

	strcpy(copies[0], "tlsecho-stat");
	for (; argc <= WORDS && words[argc - 1] != NULL; argc++) {
		argv[argc] = copies[argc];
		strcpy(copies[argc], words[argc - 1]);
	}
	return options_parse(&o, argc, argv, &e);
}

static const struct {
	const char *words[WORDS];
	const char *name;
	int64_t interval_ms;
	uint64_t count;
	bool json, list, all;
} good[] = {
	{ { NULL }, "default", 1000, 0, false, false, false },
	{ { "-n", "a" }, "a", 1000, 0, false, false, false },
	{ { "--stats=b" }, "b", 1000, 0, false, false, false },
	{ { "-1" }, "default", 1000, 1, false, false, false },
	{ { "--once", "-a" }, "default", 1000, 1, false, false, true },
	{ { "-j" }, "default", 1000, 1, true, false, false },
	{ { "-1j", "-i", "2" }, "default", 2000, 1, true, false, false },
	{ { "-j", "-i", "0.5" }, "default", 500, 0, true, false, false },
	{ { "-j", "--count", "7" }, "default", 1000, 7, true, false, false },
	{ { "-i", "50ms" }, "default", 50, 0, false, false, false },
	{ { "--interval", "24h", "--count=1k" }, "default", 86400000, 1000,
	    false, false, false },
	{ { "-l" }, "default", 1000, 0, false, true, false },
	{ { "--list", "--all", "-n", "c" }, "c", 1000, 0, false, true, true },
};

TEST_EACH(good_lines_are_taken, good)
{
	ck_assert_msg(parse(good[_i].words) == 0, "%s", e.text);
	ck_assert_str_eq(options_name(&o), good[_i].name);
	ck_assert_int_eq(o.interval_ns, good[_i].interval_ms * CLOCK_NS_PER_MS);
	ck_assert_uint_eq(o.count, good[_i].count);
	ck_assert_int_eq(o.json, good[_i].json);
	ck_assert_int_eq(o.list, good[_i].list);
	ck_assert_int_eq(o.all, good[_i].all);
}

static const struct {
	const char *words[WORDS];
	const char *text;
} bad[] = {
	{ { "-n", "" }, "--stats: must not be empty" },
	{ { "-n", "a/b" }, "--stats: 'a/b' cannot name a segment" },
	{ { "-n", ".a" }, "--stats: '.a' cannot name a segment" },
	{ { "-i", "49ms" }, "--interval: '49ms' is not between 50.0 ms" },
	{ { "-i", "25h" }, "--interval: '25h' is not between" },
	{ { "-i", "soon" }, "--interval: 'soon' is not a duration" },
	{ { "-c", "0" }, "--count: '0' is too small: at least 1" },
	{ { "-c", "-1" }, "--count: '-1' is not" },
	{ { "-1", "-c", "2" }, "--once and --count exclude each other" },
	{ { "-l", "-j" }, "--list takes no --json, --once or --count" },
	{ { "-l", "-1" }, "--list takes no --json, --once or --count" },
	{ { "-l", "-c", "1" }, "--list takes no --json, --once or --count" },
	{ { "default" }, "unexpected argument 'default': name a server" },
	{ { "-z" }, "-z" },
	{ { "-n" }, "--stats needs a value: NAME" },
};

TEST_EACH(bad_lines_are_explained, bad)
{
	ck_assert_int_eq(parse(bad[_i].words), -1);
	ck_assert_msg(strstr(e.text, bad[_i].text) != NULL, "%s", e.text);
}

SUITE("tools/options")
