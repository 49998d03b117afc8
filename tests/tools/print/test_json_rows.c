/* Tests of tools/print/json_rows. */
#include "tools/print/json_rows.h"

#include <check.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tools/sample/build.h"

static const struct stats_row row = {
	.state = STATS_ROW_OPEN,
	.flags = STATS_ROW_RESUMED,
	.port = 4711,
	.bytes_sent = 7,
	.id = 3,
	.opened_ns = 1,
	.version = 0x0304,
	.address = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 },
	.name = "CN=caf\xe9", /* no UTF-8, which JSON has to be */
};
static const struct stats_offender offender = {
	.port = 4712,
	.alert = 48,
	.has_alert = STATS_ALERT_SENT,
	.address = { [15] = 1 },
	.cause = "unknown_issuer",
};

static void
expect(json_t *array, const char *wanted)
{
	char *text = json_dumps(array, JSON_COMPACT);

	ck_assert_str_eq(text, wanted);
	free(text);
	json_decref(array);
}

/* What is not known is null. */
TEST(rows)
{
	const struct sample_server server = { .name = "x" };
	struct stats_field fields[STATS_FIELDS];
	struct sample *s;

	stats_describe(fields);
	s = sample_new(&server, fields, STATS_FIELDS, 2);
	sample_set_times(s, 1500 * CLOCK_NS_PER_MS + 1, 0);
	expect(json_rows_connections(s), "[]");
	expect(json_rows_offenders(s), "[]");
	ck_assert_int_eq(sample_add_conn(s, 1, &row), 0);
	ck_assert_int_eq(sample_add_offender(s, &offender), 0);
	expect(json_rows_connections(s),
	    "[{\"worker\":0,\"id\":3,\"state\":\"open\","
	    "\"peer\":\"127.0.0.1:4711\",\"name\":\"CN=caf?\","
	    "\"version\":\"TLS1.3\",\"cipher\":null,\"group\":null,"
	    "\"resumed\":true,\"age_s\":1.5,\"idle_s\":1.5,"
	    "\"bytes_received\":0,\"bytes_sent\":7,\"read_operations\":0}]");
	expect(json_rows_offenders(s),
	    "[{\"time\":\"1970-01-01T00:00:00.000Z\","
	    "\"peer\":\"[::1]:4712\",\"cause\":\"unknown_issuer\","
	    "\"name\":null,\"alert\":48,\"alert_from\":\"server\"}]");
	sample_free(&s);
}

SUITE("tools/print/json_rows")
