/*
 * flow_case: flows on a loop of their own, and a server to connect them to.
 *
 * Use:
 *	start_server(FAKE_ECHOES);
 *	set_up(1, 100);
 *	connect_all();
 *	run_all(30);
 *	expect_good(30);
 *	tear_down();
 */
#ifndef TESTS_CLIENT_FLOW_CASE_H
#define TESTS_CLIENT_FLOW_CASE_H

#include "client/flow.h"

#include <stdlib.h>
#include <string.h>

#include "client/payload.h"
#include "client/tally.h"
#include "common/addr.h"
#include "common/clock.h"
#include "common/tls_creds.h"
#include "common/tls_files.h"
#include "common/tls_priority.h"
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/suite.h"

enum {
	FLOWS = 3
};

/* Timeouts: one that a test waits for, and one that it does not. */
#define FLOW_CASE_SHORT_NS CLOCK_NS_PER_S
#define FLOW_CASE_LONG_NS  (60 * CLOCK_NS_PER_S)

static struct errmsg e;
static struct tally *tally;
static struct tls_creds *creds;
static struct conn_loop loop;
static struct payload payload;
static struct addr_list addrs;
static struct flow_group group;
static struct flow flows[FLOWS];
static struct fake_server server;

static inline void
load_credentials(void)
{
	const struct tls_files files = { .cert = { fixture_path(
					     "ca/alice.pem") },
		.key = { fixture_path("ca/alice.key") },
		.ca = fixture_path("ca/ca.pem") };
	const struct tls_settings settings = { .role = TLS_CLIENT,
		.priority = TLS_PRIORITY_DEFAULT,
		.keylog_fd = -1 };
	struct tls_bundle bundle = TLS_BUNDLE_INIT;

	ck_assert_msg(tls_files_load(&bundle, &files, &e) == 0, "%s", e.text);
	ck_assert_msg(
	    tls_creds_new(&creds, &bundle, &settings, &e) == 0, "%s", e.text);
	tls_bundle_free(&bundle);
}

/* Messages have min to max bytes. */
static inline void
set_up(size_t min, size_t max)
{
	struct conn_loop_options options = { .handshake_timeout_ns =
						 FLOW_CASE_LONG_NS,
		.connect_timeout_ns = FLOW_CASE_LONG_NS };

	tally = tally_map(1, &e);
	options.lane = &tally->lane;
	ck_assert_int_eq(conn_loop_init(&loop, &options, &e), 0);
	ck_assert_int_eq(payload_init(&payload, min, max, 1, &e), 0);
	group = (struct flow_group){ .loop = &loop,
		.payload = &payload,
		.tally = tally,
		.addrs = &addrs,
		.creds = creds,
		.peer_name = "localhost",
		.stop_ns = INT64_MAX,
		.budget = UINT64_MAX,
		.facts_fd = -1 };
	timeq_init(&group.round_trips, FLOW_CASE_LONG_NS);
	for (unsigned i = 0; i < FLOWS; i++)
		flow_init(&flows[i], &group, i);
}

static inline void
start_server(enum fake_kind kind)
{
	load_credentials();
	fake_server_start(&server, kind, "ca/server");
	ck_assert_int_eq(
	    addr_resolve(&addrs, server.address, ADDR_TO_CONNECT, &e), 0);
}

static inline void
tear_down(void)
{
	ck_assert_uint_eq(group.connecting, 0);
	ck_assert_uint_eq(group.busy, 0);
	ck_assert_uint_eq(tally_get(tally, TALLY_OVER), FLOWS);
	ck_assert_uint_eq(tally_open(tally), 0);
	conn_loop_fini(&loop);
	payload_fini(&payload);
	tls_creds_unref(&creds);
	tally_unmap(&tally, 1);
	fake_server_stop(&server);
}

static inline void
turn(void)
{
	conn_loop_turn(&loop, timeq_wait_ns(&group.round_trips, loop.now_ns));
	flow_group_expire(&group, loop.now_ns);
}

static inline void
connect_all(void)
{
	for (int i = 0; i < FLOWS; i++)
		flow_connect(&flows[i]);
	while (group.connecting > 0)
		turn();
}

/* Each flow makes round trips until the budget is used up. */
static inline void
run_all(uint64_t budget)
{
	group.budget = budget;
	for (int i = 0; i < FLOWS; i++)
		flow_start(&flows[i]);
	while (group.busy > 0)
		turn();
	for (int i = 0; i < FLOWS; i++)
		flow_stop(&flows[i]);
	while (conn_loop_count(&loop) > 0)
		turn();
}

static inline uint64_t
stat(enum stats_counter c)
{
	return tally_stat(tally, c);
}

static inline void
expect_failed(enum end cause, uint64_t made)
{
	ck_assert_uint_eq(tally_all_errors(tally), FLOWS);
	ck_assert_msg(tally_errors(tally, cause) == FLOWS, "first: %s",
	    ends_text(tally->first.cause));
	ck_assert_uint_eq(tally_get(tally, TALLY_MADE), made);
	ck_assert_uint_eq(tally_get(tally, TALLY_FAILED), FLOWS - made);
	ck_assert_uint_eq(tally_get(tally, TALLY_BROKEN), made);
}

static inline void
expect_good(uint64_t round_trips)
{
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(tally_get(tally, TALLY_MADE), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_OPENED), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_ROUND_TRIPS), round_trips);
	ck_assert_uint_eq(hist_count(&tally->round_trip), round_trips);
	ck_assert_uint_eq(stat(STATS_BYTES_SENT), stat(STATS_BYTES_RECEIVED));
}

#endif
