/* test_report_json: the keys that the man page names, and where it goes. */
#include "client/report/report_json.h"

#include <jansson.h>
#include <string.h>

#include "client/job.h"
#include "client/options.h"
#include "client/options_table.h"
#include "client/report/report.h"
#include "client/report/report_file.h"
#include "client/report/series.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "common/base/version.h"
#include "common/tls/params.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct options o = { .files = { .cert = { "c" } },
	.connections = 3,
	.workers = 2,
	.target = "h:1" };
static struct tally totals;
static struct addr_list addrs;
static struct report r = { .options = &o, .addrs = &addrs, .totals = &totals };
static struct errmsg e;

static json_t *
written(void)
{
	struct report_file file = REPORT_FILE_NONE;
	json_t *object;

	scratch_enter();
	ck_assert_int_eq(report_file_open(&file, "run.json", &e), 0);
	ck_assert_msg(report_json_write(&file, &r, &e) == 0, "%s", e.text);
	report_file_close(&file);
	object = json_load_file("run.json", JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(object);
	scratch_leave();
	return object;
}

/* The value of "a.b" must be that integer; or null, for -1. */
static void
expect(json_t *object, const char *path, json_int_t value)
{
	char text[64];
	char *rest = text;
	char *key;

	(void)strcpy(text, path);
	while ((key = strsep(&rest, ".")) != NULL)
		object = json_object_get(object, key);
	ck_assert_msg(
	    json_integer_value(object) == value || json_is_null(object),
	    "%s: %lld", path, (long long)json_integer_value(object));
	ck_assert_msg(json_is_null(object) == (value < 0), "%s", path);
}

static void
expect_text(const json_t *value, const char *text)
{
	ck_assert_str_eq(json_string_value(value), text);
}

static void
fill(void)
{
	struct tally_failure alert = { .time_ns = 1,
		.reason = REASON_PEER_ALERT,
		.alert = 48,
		.detail = "unknown_ca",
		.connection = 2,
		.worker = 1 };

	tally_fail(&totals, &alert, false);
	tally_add(&totals, TALLY_MADE, 1);
	tally_add(&totals, TALLY_UNANSWERED, 2);
	tally_add(&totals, TALLY_ROUND_TRIPS, 12);
	tally_add(&totals, TALLY_CPU_NS, 60);
	tally_add(&totals, TALLY_DUE, 9);
	tally_add(&totals, TALLY_STARTED, 8);
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 5000, 9);
	stats_add(&totals.shard, STATS_HANDSHAKES_COMPLETED, 3);
	stats_add(&totals.shard, STATS_READ_OPERATIONS, 13);
	stats_add(&totals.shard, STATS_WRITE_OPERATIONS, 14);
	stats_add(&totals.shard, STATS_BYTES_RECEIVED, 1234567);
	stats_add(&totals.shard, STATS_BYTES_SENT, 1234568);
	hist_add(&totals.hists[TALLY_HIST_ROUND_TRIP], 20, 12);
	r.elapsed_ns = 2000000000;
	r.workers_died = 1;
}

