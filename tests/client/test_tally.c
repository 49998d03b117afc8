/* test_tally: failures, alerts by name, and sums over workers. */
#include "client/tally.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static struct tally *tallies;
static struct errmsg e;

static void
map(void)
{
	tallies = tally_map(3, &e);
	ck_assert_ptr_nonnull(tallies);
}

static void
count_failure(struct tally *t, int64_t time_ns, enum close_reason reason,
    const char *detail)
{
	struct tally_failure failure = { .time_ns = time_ns, .reason = reason };

	(void)snprintf(failure.detail, sizeof failure.detail, "%s", detail);
	tally_fail(t, &failure, false);
}

static void
count_in_child(void)
{
	tally_add(&tallies[1], TALLY_ROUND_TRIPS, 12);
	hist_add(&tallies[1].round_trip, 1000, 12);
}

TEST(is_shared_with_children)
{
	map();
	ck_assert_int_eq(in_child_status(count_in_child), 0);
	ck_assert_uint_eq(tally_get(&tallies[1], TALLY_ROUND_TRIPS), 12);
	ck_assert_uint_eq(hist_count(&tallies[1].round_trip), 12);
	ck_assert_uint_eq(tally_get(&tallies[0], TALLY_ROUND_TRIPS), 0);
	tally_unmap(&tallies, 3);
	ck_assert_ptr_null(tallies);
	tally_unmap(&tallies, 3);
}

TEST(too_many_to_map)
{
	ck_assert_ptr_null(tally_map(UINT32_MAX, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "Cannot allocate memory"));
}

TEST(open_never_below_zero)
{
	map();
	ck_assert_uint_eq(tally_open(tallies), 0);
	tally_add(tallies, TALLY_OPENED, 3);
	tally_add(tallies, TALLY_CLOSED, 2);
	ck_assert_uint_eq(tally_open(tallies), 1);
	tally_add(tallies, TALLY_CLOSED, 2);
	ck_assert_uint_eq(tally_open(tallies), 0);
	tally_unmap(&tallies, 3);
}

TEST(failures_by_reason)
{
	struct tally_failure failure = { .time_ns = 5, .reason = REASON_RESET };

	map();
	tally_fail(tallies, &failure, true);
	count_failure(tallies, 6, REASON_RESET, "");
	count_failure(tallies, 7, REASON_MISMATCH, "");
	ck_assert_uint_eq(tally_errors(tallies, REASON_RESET), 2);
	ck_assert_uint_eq(tally_errors(tallies, REASON_MISMATCH), 1);
	ck_assert_uint_eq(tally_errors(tallies, REASON_EOF), 0);
	ck_assert_uint_eq(tally_get(tallies, TALLY_BROKEN), 1);
	ck_assert_uint_eq(tally_get(tallies, TALLY_FAILED), 2);
	ck_assert_uint_eq(tally_all_errors(tallies), 3);
	ck_assert_int_eq(tallies->first.time_ns, 5);
	tally_unmap(&tallies, 3);
}

TEST(alerts_by_name)
{
	map();
	count_failure(tallies, 1, REASON_PEER_ALERT, "CA is unknown");
	count_failure(tallies, 2, REASON_PEER_ALERT, "Certificate is bad");
	count_failure(tallies, 3, REASON_PEER_ALERT, "CA is unknown");
	count_failure(tallies, 4, REASON_CONNECT_ERROR, "Too many open files");
	ck_assert_str_eq(tallies->alerts[0].name, "CA is unknown");
	ck_assert_uint_eq(tallies->alerts[0].count, 2);
	ck_assert_str_eq(tallies->alerts[1].name, "Certificate is bad");
	ck_assert_uint_eq(tallies->alerts[1].count, 1);
	ck_assert_uint_eq(tallies->alerts[2].count, 0);
	tally_unmap(&tallies, 3);
}

TEST(more_alerts_than_names)
{
	char name[TALLY_DETAIL];

	map();
	for (int i = 0; i < TALLY_ALERTS + 4; i++) {
		(void)snprintf(name, sizeof name, "alert %d", i);
		count_failure(tallies, 1, REASON_PEER_ALERT, name);
	}
	for (int i = 0; i < TALLY_ALERTS - 1; i++)
		ck_assert_uint_eq(tallies->alerts[i].count, 1);
	ck_assert_str_eq(
	    tallies->alerts[TALLY_ALERTS - 1].name, "other alerts");
	ck_assert_uint_eq(tallies->alerts[TALLY_ALERTS - 1].count, 5);
	tally_unmap(&tallies, 3);
}

TEST(merging)
{
	struct tally *sum;

	map();
	sum = &tallies[2];
	count_failure(&tallies[0], 9, REASON_PEER_ALERT, "a");
	count_failure(&tallies[1], 8, REASON_PEER_ALERT, "b");
	count_failure(&tallies[1], 10, REASON_PEER_ALERT, "a");
	for (int i = 0; i < 2; i++) {
		tally_add(&tallies[i], TALLY_MADE, 5);
		stats_add(&tallies[i].shard, STATS_BYTES_SENT, 100);
		stats_hist_add(&tallies[i].shard, STATS_HANDSHAKE_TIME, 7, 1);
		hist_add(&tallies[i].round_trip, 9, 2);
		atomic_store(&tallies[i].finished_ns, 50 - i);
		tally_merge(sum, &tallies[i]);
	}
	ck_assert_uint_eq(tally_get(sum, TALLY_MADE), 10);
	ck_assert_uint_eq(tally_stat(sum, STATS_BYTES_SENT), 200);
	ck_assert_uint_eq(
	    hist_count(&sum->shard.hists[STATS_HANDSHAKE_TIME]), 2);
	ck_assert_uint_eq(hist_count(&sum->round_trip), 4);
	ck_assert_int_eq(atomic_load(&sum->finished_ns), 50);
	ck_assert_uint_eq(tally_errors(sum, REASON_PEER_ALERT), 3);
	ck_assert_int_eq(sum->first.time_ns, 8);
	ck_assert_str_eq(sum->alerts[0].name, "a");
	ck_assert_uint_eq(sum->alerts[0].count, 2);
	ck_assert_str_eq(sum->alerts[1].name, "b");
	tally_unmap(&tallies, 3);
}

SUITE("client/tally")
