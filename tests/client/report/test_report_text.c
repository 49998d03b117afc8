/* test_report_text: the report, word for word. */
#include "client/report/report_text.h"

#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/tls/params.h"
#include "tests/support/suite.h"

static struct options o = { .files = { .cert = { "c" } },
	.target = "h:1",
	.connections = 3,
	.workers = 2,
	.size_min = 1,
	.size_max = 100,
	.duration_ns = 2000000000 };
static struct tally totals;
static struct addr_list addrs;
static struct report r = { .options = &o, .addrs = &addrs, .totals = &totals };

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

static const struct tls_names names = { "TLS1.3", "AES-256-GCM", "X25519",
	"ECDSA-SECP256R1-SHA256", false, "none" };

static void
fill(void)
{
	tally_add(&totals, TALLY_MADE, 3);
	tally_add(&totals, TALLY_ROUND_TRIPS, 12);
	tally_add(&totals, TALLY_CPU_NS, 60000000);
	negotiated_add(&totals.negotiated, &names, 1);
	negotiated_add(&totals.negotiated, &names, 1);
	stats_add(&totals.shard, STATS_HANDSHAKES_COMPLETED, 3);
	stats_add(&totals.shard, STATS_READ_OPERATIONS, 13);
	stats_add(&totals.shard, STATS_WRITE_OPERATIONS, 12);
	stats_add(&totals.shard, STATS_BYTES_RECEIVED, 1234567);
	stats_add(&totals.shard, STATS_BYTES_SENT, 1234567);
	stats_hist_add(&totals.shard, STATS_HANDSHAKE_TIME, 1500000, 3);
	hist_add(&totals.hists[TALLY_HIST_ROUND_TRIP], 20, 12);
	r.elapsed_ns = 2000000000;
}

