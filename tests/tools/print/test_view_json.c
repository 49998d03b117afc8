/* Tests of tools/print/view_json: its numbers are those counted. */
#include "tools/print/view_json.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/demo_segment.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"
#include "tools/sample/build.h"
#include "tools/sample/take.h"

static struct demo_segment demo;
static struct shm_case c;
static struct stats_shm *shm;
static const char *const *filters;

static void
start(const char *label)
{
	shm_case_init(&c, label);
	demo_segment_start_named(&demo, c.name, 4);
	shm = shm_case_attach(&c);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 4711);
	demo_segment_state(&demo, 2, STATS_SLOT_DRAINING, 4712);
}

static void
stop(void)
{
	stats_shm_close(&shm);
	demo_segment_stop(&demo);
}

/* The view's text is one line, and valid JSON; for json_decref. */
static json_t *
view(const struct sample *now, const struct sample *before)
{
	const struct view v = {
		.now = now, .before = before, .filters = filters
	};
	json_error_t error;
	char *text = NULL;
	json_t *root;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(view_json_print(&v, out), 0);
	(void)fclose(out);
	ck_assert_ptr_eq(strchr(text, '\n'), text + size - 1);
	root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(root != NULL, "%s", error.text);
	free(text);
	return root;
}

static struct sample *
take(int64_t now_ns)
{
	struct errmsg e;
	struct sample *s =
	    sample_take(shm, now_ns, 1769862896789 * CLOCK_NS_PER_MS, &e);

	ck_assert_ptr_nonnull(s);
	return s;
}

static json_int_t
integer(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_integer(value), "%s", key);
	return json_integer_value(value);
}

TEST(keys_are_stable)
{
	static const char *const keys[] = { "name", "program", "pid",
		"foreign_user", "alive", "start", "uptime_s", "time", "zone",
		"counters", "histograms", "workers", "fields" };
	json_t *value, *root;
	struct sample *s;
	const char *key;
	size_t i = 0;

	start("keys");
	s = take(0);
	root = view(s, NULL);
	json_object_foreach(root, key, value)
		ck_assert_str_eq(key, keys[i++]);
	ck_assert_uint_eq(i, sizeof keys / sizeof *keys);
	json_decref(root);
	sample_free(&s);
	stop();
}

/* Who is neither root nor this user is named. */
TEST(stranger_is_named)
{
	struct sample *s;
	json_t *root;

	start("stranger");
	s = take(clock_now_ns());
	root = view(s, NULL);
	ck_assert(json_is_null(json_object_get(root, "foreign_user")));
	json_decref(root);
	if (geteuid() == 0 && chown(c.path, 65534, 65534) == 0) {
		sample_free(&s);
		s = take(clock_now_ns());
		root = view(s, NULL);
		ck_assert_str_eq(
		    json_string_value(json_object_get(root, "foreign_user")),
		    "65534 (nobody)");
		json_decref(root);
	}
	sample_free(&s);
	stop();
}

TEST(server_is_described)
{
	const struct stats_header *h;
	struct sample *s;
	json_t *root;

	start("server");
	h = stats_shm_header(shm);
	s = take(h->start_ns + 1500 * CLOCK_NS_PER_MS);
	root = view(s, NULL);
	ck_assert_str_eq(
	    json_string_value(json_object_get(root, "name")), c.name);
	ck_assert_str_eq(
	    json_string_value(json_object_get(root, "program")), "demo 1.0");
	ck_assert_str_eq(json_string_value(json_object_get(root, "time")),
	    "2026-01-31T12:34:56.789Z");
	ck_assert_uint_eq(
	    json_string_length(json_object_get(root, "start")), 20);
	ck_assert_int_eq(integer(root, "pid"), demo.pid);
	ck_assert(json_is_true(json_object_get(root, "alive")));
	ck_assert_double_eq(
	    json_real_value(json_object_get(root, "uptime_s")), 1.5);
	json_decref(root);
	sample_free(&s);
	stop();
}

