/* conns_json: built with jansson; see the header. */
#include "tools/http/conns_json.h"

#include <jansson.h>
#include <math.h>

#include "tools/print/json_rows.h"

enum {
	FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(9)
};

static void
set(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static json_t *
make_item(const struct sample *now, const struct conns_item *item)
{
	json_t *o = json_rows_connection(now, item->conn);

	set(o, "bytes_per_second", json_real(round(item->bytes_per_second)));
	set(o, "read_operations_per_second",
	    json_real(round(item->read_operations_per_second * 10) / 10));
	return o;
}

static json_t *
make_list(const struct sample *now, const struct conns_list *list)
{
	json_t *root = json_object();
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		(void)json_array_append_new(
		    array, make_item(now, &list->items[i]));
	set(root, "total", json_integer((json_int_t)list->total));
	set(root, "matched", json_integer((json_int_t)list->matched));
	set(root, "connections", array);
	return root;
}

int
conns_json_print(const struct sample *now, const struct sample *before,
    const struct conns_query *query, FILE *out)
{
	struct conns_list list = { .items = NULL };
	json_t *root;
	int result;

	if (now != NULL && conns_list(&list, now, before, query) < 0)
		return -1;
	root = make_list(now, &list);
	conns_free(&list);
	result = json_dumpf(root, out, FLAGS);
	json_decref(root);
	return result;
}
