/* Tests of tools/term/keys: what each key changes. */
#include "tools/term/keys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tests/tools/term/canvas_case.h"
#include "tools/term/page.h"

static struct model m;

static void
start(bool is_recorded)
{
	ck_assert_int_eq(model_init(&m, CLOCK_NS_PER_S, is_recorded), 0);
	canvas_case_add(
	    &m, &(struct canvas_case){ .second = 10, .accepted = 3 });
	m.page = PAGE_COUNTERS;
	m.shows_all = true;
	(void)canvas_case_draw(&m, 24, 80);
}

/* The last one's answer. */
static enum keys_action
press(const char *keys)
{
	enum keys_action action = KEYS_DRAW;

	for (; *keys != '\0'; keys++) {
		action = keys_press(&m, (unsigned char)*keys);
		(void)canvas_case_draw(&m, 24, 80);
	}
	return action;
}

TEST(digits_and_tab_choose_views)
{
	start(false);
	for (int i = 0; i < PAGES; i++) {
		(void)keys_press(&m, '1' + i);
		ck_assert_int_eq((int)m.page, i);
	}
	(void)press("\t");
	ck_assert_int_eq(m.page, PAGE_OVERVIEW);
	(void)keys_press(&m, KEY_BACK_TAB);
	ck_assert_int_eq(m.page, PAGE_FAILURES);
	(void)press("7");
	ck_assert_int_eq(m.page, PAGE_FAILURES);
	model_fini(&m);
}

static const struct {
	int key;
	size_t from, to;
} moves[] = {
	{ 'j', 0, 1 },
	{ 'k', 1, 0 },
	{ KEY_CURSOR_DOWN, 3, 4 },
	{ KEY_CURSOR_UP, 3, 2 },
	{ 'g', 9, 0 },
	{ KEY_FIRST, 9, 0 },
	{ KEY_PAGE_DOWN, 0, 17 },
	{ KEY_PAGE_UP, 18, 1 },
};

TEST_EACH(keys_move_the_cursor, moves)
{
	start(false);
	m.lists[PAGE_COUNTERS].cursor = moves[_i].from;
	ck_assert_int_eq(keys_press(&m, moves[_i].key), KEYS_DRAW);
	ck_assert_uint_eq(m.lists[PAGE_COUNTERS].cursor, moves[_i].to);
	model_fini(&m);
}

TEST(last_row)
{
	start(false);
	(void)press("G");
	ck_assert_uint_eq(m.lists[PAGE_COUNTERS].cursor, STATS_FIELDS - 1);
	model_fini(&m);
}

TEST(filter_is_typed)
{
	const struct list *list = &m.lists[PAGE_COUNTERS];

	start(false);
	(void)press("/accepq\x7f");
	ck_assert_str_eq(list->filter, "accep");
	ck_assert(m.is_typing);
	ck_assert_uint_eq(list->count, 3); /* tickets_accepted ... */
	(void)press("\n");
	ck_assert(!m.is_typing);
	ck_assert_uint_eq(list->count, 3);
	(void)press("\033"); /* ESC takes it away */
	ck_assert_str_eq(list->filter, "");
	ck_assert_uint_eq(list->count, STATS_FIELDS);
	(void)press("/x\033");
	ck_assert_str_eq(list->filter, "");
	model_fini(&m);
}

TEST(filter_keeps_whole_characters_and_its_length)
{
	const struct list *list = &m.lists[PAGE_COUNTERS];

	start(false);
	(void)press("/a\xc3\xbc\x7f");
	ck_assert_str_eq(list->filter, "a");
	for (int i = 0; i < 2 * LIST_FILTER; i++)
		(void)keys_press(&m, 'x');
	(void)keys_press(&m, KEY_PAGE_UP); /* is no character */
	ck_assert_uint_eq(strlen(list->filter), LIST_FILTER - 1);
	(void)press("\x15");
	ck_assert_str_eq(list->filter, "");
	model_fini(&m);
}

