/* list: see the header. */
#include "tools/term/list.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROOM_MIN = 64
};

void
list_fini(struct list *list)
{
	free(list->rows);
	list->rows = NULL;
	list->count = list->room = 0;
}

void
list_begin(struct list *list)
{
	list->count = 0;
	list->total = 0;
}

bool
list_matches(struct list *list, const char *text)
{
	list->total++;
	return list->filter[0] == '\0' ||
	    strcasestr(text, list->filter) != NULL;
}

void
list_add(struct list *list, struct list_row row)
{
	if (list->count == list->room) {
		size_t room = list->room > 0 ? 2 * list->room : ROOM_MIN;
		struct list_row *rows =
		    reallocarray(list->rows, room, sizeof *rows);

		if (rows == NULL)
			return;
		list->rows = rows;
		list->room = room;
	}
	list->rows[list->count++] = row;
}

static int
compare_rows(const void *a, const void *b, void *arg)
{
	const struct list *list = arg;
	const struct list_row *x = a;
	const struct list_row *y = b;
	int order;

	if (x->text != NULL && y->text != NULL)
		order = strcmp(x->text, y->text);
	else
		order = (x->number < y->number) - (x->number > y->number);
	return list->is_reversed ? -order : order;
}

/* qsort_r(3) of glibc is a merge sort, unless memory is short: stable. */
void
list_sort(struct list *list)
{
	if (list->count > 1)
		qsort_r(list->rows, list->count, sizeof *list->rows,
		    compare_rows, list);
}

static void
scroll(struct list *list)
{
	size_t page = list->page > 0 ? list->page : 1;

	if (list->top > list->cursor)
		list->top = list->cursor;
	if (list->cursor - list->top >= page)
		list->top = list->cursor - page + 1;
	if (list->top + page > list->count)
		list->top = list->count > page ? list->count - page : 0;
}

void
list_end(struct list *list)
{
	if (list->cursor >= list->count)
		list->cursor = list->count > 0 ? list->count - 1 : 0;
	for (size_t i = 0; list->follows && i < list->count; i++)
		if (list->rows[i].id == list->followed)
			list->cursor = i;
	scroll(list);
}

void
list_set_page(struct list *list, size_t page)
{
	list->page = page;
	scroll(list);
}

void
list_move(struct list *list, enum list_move move)
{
	size_t last = list->count > 0 ? list->count - 1 : 0;
	size_t page = list->page > 0 ? list->page : 1;
	size_t at = list->cursor;

	switch (move) {
	case LIST_UP:
		at -= at > 0;
		break;
	case LIST_DOWN:
		at += at < last;
		break;
	case LIST_PAGE_UP:
		at -= at < page ? at : page;
		break;
	case LIST_PAGE_DOWN:
		at += last - at < page ? last - at : page;
		break;
	case LIST_FIRST:
		at = 0;
		break;
	case LIST_LAST:
		at = last;
		break;
	}
	list->cursor = at;
	list->follows = false;
	scroll(list);
}

bool
list_current(const struct list *list, uint64_t *id)
{
	if (list->cursor >= list->count)
		return false;
	*id = list->rows[list->cursor].id;
	return true;
}

void
list_toggle_follow(struct list *list)
{
	list->follows = !list->follows && list_current(list, &list->followed);
}
