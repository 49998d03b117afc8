/* Tests of tools/term/list: moving, scrolling, order, filter, following. */
#include "tools/term/list.h"

#include <check.h>
#include <string.h>

#include "tests/support/suite.h"

static struct list list = { .sort = LIST_UNSORTED };

/* Rows with ids 0 to n - 1, and numbers that fall. */
static void
fill(unsigned n)
{
	list_begin(&list);
	for (unsigned i = 0; i < n; i++)
		list_add(
		    &list, (struct list_row){ .id = i, .number = -(double)i });
	list_end(&list);
}

static const struct {
	size_t cursor;
	enum list_move move;
	size_t to, top;
} moves[] = {
	{ 0, LIST_UP, 0, 0 },
	{ 0, LIST_DOWN, 1, 0 },
	{ 4, LIST_DOWN, 5, 1 },
	{ 19, LIST_DOWN, 19, 15 },
	{ 3, LIST_PAGE_UP, 0, 0 },
	{ 3, LIST_PAGE_DOWN, 8, 4 },
	{ 17, LIST_PAGE_DOWN, 19, 15 },
	{ 9, LIST_FIRST, 0, 0 },
	{ 9, LIST_LAST, 19, 15 },
};

TEST_EACH(cursor_stays_in_sight, moves)
{
	fill(20);
	list_set_page(&list, 5);
	while (list.cursor < moves[_i].cursor)
		list_move(&list, LIST_DOWN);
	list_move(&list, moves[_i].move);
	ck_assert_uint_eq(list.cursor, moves[_i].to);
	ck_assert_uint_eq(list.top, moves[_i].top);
	list_fini(&list);
}

TEST(an_empty_list_bears_all_moves)
{
	uint64_t id;

	fill(0);
	for (enum list_move move = LIST_UP; move <= LIST_LAST; move++)
		list_move(&list, move);
	list_set_page(&list, 0);
	list_toggle_follow(&list);
	ck_assert(!list.follows);
	ck_assert(!list_current(&list, &id));
	list_fini(&list);
}

TEST(a_list_that_shrinks_keeps_its_cursor_within)
{
	fill(20);
	list_set_page(&list, 5);
	list_move(&list, LIST_LAST);
	fill(3);
	ck_assert_uint_eq(list.cursor, 2);
	ck_assert_uint_eq(list.top, 0);
	list_fini(&list);
}

TEST(a_row_is_followed_where_it_goes)
{
	uint64_t id;

	fill(10);
	list_move(&list, LIST_DOWN);
	list_toggle_follow(&list);
	list_begin(&list);
	for (unsigned i = 10; i-- > 0;)
		list_add(&list, (struct list_row){ .id = i });
	list_end(&list);
	ck_assert(list_current(&list, &id));
	ck_assert_uint_eq(id, 1);
	ck_assert_uint_eq(list.cursor, 8);
	list_move(&list, LIST_UP); /* moves away */
	ck_assert(!list.follows);
	list_fini(&list);
}

TEST(order_is_by_number_or_text)
{
	static const char *const texts[] = { "b", "c", "a" };

	list_begin(&list);
	for (unsigned i = 0; i < 3; i++)
		list_add(&list, (struct list_row){ .id = i, .number = i });
	list_sort(&list);
	ck_assert_uint_eq(list.rows[0].id, 2);
	for (unsigned i = 0; i < 3; i++)
		list.rows[i] = (struct list_row){ .id = i, .text = texts[i] };
	list_sort(&list);
	ck_assert_uint_eq(list.rows[0].id, 2);
	list.is_reversed = true;
	list_sort(&list);
	ck_assert_uint_eq(list.rows[0].id, 1);
	list_fini(&list);
}

TEST(filter_holds_whatever_the_case)
{
	strcpy(list.filter, "Hand");
	list_begin(&list);
	ck_assert(list_matches(&list, "handshakes"));
	ck_assert(!list_matches(&list, "bytes"));
	ck_assert_uint_eq(list.total, 2);
}

SUITE("tools/term/list")
