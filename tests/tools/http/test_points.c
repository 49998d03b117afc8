/* Tests of tools/http/points: a ring. */
#include "tools/http/points.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static struct points points;

static void
add(int from, int to)
{
	char text[16];

	for (int i = from; i < to; i++) {
		(void)snprintf(text, sizeof text, "%d", i);
		points_add(&points, strdup(text));
	}
}

static void
expect(const char *begin, const char *end)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	points_print(&points, out);
	fclose(out);
	ck_assert_msg(strncmp(text, begin, strlen(begin)) == 0, "%s", text);
	ck_assert_str_eq(text + size - strlen(end), end);
	free(text);
}

TEST(empty)
{
	points_add(&points, NULL);
	expect("", "");
	ck_assert_uint_eq(points.count, 0);
}

TEST(few)
{
	add(0, 3);
	expect("0,1,2", "0,1,2");
}

TEST(the_oldest_go)
{
	add(0, POINTS_MAX + 5);
	expect("5,6,", ",303,304");
	points_clear(&points);
	add(7, 8);
	expect("7", "7");
}

SUITE("tools/http/points")
