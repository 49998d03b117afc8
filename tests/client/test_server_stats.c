/* test_server_stats: both sides of each counter, and servers that go away. */
#include "client/server_stats.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/job.h"
#include "client/options.h"
#include "client/tally.h"
#include "tests/support/demo_segment.h"
#include "tests/support/suite.h"

static const struct server_loss no_loss;
static struct options o = { .workers = 2 };
static struct tally totals;
static struct tally warmups[2];
static const struct job job = { .options = &o,
	.totals = &totals,
	.warmups = warmups };
static struct demo_segment demo;
static struct server_stats server;
static struct errmsg e;

static void
open_demo(void)
{
	demo_segment_start(&demo, "join", 3);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 1000);
	demo_segment_add(&demo, 1, STATS_ENDED, 1000);
	demo_segment_hist(&demo, 1, STATS_ECHO_TIME, 1000000, 10);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, getpid());
	ck_assert_msg(
	    server_stats_open(&server, demo.name, &e) == 0, "%s", e.text);
}

/* Three connections, one of them of the warm-up. */
static void
connect_three(void)
{
	hist_add(&totals.hists[TALLY_HIST_CONNECT], 1, 2);
	hist_add(&warmups[1].hists[TALLY_HIST_CONNECT], 1, 1);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 2);
	demo_segment_add(&demo, 2, STATS_ACCEPTED, 1);
	demo_segment_add(&demo, 2, STATS_ENDED, 3);
}

static void
close_demo(void)
{
	server_stats_close(&server);
	demo_segment_stop(&demo);
}

static const struct server_row *
row(const char *name)
{
	for (unsigned i = 0; i < server.count; i++)
		if (strcmp(server.rows[i].name, name) == 0)
			return &server.rows[i];
	ck_abort_msg("no row %s", name);
}

TEST(both_sides_of_what_there_was_meanwhile)
{
	open_demo();
	connect_three();
	stats_add(&totals.shard, STATS_BYTES_SENT, 70);
	stats_add(&warmups[0].shard, STATS_BYTES_SENT, 7);
	stats_add(&warmups[1].shard, STATS_BYTES_RECEIVED, 5);
	tally_add(&totals, TALLY_ROUND_TRIPS, 2);
	tally_add(&warmups[0], TALLY_ROUND_TRIPS, 3);
	demo_segment_add(&demo, 1, STATS_BYTES_RECEIVED, 77);
	demo_segment_add(&demo, 2, STATS_BYTES_SENT, 4);
	demo_segment_hist(&demo, 2, STATS_ECHO_TIME, 500, 4);
	server_stats_join(&server, &job, &no_loss);
	ck_assert_str_eq(server.lost.text, "");
	ck_assert_uint_eq(server.count, SERVER_STATS_ROWS);
	ck_assert_uint_eq(row("accepted")->client, 3);
	ck_assert_uint_eq(row("accepted")->server, 3);
	ck_assert(row("accepted")->agrees);
	ck_assert_uint_eq(row("bytes_received")->client, 77);
	ck_assert(row("bytes_received")->agrees);
	ck_assert_uint_eq(row("bytes_sent")->client, 5);
	ck_assert_uint_eq(row("bytes_sent")->server, 4);
	ck_assert(!row("bytes_sent")->agrees);
	ck_assert_uint_eq(server_stats_differing(&server), 1);
	ck_assert_uint_eq(server.messages, 5);
	close_demo();
}

/* A maximum of earlier is not one of the run. */
TEST(echo_time_of_the_run)
{
	open_demo();
	demo_segment_hist(&demo, 2, STATS_ECHO_TIME, 500, 4);
	server_stats_join(&server, &job, &no_loss);
	ck_assert(server.has_echo_time);
	ck_assert_uint_eq(hist_count(&server.echo_time), 4);
	ck_assert_uint_ge(hist_max(&server.echo_time), 500);
	ck_assert_uint_lt(hist_max(&server.echo_time), 520);
	close_demo();
}

static void
burn_cpu(int64_t cpu_ns)
{
	struct timespec now;

	do
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	while (now.tv_sec * INT64_C(1000000000) + now.tv_nsec < cpu_ns);
}

