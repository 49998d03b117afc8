/* Tests of tools/print/view_table: whole pages, to the letter. */
#include "tools/print/view_table.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/demo_segment.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"
#include "tools/sample/take.h"

static struct demo_segment demo;
static struct shm_case c;
static struct stats_shm *shm;

static void
start(const char *label, unsigned slots)
{
	shm_case_init(&c, label);
	demo_segment_start_named(&demo, c.name, slots);
	shm = shm_case_attach(&c);
}

static void
stop(void)
{
	stats_shm_close(&shm);
	demo_segment_stop(&demo);
}

static struct sample *
take(int64_t up_ns)
{
	struct errmsg e;
	struct sample *s =
	    sample_take(shm, stats_shm_header(shm)->start_ns + up_ns,
		1769862896789 * CLOCK_NS_PER_MS, &e);

	ck_assert_ptr_nonnull(s);
	return s;
}

/* The page; for free(3). */
static char *
page(const struct sample *now, const struct sample *before, bool all,
    unsigned width)
{
	const struct view v = { .now = now, .before = before, .all = all };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(view_table_print(&v, out, width), 0);
	(void)fclose(out);
	return text;
}

/*
 * The page, after its first line, which has the demo's pid in it, and before
 * its last, which says how many fields are not among those shown.
 */
static void
expect(const struct sample *now, const struct sample *before, unsigned width,
    unsigned shown, const char *expected)
{
	char *text = page(now, before, false, width);
	char *rest = strchr(text, '\n');
	char whole[4096];

	(void)snprintf(whole, sizeof whole,
	    "%s\n--all shows %u more, which are zero or details\n", expected,
	    STATS_FIELDS - shown);
	ck_assert_ptr_nonnull(rest);
	ck_assert_str_eq(rest + 1, whole);
	free(text);
}

TEST(fresh_server)
{
	struct sample *s;
	char first[192];
	char *text;

	start("fresh", 3);
	s = take(90 * CLOCK_NS_PER_S);
	expect(s, NULL, 0, 1,
	    "\n"
	    "counter  total  rate/s\n"
	    "open         0        \n");
	text = page(s, NULL, false, 0);
	(void)snprintf(first, sizeof first,
	    "%s: demo 1.0, pid %d, up 1 min 30 s, 0 workers, "
	    "2026-01-31T12:34:56Z\n",
	    c.name, demo.pid);
	ck_assert_int_eq(strncmp(text, first, strlen(first)), 0);
	free(text);
	sample_free(&s);
	stop();
}

TEST(draining_workers_stand_apart)
{
	struct sample *s;
	char *text;

	start("draining", 4);
	demo_segment_state(&demo, 1, STATS_SLOT_DRAINING, 11);
	demo_segment_state(&demo, 2, STATS_SLOT_READY, 12);
	demo_segment_state(&demo, 3, STATS_SLOT_STARTING, 13);
	s = take(0);
	text = page(s, NULL, false, 0);
	ck_assert_ptr_nonnull(strstr(text, ", 2 workers + 1 draining, 2026-"));
	free(text);
	sample_free(&s);
	stop();
}

static void
count_something(void)
{
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 11);
	demo_segment_state(&demo, 2, STATS_SLOT_STARTING, 12);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 1234);
	demo_segment_add(&demo, 2, STATS_ACCEPTED, 1);
	demo_segment_add(&demo, 1, STATS_BYTES_SENT, 3 << 20);
	demo_segment_hist(&demo, 1, STATS_ECHO_TIME, 1000000, 99);
	demo_segment_hist(&demo, 2, STATS_ECHO_TIME, 2000000, 1);
}

TEST(first_sample_has_no_rates)
{
	struct sample *s;

	start("first", 3);
	count_something();
	s = take(0);
	expect(s, NULL, 0, 4,
	    "workers:  0 ready 11  1 starting 12\n"
	    "\n"
	    "counter        total  rate/s  worker 0  worker 1\n"
	    "accepted       1,235       -     1,234         1\n"
	    "open           1,235             1,234         1\n"
	    "bytes_sent  3.00 MiB       -  3.00 MiB       0 B\n"
	    "\n"
	    "histogram  count  rate/s     mean      p50      p90      p99"
	    "      max\n"
	    "echo_time    100       -  1.01 ms  1.01 ms  1.01 ms  1.01 ms"
	    "  2.00 ms\n");
	sample_free(&s);
	stop();
}

TEST(slow_rates_do_not_look_like_0)
{
	struct sample *before;
	struct sample *now;

	start("slow", 3);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 11);
	before = take(0);
	demo_segment_add(&demo, 1, STATS_REFUSED, 1);
	now = take(60 * CLOCK_NS_PER_S);
	expect(now, before, 0, 2,
	    "workers:  0 ready 11\n"
	    "\n"
	    "counter  total  rate/s  worker 0\n"
	    "open         0                 0\n"
	    "refused      1    0.02         1\n");
	sample_free(&now);
	sample_free(&before);
	stop();
}

