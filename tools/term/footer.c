/* footer: the last row, and the help that it points to. */
#include <stdio.h>

#include "tools/term/page.h"

static void
draw_prompt(const struct model *m, struct canvas *c, unsigned row)
{
	unsigned at = canvas_format(
	    c, row, 0, c->columns, STYLE_BOLD, "/%s", m->lists[m->page].filter);

	canvas_text(c, row, at, 1, STYLE_REVERSE, " ");
	canvas_text(c, row, at + 2, c->columns, STYLE_DIM,
	    "ENTER keeps the filter, ESC clears it");
}

static unsigned
draw_filter(const struct model *m, struct canvas *c, unsigned row, unsigned at)
{
	const struct list *list = &m->lists[m->page];
	unsigned used = 0;

	if (list->filter[0] != '\0')
		used = canvas_format(c, row, at, c->columns, STYLE_WARN,
		    " /%s (%zu of %zu)", list->filter, list->count,
		    list->total);
	if (list->follows)
		used += canvas_text(
		    c, row, at + used, c->columns, STYLE_WARN, " following");
	if (m->base != NULL)
		used += canvas_text(
		    c, row, at + used, c->columns, STYLE_WARN, " since 0");
	return used;
}

void
footer_draw(const struct model *m, struct canvas *c)
{
	const struct list *list = &m->lists[m->page];
	bool has_more =
	    list->filter[0] != '\0' || list->follows || m->base != NULL;
	bool is_wide = c->columns >= (has_more ? 110 : 76);
	unsigned row = c->rows - 1;
	unsigned at = 0;

	if (m->is_typing) {
		draw_prompt(m, c, row);
		return;
	}
	for (int i = 0; i < PAGES; i++) {
		bool is_current = i == (int)m->page;

		at += canvas_format(c, row, at, c->columns,
		    is_current ? STYLE_BOLD | STYLE_REVERSE : STYLE_PLAIN,
		    is_wide || is_current ? "%d %s" : "%d", i + 1,
		    page_of((enum page_id)i)->name);
		at++;
	}
	at += draw_filter(m, c, row, at);
	canvas_text(c, row, at + 1, c->columns, STYLE_DIM,
	    m->has_details          ? "ESC back  q"
		: c->columns >= 100 ? "ENTER / s p  ? help  q quit"
				    : "? help  q");
}

struct key_line {
	const char *keys, *meaning;
	enum {
		KEY_ALWAYS,
		KEY_LIVE,
		KEY_RECORDED
	} where;
};

static const struct key_line keys[] = {
	{ "1 to 6, TAB", "another view", KEY_ALWAYS },
	{ "arrows, j k", "up, down; far: PgUp PgDn g G", KEY_ALWAYS },
	{ "ENTER", "details: meaning, graph", KEY_ALWAYS },
	{ "ESC", "back; out of this help", KEY_ALWAYS },
	{ "/", "filter rows", KEY_ALWAYS },
	{ "s, r", "sort by next column; reverse", KEY_ALWAYS },
	{ "f", "follow the row at the cursor", KEY_ALWAYS },
	{ "p, SPACE", "pause", KEY_ALWAYS },
	{ "d", "show zeros and details, too", KEY_ALWAYS },
	{ "0", "count from now on; again: all", KEY_ALWAYS },
	{ "+ -", "longer, shorter interval", KEY_LIVE },
	{ "+ -", "faster, slower", KEY_RECORDED },
	{ "left, right", "10 seconds back, forward", KEY_RECORDED },
	{ "< >", "a minute back, forward", KEY_RECORDED },
	{ "^L", "draw the screen anew", KEY_ALWAYS },
	{ "q", "quit", KEY_ALWAYS },
};

enum {
	KEYS = sizeof keys / sizeof *keys
};

static bool
is_valid(const struct model *m, const struct key_line *key)
{
	return key->where == KEY_ALWAYS ||
	    (key->where == KEY_RECORDED) == m->is_recorded;
}

/* Where there is no room for all, from help_top on. */
void
help_draw(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	unsigned end = row + rows;
	unsigned valid = 0;
	unsigned skip;

	for (size_t i = 0; i < KEYS; i++)
		valid += is_valid(m, &keys[i]);
	if (m->help_top > valid - (rows < valid ? rows : valid))
		m->help_top = valid - (rows < valid ? rows : valid);
	skip = m->help_top;
	for (size_t i = 0; i < KEYS && row < end; i++) {
		if (!is_valid(m, &keys[i]))
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		canvas_text(c, row, 0, 11, STYLE_BOLD, keys[i].keys);
		canvas_text(
		    c, row++, 12, c->columns, STYLE_PLAIN, keys[i].meaning);
	}
}
