/* test_report_json: the keys that the man page names, and where it goes. */
#include "client/report/report_json.h"

#include <jansson.h>
#include <string.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/report/report_file.h"
#include "client/tally.h"
#include "common/base/version.h"
#include "common/tls/params.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct options o = { .connections = 3, .workers = 2, .target = "h:1" };
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

/* The value of "a.b" must be that integer. */
static void
expect(json_t *object, const char *path, json_int_t value)
{
	char text[64];
	char *rest = text;
	char *key;

	(void)strcpy(text, path);
	while ((key = strsep(&rest, ".")) != NULL)
		object = json_object_get(object, key);
	ck_assert_msg(json_is_integer(object), "%s", path);
	ck_assert_msg(json_integer_value(object) == value, "%s: %lld", path,
	    (long long)json_integer_value(object));
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
	hist_add(&totals.lateness, 5000, 9);
	stats_add(&totals.shard, STATS_HANDSHAKES_COMPLETED, 3);
	stats_add(&totals.shard, STATS_READ_OPERATIONS, 13);
	stats_add(&totals.shard, STATS_WRITE_OPERATIONS, 14);
	stats_add(&totals.shard, STATS_BYTES_RECEIVED, 1234567);
	stats_add(&totals.shard, STATS_BYTES_SENT, 1234568);
	hist_add(&totals.round_trip, 20, 12);
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
	expect(object, "transaction.p999_ns", 0);
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
	expect(object, "round_trip.p99_ns", 20);
	expect(object, "round_trip.p999_ns", 20);
	expect(object, "round_trip.max_ns", 20);
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
		"RSA-PSS-RSAE-SHA256", false };
	const struct tls_names resumed = { "TLS1.3", "AES-256-GCM",
		"X25519-MLKEM768", "none", true };
	json_t *object;
	json_t *list;

	negotiated_add(&totals.negotiated, &plain, 1);
	negotiated_add(&totals.negotiated, &resumed, 1);
	negotiated_add(&totals.negotiated, &plain, 1);
	object = written();
	list = json_pack("[{s:s, s:s, s:s, s:s, s:b, s:i},"
			 " {s:s, s:s, s:s, s:s, s:b, s:i}]",
	    "version", "TLS1.3", "suite", "AES-256-GCM", "group", "X25519",
	    "signature", "RSA-PSS-RSAE-SHA256", "post_quantum", 0,
	    "connections", 2, "version", "TLS1.3", "suite", "AES-256-GCM",
	    "group", "X25519-MLKEM768", "signature", "none", "post_quantum", 1,
	    "connections", 1);
	ck_assert(json_equal(json_object_get(object, "negotiated"), list));
	json_decref(list);
	json_decref(object);
}

TEST(invalid)
{
	json_t *object;
	const char *why;

	tally_add(&totals, TALLY_MADE, 3);
	hist_add(&totals.lateness, 5000, 9);
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

SUITE("client/report/report_json")
