/* Tests of tools/http/conns_json: the keys of -j and two rates. */
#include "tools/http/conns_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "tests/support/suite.h"
#include "tools/print/json_rows.h"
#include "tools/sample/build.h"

static struct sample *
make_sample(int64_t now_ns, uint64_t bytes)
{
	const struct sample_server server = { .name = "x" };
	const struct stats_row row = { .state = STATS_ROW_OPEN,
		.id = 3,
		.name = "CN=caf\xe9",
		.bytes_received = bytes,
		.read_operations = bytes / 16 };
	struct stats_field fields[STATS_FIELDS];
	struct sample *s;

	stats_describe(fields);
	s = sample_new(&server, fields, STATS_FIELDS, 2);
	ck_assert_ptr_nonnull(s);
	sample_set_times(s, now_ns, 0);
	ck_assert_int_eq(sample_add_conn(s, 1, &row), 0);
	return s;
}

static json_t *
print(const struct sample *now, const struct sample *before)
{
	const struct conns_query query = { .limit = 10 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *root;

	ck_assert_int_eq(conns_json_print(now, before, &query, out), 0);
	(void)fclose(out);
	root = json_loads(text, 0, NULL);
	free(text);
	return root;
}

TEST(objects_are_those_of_rows_with_rates)
{
	struct sample *before = make_sample(CLOCK_NS_PER_S, 160);
	struct sample *now = make_sample(2 * CLOCK_NS_PER_S, 480);
	json_t *root = print(now, before);
	json_t *rows = json_rows_connections(now);
	json_t *wanted = json_array_get(rows, 0);
	json_t *given = json_array_get(json_object_get(root, "connections"), 0);

	ck_assert_int_eq(
	    json_object_set_new(wanted, "bytes_per_second", json_real(320)), 0);
	ck_assert_int_eq(json_object_set_new(wanted,
			     "read_operations_per_second", json_real(20)),
	    0);
	ck_assert(json_equal(given, wanted));
	ck_assert_str_eq(
	    json_string_value(json_object_get(given, "name")), "CN=caf?");
	json_decref(rows);
	json_decref(root);
	sample_free(&before);
	sample_free(&now);
}

TEST(no_sample)
{
	json_t *root = print(NULL, NULL);

	ck_assert_int_eq(json_integer_value(json_object_get(root, "total")), 0);
	ck_assert_uint_eq(
	    json_array_size(json_object_get(root, "connections")), 0);
	json_decref(root);
}

SUITE("tools/http/conns_json")