TEST(integers)
{
	json_t *object;

	fill();
	object = written();
	expect(object, "workers", 2);
	expect(object, "connections.asked", 3);
	expect(object, "connections.made", 1);
	expect(object, "connections.failed", 1);
	expect(object, "connections.not_made", 1);
	expect(object, "connections.lost", 0);
	expect(object, "connections.cut_off", 0);
	expect(object, "connections.unanswered", 2);
	expect(object, "elapsed_ns", 2000000000);
	expect(object, "round_trips", 12);
	ck_assert(json_is_null(json_object_get(object, "cpu_ns")));
	ck_assert(
	    json_is_null(json_object_get(object, "cpu_per_round_trip_ns")));
	ck_assert(
	    json_is_null(json_object_get(object, "cpu_per_transaction_ns")));
	expect(object, "rate", 0);
	expect(object, "intended", 9);
	expect(object, "started", 8);
	expect(object, "lateness.count", 9);
	ck_assert(json_is_true(json_object_get(object, "valid")));
	ck_assert(json_is_null(json_object_get(object, "invalid_because")));
	expect(object, "transactions", 0);
	expect(object, "tickets", 0);
	expect(object, "transaction.count", 0);
	expect(object, "transaction.min_ns", 0);
	expect(object, "transaction.max_ns", 0);
	expect(object, "traffic.handshakes", 3);
	expect(object, "traffic.handshakes_resumed", 0);
	expect(object, "traffic.read_operations", 13);
	expect(object, "traffic.write_operations", 14);
	expect(object, "traffic.bytes_received", 1234567);
	expect(object, "traffic.bytes_sent", 1234568);
	expect(object, "traffic.wire_bytes_received", 0);
	expect(object, "traffic.wire_bytes_sent", 0);
	expect(object, "errors.peer_alert", 1);
	expect(object, "alerts.unknown_ca", 1);
	expect(object, "first_failure.connection", 2);
	expect(object, "first_failure.worker", 1);
	expect(object, "workers_died", 1);
	expect(object, "handshake.count", 0);
	expect(object, "round_trip.count", 12);
	expect(object, "round_trip.min_ns", 20);
	expect(object, "round_trip.p50_ns", 20);
	expect(object, "round_trip.p90_ns", 20);
	expect(object, "round_trip.max_ns", 20);
	expect(object, "round_trip.p99_ns", -1);
	expect(object, "transaction.p50_ns", -1);
	json_decref(object);
}

/* As they were given, and what was not measured is null. */
TEST(goals)
{
	json_t *object;
	const json_t *list;
	const json_t *goal;

	ck_assert_int_eq(goals_add(&o.goals, "p90<15ns", &e), 0);
	ck_assert_int_eq(goals_add(&o.goals, "handshake_p99<1s", &e), 0);
	fill();
	object = written();
	list = json_object_get(object, "goals");
	ck_assert_uint_eq(json_array_size(list), 2);
	goal = json_array_get(list, 0);
	ck_assert_str_eq(
	    json_string_value(json_object_get(goal, "goal")), "p90<15ns");
	ck_assert_double_eq(
	    json_real_value(json_object_get(goal, "value")), 20);
	ck_assert(json_is_false(json_object_get(goal, "met")));
	goal = json_array_get(list, 1);
	ck_assert(json_is_null(json_object_get(goal, "value")));
	ck_assert(json_is_null(json_object_get(goal, "met")));
	json_decref(object);
}

TEST(other_types)
{
	json_t *object;
	const char *program;
	const char *version;
	const char *target;
	const char *reason;
	const char *detail;
	double rate;
	double percent;
	double mean;
	int ok;
	int interrupted;

	fill();
	object = written();
	ck_assert_int_eq(
	    json_unpack(object,
		"{s:s, s:s, s:s, s:b, s:b, s:f, s:f, s:{s:f},"
		" s:{s:s, s:s}}",
		"program", &program, "version", &version, "target", &target,
		"ok", &ok, "interrupted", &interrupted,
		"round_trips_per_second", &rate, "latency_error_percent",
		&percent, "round_trip", "mean_ns", &mean, "first_failure",
		"reason", &reason, "detail", &detail),
	    0);
	ck_assert_str_eq(program, "tlsecho-client");
	ck_assert_str_eq(version, TLSECHO_VERSION);
	ck_assert_str_eq(target, "h:1");
	ck_assert_str_eq(reason, "peer_alert");
	ck_assert_str_eq(detail, "unknown_ca");
	ck_assert(!ok && !interrupted);
	ck_assert_double_eq(rate, 6);
	ck_assert_double_eq(percent, HIST_ERROR_PERCENT);
	ck_assert_double_eq(mean, 20);
	json_decref(object);
}

