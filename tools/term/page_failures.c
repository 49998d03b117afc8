/* page_failures: what went wrong, what that means, and to whom it happened. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/utc.h"
#include "tools/sample/causes.h"
#include "tools/term/format.h"
#include "tools/term/page.h"

enum {
	MEANING_ROWS = 5, /* of the cause at the cursor */
	PEERS_ROWS = 6
};

enum column_id {
	COLUMN_NAME,
	COLUMN_COUNT,
	COLUMN_NOW,
	COLUMN_1_MIN,
	COLUMN_5_MIN,
	COLUMN_GRAPH,
	COLUMNS
};

static const struct column columns[COLUMNS] = {
	[COLUMN_NAME] = { "cause", 0, 0, true, true },
	[COLUMN_COUNT] = { "count", 10, 0, false, true },
	[COLUMN_NOW] = { "/s now", 7, 34, false, true },
	[COLUMN_1_MIN] = { "1 min", 7, 50, false, true },
	[COLUMN_5_MIN] = { "5 min", 7, 58, false, true },
	[COLUMN_GRAPH] = { "last 2 min", 16, 80, true, false },
};

static const int64_t windows_ns[COLUMNS] = {
	[COLUMN_1_MIN] = 60 * CLOCK_NS_PER_S,
	[COLUMN_5_MIN] = 300 * CLOCK_NS_PER_S,
};

/* Ids are places in causes. */
static const struct cause *
cause_of(uint64_t id)
{
	return &causes[id];
}

static double
number_of(const struct model *m, unsigned column, uint64_t id)
{
	const char *counter = cause_of(id)->counter;

	return column == COLUMN_COUNT
	    ? (double)model_total_of(m, counter)
	    : model_rate_of(m, counter, windows_ns[column]);
}

static void
draw_cell(const struct model *m, struct canvas *c, const struct spot *spot,
    unsigned column, const struct list_row *row)
{
	uint64_t id = row->id;
	int field = sample_find(m->now, cause_of(id)->counter);
	double now = number_of(m, COLUMN_NOW, id);

	if (column == COLUMN_NAME)
		spot_text(c, spot, now > 0 ? STYLE_BAD : STYLE_PLAIN,
		    cause_of(id)->counter);
	else if (column == COLUMN_GRAPH && field >= 0)
		spot_spark(m, c, spot, (unsigned)field);
	else if (column == COLUMN_COUNT)
		spot_exact(c, spot, (uint64_t)number_of(m, column, id));
	else
		spot_count(c, spot, number_of(m, column, id));
}

static void
get_key(
    const struct model *m, unsigned column, uint64_t id, struct list_row *row)
{
	if (column == COLUMN_NAME)
		row->text = cause_of(id)->counter;
	else
		row->number = number_of(m, column, id);
}

static const struct listview table = {
	.columns = columns,
	.count = COLUMNS,
	.cell = draw_cell,
	.key = get_key,
};

/* Without a choice the most frequent come first. */
static void
fill(struct model *m, struct list *list)
{
	int sort = list->sort;

	if (sort == LIST_UNSORTED)
		list->sort = COLUMN_COUNT;
	for (size_t i = 0; i < causes_count; i++) {
		if (sample_find(m->now, causes[i].counter) < 0 ||
		    (!m->shows_all &&
			model_total_of(m, causes[i].counter) == 0))
			continue;
		if (list_matches(list, causes[i].counter))
			listview_add(m, &table, list, i);
	}
	list_sort(list);
	list->sort = sort;
}

static const char *
alert_of(const struct stats_offender *o, char text[static FORMAT_TEXT])
{
	if (o->has_alert == STATS_ALERT_NONE)
		return "";
	(void)snprintf(text, FORMAT_TEXT, "alert %u %s", o->alert,
	    o->has_alert == STATS_ALERT_SENT ? "sent" : "received");
	return text;
}