TEST(second_sample_has_rates_and_the_master)
{
	struct sample *before;
	struct sample *now;

	start("second", 3);
	count_something();
	before = take(0);
	demo_segment_add(&demo, 0, STATS_WORKER_RESTARTS, 3);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 2000);
	demo_segment_add(&demo, 1, STATS_BYTES_SENT, 2 << 20);
	demo_segment_hist(&demo, 1, STATS_ECHO_TIME, 1000000, 50);
	now = take(2 * CLOCK_NS_PER_S);
	expect(now, before, 0, 5,
	    "workers:  0 ready 11  1 starting 12\n"
	    "\n"
	    "counter             total    rate/s  master  worker 0  worker 1\n"
	    "accepted            3,235     1,000       0     3,234         1\n"
	    "open                3,235                 0     3,234         1\n"
	    "bytes_sent       5.00 MiB  1.00 MiB     0 B  5.00 MiB       0 B\n"
	    "worker_restarts         3       1.5       3         0         0\n"
	    "\n"
	    "histogram  count  rate/s     mean      p50      p90      p99"
	    "      max\n"
	    "echo_time    150      25  1.01 ms  1.01 ms  1.01 ms  1.01 ms"
	    "  2.00 ms\n");
	sample_free(&now);
	sample_free(&before);
	stop();
}

TEST(dates_are_no_column_of_the_master)
{
	struct sample *s;

	start("dates", 2);
	demo_segment_add(&demo, 0, STATS_CRL_NEXT_UPDATE, 1900000000);
	s = take(0);
	expect(s, NULL, 0, 2,
	    "\n"
	    "counter                         total  rate/s\n"
	    "open                                0        \n"
	    "crl_next_update  2030-03-17T17:46:40Z        \n");
	sample_free(&s);
	stop();
}

TEST(all_shows_every_field_once)
{
	struct sample *s;
	char line[STATS_NAME + 2];
	char *text;

	start("all", 2);
	s = take(0);
	text = page(s, NULL, true, 0);
	for (unsigned i = 0; i < STATS_FIELDS; i++) {
		(void)snprintf(
		    line, sizeof line, "\n%s ", stats_shm_field(shm, i)->name);
		ck_assert_msg(strstr(text, line) != NULL, "%s", line);
	}
	ck_assert_ptr_null(strstr(text, "see --all"));
	ck_assert_ptr_nonnull(strstr(text, "loop_turn "));
	free(text);
	sample_free(&s);
	stop();
}

TEST(narrow_terminals_get_fewer_workers)
{
	struct sample *s;
	char *text;

	start("narrow", 9);
	for (unsigned slot = 1; slot < 9; slot++) {
		demo_segment_state(&demo, slot, STATS_SLOT_READY, 10);
		demo_segment_add(&demo, slot, STATS_ACCEPTED, 1);
	}
	s = take(0);
	text = page(s, NULL, false, 46);
	ck_assert_ptr_nonnull(strstr(text,
	    "workers:  0 ready 10  1 ready 10  2 ready 10\n"
	    "          3 ready 10  4 ready 10  5 ready 10\n"
	    "          6 ready 10  7 ready 10\n"
	    "\n"
	    "counter   total  rate/s  worker 0  worker 1\n"
	    "accepted      8       -         1         1\n"
	    "open          8                 1         1\n"
	    "too narrow for 6 more columns\n"));
	free(text);
	sample_free(&s);
	stop();
}

/* Who is neither root nor this user is named. */
TEST(stranger_is_named)
{
	struct sample *s;
	char *text;

	start("stranger", 2);
	s = take(0);
	text = page(s, NULL, false, 0);
	ck_assert_ptr_null(strstr(text, "of user"));
	free(text);
	if (geteuid() == 0 && chown(c.path, 65534, 65534) == 0) {
		sample_free(&s);
		s = take(0);
		text = page(s, NULL, false, 0);
		ck_assert_ptr_nonnull(
		    strstr(text, ", of user 65534 (nobody), up "));
		free(text);
	}
	sample_free(&s);
	stop();
}

TEST(dead_server_is_called_dead)
{
	struct sample *s;
	char *text;

	start("dead", 2);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 11);
	demo_segment_kill(&demo);
	s = take(0);
	text = page(s, NULL, false, 0);
	ck_assert_ptr_nonnull(strstr(text, ", dead (started 20"));
	ck_assert_ptr_nonnull(strstr(text, "Z), 1 worker, 2026-"));
	ck_assert_ptr_nonnull(strstr(text, "workers:  0 dead 11\n"));
	free(text);
	sample_free(&s);
	stats_shm_close(&shm);
	demo_segment_remove(c.name);
}

SUITE("tools/print/view_table")
