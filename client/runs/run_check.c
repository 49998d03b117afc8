/* run_check: format, types, and what must belong together; see the header. */
#include "client/runs/run_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/options_limits.h"
#include "client/report/report.h"
#include "client/report/report_json.h"
#include "client/runs/fields.h"
#include "client/runs/hist_json.h"
#include "client/runs/run_file.h"
#include "client/tally_hist.h"

enum {
	NAME_MAX_LEN = 128 /* of a key, as it is shown */
};

#define TIME_MAX INT64_C(4000000000000000000) /* in ns */

static const char *const type_words[] = {
	[FIELD_TEXT] = "a string",
	[FIELD_FLAG] = "true or false",
	[FIELD_COUNT] = "an integer from 0 on",
	[FIELD_REAL] = "a number from 0 on",
	[FIELD_COUNTS] = "an object",
	[FIELD_OBJECT] = "an object",
	[FIELD_LIST] = "a list",
};

static bool
is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool
is_of_type(json_t *value, enum field_type type)
{
	switch (type) {
	case FIELD_TEXT:
		return json_is_string(value);
	case FIELD_FLAG:
		return json_is_boolean(value);
	case FIELD_COUNT:
		return is_count(value);
	case FIELD_REAL:
		return json_is_number(value) && json_number_value(value) >= 0;
	case FIELD_COUNTS:
	case FIELD_OBJECT:
		return json_is_object(value);
	case FIELD_LIST:
		return json_is_array(value);
	}
	return false;
}

static int
check_counts(
    json_t *object, const char *where, const char *name, struct errmsg *e)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
		if (!is_count(value))
			return errmsg_set(e, "%s%s.%s: not %s", where, name,
			    key, type_words[FIELD_COUNT]);
	return 0;
}

