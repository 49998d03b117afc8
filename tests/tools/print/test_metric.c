/* Tests of tools/print/metric: names, and numbers as Go spells them. */
#include "tools/print/metric.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

static const struct {
	struct stats_field field;
	const char *name, *label, *value;
	enum metric_type type;
} names[] = {
	{ { .name = "accepted" }, "tlsecho_connections_accepted_total", NULL,
	    NULL, METRIC_COUNTER },
	{ { .name = "open", .kind = STATS_KIND_DIFFERENCE },
	    "tlsecho_connections_open", NULL, NULL, METRIC_GAUGE },
	{ { .name = "handshakes_tls1_3" },
	    "tlsecho_handshakes_by_version_total", "tls_protocol_version",
	    "1.3", METRIC_COUNTER },
	{ { .name = "handshake_expired" }, "tlsecho_handshake_failures_total",
	    "cause", "expired", METRIC_COUNTER },
	{ { .name = "bytes_sent", .unit = STATS_UNIT_BYTES },
	    "tlsecho_sent_bytes_total", NULL, NULL, METRIC_COUNTER },
	{ { .name = "echo_time",
	      .unit = STATS_UNIT_NS,
	      .kind = STATS_KIND_HIST },
	    "tlsecho_echo_duration_seconds", NULL, NULL, METRIC_HISTOGRAM },
	{ { .name = "of_tomorrow" }, "tlsecho_of_tomorrow_total", NULL, NULL,
	    METRIC_COUNTER },
	{ { .name = "next_end",
	      .unit = STATS_UNIT_DATE,
	      .kind = STATS_KIND_GAUGE },
	    "tlsecho_next_end_timestamp_seconds", NULL, NULL, METRIC_GAUGE },
};

static void
expect_text(const char *text, const char *wanted)
{
	if (wanted == NULL)
		ck_assert_ptr_null(text);
	else
		ck_assert_str_eq(text, wanted);
}

TEST_EACH(name_of_a_field, names)
{
	struct metric metric;

	metric_name(&names[_i].field, &metric);
	ck_assert_str_eq(metric.name, names[_i].name);
	ck_assert_int_eq(metric.type, names[_i].type);
	expect_text(metric.label, names[_i].label);
	expect_text(metric.value, names[_i].value);
}

/* It is shown alone, where "of these" would point at nothing. */
TEST(help_stands_alone)
{
	static const char *const dependent[] = { "of these",
		"completed:", "failed:", "ended:", "not accepted:" };
	struct stats_field fields[STATS_FIELDS];
	struct metric metric;

	stats_describe(fields);
	for (unsigned i = 0; i < STATS_FIELDS; i++) {
		metric_name(&fields[i], &metric);
		ck_assert_ptr_nonnull(metric.help);
		for (size_t d = 0; d < TEST_ROWS(dependent); d++)
			ck_assert_msg(strncmp(metric.help, dependent[d],
					  strlen(dependent[d])) != 0,
			    "%s: %s", metric.name, metric.help);
	}
}

/* A name in the table that no counter has would never be looked up. */
TEST(table_has_only_counters_of_the_release)
{
	static const char *const named[] = {
#define METRIC(field, name, help)     #field,
#define BY(field, name, label, value) #field,
#include "tools/print/prometheus.def"
	};
	struct stats_field fields[STATS_FIELDS];

	stats_describe(fields);
	for (size_t i = 0; i < TEST_ROWS(named); i++) {
		unsigned found = 0;

		for (unsigned f = 0; f < STATS_FIELDS; f++)
			found += strcmp(fields[f].name, named[i]) == 0;
		ck_assert_msg(found == 1, "%s", named[i]);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(named[i], named[j]);
	}
}

/* As Go's strconv.FormatFloat(x, 'g', -1, 64) and, with ".0", le. */
static const struct {
	double value;
	const char *text, *edge;
} numbers[] = {
	{ 0, "0", "0.0" },
	{ 1, "1", "1.0" },
	{ 16, "16", "16.0" },
	{ 0.1, "0.1", "0.1" },
	{ 1e-9, "1e-09", "1e-09" },
	{ 1.024e-06, "1.024e-06", "1.024e-06" },
	{ 0.0001, "0.0001", "0.0001" },
	{ 0.000131072, "0.000131072", "0.000131072" },
	{ 0.001048576, "0.001048576", "0.001048576" },
	{ 1.0 / 3, "0.3333333333333333", "0.3333333333333333" },
	{ 549.755813888, "549.755813888", "549.755813888" },
	{ 524288, "524288", "524288.0" },
	{ 1048576, "1.048576e+06", "1.048576e+06" },
	{ 1e21, "1e+21", "1e+21" },
};

TEST_EACH(number_as_in_go, numbers)
{
	char text[METRIC_FLOAT];

	ck_assert_str_eq(
	    metric_float(numbers[_i].value, text), numbers[_i].text);
	ck_assert_str_eq(
	    metric_edge(numbers[_i].value, text), numbers[_i].edge);
}

SUITE("tools/print/metric")
