/* Tests of tools/watch: how it begins, goes on and ends, and what it says. */
#include "tools/watch.h"

#include <check.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/background.h"
#include "tests/support/demo_segment.h"
#include "tests/support/in_child.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"
#include "tests/tools/watch_body.h"

static struct background b;
static struct demo_segment demo;
static struct shm_case c;

/* A server with one worker, and options that ask for a table every 50 ms. */
static void
start_server(void)
{
	shm_case_init(&c, "watch");
	demo_segment_start_named(&demo, c.name, 3);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 4711);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 42);
	watch_options = (struct options){ .stats = c.name,
		.interval_ns = 50 * CLOCK_NS_PER_MS };
}

/* The same, of which a table has been shown. */
static void
watch_server(void)
{
	start_server();
	background_start(&b, watch_body);
	background_expect(&b, "accepted     42 ");
}

/* By accident, or in order. */
static void
end_server(bool in_order)
{
	if (in_order)
		demo_segment_stop(&demo);
	else
		demo_segment_kill(&demo);
}

static void
expect_end(void)
{
	ck_assert_int_eq(background_finish(&b), 0);
	ck_assert_ptr_null(strstr(b.text, "error: "));
}

static void
expect_death(const char *how)
{
	char line[128];

	(void)snprintf(line, sizeof line,
	    "error: the server of segment '%s' %s: demo 1.0, pid %d, started "
	    "20",
	    c.name, how, demo.pid);
	background_expect(&b, line);
	ck_assert_int_eq(background_finish(&b), 1);
	demo_segment_remove(c.name);
}

TEST(one_table_and_the_end)
{
	start_server();
	watch_options.once = true;
	watch_options.count = 1;
	background_start(&b, watch_body);
	background_expect(&b, c.name);
	background_expect(&b, ": demo 1.0, pid ");
	background_expect(&b, "accepted     42 ");
	expect_end();
	demo_segment_stop(&demo);
}

TEST(table_after_table_until_told_to_stop)
{
	start_server();
	background_start(&b, watch_body);
	background_expect(&b, "accepted     42       - ");
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 8);
	background_expect(&b, "\n\ntest-watch-");
	background_expect(&b, "accepted     50 ");
	background_signal(&b, SIGINT);
	expect_end();
	demo_segment_stop(&demo);
}

TEST(count_ends_it)
{
	int tables = 0;

	start_server();
	watch_options.count = 3;
	background_start(&b, watch_body);
	expect_end();
	for (char *p = b.text; (p = strstr(p, "accepted ")) != NULL; p++)
		tables++;
	ck_assert_int_eq(tables, 3);
	demo_segment_stop(&demo);
}

/* The JSON value at "key/key" of a line of the output; for json_decref. */
static json_t *
parse_line(char **line)
{
	char *end = strchr(*line, '\n');
	json_error_t error;
	json_t *root;

	ck_assert_ptr_nonnull(end);
	root = json_loadb(*line, (size_t)(end - *line), 0, &error);
	ck_assert_msg(root != NULL, "%s", error.text);
	*line = end + 1;
	return root;
}

TEST(json_lines_have_rates_from_the_second_on)
{
	char *line = b.text;

	start_server();
	watch_options.json = true;
	watch_options.count = 3;
	background_start(&b, watch_body);
	expect_end();
	for (int i = 0; i < 3; i++) {
		json_t *root = parse_line(&line);
		json_t *rates = json_object_get(root, "rates");

		ck_assert_int_eq(rates != NULL, i > 0);
		ck_assert_int_eq(
		    json_integer_value(json_object_get(
			json_object_get(root, "counters"), "accepted")),
		    42);
		json_decref(root);
	}
	ck_assert_str_eq(line, "");
	demo_segment_stop(&demo);
}

/* Two samples, an interval apart, of which the second is shown. */
TEST(once_with_an_interval_has_rates)
{
	char *line = b.text;
	json_t *root;

	start_server();
	watch_options.json = watch_options.once = watch_options.is_series =
	    true;
	watch_options.count = 1;
	background_start(&b, watch_body);
	expect_end();
	root = parse_line(&line);
	ck_assert_ptr_nonnull(json_object_get(root, "rates"));
	json_decref(root);
	ck_assert_str_eq(line, "");
	demo_segment_stop(&demo);
}

TEST(csv_has_titles_once)
{
	start_server();
	watch_options.csv = true;
	watch_options.count = 3;
	watch_options.filters[0] = "accepted";
	background_start(&b, watch_body);
	expect_end();
	ck_assert_ptr_eq(strstr(b.text, "time,server,accepted\n2"), b.text);
	ck_assert_ptr_null(strstr(b.text + 1, "time"));
	background_expect(&b, ",42\n2");
	background_expect(&b, ",42\n2");
	background_expect(&b, ",42\n");
	demo_segment_stop(&demo);
}

TEST(prometheus_text)
{
	start_server();
	watch_options.prometheus = watch_options.once = true;
	watch_options.count = 1;
	background_start(&b, watch_body);
	background_expect(&b, "tlsecho_connections_accepted_total{server=\"");
	background_expect(&b, "\"} 42\n");
	background_expect(&b, "\n# EOF\n");
	expect_end();
	demo_segment_stop(&demo);
}

