/* flow_case: flows, their loop and their server; see the header. */
#include "tests/client/load/flow_case.h"

#include "client/load/kinds.h"
#include "common/creds/creds.h"
#include "common/creds/files.h"
#include "common/creds/priority.h"

struct errmsg e;
struct tally *tally;
struct tls_creds *creds;
struct conn_loop loop;
struct payload payload;
struct addr_list addrs;
struct options flow_options = { .connections = FLOWS,
	.workers = 1,
	.timeout_ns = FLOW_CASE_LONG_NS,
	.connect_timeout_ns = FLOW_CASE_LONG_NS,
	.peer_name = "localhost" };
struct job flow_job = { .options = &flow_options, .addrs = &addrs };
struct load *load;
struct flow_group *group;
struct fake_server server;

static void
load_credentials(void)
{
	const struct tls_files files = { .cert = { fixture_path(
					     "ca/alice.pem") },
		.key = { fixture_path("ca/alice.key") },
		.ca = { fixture_path("ca/ca.pem") } };
	const struct tls_settings settings = { .role = TLS_CLIENT,
		.priority = TLS_PRIORITY_DEFAULT,
		.keylog_fd = -1 };
	struct tls_bundle bundle = TLS_BUNDLE_INIT;

	ck_assert_msg(tls_files_load(&bundle, &files, &e) == 0, "%s", e.text);
	ck_assert_msg(
	    tls_creds_new(&creds, &bundle, &settings, &e) == 0, "%s", e.text);
	tls_bundle_free(&bundle);
}

void
set_up_pipeline(size_t min, size_t max, unsigned pipeline)
{
	struct conn_loop_options options = { .handshake_timeout_ns =
						 FLOW_CASE_LONG_NS,
		.connect_timeout_ns = FLOW_CASE_LONG_NS };

	tally = tally_map(1, &e);
	options.shard = &tally->shard;
	ck_assert_int_eq(conn_loop_init(&loop, &options, &e), 0);
	ck_assert_int_eq(payload_init(&payload, min, max, 1, &e), 0);
	flow_options.pipeline = pipeline;
	flow_job.tallies = tally;
	flow_job.creds = creds;
	load = load_new(
	    kinds_choose(&flow_options), &flow_job, 0, &loop, &payload, &e);
	ck_assert_ptr_nonnull(load);
	group = &load->group;
}

void
set_up(size_t min, size_t max)
{
	set_up_pipeline(min, max, 1);
}

void
start_server(enum fake_kind kind)
{
	load_credentials();
	fake_server_start(&server, kind, "ca/server");
	ck_assert_int_eq(
	    addr_resolve(&addrs, server.address, ADDR_TO_CONNECT, &e), 0);
}

void
put_closed_port_first(void)
{
	struct addr_list closed;

	ck_assert_int_eq(
	    addr_resolve(&closed, "127.0.0.1:1", ADDR_TO_CONNECT, &e), 0);
	addrs.of[1] = addrs.of[0];
	addrs.of[0] = closed.of[0];
	addrs.count = 2;
}

void
tear_down(void)
{
	ck_assert_uint_eq(group->connecting, 0);
	ck_assert_uint_eq(group->busy, 0);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_OVER), tally_get(tally, TALLY_ASKED));
	ck_assert_uint_eq(job_open(&flow_job), 0);
	conn_loop_fini(&loop);
	payload_fini(&payload);
	load_free(&load);
	tls_creds_unref(&creds);
	tally_unmap(&tally, 1);
	fake_server_stop(&server);
}

void
turn(void)
{
	conn_loop_turn(&loop, load_wait_ns(load));
	load_turn(load);
}

void
connect_all(void)
{
	load_connect_more(load);
	while (!load_is_connected(load))
		turn();
}

void
run_until(int64_t stop_ns)
{
	load_start(load, clock_now_ns(), stop_ns);
	while (!load_is_over(load))
		turn();
	ck_assert_uint_eq(group->busy, 0);
	load_stop(load);
	while (!load_is_gone(load))
		turn();
}

void
run_all(uint64_t budget)
{
	load->budget = budget;
	run_until(INT64_MAX);
}

void
expect_failed(enum close_reason reason, uint64_t made)
{
	ck_assert_uint_eq(tally_all_errors(tally), FLOWS);
	ck_assert_msg(tally_errors(tally, reason) == FLOWS, "first: %s",
	    close_reason_text(tally->first.reason));
	ck_assert_uint_eq(tally_get(tally, TALLY_MADE), made);
	ck_assert_uint_eq(tally_get(tally, TALLY_FAILED), FLOWS - made);
	ck_assert_uint_eq(tally_get(tally, TALLY_BROKEN), made);
}

static uint64_t
times(enum tally_hist which)
{
	return hist_count(&tally->hists[which]);
}

/* Each connection has its parts, and a closed loop no other service time. */
static void
expect_parts(uint64_t round_trips)
{
	uint64_t service = flow_options.rate > 0 ? round_trips : 0;

	ck_assert_uint_eq(times(TALLY_HIST_CONNECT), FLOWS);
	ck_assert_uint_eq(times(TALLY_HIST_TLS_HANDSHAKE), FLOWS);
	ck_assert_uint_eq(times(TALLY_HIST_FIRST_ECHO),
	    round_trips < FLOWS ? round_trips : FLOWS);
	ck_assert_uint_eq(times(TALLY_HIST_SERVICE), service);
}

void
expect_good(uint64_t round_trips)
{
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(tally_get(tally, TALLY_MADE), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_OPENED), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_ROUND_TRIPS), round_trips);
	ck_assert_uint_eq(
	    hist_count(&tally->hists[TALLY_HIST_ROUND_TRIP]), round_trips);
	expect_parts(round_trips);
	ck_assert_uint_eq(stat(STATS_BYTES_SENT), stat(STATS_BYTES_RECEIVED));
}

void
start_transactions(unsigned percent)
{
	start_server(FAKE_RESUMES);
	flow_options.handshakes = true;
	flow_options.resume_percent = percent;
	set_up(1, 100);
	load_start(load, clock_now_ns(), INT64_MAX);
}

void
transactions(uint64_t n)
{
	load->budget = n;
	while (!load_is_over(load))
		turn();
}

void
end_transactions(void)
{
	load_stop(load);
	while (!load_is_gone(load))
		turn();
	tear_down();
}
