/* test_tally: failures, alerts by number, and sums over workers. */
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
	hist_add(&tallies[1].hists[TALLY_HIST_ROUND_TRIP], 1000, 12);
}

TEST(is_shared_with_children)
{
	map();
	ck_assert_int_eq(in_child_status(count_in_child), 0);
	ck_assert_uint_eq(tally_get(&tallies[1], TALLY_ROUND_TRIPS), 12);
	ck_assert_uint_eq(
	    hist_count(&tallies[1].hists[TALLY_HIST_ROUND_TRIP]), 12);
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

static void
count_alert(struct tally *t, uint8_t alert)
{
	tally_fail(t,
	    &(struct tally_failure){
		.time_ns = 1, .reason = REASON_PEER_ALERT, .alert = alert },
	    false);
}

/* A number without a name is counted for itself, as any other is. */
TEST(alerts_by_number)
{
	map();
	for (int i = 0; i < TLS_ALERTS; i++)
		for (int j = 0; j <= i % 3; j++)
			count_alert(tallies, (uint8_t)i);
	count_failure(tallies, 4, REASON_CONNECT_ERROR, "Too many open files");
	for (int i = 0; i < TLS_ALERTS; i++)
		ck_assert_uint_eq(
		    tally_alerts(tallies, (uint8_t)i), (unsigned)i % 3 + 1);
	tally_unmap(&tallies, 3);
}

TEST(merging)
{
	struct tally *sum;

	map();
	sum = &tallies[2];
	count_failure(&tallies[0], 9, REASON_RESET, "a");
	count_failure(&tallies[1], 8, REASON_RESET, "b");
	count_failure(&tallies[1], 10, REASON_RESET, "a");
	for (int i = 0; i < 3; i++)
		count_alert(&tallies[i % 2], 48);
	for (int i = 0; i < 2; i++) {
		tally_add(&tallies[i], TALLY_MADE, 5);
		stats_add(&tallies[i].shard, STATS_BYTES_SENT, 100);
		stats_hist_add(&tallies[i].shard, STATS_HANDSHAKE_TIME, 7, 1);
		hist_add(&tallies[i].hists[TALLY_HIST_ROUND_TRIP], 9, 2);
		atomic_store(&tallies[i].finished_ns, 50 - i);
		tally_merge(sum, &tallies[i]);
	}
	ck_assert_uint_eq(tally_get(sum, TALLY_MADE), 10);
	ck_assert_uint_eq(tally_stat(sum, STATS_BYTES_SENT), 200);
	ck_assert_uint_eq(
	    hist_count(&sum->shard.hists[STATS_HANDSHAKE_TIME]), 2);
	ck_assert_uint_eq(hist_count(&sum->hists[TALLY_HIST_ROUND_TRIP]), 4);
	ck_assert_int_eq(atomic_load(&sum->finished_ns), 50);
	ck_assert_uint_eq(tally_errors(sum, REASON_RESET), 3);
	ck_assert_uint_eq(tally_alerts(sum, 48), 3);
	ck_assert_uint_eq(tally_alerts(sum, 49), 0);
	ck_assert_int_eq(sum->first.time_ns, 8);
	tally_unmap(&tallies, 3);
}

/* Of ten connections three are refused, as expected, one fails, two go on. */
TEST(end_of_a_warmup)
{
	struct tally *t;
	struct tally *warmup;

	map();
	t = &tallies[0];
	warmup = &tallies[1];
	tally_add(warmup, TALLY_ASKED, 10);
	tally_add(warmup, TALLY_OPENED, 9);
	tally_add(warmup, TALLY_MADE, 6);
	tally_add(warmup, TALLY_REFUSED, 3);
	tally_add(warmup, TALLY_CLOSED, 7);
	tally_add(warmup, TALLY_OVER, 8);
	count_failure(warmup, 5, REASON_RESET, "");
	warmup->mismatch.time_ns = 6;
	tally_merge_warmup(t, warmup, true);
	ck_assert_uint_eq(tally_get(t, TALLY_ASKED), 3);
	ck_assert_uint_eq(tally_get(t, TALLY_MADE), 2);
	ck_assert_uint_eq(tally_get(t, TALLY_REFUSED), 0);
	ck_assert_uint_eq(tally_get(t, TALLY_FAILED), 1);
	ck_assert_uint_eq(tally_get(t, TALLY_OVER), 1);
	ck_assert_uint_eq(
	    tally_get(t, TALLY_OPENED) - tally_get(t, TALLY_CLOSED), 2);
	ck_assert_int_eq(t->first.time_ns, 5);
	ck_assert_int_eq(t->mismatch.time_ns, 6);
	tally_unmap(&tallies, 3);
}

/* Connections that stay, and are over since the run was ended, were made. */
TEST(interrupted_warmup)
{
	struct tally *sum;

	map();
	sum = &tallies[2];
	tally_add(&tallies[0], TALLY_ASKED, 3);
	tally_add(&tallies[0], TALLY_MADE, 3);
	tally_add(&tallies[1], TALLY_OVER, 2);
	tally_merge(sum, &tallies[0]);
	tally_merge_warmup(sum, &tallies[1], false);
	ck_assert_uint_eq(tally_get(sum, TALLY_ASKED), 3);
	ck_assert_uint_eq(tally_get(sum, TALLY_MADE), 3);
	ck_assert_uint_eq(tally_get(sum, TALLY_OVER), 2);
	tally_unmap(&tallies, 3);
}

SUITE("client/tally")
