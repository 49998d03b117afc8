/* Tests of tools/sample/history: averages by time, series, new servers. */
#include "tools/sample/history.h"

#include <check.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tools/sample/build.h"

#define SECOND CLOCK_NS_PER_S

static const struct stats_field fields[] = {
	{ .name = "accepted", .help = "a", .kind = STATS_KIND_TOTAL },
	{ .name = "echo_time", .help = "b", .kind = STATS_KIND_HIST },
};

static struct history *history;
static struct sample_server server = { .pid = 1, .start_ns = 1 };

/* One with this total, and a histogram that has counted this value n times. */
static struct sample *
make(int64_t now_ns, uint64_t total, int64_t value, uint64_t n)
{
	struct sample *s = sample_new(&server, fields, 2, 1);

	ck_assert_ptr_nonnull(s);
	sample_set_times(s, now_ns, now_ns + 1000);
	sample_set_value(s, 0, 0, total);
	hist_add(sample_make_hist(s, 0, 1), value, n);
	ck_assert_int_eq(sample_finish(s), 0);
	return s;
}

static void
add(int64_t now_ns, uint64_t total)
{
	struct sample *s = make(now_ns, total, 100, total);

	ck_assert_int_eq(history_add(history, s), 0);
	sample_free(&s);
}

static double
rate(int64_t window_ns)
{
	double value = -1;

	ck_assert(history_rate(history, 0, window_ns, &value));
	return value;
}

TEST(averages_are_by_time)
{
	double value;

	history = history_new(10);
	add(10 * SECOND, 0);
	ck_assert(!history_rate(history, 0, SECOND, &value));
	add(11 * SECOND, 100);
	add(20 * SECOND, 100); /* nine seconds without a sample */
	add(21 * SECOND, 210);
	ck_assert_double_eq(rate(SECOND), 110);
	ck_assert_double_eq(rate(10 * SECOND), 11);
	ck_assert_double_eq(rate(3600 * SECOND), 210.0 / 11);
	ck_assert_double_eq(rate(0), 110); /* never less than one step */
	history_free(&history);
}

TEST(series_are_of_what_is_kept)
{
	double out[8];

	history = history_new(3);
	for (int i = 0; i <= 5; i++)
		add((1 + i) * SECOND, (uint64_t)(i * i));
	ck_assert_uint_eq(history_count(history), 3);
	ck_assert_uint_eq(history_rates(history, 0, out, 8), 2);
	ck_assert_double_eq(out[0], 16 - 9);
	ck_assert_double_eq(out[1], 25 - 16);
	ck_assert_uint_eq(history_rates(history, 0, out, 1), 1);
	ck_assert_double_eq(out[0], 25 - 16);
	ck_assert_uint_eq(history_values(history, 0, out, 8), 3);
	ck_assert_double_eq(out[0], 9);
	ck_assert_double_eq(out[2], 25);
	ck_assert_int_eq(history_wall_ns(history, 0), 4 * SECOND + 1000);
	history_free(&history);
}

TEST(quantiles_are_of_the_interval)
{
	struct sample *s;
	struct hist *h;
	double out[4];

	history = history_new(4);
	s = make(SECOND, 0, 1 << 20, 1000); /* a slow past */
	ck_assert_int_eq(history_add(history, s), 0);
	ck_assert_ptr_null(history_interval(history, 1));
	sample_free(&s);
	s = sample_new(&server, fields, 2, 1);
	ck_assert_ptr_nonnull(s);
	sample_set_times(s, 2 * SECOND, 0);
	h = sample_make_hist(s, 0, 1);
	hist_add(h, 1 << 20, 1000);
	hist_add(h, 7, 10);
	ck_assert_int_eq(sample_finish(s), 0);
	ck_assert_int_eq(history_add(history, s), 0);
	sample_free(&s);
	ck_assert_uint_eq(
	    history_quantiles(history, 1, HISTORY_P99, out, 4), 1);
	ck_assert_double_eq(out[0], 7);
	ck_assert_uint_eq(hist_count(history_interval(history, 1)), 10);
	ck_assert_uint_eq(hist_max(history_interval(history, 1)), 7);
	history_free(&history);
}

/* A histogram that shrinks is a liar's, and is taken for empty. */
TEST(what_falls_is_none)
{
	struct sample *s;
	double out[4];

	history = history_new(4);
	add(SECOND, 1000);
	add(2 * SECOND, 400);
	ck_assert_double_eq(rate(SECOND), 0);
	ck_assert_uint_eq(hist_count(history_interval(history, 1)), 0);
	ck_assert_uint_eq(
	    history_quantiles(history, 1, HISTORY_P50, out, 4), 1);
	ck_assert_double_eq(out[0], 0);
	s = make(3 * SECOND, 500, 100, 500);
	ck_assert_int_eq(history_add(history, s), 0);
	sample_free(&s);
	ck_assert_double_eq(rate(SECOND), 100);
	history_free(&history);
}

TEST(another_server_begins_anew)
{
	history = history_new(4);
	add(SECOND, 10);
	add(2 * SECOND, 20);
	ck_assert_uint_eq(history_count(history), 2);
	add(2 * SECOND, 30); /* not later */
	ck_assert_uint_eq(history_count(history), 1);
	add(3 * SECOND, 40);
	server.start_ns = 2;
	add(4 * SECOND, 5);
	ck_assert_uint_eq(history_count(history), 1);
	add(5 * SECOND, 6);
	ck_assert_double_eq(rate(60 * SECOND), 1);
	history_free(&history);
}

TEST(room_grows_and_nothing_is_lost)
{
	double out[8];

	history = history_new(3);
	for (int i = 0; i <= 5; i++)
		add((1 + i) * SECOND, (uint64_t)(i * i));
	ck_assert_int_eq(history_reserve(history, 5), 0);
	ck_assert_int_eq(history_reserve(history, 2), 0);
	add(7 * SECOND, 36);
	add(8 * SECOND, 49);
	add(9 * SECOND, 64);
	ck_assert_uint_eq(history_values(history, 0, out, 8), 5);
	ck_assert_double_eq(out[0], 16);
	ck_assert_double_eq(out[4], 64);
	history_free(&history);
}

SUITE("tools/sample/history")
