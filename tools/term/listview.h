/*
 * listview: a list on the canvas: columns with titles, the cursor in reverse.
 *
 * Use:
 *	listview_draw(m, c, &table, &m->lists[PAGE_COUNTERS], row, rows);
 */
#ifndef TOOLS_TERM_LISTVIEW_H
#define TOOLS_TERM_LISTVIEW_H

#include "tools/term/canvas.h"
#include "tools/term/model.h"

struct column {
	const char *title;
	unsigned char width;  /* 0: what the others leave; one has that */
	unsigned char wanted; /* at least so many columns on the canvas */
	bool is_left;
	bool is_sortable;
};

/* Where a cell is to be drawn. */
struct spot {
	unsigned row, column, width;
	bool is_left;
};

struct listview {
	const struct column *columns;
	unsigned count;
	void (*cell)(const struct model *m, struct canvas *c,
	    const struct spot *spot, unsigned column,
	    const struct list_row *row);
	/* What to sort by, of the columns that are sortable. */
	void (*key)(const struct model *m, unsigned column, uint64_t id,
	    struct list_row *row);
};

/* Adds the id with what its list is sorted by. */
void listview_add(const struct model *m, const struct listview *t,
    struct list *list, uint64_t id);

void listview_draw(const struct model *m, struct canvas *c,
    const struct listview *t, struct list *list, unsigned row, unsigned rows);

/* The next sortable column, or none, from which the round begins again. */
void listview_next_sort(const struct listview *t, struct list *list);

/* Writes into a spot. */
void spot_text(struct canvas *c, const struct spot *spot, unsigned style,
    const char *text);
void spot_count(struct canvas *c, const struct spot *spot, double count);
/* All digits if they fit. */
void spot_exact(struct canvas *c, const struct spot *spot, uint64_t count);
/* Negative: "-". */
void spot_value(struct canvas *c, const struct spot *spot, enum stats_unit unit,
    double value);
/* The last two minutes of a field. */
void spot_spark(const struct model *m, struct canvas *c,
    const struct spot *spot, unsigned field);

#endif
