/*
 * page: the views of the viewer, a file each, and what they share.
 *
 * Use:
 *	page_draw_all(&model, &canvas);
 */
#ifndef TOOLS_TERM_PAGE_H
#define TOOLS_TERM_PAGE_H

#include "tools/term/canvas.h"
#include "tools/term/listview.h"
#include "tools/term/model.h"

enum {
	PAGE_CERT_WARNING_S = 14 * 86400 /* left to a certificate */
};

struct page {
	const char *name;
	const struct listview *table; /* NULL: the page is no list */
	/* Fills in the list; NULL with table. */
	void (*fill)(struct model *m, struct list *list);
	void (*draw)(
	    struct model *m, struct canvas *c, unsigned row, unsigned rows);
	/* Of a row of the list; NULL with table. */
	void (*details)(const struct model *m, struct canvas *c, unsigned row,
	    unsigned rows, uint64_t id);
};

extern const struct page page_overview, page_counters, page_workers, page_conns,
    page_latency, page_failures;

const struct page *page_of(enum page_id id);

/* Fills in the list of the current page if anything has changed. */
void page_refresh(struct model *m);

/* Header, page and footer, whatever the size. */
void page_draw_all(struct model *m, struct canvas *c);

/* Draws the header; returns how many rows it takes of so many. */
unsigned header_draw(const struct model *m, struct canvas *c, unsigned rows);
/* The last row: the filter that is typed, or names of views and keys. */
void footer_draw(const struct model *m, struct canvas *c);
void help_draw(struct model *m, struct canvas *c, unsigned row, unsigned rows);

/* What is wrong, or that nothing is; returns the rows used. */
unsigned health_draw(
    const struct model *m, struct canvas *c, unsigned row, unsigned rows);

/* A graph of the last minutes with its scale; takes all the rows. */
void graph_draw(const struct model *m, struct canvas *c, unsigned row,
    unsigned rows, unsigned field);

#endif
