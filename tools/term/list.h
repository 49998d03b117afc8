/*
 * list: rows to move in: a cursor, a part that is seen, an order, a filter, and
 * one row that may be followed.
 *
 * A row is known by its id, which stays the same when rows are filled in anew.
 *
 * Owns:	the rows. The struct starts out as zeros.
 * Use:
 *	list_begin(&list);
 *	list_add(&list, (struct list_row){ .id = field, .number = rate });
 *	list_end(&list);
 *	for (i = list.top; i < list.top + page && i < list.count; i++)
 */
#ifndef TOOLS_TERM_LIST_H
#define TOOLS_TERM_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LIST_FILTER = 64,
	LIST_UNSORTED = -1
};

struct list_row {
	uint64_t id;
	const void *item; /* what is drawn, if that is not the id */
	double number;    /* to sort by, the largest first */
	const char *text; /* or, where it is not NULL, this, from A on */
};

struct list {
	struct list_row *rows;
	size_t count, room;
	size_t total; /* before the filter */
	size_t cursor, top, page;
	int sort; /* a column, or LIST_UNSORTED */
	bool is_reversed;
	char filter[LIST_FILTER];
	bool follows;
	uint64_t followed; /* the id */
};

enum list_move {
	LIST_UP,
	LIST_DOWN,
	LIST_PAGE_UP,
	LIST_PAGE_DOWN,
	LIST_FIRST,
	LIST_LAST
};

void list_fini(struct list *list);

void list_begin(struct list *list);
/* Whether a text is wanted: holds the filter, whatever the case. Counts it. */
bool list_matches(struct list *list, const char *text);
/* Without memory the row is left out. */
void list_add(struct list *list, struct list_row row);
/* Sorts; rows that are equal stay as they were added. */
void list_sort(struct list *list);
/* Puts the cursor on the row that is followed, or keeps it within. */
void list_end(struct list *list);

/* How many rows are seen: scrolls to the cursor. */
void list_set_page(struct list *list, size_t page);

void list_move(struct list *list, enum list_move move);
/* The id at the cursor; false when the list is empty. */
bool list_current(const struct list *list, uint64_t *id);
/* Follows the row at the cursor, or no longer any. */
void list_toggle_follow(struct list *list);

#endif