TEST(good)
{
	fill();
	expect("Target: h:1\n"
	       "Load: 3 connections, 2 workers, closed loop, messages of 1 to "
	       "100 bytes, for 2.00 s\n"
	       "Negotiated: TLS1.3, AES-256-GCM, group X25519 (not "
	       "post-quantum), signature ECDSA-SECP256R1-SHA256: "
	       "2 connections\n"
	       "Connections asked for: 3\n"
	       "Connections made: 3\n"
	       "Connections failed: 0\n"
	       "Connections lost: 0\n"
	       "Handshakes: 3\n"
	       "Round trips: 12 in 2.00 s\n"
	       "Round trips per second: 6.0 (2.0 per connection)\n"
	       "CPU time: 0.060 s (5000.00 us per round trip)\n"
	       "Read operations: 13\n"
	       "Write operations: 12\n"
	       "Bytes received: 1,234,567 (603 KiB/s)\n"
	       "Bytes sent: 1,234,567 (603 KiB/s)\n"
	       "Errors: 0\n"
	       "Latency (quantiles within 1.6%):\n"
	       "                  min      mean     stdev       p50       p90"
	       "       p99     p99.9    p99.99       max\n"
	       "handshake     1.49 ms   1.50 ms   9.06 us   1.49 ms         -"
	       "         -         -         -   1.50 ms\n"
	       "round trip      20 ns     20 ns      0 ns     20 ns     20 ns"
	       "         -         -         -     20 ns\n");
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
	o.connections = 1000003;
	o.workers = 1;
	expect("Target: h:1\n"
	       "Load: 1,000,003 connections, 1 worker, closed loop, messages "
	       "of 1 to 100 bytes, for 2.00 s\n"
	       "Connections asked for: 1,000,003\n"
	       "Connections made: 1\n"
	       "Connections failed: 1\n"
	       "Connections not made: 1,000,001\n"
	       "Connections lost: 1\n"
	       "Connections cut off: 1\n"
	       "Handshakes: 0\n"
	       "Round trips: 0 in 0 ns\n"
	       "Round trips per second: 0.0 (0.0 per connection)\n"
	       "Read operations: 0\n"
	       "Write operations: 0\n"
	       "Bytes received: 0 (0 B/s)\n"
	       "Bytes sent: 0 (0 B/s)\n"
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
	o.handshakes = true;
	o.resume_percent = 100;
	tally_add(&totals, TALLY_ASKED, 4);
	tally_add(&totals, TALLY_TRANSACTIONS, 3);
	hist_add(&totals.hists[TALLY_HIST_TRANSACTION], 20, 3);
	ck_assert(says("Handshakes: 3\n"
		       "Handshakes in full: 3\nHandshakes resumed: 0 (0.0 %)\n"
		       "Session tickets: none, so nothing could be resumed\n"));
	stats_add(&totals.shard, STATS_HANDSHAKES_RESUMED, 2);
	tally_add(&totals, TALLY_TICKETS, 3);
	tally_add(&totals, TALLY_TICKETS_OFFERED, 1002);
	ck_assert(says("\nTransactions begun: 4\n"
		       "Transactions failed: 0\n"
		       "Transactions not completed: 1\n"
		       "Handshakes: 3\n"
		       "Handshakes in full: 1\nHandshakes resumed: 2 (66.7 %)\n"
		       "Session tickets: offered 1,002, resumed 2\n"
		       "Transactions: 3 in 2.00 s\n"
		       "Transactions per second: 1.5\n"
		       "CPU time: 0.060 s (20000.00 us per transaction)\n"
		       "Read operations: "));
	tally_add(&totals, TALLY_TICKETS_REFUSED, 1000);
	ck_assert(says("Session tickets: offered 1,002, resumed 2; 1,000 were "
		       "refused, and the handshakes full\n"));
	ck_assert(!says("Round trips"));
	ck_assert(!says("Connections"));
	ck_assert(!says("Handshakes per second"));
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

static const struct {
	struct options options;
	const char *line;
} lines[] = {
	{ { .connections = 1,
	      .workers = 1,
	      .size_min = 1,
	      .size_max = 1,
	      .round_trips = 1 },
	    "\nLoad: 1 connection, 1 worker, closed loop, messages of 1 byte, "
	    "until 1 round trip\n" },
	{ { .connections = 2000,
	      .workers = 2,
	      .size_min = 4096,
	      .size_max = 4096,
	      .pipeline = 16,
	      .round_trips = 20000 },
	    ": 2,000 connections, 2 workers, closed loop, pipeline of 16, "
	    "messages of 4,096 bytes, until 20,000 round trips\n" },
	{ { .connections = 2,
	      .workers = 2,
	      .size_min = 1,
	      .size_max = 9,
	      .pipeline = 1024,
	      .rate = 20000,
	      .duration_ns = 1500000000 },
	    "\nLoad: 2 connections, 2 workers, open loop of 20,000 per second, "
	    "messages of 1 to 9 bytes, for 1.50 s\n" },
	{ { .connections = 2,
	      .workers = 2,
	      .size_min = 1,
	      .size_max = 9,
	      .rate = 25,
	      .rate_decimals = 2,
	      .handshakes = true,
	      .round_trips = 9 },
	    ", open loop of 0.25 per second, transactions, messages of 1 to 9 "
	    "bytes, until 9 transactions\n" },
	{ { .connections = 2,
	      .workers = 2,
	      .size_min = 1,
	      .size_max = 9,
	      .handshakes = true,
	      .resume_percent = 100,
	      .round_trips = 9 },
	    ", closed loop, transactions with session tickets, messages " },
	{ { .connections = 2,
	      .workers = 2,
	      .size_min = 1,
	      .size_max = 9,
	      .handshakes = true,
	      .resume_percent = 25,
	      .round_trips = 9 },
	    ", transactions with session tickets on 25 % of them, messages " },
	{ { .connections = 2,
	      .workers = 2,
	      .size_min = 1,
	      .size_max = 9,
	      .idle = true,
	      .duration_ns = 60000000000 },
	    ", idle, messages of 1 to 9 bytes, for 1 min 00 s\n" },
};

TEST_EACH(load, lines)
{
	o = lines[_i].options;
	o.target = "h:1";
	ck_assert_msg(says(lines[_i].line), "no %s", lines[_i].line);
}

TEST(rates_have_groups)
{
	fill();
	tally_add(&totals, TALLY_ROUND_TRIPS, 2469012);
	ck_assert(says("\nRound trips per second: 1,234,512.0 (411,504.0 per "
		       "connection)\n"));
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

/* A quantile is shown from the count on at which one value may be above it. */
static const struct {
	uint64_t count;
	int dashes;
} supported[] = { { 9, 4 }, { 10, 3 }, { 99, 3 }, { 100, 2 }, { 1000, 1 },
	{ 10000, 0 } };

TEST_EACH(quantiles_that_the_count_supports, supported)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *line;
	int dashes = 0;

	ck_assert_ptr_nonnull(out);
	hist_add(&totals.shard.hists[STATS_HANDSHAKE_TIME], 20, 1);
	hist_add(&totals.hists[TALLY_HIST_ROUND_TRIP], 20, supported[_i].count);
	report_text_print(out, &r);
	ck_assert_int_eq(fclose(out), 0);
	line = strstr(text, "round trip ");
	ck_assert_ptr_nonnull(line);
	for (; *line != '\n'; line++)
		dashes += *line == '-';
	ck_assert_int_eq(dashes, supported[_i].dashes);
	free(text);
}

SUITE("client/report/report_text")