/* This process stands for a worker; then another one does. */
TEST(cpu_time_of_the_run)
{
	burn_cpu(20000000);
	open_demo();
	burn_cpu(50000000);
	server_stats_join(&server, &job, &no_loss);
	ck_assert_int_ge(server.cpu_ns, 1);
	ck_assert_int_le(server.cpu_ns, 10 * INT64_C(1000000000));
	server_stats_close(&server);

	ck_assert_int_eq(server_stats_open(&server, demo.name, &e), 0);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, getppid());
	server_stats_join(&server, &job, &no_loss);
	ck_assert_int_eq(server.cpu_ns, -1);
	close_demo();
}

enum {
	ACCEPTED,
	RECEIVED = 6, /* rows of the table */
	SENT
};

static const struct {
	int row;
	uint64_t server;      /* the client has 10 of each */
	uint64_t connections; /* that failed */
	bool data, agrees;
} losses[] = {
	{ ACCEPTED, 10, 0, false, true },
	{ ACCEPTED, 9, 0, true, false },
	{ ACCEPTED, 11, 0, true, false },
	{ ACCEPTED, 9, 1, true, true },
	{ ACCEPTED, 11, 1, true, true },
	{ ACCEPTED, 12, 1, true, false },
	{ RECEIVED, 10, 0, false, true },
	{ RECEIVED, 9, 0, false, false },
	{ RECEIVED, 9, 0, true, true },
	{ RECEIVED, 11, 0, true, false },
	{ SENT, 9, 0, true, false },
	{ SENT, 11, 0, true, true },
	{ SENT, 11, 0, false, false },
};

TEST_EACH(failures_excuse_what_they_explain, losses)
{
	const struct server_loss loss = { losses[_i].connections,
		losses[_i].data };

	hist_add(&totals.hists[TALLY_HIST_CONNECT], 1, 10);
	stats_add(&totals.shard, STATS_BYTES_SENT, 10);
	stats_add(&totals.shard, STATS_BYTES_RECEIVED, 10);
	for (int i = 0; i < SERVER_STATS_ROWS; i++)
		server.before.has[i] = server.after.has[i] = true;
	server.after.values[losses[_i].row] = losses[_i].server;
	server_stats_compare(&server, &job, &loss);
	ck_assert_uint_eq(server.rows[losses[_i].row].client, 10);
	ck_assert_int_eq(server.rows[losses[_i].row].agrees, losses[_i].agrees);
}

/* A server of another release: no row, and no histogram. */
TEST(what_one_reading_lacks_is_left_out)
{
	server.before.has[ACCEPTED] = server.after.has[ACCEPTED] = true;
	server.before.has[SENT] = true;
	server.before.has_echo_time = true;
	server_stats_compare(&server, &job, &no_loss);
	ck_assert_uint_eq(server.count, 1);
	ck_assert(!server.has_echo_time);
}

TEST(ends_meanwhile)
{
	open_demo();
	demo_segment_stop(&demo);
	server_stats_join(&server, &job, &no_loss);
	ck_assert_ptr_nonnull(
	    strstr(server.lost.text, "it ended during the run"));
	ck_assert_uint_eq(server.count, 0);
	server_stats_close(&server);
}

TEST(another_takes_its_name_meanwhile)
{
	open_demo();
	demo_segment_step_aside(&demo);
	server_stats_join(&server, &job, &no_loss);
	ck_assert_ptr_nonnull(strstr(server.lost.text, "gave up its name"));
	close_demo();
}

TEST(is_dead_or_not_there)
{
	char name[STATS_SHM_NAME];

	demo_segment_name(name, "none");
	ck_assert_int_eq(server_stats_open(&server, name, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "--server-stats: no segment"));
	demo_segment_start(&demo, "dead", 2);
	demo_segment_kill(&demo);
	ck_assert_int_eq(server_stats_open(&server, demo.name, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "' is dead: start it again"));
	ck_assert_ptr_null(server.shm);
	demo_segment_remove(demo.name);
}

SUITE("client/server_stats")