/* Each counter, against what stats_shm_value says, and no other. */
TEST(counters_are_those_of_the_segment)
{
	struct sample *s;
	json_t *counters;
	json_t *root;
	size_t count = 0;

	start("counters");
	for (unsigned i = 0; i < STATS_COUNTERS; i++) {
		demo_segment_add(&demo, 1, (enum stats_counter)i, 1000 + i);
		demo_segment_add(&demo, 0, (enum stats_counter)i, 7 * i);
	}
	s = take(0);
	root = view(s, NULL);
	counters = json_object_get(root, "counters");
	for (unsigned i = 0; i < STATS_FIELDS; i++) {
		const struct stats_field *f = stats_shm_field(shm, i);

		if (f->kind == STATS_KIND_HIST)
			continue;
		ck_assert_int_eq(integer(counters, f->name),
		    (json_int_t)(stats_shm_value(shm, 0, i) +
			stats_shm_value(shm, 1, i)));
		count++;
	}
	ck_assert_uint_eq(json_object_size(counters), count);
	json_decref(root);
	sample_free(&s);
	stop();
}

TEST(large_counters_are_clamped)
{
	const json_t *counters;
	struct sample *s;
	json_t *root;

	start("large");
	demo_segment_add(&demo, 1, STATS_BYTES_SENT, UINT64_MAX);
	demo_segment_add(
	    &demo, 1, STATS_BYTES_RECEIVED, (UINT64_C(1) << 53) + 1);
	s = take(0);
	root = view(s, NULL);
	counters = json_object_get(root, "counters");
	ck_assert_int_eq(integer(counters, "bytes_sent"), INT64_MAX);
	ck_assert_int_eq(
	    integer(counters, "bytes_received"), (INT64_C(1) << 53) + 1);
	json_decref(root);
	sample_free(&s);
	stop();
}

TEST(rates_come_with_the_second_sample)
{
	struct sample *before;
	struct sample *now;
	json_t *root, *rates;

	start("rates");
	before = take(0);
	root = view(before, NULL);
	ck_assert_ptr_null(json_object_get(root, "rates"));
	json_decref(root);
	demo_segment_add(&demo, 1, STATS_BYTES_SENT, 1000);
	demo_segment_hist(&demo, 1, STATS_ECHO_TIME, 5, 1);
	now = take(3 * CLOCK_NS_PER_S);
	root = view(now, before);
	rates = json_object_get(root, "rates");
	ck_assert_double_eq(
	    json_real_value(json_object_get(rates, "bytes_sent")), 333.333);
	ck_assert_double_eq(
	    json_real_value(json_object_get(rates, "echo_time")), 0.333);
	ck_assert_double_eq(
	    json_real_value(json_object_get(rates, "accepted")), 0);
	ck_assert_ptr_null(json_object_get(rates, "open"));
	ck_assert_double_eq(
	    json_real_value(json_object_get(root, "interval_s")), 3);
	json_decref(root);
	sample_free(&now);
	sample_free(&before);
	stop();
}

static void
expect_text(const json_t *value, const char *wanted)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	ck_assert_str_eq(text, wanted);
	free(text);
}

/* Sparse: lowest value and count of each. */
TEST(histograms_have_buckets_and_the_interval)
{
	struct sample *before, *now;
	const json_t *echo, *interval;
	json_t *root;

	start("interval");
	demo_segment_hist(&demo, 1, STATS_ECHO_TIME, 1000, 5);
	before = take(0);
	demo_segment_hist(&demo, 2, STATS_ECHO_TIME, 10, 2);
	now = take(CLOCK_NS_PER_S);
	root = view(now, before);
	echo =
	    json_object_get(json_object_get(root, "histograms"), "echo_time");
	expect_text(json_object_get(echo, "buckets"), "[[10,2],[992,5]]");
	interval = json_object_get(echo, "interval");
	ck_assert_uint_eq(json_object_size(interval), 7);
	ck_assert_int_eq(integer(interval, "count"), 2);
	ck_assert_int_eq(integer(interval, "max_ns"), 10);
	json_decref(root);
	sample_free(&now);
	sample_free(&before);
	stop();
}

TEST(fields_are_described)
{
	const json_t *fields;
	struct sample *s;
	json_t *root;

	start("fields");
	s = take(0);
	root = view(s, NULL);
	fields = json_object_get(root, "fields");
	ck_assert_uint_eq(json_object_size(fields), STATS_FIELDS);
	expect_text(json_object_get(fields, "bytes_sent"),
	    "{\"kind\":\"total\",\"unit\":\"bytes\",\"level\":\"info\","
	    "\"help\":\"application data sent\"}");
	json_decref(root);
	sample_free(&s);
	stop();
}