/* where: "" or what stands before the key, such as "series[3]." */
static int
check_fields(const json_t *object, const struct field *field, const char *where,
    struct errmsg *e)
{
	for (; field->key != NULL; field++) {
		json_t *value = json_object_get(object, field->key);

		if (value == NULL)
			return errmsg_set(
			    e, "%s%s: missing", where, field->key);
		if (!(field->may_be_null && json_is_null(value)) &&
		    !is_of_type(value, field->type))
			return errmsg_set(e, "%s%s: not %s%s", where,
			    field->key, type_words[field->type],
			    field->may_be_null ? " or null" : "");
		if (field->type == FIELD_COUNTS &&
		    check_counts(value, where, field->key, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_format(const json_t *root, struct errmsg *e)
{
	const char *format = json_string_value(json_object_get(root, "format"));
	const json_t *version = json_object_get(root, "format_version");

	if (format == NULL || strcmp(format, REPORT_JSON_FORMAT) != 0)
		return errmsg_set(e,
		    "format: not \"%s\", which tlsecho-client --json writes",
		    REPORT_JSON_FORMAT);
	if (!json_is_integer(version))
		return errmsg_set(e, "format_version: not an integer");
	if (json_integer_value(version) != REPORT_JSON_VERSION)
		return errmsg_set(e,
		    "format_version: %" JSON_INTEGER_FORMAT
		    ", but this program reads %d",
		    json_integer_value(version), REPORT_JSON_VERSION);
	return 0;
}

static int
check_status(const json_t *root, struct errmsg *e)
{
	switch (json_integer_value(json_object_get(root, "exit_status"))) {
	case REPORT_OK:
	case REPORT_FAILED:
	case REPORT_INVALID:
	case REPORT_MISSED:
		return 0;
	default:
		return errmsg_set(e, "exit_status: not 0, 1, 3 or 4");
	}
}

/* Of another layout a bucket means another time. */
static int
check_layout(const json_t *root, struct errmsg *e)
{
	json_t *own = hist_json_make_layout();
	const char *key;
	json_t *value;
	int result = 0;

	json_object_foreach(own, key, value)
		if (result == 0 &&
		    !json_equal(value,
			json_object_get(
			    json_object_get(root, "histogram_layout"), key)))
			result = errmsg_set(e,
			    "histogram_layout.%s: not the one that this "
			    "program has",
			    key);
	json_decref(own);
	return result;
}

/* Its summary, and the histogram itself, which may be empty. */
static int
check_known_hist(const json_t *root, const char *key, struct errmsg *e)
{
	char where[NAME_MAX_LEN];
	json_t *summary = json_object_get(root, key);

	(void)snprintf(where, sizeof where, "%s.", key);
	if (!json_is_object(summary))
		return errmsg_set(e, "%s: not an object, or missing", key);
	if (check_fields(summary, field_latency_table, where, e) < 0)
		return -1;
	if (json_object_get(json_object_get(root, "histograms"), key) == NULL)
		return errmsg_set(e, "histograms.%s: missing", key);
	return 0;
}

static int
check_known_hists(const json_t *root, struct errmsg *e)
{
	for (enum tally_hist i = 0; i < TALLY_HISTS; i++)
		if (check_known_hist(root, tally_hist_key(i), e) < 0)
			return -1;
	return check_known_hist(root, "handshake", e);
}

/* Those of later versions, too. */
static int
check_hists(const json_t *root, struct errmsg *e)
{
	json_t *hists = json_object_get(root, "histograms");
	char name[NAME_MAX_LEN];
	struct hist h;
	const char *key;
	json_t *value;

	json_object_foreach(hists, key, value) {
		(void)snprintf(name, sizeof name, "histograms.%s", key);
		if (hist_json_read(&h, value, name, e) < 0 ||
		    hist_json_check_sum(&h, name, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_second(const json_t *object, size_t nth, json_int_t *last_second,
    json_int_t *last_end_ns, struct errmsg *e)
{
	json_int_t second;
	json_int_t end_ns;
	char name[NAME_MAX_LEN];
	struct hist h;

	(void)snprintf(name, sizeof name, "series[%zu].", nth);
	if (check_fields(object, field_series_table, name, e) < 0)
		return -1;
	second = json_integer_value(json_object_get(object, "second"));
	end_ns = json_integer_value(json_object_get(object, "end_ns"));
	if (second <= *last_second || second > RUN_SECOND_MAX)
		return errmsg_set(e,
		    "%ssecond: not from %" JSON_INTEGER_FORMAT " to %d", name,
		    *last_second + 1, RUN_SECOND_MAX);
	if (end_ns < *last_end_ns || end_ns > TIME_MAX)
		return errmsg_set(e,
		    "%send_ns: not from %" JSON_INTEGER_FORMAT " to %" PRId64,
		    name, *last_end_ns, TIME_MAX);
	*last_second = second;
	*last_end_ns = end_ns;
	(void)snprintf(name, sizeof name, "series[%zu].latency", nth);
	return hist_json_read(&h, json_object_get(object, "latency"), name, e);
}

static int
check_series(const json_t *root, struct errmsg *e)
{
	json_t *list = json_object_get(root, "series");
	json_int_t last_second = 0;
	json_int_t last_end_ns = 0;
	json_t *object;
	size_t i;

	json_array_foreach(list, i, object)
		if (check_second(object, i, &last_second, &last_end_ns, e) < 0)
			return -1;
	return 0;
}

/* The limit keeps sums of times within 63 bits: it is in the year 2096. */
static int
check_window(const json_t *root, struct errmsg *e)
{
	json_t *measured = json_object_get(root, "measured");
	json_t *from = json_object_get(measured, "from_unix_ns");
	json_t *to = json_object_get(measured, "to_unix_ns");

	if (json_is_null(measured))
		return 0; /* it ended before anything was measured */
	if (json_integer_value(to) < json_integer_value(from))
		return errmsg_set(
		    e, "measured.to_unix_ns: before from_unix_ns");
	if (json_integer_value(to) > TIME_MAX)
		return errmsg_set(e,
		    "measured.to_unix_ns: too far in the "
		    "future");
	return 0;
}

static int
check_each(const json_t *root, const char *list_key, const struct field *fields,
    struct errmsg *e)
{
	json_t *list = json_object_get(root, list_key);
	char where[NAME_MAX_LEN];
	json_t *object;
	size_t i;

	json_array_foreach(list, i, object) {
		(void)snprintf(where, sizeof where, "%s[%zu].", list_key, i);
		if (check_fields(object, fields, where, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_words(const json_t *list, const char *name, struct errmsg *e)
{
	const json_t *word;
	size_t i;

	json_array_foreach(list, i, word)
		if (!json_is_string(word))
			return errmsg_set(e, "%s[%zu]: not a string", name, i);
	return 0;
}

/* What an earlier union was made of; a single run has none, or null. */
static int
check_merged(const json_t *root, struct errmsg *e)
{
	json_t *merged = json_object_get(root, "merged");

	if (merged == NULL || json_is_null(merged))
		return 0;
	if (!json_is_object(merged))
		return errmsg_set(e, "merged: not an object or null");
	if (check_fields(merged, field_merged_table, "merged.", e) < 0)
		return -1;
	if (check_each(merged, "files", field_part_table, e) < 0 ||
	    check_each(merged, "incomplete", field_remark_table, e) < 0 ||
	    check_each(merged, "missed", field_remark_table, e) < 0 ||
	    check_words(json_object_get(merged, "differing"), "differing", e) <
		0)
		return errmsg_prepend(e, "merged");
	return 0;
}

/* The objects of the document; some may be null. */
static int
check_objects(const json_t *root, struct errmsg *e)
{
	static const struct {
		const char *key;
		const struct field *fields;
	} objects[] = {
		{ "configuration", field_configuration_table },
		{ "environment", field_environment_table },
		{ "connections", field_connections_table },
		{ "traffic", field_traffic_table },
		{ "measured", field_measured_table },
		{ "expectations", field_expectations_table },
	};
	char where[NAME_MAX_LEN];

	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
		json_t *object = json_object_get(root, objects[i].key);

		(void)snprintf(where, sizeof where, "%s.", objects[i].key);
		if (!json_is_null(object) &&
		    check_fields(object, objects[i].fields, where, e) < 0)
			return -1;
	}
	return 0;
}

/* Of --part, which older versions do not have; or null. */
static int
check_part(const json_t *root, struct errmsg *e)
{
	const json_t *part =
	    json_object_get(json_object_get(root, "configuration"), "part");
	json_int_t number = json_integer_value(json_object_get(part, "part"));
	json_int_t parts = json_integer_value(json_object_get(part, "parts"));

	if (part == NULL || json_is_null(part))
		return 0;
	return number >= 1 && number <= parts && parts <= OPTIONS_PARTS_MAX
	    ? 0
	    : errmsg_set(e,
		  "configuration.part: not a part from 1 to parts, of which "
		  "there are at most %d",
		  OPTIONS_PARTS_MAX);
}

int
run_check(const json_t *root, struct errmsg *e)
{
	if (check_format(root, e) < 0 ||
	    check_fields(root, field_table, "", e) < 0 ||
	    check_objects(root, e) < 0 || check_part(root, e) < 0 ||
	    check_known_hists(root, e) < 0 || check_status(root, e) < 0 ||
	    check_layout(root, e) < 0 || check_window(root, e) < 0 ||
	    check_each(root, "addresses", field_address_table, e) < 0 ||
	    check_each(root, "negotiated", field_negotiated_table, e) < 0 ||
	    check_each(root, "goals", field_goal_table, e) < 0 ||
	    check_hists(root, e) < 0 || check_series(root, e) < 0)
		return -1;
	return check_merged(root, e);
}
