/* test_list: order and membership in an intrusive list. */
#include "common/base/list.h"

#include <stdint.h>
#include <stdlib.h>

#include "tests/support/suite.h"

struct item {
	int before; /* so that the link is not at the start */
	struct list link;
	int value;
};

static struct item items[5];
static struct list head;

static void
fill(int count)
{
	list_init(&head);
	for (int i = 0; i < count; i++) {
		items[i].value = i;
		list_init(&items[i].link);
		list_append(&head, &items[i].link);
	}
}

/* The list holds these values, seen from both ends. */
static void
expect(struct list *h, const int *values, int count)
{
	struct list *l = h->next;

	for (int i = 0; i < count; i++, l = l->next)
		ck_assert_int_eq(
		    CONTAINER_OF(l, struct item, link)->value, values[i]);
	ck_assert_ptr_eq(l, h);
	for (int i = count; i-- > 0;) {
		l = l->prev;
		ck_assert_int_eq(
		    CONTAINER_OF(l, struct item, link)->value, values[i]);
	}
	ck_assert_ptr_eq(l->prev, h);
	ck_assert(list_empty(h) == (count == 0));
}

TEST_LOOP(append_keeps_order, 6)
{
	fill(_i);
	expect(&head, (int[]){ 0, 1, 2, 3, 4 }, _i);
}

/* Each place, and twice, which does no harm. */
TEST_LOOP(remove_from_anywhere, 3)
{
	static const int left[3][2] = { { 1, 2 }, { 0, 2 }, { 0, 1 } };

	fill(3);
	list_remove(&items[_i].link);
	expect(&head, left[_i], 2);
	list_remove(&items[_i].link);
	expect(&head, left[_i], 2);
	list_append(&head, &items[_i].link);
	expect(&head, (int[]){ left[_i][0], left[_i][1], _i }, 3);
}

TEST(pop_takes_the_first)
{
	fill(2);
	ck_assert_ptr_eq(list_pop(&head), &items[0].link);
	expect(&head, (int[]){ 1 }, 1);
	ck_assert_ptr_eq(list_pop(&head), &items[1].link);
	ck_assert_ptr_null(list_pop(&head));
	ck_assert(list_empty(&head));
	ck_assert(list_empty(&items[0].link));
}

TEST_LOOP(move_takes_everything, 6)
{
	static struct list to;
	static struct list other;

	list_init(&to);
	list_init(&other);
	fill(_i);
	list_move(&to, &head);
	expect(&to, (int[]){ 0, 1, 2, 3, 4 }, _i);
	ck_assert(list_empty(&head));
	list_append(&head, &other);
	ck_assert(!list_empty(&head));
	expect(&to, (int[]){ 0, 1, 2, 3, 4 }, _i);
}

TEST(append_random)
{
	int model[5] = { 0 };
	int count = 0;

	fill(0);
	for (int i = 0; i < 5; i++) {
		items[i].value = i;
		list_init(&items[i].link);
	}
	srand(1);
	for (int round = 0; round < 10000; round++) {
		int v = rand() % 5;
		int kept = 0;

		for (int i = 0; i < count; i++)
			if (model[i] != v)
				model[kept++] = model[i];
		count = kept;
		list_remove(&items[v].link);
		if (rand() % 3 > 0) {
			list_append(&head, &items[v].link);
			model[count++] = v;
		}
		expect(&head, model, count);
	}
}

SUITE("common/base/list")