TEST(filter_that_matches_nothing)
{
	start_server();
	watch_options.filters[0] = "acc*";
	watch_options.filters[1] = "opne";
	background_start(&b, watch_body);
	background_expect(&b, "error: --filter: no counter of segment '");
	background_expect(&b, "' matches 'opne': see --list");
	ck_assert_int_eq(background_finish(&b), 1);
	demo_segment_stop(&demo);
}

/* There is none at first; or there is one, which is dead. */
TEST_LOOP(server_is_waited_for, 2)
{
	start_server();
	watch_options.wait = watch_options.once = true;
	watch_options.count = 1;
	end_server(_i == 0);
	background_start(&b, watch_body);
	demo_segment_start_named(&demo, c.name, 2);
	background_expect(&b, ", up ");
	expect_end();
	demo_segment_stop(&demo);
}

TEST(missing_segment)
{
	char first[STATS_SHM_NAME]; /* of a list that may be cut */

	(void)snprintf(first, sizeof first, "0-there-%d", (int)getpid());
	demo_segment_start_named(&demo, first, 2);
	watch_options.stats = "test-not-there";
	background_start(&b, watch_body);
	background_expect(&b, "error: no segment 'test-not-there': ");
	background_expect(&b, "There are: ");
	background_expect(&b, first);
	ck_assert_int_eq(background_finish(&b), 1);
	demo_segment_stop(&demo);
}

TEST(dead_server_is_not_watched)
{
	start_server();
	demo_segment_kill(&demo);
	background_start(&b, watch_body);
	expect_death("is dead");
	ck_assert_int_eq(strncmp(b.text, "error: ", 7), 0);
}

TEST(last_values_of_a_dead_server)
{
	start_server();
	demo_segment_kill(&demo);
	watch_options.once = true;
	watch_options.count = 1;
	background_start(&b, watch_body);
	background_expect(&b, ", dead (started 20");
	background_expect(&b, "accepted     42 ");
	expect_death("is dead");
}

TEST_LOOP(last_values_of_a_dead_server_as_json, 2)
{
	char *line = b.text;
	json_t *root;

	start_server();
	demo_segment_kill(&demo);
	watch_options.json = true;
	watch_options.count = _i == 0 ? 1 : 0;
	background_start(&b, watch_body);
	expect_death("is dead");
	root = parse_line(&line);
	ck_assert(json_is_false(json_object_get(root, "alive")));
	json_decref(root);
	ck_assert_int_eq(strncmp(line, "error: ", 7), 0);
}

TEST(last_values_of_a_dead_server_as_csv)
{
	start_server();
	demo_segment_kill(&demo);
	watch_options.csv = true;
	background_start(&b, watch_body);
	background_expect(&b, "time");
	background_expect(&b, ",42,");
	expect_death("is dead");
}

TEST_LOOP(server_that_goes_away_is_reported, 2)
{
	watch_server();
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 8);
	end_server(_i > 0);
	background_expect(&b, ", dead (started 20");
	background_expect(&b, "accepted     50 ");
	expect_death("went away");
}

TEST_LOOP(next_server_of_the_name_is_watched, 2)
{
	watch_server();
	end_server(_i > 0);
	demo_segment_start_named(&demo, c.name, 2);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 7);
	background_expect(&b, "accepted      7 ");
	background_signal(&b, SIGTERM);
	expect_end();
	demo_segment_stop(&demo);
}

TEST(signal_is_heard_while_a_server_is_waited_for)
{
	watch_server();
	demo_segment_kill(&demo);
	background_signal(&b, SIGTERM);
	expect_end();
	demo_segment_remove(c.name);
}

TEST(reader_that_leaves_ends_it)
{
	watch_server();
	background_stop_reading(&b);
	expect_end();
	demo_segment_stop(&demo);
}

static void
watch_forbidden(void)
{
	background_start(&b, watch_body);
	background_expect(&b, "error: no permission to read segment ");
	background_expect(&b, "it has mode 0640, user 0 (root)");
	background_expect(&b, "--stats-group");
	ck_assert_int_eq(background_finish(&b), 1);
}

TEST(forbidden_segment)
{
	start_server();
	(void)in_child_as_nobody(watch_forbidden);
	demo_segment_stop(&demo);
}

TEST(segment_of_another_version)
{
	const uint32_t version = STATS_SEGMENT_VERSION + 1;
	FILE *file;

	start_server();
	demo_segment_kill(&demo);
	file = fopen(c.path, "r+e");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(
	    fseek(file, offsetof(struct stats_header, version), SEEK_SET), 0);
	ck_assert_uint_eq(fwrite(&version, sizeof version, 1, file), 1);
	(void)fclose(file);
	background_start(&b, watch_body);
	background_expect(&b, "': layout version 2, and this program");
	ck_assert_int_eq(background_finish(&b), 1);
	demo_segment_remove(c.name);
}

SUITE("tools/watch")
