/* page_conns: each open connection. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/utc.h"
#include "tools/term/format.h"
#include "tools/term/page.h"

enum column_id {
	COLUMN_PEER,
	COLUMN_NAME,
	COLUMN_WORKER,
	COLUMN_VERSION,
	COLUMN_SUITE,
	COLUMN_GROUP,
	COLUMN_RESUMED,
	COLUMN_AGE,
	COLUMN_IDLE,
	COLUMN_BYTES,
	COLUMN_READS,
	COLUMN_RATE,
	COLUMN_STATE,
	COLUMNS
};

static const struct column columns[COLUMNS] = {
	[COLUMN_PEER] = { "peer", 21, 0, true, true },
	[COLUMN_NAME] = { "identity", 0, 52, true, true },
	[COLUMN_WORKER] = { "w", 3, 74, false, true },
	[COLUMN_VERSION] = { "TLS", 4, 94, true, false },
	[COLUMN_SUITE] = { "suite", 12, 136, true, false },
	[COLUMN_GROUP] = { "group", 10, 120, true, false },
	[COLUMN_RESUMED] = { "res", 3, 120, true, false },
	[COLUMN_AGE] = { "age", 6, 66, false, true },
	[COLUMN_IDLE] = { "idle", 6, 80, false, true },
	[COLUMN_BYTES] = { "bytes", 8, 80, false, true },
	[COLUMN_READS] = { "reads", 7, 104, false, true },
	[COLUMN_RATE] = { "bytes/s", 8, 0, false, true },
	[COLUMN_STATE] = { "state", 9, 0, true, true },
};

/* Of conns.h, for each column that is sortable. */
static const enum conns_key keys[COLUMNS] = {
	[COLUMN_PEER] = CONNS_BY_PEER,
	[COLUMN_NAME] = CONNS_BY_NAME,
	[COLUMN_WORKER] = CONNS_BY_WORKER,
	[COLUMN_AGE] = CONNS_BY_AGE,
	[COLUMN_IDLE] = CONNS_BY_IDLE,
	[COLUMN_BYTES] = CONNS_BY_BYTES,
	[COLUMN_READS] = CONNS_BY_READS,
	[COLUMN_RATE] = CONNS_BY_RATE,
	[COLUMN_STATE] = CONNS_BY_STATE,
};

/* Of the worker and its connection, as long as that is open. */
static uint64_t
identity_of(const struct sample_conn *conn)
{
	return (uint64_t)conn->slot << 48 | (conn->row.id & 0xffffffffffff);
}

static const struct conns_item *
find(const struct model *m, uint64_t id)
{
	for (size_t i = 0; i < m->conns.count; i++)
		if (identity_of(m->conns.items[i].conn) == id)
			return &m->conns.items[i];
	return NULL;
}

/* "1.3" of "TLS1.3". */
static const char *
short_version(const struct stats_row *row, char text[static CONNS_TEXT])
{
	const char *version = conns_version(row->version, text);

	return strncmp(version, "TLS", 3) == 0 ? version + 3 : version;
}

/* "AES_128_GCM" of "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256". */
static const char *
short_suite(const struct stats_row *row, char text[static CONNS_TEXT])
{
	const char *suite = conns_suite(row->suite, text);
	const char *with = strstr(suite, "WITH_");

	if (with != NULL)
		return with + strlen("WITH_");
	return strncmp(suite, "TLS_", 4) == 0 ? suite + 4 : suite;
}

static const char *
format_text(const struct model *m, unsigned column,
    const struct conns_item *item, char text[static CONNS_TEXT])
{
	const struct stats_row *row = &item->conn->row;

	switch ((enum column_id)column) {
	case COLUMN_PEER:
		return conns_peer(row->address, row->port, text);
	case COLUMN_NAME:
		return row->name;
	case COLUMN_WORKER:
		(void)snprintf(text, CONNS_TEXT, "%u", item->conn->slot - 1);
		return text;
	case COLUMN_VERSION:
		return short_version(row, text);
	case COLUMN_SUITE:
		return short_suite(row, text);
	case COLUMN_GROUP:
		return conns_group(row->group, text);
	case COLUMN_RESUMED:
		return row->flags & STATS_ROW_RESUMED ? "yes" : "no";
	case COLUMN_AGE:
		return format_span(conns_age_ns(m->now, row), text);
	case COLUMN_IDLE:
		return format_span(conns_idle_ns(m->now, row), text);
	case COLUMN_BYTES:
		return format_value(
		    STATS_UNIT_BYTES, (double)row->bytes_received, text);
	case COLUMN_READS:
		return format_count((double)row->read_operations, text);
	case COLUMN_RATE:
		return format_value(
		    STATS_UNIT_BYTES, item->bytes_per_second, text);
	case COLUMN_STATE:
	case COLUMNS:
		break;
	}
	return conns_state(row);
}

