/* test_live: sparklines of values that come and go. */
#include "client/report/live.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static const char all[] = " ▁▂▃▄▅▆▇█";
static const char low[] = " ▁▁▁▁▁▁▁▁█";

static struct live live;
static char text[LIVE_TEXT];

static void
open_live(const char *locale)
{
	(void)setenv("LC_ALL", locale, 1);
	live_init(&live);
}

static void
add(double rate)
{
	live_add(&live, (const double[LIVE_ROWS]){ [LIVE_RATE] = rate });
}

TEST(nothing_yet)
{
	open_live("C.UTF-8");
	ck_assert_str_eq(live_spark(&live, LIVE_RATE, text), "");
}

/* Only 0 has no bar, however little there is. */
TEST(heights)
{
	open_live("C.UTF-8");
	for (int i = 0; i <= 8; i++)
		add(i);
	ck_assert_str_eq(live_spark(&live, LIVE_RATE, text), all);
	ck_assert_str_eq(live_spark(&live, LIVE_P99, text), "         ");
	add(1e9);
	ck_assert_str_eq(live_spark(&live, LIVE_RATE, text), low);
}

static const char *const plain[] = { "C", "POSIX", "no_SUCH" };

TEST_EACH(ascii, plain)
{
	open_live(plain[_i]);
	for (int i = 0; i <= 8; i++)
		add(i);
	ck_assert_str_eq(live_spark(&live, LIVE_RATE, text), " ..--==##");
}

/* The oldest goes. */
TEST(full)
{
	open_live("C.UTF-8");
	add(1000);
	for (int i = 0; i < LIVE_CELLS; i++)
		add(i == 0 ? 0 : 1);
	ck_assert_uint_eq(live.count, LIVE_CELLS);
	ck_assert_uint_eq(strlen(live_spark(&live, LIVE_RATE, text)),
	    1 + 3 * (LIVE_CELLS - 1));
	ck_assert_ptr_eq(strstr(text, " █"), text);
}

SUITE("client/report/live")