TEST(negotiated)
{
	const struct tls_names plain = { "TLS1.3", "AES-256-GCM", "X25519",
		"RSA-PSS-RSAE-SHA256", false, "h2" };
	const struct tls_names resumed = { "TLS1.3", "AES-256-GCM",
		"X25519-MLKEM768", "none", true, "none" };
	json_t *object;
	json_t *list;

	negotiated_add(&totals.negotiated, &plain, 1);
	negotiated_add(&totals.negotiated, &resumed, 1);
	negotiated_add(&totals.negotiated, &plain, 1);
	object = written();
	list = json_pack("[{s:s, s:s, s:s, s:s, s:b, s:s, s:i},"
			 " {s:s, s:s, s:s, s:s, s:b, s:s, s:i}]",
	    "version", "TLS1.3", "suite", "AES-256-GCM", "group", "X25519",
	    "signature", "RSA-PSS-RSAE-SHA256", "post_quantum", 0, "alpn", "h2",
	    "connections", 2, "version", "TLS1.3", "suite", "AES-256-GCM",
	    "group", "X25519-MLKEM768", "signature", "none", "post_quantum", 1,
	    "alpn", "none", "connections", 1);
	ck_assert(json_equal(json_object_get(object, "negotiated"), list));
	json_decref(list);
	json_decref(object);
}

TEST(invalid)
{
	json_t *object;
	const char *why;

	tally_add(&totals, TALLY_MADE, 3);
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 5000, 9);
	o.rate = 1;
	o.late_limit_ns = 1000;
	r.busiest = 1;
	object = written();
	ck_assert(json_is_false(json_object_get(object, "ok")));
	ck_assert(json_is_false(json_object_get(object, "valid")));
	why = json_string_value(json_object_get(object, "invalid_because"));
	ck_assert_ptr_nonnull(why);
	ck_assert_ptr_nonnull(strstr(why, "saturated"));
	ck_assert_ptr_nonnull(strstr(why, "; the generator was late"));
	json_decref(object);
}

TEST(nothing_went_wrong)
{
	json_t *object;

	tally_add(&totals, TALLY_MADE, 3);
	tally_add(&totals, TALLY_ROUND_TRIPS, 12);
	tally_add(&totals, TALLY_TRANSACTIONS, 3);
	tally_add(&totals, TALLY_CPU_NS, 60);
	object = written();
	expect(object, "cpu_ns", 60);
	ck_assert_double_eq(
	    json_real_value(json_object_get(object, "cpu_per_round_trip_ns")),
	    5);
	ck_assert_double_eq(
	    json_real_value(json_object_get(object, "cpu_per_transaction_ns")),
	    20);
	ck_assert(json_is_true(json_object_get(object, "ok")));
	ck_assert(json_is_null(json_object_get(object, "first_failure")));
	ck_assert_uint_eq(
	    json_object_size(json_object_get(object, "errors")), 0);
	ck_assert_uint_eq(
	    json_object_size(json_object_get(object, "alerts")), 0);
	json_decref(object);
}

/* In whatever way an option is kept, its value must be told. */
TEST(configuration_is_whole)
{
	json_t *object, *configuration;

	o.pipeline = 7;
	o.duration_ns = 5;
	o.files.ca[0] = "roots.pem";
	o.files.password_file = "secret";
	object = written();
	configuration = json_object_get(object, "configuration");
	for (const struct args_option *a = options_table; a->name != NULL;
	     a++) {
		char key[64];
		size_t n = strlen(a->name);
		bool found = a->kind == ARGS_KIND_HEADING;
		const char *name;
		json_t *value;

		for (size_t i = 0; i <= n; i++)
			key[i] = a->name[i] == '-' ? '_' : a->name[i];
		json_object_foreach(configuration, name, value)
			found = found || strncmp(name, key, n) == 0;
		ck_assert_msg(found !=
			(strcmp(key, "password_file") == 0 ||
			    strcmp(key, "threshold") == 0 ||
			    strcmp(key, "allow_missing") == 0),
		    "%s: see calls of client/report/json_config.c", a->name);
	}
	expect(object, "configuration.pipeline", 7);
	expect(object, "configuration.duration_ns", 5);
	expect(object, "configuration.size_max", 0);
	ck_assert_str_eq(json_string_value(json_array_get(
			     json_object_get(configuration, "ca"), 0)),
	    "roots.pem");
	json_decref(object);
}