TEST(order_goes_round)
{
	const struct list *list = &m.lists[PAGE_COUNTERS];

	start(false);
	for (int i = 0; i < 6; i++) {
		(void)press("s");
		ck_assert_int_eq(list->sort, i);
	}
	(void)press("s");
	ck_assert_int_eq(list->sort, LIST_UNSORTED);
	(void)press("ssr");
	ck_assert(list->is_reversed);
	(void)press("r");
	ck_assert_uint_eq(list->rows[0].id, 0); /* accepted: has the most */
	model_fini(&m);
}

TEST(details_and_help_are_left_by_escape)
{
	start(false);
	(void)press("\n");
	ck_assert(m.has_details);
	(void)press("?");
	ck_assert(m.has_help);
	(void)press("j");
	ck_assert_uint_eq(m.lists[PAGE_COUNTERS].cursor, 0);
	(void)press("\033");
	ck_assert(!m.has_help);
	ck_assert(m.has_details);
	(void)press("\033");
	ck_assert(!m.has_details);
	(void)press("\rq");
	ck_assert(m.has_details);
	model_fini(&m);
}

TEST(switches)
{
	start(false);
	(void)press("d");
	ck_assert(!m.shows_all);
	(void)press("f");
	ck_assert(m.lists[PAGE_COUNTERS].follows);
	(void)press("0");
	ck_assert_ptr_eq(m.base, m.now);
	(void)press("00");
	ck_assert_ptr_eq(m.base, m.now);
	ck_assert_int_eq(press("p"), KEYS_INTERVAL);
	ck_assert(m.is_paused);
	(void)press(" ");
	ck_assert(!m.is_paused);
	ck_assert_int_eq(press("\x0c"), KEYS_REDRAW);
	ck_assert_int_eq(press("q"), KEYS_QUIT);
	model_fini(&m);
}

static const struct {
	int64_t from_ms;
	const char *keys;
	int64_t to_ms;
} intervals[] = {
	{ 1000, "+", 2000 },
	{ 1000, "-", 500 },
	{ 700, "+", 1000 },
	{ 700, "-", 500 },
	{ 50, "-", 50 },
	{ 60000, "+", 60000 },
	{ 86400000, "-", 60000 },
	{ 1000, "----------", 50 },
};

TEST_EACH(interval_goes_by_steps, intervals)
{
	start(false);
	m.interval_ns = intervals[_i].from_ms * CLOCK_NS_PER_MS;
	ck_assert_int_eq(press(intervals[_i].keys), KEYS_INTERVAL);
	ck_assert_int_eq(m.interval_ns, intervals[_i].to_ms * CLOCK_NS_PER_MS);
	model_fini(&m);
}

TEST(recordings_have_speed_and_places)
{
	start(true);
	(void)press("++");
	ck_assert_uint_eq(m.speed, 4);
	(void)press("---");
	ck_assert_uint_eq(m.speed, 1);
	ck_assert_int_eq(press("<"), KEYS_BACK_MINUTE);
	ck_assert_int_eq(press(">"), KEYS_FORWARD_MINUTE);
	ck_assert_int_eq(keys_press(&m, KEY_CURSOR_LEFT), KEYS_BACK_10_S);
	ck_assert_int_eq(keys_press(&m, KEY_CURSOR_RIGHT), KEYS_FORWARD_10_S);
	ck_assert_ptr_nonnull(
	    strstr(canvas_case_draw(&m, 24, 80), "replay 22:13:30, x1"));
	m.is_recorded = false;
	ck_assert_int_eq(press("<"), KEYS_DRAW);
	model_fini(&m);
}

/* Whatever is pressed, in whatever order: nothing breaks. */
TEST(random_keys)
{
	static const char keys[] = "123456jkgGsrfpd0+-?/q\n\033\t<> x\x7f";

	start(false);
	srand(1);
	for (int i = 0; i < 3000; i++) {
		(void)keys_press(&m, keys[(size_t)rand() % (sizeof keys - 1)]);
		if (i % 50 == 0)
			canvas_case_add(&m,
			    &(struct canvas_case){ .second = 11 + i,
				.start = i / 1000,
				.accepted = (uint64_t)rand() % 99,
				.expired = (uint64_t)rand() % 3,
				.conns = (unsigned)rand() % 50 });
		(void)canvas_case_draw(&m, 10, 60);
	}
	model_fini(&m);
}

SUITE("tools/term/keys")
