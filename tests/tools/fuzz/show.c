/* show: every printer and list, into memory; see the header. */
#include "tests/tools/fuzz/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/printable.h"
#include "tools/print/view_json.h"
#include "tools/print/view_table.h"
#include "tools/sample/conns.h"
#include "tools/sample/history.h"

static void
check_text(const char *text, size_t size)
{
	ASSERT(printable_is_utf8(text, size));
	for (size_t i = 0; i < size; i++)
		ASSERT(text[i] == '\n' || (unsigned char)text[i] >= ' ');
}

static int
print_table(const struct view *v, FILE *out)
{
	return view_table_print(v, out, 0);
}

static void
print(int (*print_view)(const struct view *, FILE *), const struct view *v)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ASSERT(out != NULL && print_view(v, out) == 0 && fclose(out) == 0);
	check_text(text, size);
	free(text);
}

static void
name_conn(const struct sample *s, const struct stats_row *row)
{
	char text[CONNS_TEXT];

	check_text(row->name, strlen(row->name));
	(void)conns_peer(row->address, row->port, text);
	(void)conns_state(row);
	(void)conns_version(row->version, text);
	(void)conns_suite(row->suite, text);
	(void)conns_group(row->group, text);
	(void)conns_age_ns(s, row);
	(void)conns_idle_ns(s, row);
}

static void
list_conns(const struct sample *now, const struct sample *before)
{
	struct conns_query query = { .filter = "a" };
	struct conns_list list;

	for (query.key = 0; query.key < CONNS_KEYS; query.key++) {
		ASSERT(conns_list(&list, now, before, &query) == 0);
		ASSERT(
		    list.count <= list.matched && list.matched <= list.total);
		query.filter = NULL;
		for (size_t i = 0; i < list.count; i++)
			name_conn(now, &list.items[i].conn->row);
		conns_free(&list);
	}
}

static void
list_offenders(const struct sample *s)
{
	size_t count;
	const struct stats_offender *o = sample_offenders(s, &count);
	char text[CONNS_TEXT];

	for (size_t i = 0; i < count; i++) {
		check_text(o[i].cause, strlen(o[i].cause));
		check_text(o[i].name, strlen(o[i].name));
		(void)conns_peer(o[i].address, o[i].port, text);
	}
}

static void
remember(const struct sample *now, const struct sample *before)
{
	struct history *history = history_new(4);
	double out[4];

	ASSERT(history != NULL);
	if (before != NULL)
		ASSERT(history_add(history, before) == 0);
	ASSERT(history_add(history, now) == 0);
	for (unsigned i = 0; i < sample_field_count(now); i++) {
		(void)history_rate(history, i, 1, out);
		(void)history_rates(history, i, out, 4);
		(void)history_values(history, i, out, 4);
		if (sample_hist(now, i) != NULL)
			(void)history_quantiles(
			    history, i, HISTORY_P99, out, 4);
	}
	history_free(&history);
}

void
show_all(const struct sample *now, const struct sample *before)
{
	struct view v = { .now = now, .before = before, .all = true };

	print(view_json_print, &v);
	print(print_table, &v);
	list_conns(now, before);
	list_offenders(now);
	remember(now, before);
}
