/* test_report_text: the report, word for word. */
#include "client/report/report_text.h"

#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "tests/support/suite.h"

static struct options o = { .connections = 3, .workers = 2 };
static struct tally totals;
static struct report r = { .options = &o, .totals = &totals };

static void
expect(const char *text)
{
	char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	ck_assert_ptr_nonnull(out);
	report_text_print(out, &r);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(got, text);
	free(got);
}

static void
fill(void)
{
	tally_add(&totals, TALLY_MADE, 3);
	tally_add(&totals, TALLY_ROUND_TRIPS, 12);
	tally_add(&totals, TALLY_CPU_NS, 60000000);
	stats_add(&totals.shard, STATS_HANDSHAKES_COMPLETED, 3);
	stats_add(&totals.shard, STATS_READ_OPERATIONS, 13);
	stats_add(&totals.shard, STATS_WRITE_OPERATIONS, 12);
	stats_add(&totals.shard, STATS_BYTES_RECEIVED, 1234567);
	stats_add(&totals.shard, STATS_BYTES_SENT, 1234567);
	stats_hist_add(&totals.shard, STATS_HANDSHAKE_TIME, 1500000, 3);
	hist_add(&totals.round_trip, 20, 12);
	r.elapsed_ns = 2000000000;
}

TEST(good)
{
	fill();
	expect("Connections asked for: 3\n"
	       "Connections made: 3\n"
	       "Connections failed: 0\n"
	       "Handshakes: 3\n"
	       "Round trips: 12 in 2.00 s\n"
	       "Round trips per second: 6.0 (2.0 per connection)\n"
	       "CPU time: 0.060 s (5000.00 us per round trip)\n"
	       "Read operations: 13\n"
	       "Write operations: 12\n"
	       "Bytes received: 1234567\n"
	       "Bytes sent: 1234567\n"
	       "Errors: 0\n"
	       "Latency (quantiles within 1.6%):\n"
	       "                  min      mean       p50       p90       p99"
	       "     p99.9       max\n"
	       "handshake     1.49 ms   1.50 ms   1.49 ms   1.49 ms   1.49 ms"
	       "   1.49 ms   1.50 ms\n"
	       "round trip      20 ns     20 ns     20 ns     20 ns     20 ns"
	       "     20 ns     20 ns\n");
}

TEST(bad)
{
	struct tally_failure alert = { .time_ns = 1,
		.reason = REASON_PEER_ALERT,
		.alert = 48,
		.detail = "unknown_ca",
		.connection = 2,
		.worker = 1 };
	struct tally_failure closed = { .time_ns = 2, .reason = REASON_CLOSED };

	tally_fail(&totals, &alert, false);
	tally_fail(&totals, &closed, true);
	tally_add(&totals, TALLY_MADE, 1);
	r.workers_died = 1;
	r.cut_off = 1;
	r.interrupted = true;
	(void)errmsg_set(&r.first_death, "worker 0: killed by SIGSEGV");
	expect("Connections asked for: 3\n"
	       "Connections made: 1\n"
	       "Connections failed: 2\n"
	       "Connections not made: 1\n"
	       "Connections cut off: 1\n"
	       "Handshakes: 0\n"
	       "Round trips: 0 in 0 ns\n"
	       "Round trips per second: 0.0 (0.0 per connection)\n"
	       "Read operations: 0\n"
	       "Write operations: 0\n"
	       "Bytes received: 0\n"
	       "Bytes sent: 0\n"
	       "Errors: 3\n"
	       "  closed by the server: 1\n"
	       "  alert from peer: 1\n"
	       "    alert \"unknown_ca\": 1\n"
	       "  workers died: 1 (worker 0: killed by SIGSEGV)\n"
	       "First failure: connection 2 (worker 1): alert from peer: "
	       "unknown_ca\n"
	       "Interrupted by a signal.\n");
}

static bool
says(const char *words)
{
	char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);
	bool found;

	report_text_print(out, &r);
	ck_assert_int_eq(fclose(out), 0);
	found = strstr(got, words) != NULL;
	free(got);
	return found;
}

/* The lines that only --handshakes has. */
TEST(handshakes)
{
	fill();
	o.handshakes = o.resume = true;
	tally_add(&totals, TALLY_TRANSACTIONS, 3);
	hist_add(&totals.transaction, 20, 3);
	ck_assert(says("Handshakes per second: 1.5\n"
		       "Handshakes in full: 3\nHandshakes resumed: 0 (0.0 %)\n"
		       "Session tickets: none, so nothing could be resumed\n"));
	stats_add(&totals.shard, STATS_HANDSHAKES_RESUMED, 2);
	tally_add(&totals, TALLY_TICKETS, 3);
	ck_assert(says("Handshakes per second: 1.5\n"
		       "Handshakes in full: 1\nHandshakes resumed: 2 (66.7 %)\n"
		       "Transactions: 3 in 2.00 s\n"
		       "Transactions per second: 1.5\n"
		       "CPU time: 0.060 s (20000.00 us per transaction)\n"
		       "Read operations: "));
	ck_assert(!says("Round trips"));
	ck_assert(says("\ntransaction     20 ns "));
}

TEST(idle)
{
	fill();
	ck_assert(!says("No answer"));
	o.idle = true;
	tally_add(&totals, TALLY_UNANSWERED, 2);
	ck_assert(says("\nNo answer to close_notify: 2\n"));
	ck_assert(says("\nCPU time: 0.060 s\n"));
}

/* An open loop is invalid instead. */
TEST(saturated)
{
	fill();
	r.busiest = 0.94;
	ck_assert(!says("saturated"));
	r.busiest = 0.97;
	ck_assert(says("\nClient saturated: a worker used 97 % of a CPU; "));
	o.rate = 1;
	ck_assert(!says("Client saturated"));
	ck_assert(says("\nINVALID: the generator was saturated"));
}

SUITE("client/report/report_text")