/* Counters, rates, fields and those of workers. */
TEST(filters_pick_everywhere)
{
	static const char *const globs[] = { "accept*", "echo_time",
		"^*_errors", NULL };
	struct sample *now, *before;
	json_t *root;

	start("filters");
	before = take(0);
	now = take(CLOCK_NS_PER_S);
	filters = globs;
	root = view(now, before);
	expect_text(json_object_get(root, "counters"), "{\"accepted\":0}");
	expect_text(json_object_get(root, "rates"),
	    "{\"accepted\":0.0,\"echo_time\":0.0}");
	ck_assert_uint_eq(json_object_size(json_object_get(root, "fields")), 2);
	expect_text(
	    json_object_get(json_array_get(json_object_get(root, "workers"), 0),
		"counters"),
	    "{\"accepted\":0}");
	json_decref(root);
	sample_free(&now);
	sample_free(&before);
	stop();
}

TEST(histograms_are_summed_up)
{
	struct sample *s;
	json_t *root, *hists, *echo, *hello;

	start("hists");
	demo_segment_hist(&demo, 1, STATS_ECHO_TIME, 10, 90);
	demo_segment_hist(&demo, 2, STATS_ECHO_TIME, 20, 9);
	demo_segment_hist(&demo, 2, STATS_ECHO_TIME, 30, 1);
	demo_segment_hist(&demo, 1, STATS_HELLO_SIZE, 517, 2);
	s = take(0);
	root = view(s, NULL);
	hists = json_object_get(root, "histograms");
	ck_assert_uint_eq(json_object_size(hists), STATS_HISTS);
	echo = json_object_get(hists, "echo_time");
	ck_assert_uint_eq(json_object_size(echo), 8);
	ck_assert_int_eq(integer(echo, "count"), 100);
	ck_assert_double_eq(
	    json_real_value(json_object_get(echo, "mean_ns")), 11.1);
	ck_assert_int_eq(integer(echo, "p50_ns"), 10);
	ck_assert_int_eq(integer(echo, "p90_ns"), 10);
	ck_assert_int_eq(integer(echo, "p99_ns"), 20);
	ck_assert_int_eq(integer(echo, "p999_ns"), 30);
	ck_assert_int_eq(integer(echo, "max_ns"), 30);
	hello = json_object_get(hists, "hello_size");
	ck_assert_uint_eq(json_object_size(hello), 8);
	ck_assert_int_eq(integer(hello, "max_bytes"), 517);
	json_decref(root);
	sample_free(&s);
	stop();
}

TEST(workers_have_their_own_counters)
{
	struct sample *s;
	json_t *root, *workers, *second;

	start("workers");
	demo_segment_add(&demo, 2, STATS_ACCEPTED, 5);
	s = take(0);
	sample_edit_slot(s, 2)->age_ns = 90500 * CLOCK_NS_PER_MS;
	root = view(s, NULL);
	workers = json_object_get(root, "workers");
	ck_assert_uint_eq(json_array_size(workers), 2);
	second = json_array_get(workers, 1);
	ck_assert_int_eq(integer(second, "worker"), 1);
	ck_assert_int_eq(integer(second, "pid"), 4712);
	ck_assert_double_eq(
	    json_real_value(json_object_get(second, "age_s")), 90.5);
	ck_assert_str_eq(
	    json_string_value(json_object_get(second, "state")), "draining");
	ck_assert_int_eq(
	    integer(json_object_get(second, "counters"), "accepted"), 5);
	ck_assert_int_eq(
	    integer(json_object_get(second, "counters"), "open"), 5);
	json_decref(root);
	sample_free(&s);
	stop();
}

TEST(dead_server_is_not_alive)
{
	struct sample *s;
	json_t *root;

	start("dead");
	demo_segment_kill(&demo);
	s = take(clock_now_ns());
	root = view(s, NULL);
	ck_assert(json_is_false(json_object_get(root, "alive")));
	ck_assert(json_is_null(json_object_get(root, "uptime_s")));
	ck_assert_str_eq(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(root, "workers"), 0), "state")),
	    "dead");
	json_decref(root);
	sample_free(&s);
	stats_shm_close(&shm);
	demo_segment_remove(c.name);
}

SUITE("tools/print/view_json")