static unsigned
style_of(unsigned column, const struct conns_item *item)
{
	const struct stats_row *row = &item->conn->row;

	if (column == COLUMN_STATE && row->state != STATS_ROW_OPEN)
		return STYLE_WARN;
	if (column == COLUMN_RATE && item->bytes_per_second <= 0)
		return STYLE_DIM;
	return STYLE_PLAIN;
}

static void
draw_cell(const struct model *m, struct canvas *c, const struct spot *spot,
    unsigned column, const struct list_row *row)
{
	const struct conns_item *item = row->item;
	char text[CONNS_TEXT];

	spot_text(c, spot, style_of(column, item),
	    format_text(m, column, item, text));
}

static const struct listview table = {
	.columns = columns,
	.count = COLUMNS,
	.cell = draw_cell,
};

/* Filtered and sorted by conns.h, which knows how. */
static void
fill(struct model *m, struct list *list)
{
	const struct conns_query query = {
		.key = list->sort == LIST_UNSORTED ? CONNS_BY_RATE
						   : keys[list->sort],
		.reverse = list->is_reversed,
		.filter = list->filter,
	};

	conns_free(&m->conns);
	if (conns_list(&m->conns, m->now, m->before, &query) < 0)
		return;
	list->total = m->conns.total;
	for (size_t i = 0; i < m->conns.count; i++)
		list_add(list,
		    (struct list_row){ .item = &m->conns.items[i],
			.id = identity_of(m->conns.items[i].conn) });
}

static void
draw(struct model *m, struct canvas *c, unsigned row, unsigned rows)
{
	const struct list *list = &m->lists[PAGE_CONNS];
	int open = sample_find(m->now, "open");

	if (list->total == 0 && open >= 0 &&
	    sample_total(m->now, (unsigned)open) > 0) {
		canvas_paragraph(c, (struct area){ row, 0, rows, c->columns },
		    STYLE_WARN, "This server keeps no table of connections.");
		return;
	}
	listview_draw(m, c, &table, &m->lists[PAGE_CONNS], row, rows);
}

static void
draw_pair(struct canvas *c, unsigned *row, unsigned end, const char *label,
    const char *text)
{
	if (*row >= end)
		return;
	canvas_text(c, *row, 0, 18, STYLE_TITLE, label);
	canvas_text(c, *row, 18, c->columns, STYLE_PLAIN, text);
	(*row)++;
}

static void
draw_traffic(const struct conns_item *item, struct canvas *c, unsigned *row,
    unsigned end)
{
	char text[FORMAT_TEXT];
	const struct stats_row *r = &item->conn->row;

	draw_pair(c, row, end, "bytes received",
	    units_format_count(r->bytes_received, text));
	draw_pair(
	    c, row, end, "bytes sent", units_format_count(r->bytes_sent, text));
	draw_pair(
	    c, row, end, "reads", units_format_count(r->read_operations, text));
	draw_pair(c, row, end, "reads/s",
	    format_count(item->read_operations_per_second, text));
	draw_pair(c, row, end, "bytes/s",
	    format_value(STATS_UNIT_BYTES, item->bytes_per_second, text));
}

static void
draw_details(const struct model *m, struct canvas *c, unsigned row,
    unsigned rows, uint64_t id)
{
	const struct conns_item *item = find(m, id);
	unsigned end = row + rows;
	char text[CONNS_TEXT];
	const struct stats_row *r;

	if (item == NULL)
		return;
	r = &item->conn->row;
	for (unsigned i = COLUMN_PEER; i <= COLUMN_WORKER; i++)
		draw_pair(c, &row, end,
		    i == COLUMN_WORKER ? "worker" : columns[i].title,
		    format_text(m, i, item, text));
	draw_pair(c, &row, end, "state", conns_state(r));
	draw_pair(c, &row, end, "version", conns_version(r->version, text));
	draw_pair(c, &row, end, "cipher suite", conns_suite(r->suite, text));
	draw_pair(c, &row, end, "group", conns_group(r->group, text));
	draw_pair(c, &row, end, "resumed",
	    r->flags & STATS_ROW_RESUMED ? "yes" : "no");
	draw_pair(c, &row, end, "age",
	    units_format_duration(conns_age_ns(m->now, r), text));
	draw_pair(c, &row, end, "idle",
	    units_format_duration(conns_idle_ns(m->now, r), text));
	draw_traffic(item, c, &row, end);
}

const struct page page_conns = {
	.name = "connections",
	.table = &table,
	.fill = fill,
	.draw = draw,
	.details = draw_details,
};