/* JSON is UTF-8; what was given or received need not be. */
TEST(odd_text)
{
	json_t *object;
	json_t *config;

	o.target = "h\xff:1";
	o.alpn[0] = "\xfa\xfa";
	o.files.cert[0] = "\xc3\xa4\xff\"";
	object = written();
	config = json_object_get(object, "configuration");
	expect_text(json_object_get(object, "target"), "h\\FF:1");
	expect_text(json_object_get(config, "cert"), "\xc3\xa4\\FF\"");
	expect_text(
	    json_array_get(json_object_get(config, "alpn"), 0), "\\FA\\FA");
	json_decref(object);
}

TEST(times_of_the_wall_clock)
{
	json_t *object = written();

	ck_assert(json_is_null(json_object_get(object, "measured")));
	json_decref(object);
	r.wall_ns = 1769862896789 * CLOCK_NS_PER_MS;
	r.measured_wall_ns = r.wall_ns + 5;
	r.elapsed_ns = 10;
	object = written();
	ck_assert_str_eq(
	    json_string_value(json_object_get(object, "started_at")),
	    "2026-01-31T12:34:56.789Z");
	expect(object, "measured.from_unix_ns", r.wall_ns + 5);
	expect(object, "measured.to_unix_ns", r.wall_ns + 15);
	json_decref(object);
}

TEST(histograms_and_series)
{
	struct job job = { .options = &o, .tallies = &totals };
	json_t *object;
	json_t *list;

	o.workers = 1;
	r.series = series_new(&job);
	series_start(r.series, 1);
	fill();
	series_sample(r.series, 1 + CLOCK_NS_PER_S, 50);
	hist_add(&totals.hists[TALLY_HIST_ROUND_TRIP], 70, 1);
	series_stop(r.series, 1 + 2 * CLOCK_NS_PER_S, -1);
	object = written();
	expect(object, "histogram_layout.sub_bits", HIST_SUB_BITS);
	expect(object, "histogram_layout.value_bits", HIST_VALUE_BITS);
	expect(object, "histogram_layout.buckets", HIST_BUCKETS);
	list = json_pack("{s:i, s:i, s:i, s:[[i, i], [i, i]]}", "count", 13,
	    "sum", 12 * 20 + 70, "max", 70, "buckets", 20, 12, 67, 1);
	ck_assert(
	    json_equal(json_object_get(
			   json_object_get(object, "histograms"), "round_trip"),
		list));
	json_decref(list);
	list = json_pack("[{s:i, s:I, s:i, s:i, s:i, s:i, s:i, s:i, s:i,"
			 "  s:{s:i, s:i, s:i, s:[[i, i]]}},"
			 " {s:i, s:I, s:i, s:i, s:i, s:i, s:i, s:i, s:n,"
			 "  s:{s:i, s:i, s:i, s:[[i, i]]}}]",
	    "second", 1, "end_ns", CLOCK_NS_PER_S, "open", 0, "round_trips", 12,
	    "transactions", 0, "errors", 1, "bytes_received", 1234567,
	    "bytes_sent", 1234568, "cpu_ns", 50, "latency", "count", 12, "sum",
	    240, "max", 20, "buckets", 20, 12, "second", 2, "end_ns",
	    2 * CLOCK_NS_PER_S, "open", 0, "round_trips", 0, "transactions", 0,
	    "errors", 0, "bytes_received", 0, "bytes_sent", 0, "cpu_ns",
	    "latency", "count", 1, "sum", 70, "max", 70, "buckets", 67, 1);
	ck_assert(json_equal(json_object_get(object, "series"), list));
	json_decref(list);
	json_decref(object);
	series_free(&r.series);
}

SUITE("client/report/report_json")
