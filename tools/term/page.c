/* page: see the header. */
#include "tools/term/page.h"

#include "common/base/assertion.h"

enum {
	FOOTER_FROM = 3 /* rows on the terminal */
};

const struct page *
page_of(enum page_id id)
{
	static const struct page *const pages[PAGES] = {
		[PAGE_OVERVIEW] = &page_overview,
		[PAGE_COUNTERS] = &page_counters,
		[PAGE_WORKERS] = &page_workers,
		[PAGE_CONNS] = &page_conns,
		[PAGE_LATENCY] = &page_latency,
		[PAGE_FAILURES] = &page_failures,
	};

	ASSERT(id < PAGES);
	return pages[id];
}

void
page_refresh(struct model *m)
{
	const struct page *page = page_of(m->page);
	struct list *list = &m->lists[m->page];

	if (page->fill == NULL || m->now == NULL || !m->is_stale)
		return;
	list_begin(list);
	page->fill(m, list);
	list_end(list);
	m->is_stale = false;
}

static void
draw_page(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	const struct page *page = page_of(m->page);
	uint64_t id;

	if (m->has_help)
		help_draw(m, c, row, rows);
	else if (m->now == NULL)
		canvas_text(c, row, 0, c->columns, STYLE_WARN,
		    "waiting for a server of this name");
	else if (m->has_details && page->details != NULL &&
	    list_current(&m->lists[m->page], &id))
		page->details(m, c, row, rows, id);
	else
		page->draw(m, c, row, rows);
}

void
page_draw_all(struct model *m, struct canvas *c)
{
	unsigned footer = c->rows >= FOOTER_FROM;
	unsigned used;

	page_refresh(m);
	used = header_draw(m, c, c->rows - footer);
	if (used + footer < c->rows)
		draw_page(m, c, used, c->rows - footer - used);
	if (footer)
		footer_draw(m, c);
}