static void
draw_peer(struct canvas *c, unsigned row, const struct stats_offender *o)
{
	char clock[FORMAT_TEXT];
	char alert[FORMAT_TEXT];
	char peer[CONNS_TEXT];
	unsigned at;

	at = canvas_format(c, row, 0, c->columns, STYLE_PLAIN,
	    "%s %-21s %-16s ", format_clock(o->wall_ns, clock),
	    conns_peer(o->address, o->port, peer), o->cause);
	at +=
	    canvas_format(c, row, at, c->columns, STYLE_BOLD, "%s  ", o->name);
	canvas_text(c, row, at, c->columns, STYLE_DIM, alert_of(o, alert));
}

static bool
is_of(const struct stats_offender *o, const char *counter)
{
	static const char prefix[] = "handshake_";

	return counter == NULL ||
	    (strncmp(counter, prefix, sizeof prefix - 1) == 0 &&
		strcmp(o->cause, counter + sizeof prefix - 1) == 0);
}

/* The latest first; of one cause, or of all where counter is NULL. */
static void
draw_peers(const struct model *m, struct canvas *c, unsigned row, unsigned rows,
    const char *counter)
{
	size_t count;
	const struct stats_offender *all = sample_offenders(m->now, &count);
	unsigned used = 1;

	if (rows < 2)
		return;
	canvas_text(c, row, 0, c->columns, STYLE_TITLE,
	    counter != NULL ? "LAST PEERS (time in UTC)"
			    : "LAST PEERS, of any cause (time in UTC)");
	while (count-- > 0 && used < rows)
		if (is_of(&all[count], counter))
			draw_peer(c, row + used++, &all[count]);
	if (used == 1)
		canvas_text(c, row + 1, 0, c->columns, STYLE_DIM, "none");
}

static unsigned
draw_meaning(
    struct canvas *c, unsigned row, unsigned rows, const struct cause *cause)
{
	struct area area = { .row = row, .rows = rows, .width = c->columns };
	unsigned used = canvas_paragraph(c, area, STYLE_PLAIN, cause->meaning);

	area.row += used;
	area.rows -= used;
	return used + canvas_paragraph(c, area, STYLE_BOLD, cause->advice);
}

static void
draw(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	struct list *list = &m->lists[PAGE_FAILURES];
	unsigned below = rows > 14 ? MEANING_ROWS + PEERS_ROWS : 0;
	uint64_t id;

	if (list->count == 0 && list->filter[0] == '\0' && !m->shows_all) {
		canvas_text(c, row, 0, c->columns, STYLE_GOOD,
		    "nothing has failed; d shows all causes");
		below = 0;
	} else {
		listview_draw(m, c, &table, list, row, rows - below);
	}
	if (below == 0)
		return;
	row += rows - below;
	if (list_current(list, &id))
		draw_meaning(c, row, MEANING_ROWS - 1, cause_of(id));
	draw_peers(m, c, row + MEANING_ROWS, PEERS_ROWS, NULL);
}

static void
draw_details(const struct model *m, struct canvas *c, unsigned row,
    unsigned rows, uint64_t id)
{
	const struct cause *cause = cause_of(id);
	int field = sample_find(m->now, cause->counter);
	unsigned end = row + rows;
	char text[FORMAT_TEXT];

	canvas_format(c, row++, 0, c->columns, STYLE_BOLD, "%s  %s",
	    cause->counter,
	    units_format_count(model_total_of(m, cause->counter), text));
	row += draw_meaning(c, row, end - row, cause) + 1;
	if (row + 6 < end && field >= 0) {
		graph_draw(m, c, row, 6, (unsigned)field);
		row += 7;
	}
	if (row < end)
		draw_peers(m, c, row, end - row, cause->counter);
}

const struct page page_failures = {
	.name = "failures",
	.table = &table,
	.fill = fill,
	.draw = draw,
	.details = draw_details,
};
