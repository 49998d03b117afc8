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
	{ { "-j", "-d", "0.5", "-N", "7" }, "default", 500, 7, true, false,
	    false },
	{ { "--csv" }, "default", 1000, 1, false, false, false },
	{ { "--csv", "-d2" }, "default", 2000, 0, false, false, false },
	{ { "--prometheus" }, "default", 1000, 1, false, false, false },
	{ { "-j", "--connections" }, "default", 1000, 1, true, false, false },
	{ { "-i", "50ms" }, "default", 50, 0, false, false, false },
	{ { "--interval", "24h", "--count=1k" }, "default", 86400000, 1000,
	    false, false, false },
	{ { "-l" }, "default", 1000, 0, false, true, false },
	{ { "--list", "--all", "-n", "c" }, "c", 1000, 0, false, true, true },
	{ { "--record=a", "-1" }, "default", 1000, 1, false, false, false },
	{ { "--replay=a" }, "default", 0, 0, false, false, false },
	{ { "--replay=a", "-j" }, "default", 0, 0, true, false, false },
	{ { "--replay=a", "-1j" }, "default", 0, 1, true, false, false },
	{ { "--diff", "a", "b" }, "default", 1000, 0, false, false, false },
	{ { "./a", "--diff", "-ja" }, "default", 1000, 1, true, false, true },
	{ { "--replay=a", "-i1m" }, "default", 60000, 0, false, false, false },
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

TEST(servers_of_http)
{
	ck_assert_int_eq(parse((const char *[WORDS]){
			     "--http", ":0", "-n", "a", "-n", "b*" }),
	    0);
	ck_assert_str_eq(o.http, ":0");
	ck_assert_str_eq(o.names[0], "a");
	ck_assert_str_eq(o.names[1], "b*");
	ck_assert_ptr_null(o.names[2]);
}

static const struct {
	const char *words[WORDS];
	const char *text;
} bad[] = {
	{ { "-n", "a", "-n", "b" }, "--stats given twice: only --http" },
	{ { "-n", "a*" }, "--stats: 'a*' cannot name a segment" },
	{ { "--http", ":0", "-n", "a/*" }, "--stats: 'a/*' cannot name" },
	{ { "--http", "9464" }, "--http: '9464' is not an address" },
	{ { "--http", ":99999" }, "--http: ':99999': the port is not" },
	{ { "-n", "" }, "--stats: must not be empty" },
	{ { "-n", "a/b" }, "--stats: 'a/b' cannot name a segment" },
	{ { "-n", ".a" }, "--stats: '.a' cannot name a segment" },
	{ { "-i", "49ms" }, "--interval: '49ms' is not between 50.0 ms" },
	{ { "-i", "25h" }, "--interval: '25h' is not between" },
	{ { "-i", "soon" }, "--interval: 'soon' is not a duration" },
	{ { "-c", "0" }, "--count: '0' is too small: at least 1" },
	{ { "-c", "-1" }, "--count: '-1' is not" },
	{ { "-1", "-c", "2" }, "--once and --count exclude each other" },
	{ { "-l", "-j" }, "--list takes no --json" },
	{ { "-l", "-1" }, "--list takes no --once" },
	{ { "-l", "-c", "1" }, "--list takes no --count" },
	{ { "-l", "--wait" }, "--list takes no --wait" },
	{ { "-d", "1", "-i", "2" }, "--interval: given twice" },
	{ { "-N", "0" }, "--count: '0' is too small: at least 1" },
	{ { "-f", "" }, "--filter: must not be empty" },
	{ { "-j", "--csv" }, "--json takes no --csv" },
	{ { "--prometheus", "-j" }, "--prometheus takes no --json" },
	{ { "--prometheus", "-d", "1" }, "--prometheus takes no --interval" },
	{ { "--prometheus", "-N", "2" }, "--prometheus takes no --count" },
	{ { "--prometheus", "-f", "x" }, "--prometheus takes no --filter" },
	{ { "-v2", "-1" }, "--view takes no --once" },
	{ { "-v2", "-c", "2" }, "--view takes no --count" },
	{ { "--ascii", "-f", "x" }, "--ascii takes no --filter" },
	{ { "--replay=a", "-1v2" }, "--view takes no --once" },
	{ { "--replay=a", "-i1m", "-v2" },
	    "--replay with --interval takes no --view" },
	{ { "--csv", "--ascii" }, "--csv takes no --ascii" },
	{ { "--connections" }, "--connections needs --json" },
	{ { "--csv", "--connections" }, "--csv takes no --connections" },
	{ { "--record", "a", "-j" }, "--record takes no --json" },
	{ { "--record", "a", "-f", "x" }, "--record takes no --filter" },
	{ { "--record=a", "-l" }, "--list takes no --record" },
	{ { "--record=a", "--replay=b" }, "--record takes no --replay" },
	{ { "--record=a", "--http=:1" }, "--http takes no --record" },
	{ { "--replay=b", "-l" }, "--list takes no --replay" },
	{ { "--replay=b", "-n", "a" }, "--replay takes no --stats" },
	{ { "--replay=b", "--wait" }, "--replay takes no --wait" },
	{ { "--record-connections=5" }, "--record-connections needs --record" },
	{ { "--record-connections=200" },
	    "--record-connections needs --record" },
	{ { "--record-connections=10001" }, "is not between 0 and 10000" },
	{ { "--diff" }, "--diff needs two moments to compare" },
	{ { "--diff", "a", "b", "c" }, "--diff needs two moments" },
	{ { "--diff", "a" }, "--diff: 'a' is not a recording: name another" },
	{ { "--diff", "a", "b", "-1" }, "--diff takes no --once" },
	{ { "--diff", "a", "b", "-n", "c" }, "--diff takes no --stats" },
	{ { "a", "b", "--diff", "--record=c" }, "--record takes no --diff" },
	{ { "--http=:1", "-j" }, "--http takes no --json" },
	{ { "default" }, "unexpected argument 'default': name a server" },
	{ { "-z" }, "-z" },
	{ { "-n" }, "--stats needs a value: NAME" },
};

TEST_EACH(bad_lines_are_explained, bad)
{
	ck_assert_int_eq(parse(bad[_i].words), -1);
	ck_assert_msg(strstr(e.text, bad[_i].text) != NULL, "%s", e.text);
}

/* Where a table cannot be refreshed, there is one, unless more are wanted. */
static const struct {
	const char *words[WORDS];
	uint64_t count;
	bool once;
} preferring_once[] = {
	{ { NULL }, 1, true },
	{ { "-a" }, 1, true },
	{ { "-i", "2" }, 0, false },
	{ { "-N", "3" }, 3, false },
	{ { "-1", "-i", "2" }, 1, true },
};

TEST_EACH(once_is_preferred_without_a_terminal, preferring_once)
{
	ck_assert_msg(parse(preferring_once[_i].words) == 0, "%s", e.text);
	options_prefer_once(&o);
	ck_assert_uint_eq(o.count, preferring_once[_i].count);
	ck_assert_int_eq(o.once, preferring_once[_i].once);
}

SUITE("tools/options")
