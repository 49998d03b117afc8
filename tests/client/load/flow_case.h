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
#ifndef TESTS_CLIENT_LOAD_FLOW_CASE_H
#define TESTS_CLIENT_LOAD_FLOW_CASE_H

#include "client/load/load.h"

#include <stdlib.h>
#include <string.h>

#include "client/job.h"
#include "client/load/payload.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "common/sys/addr.h"
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/suite.h"

enum {
	FLOWS = 3
};

/* Timeouts: one that a test waits for, and one that it does not. */
#define FLOW_CASE_SHORT_NS CLOCK_NS_PER_S
#define FLOW_CASE_LONG_NS  (60 * CLOCK_NS_PER_S)

extern struct errmsg e;
extern struct tally *tally;
extern struct tls_creds *creds;
extern struct conn_loop loop;
extern struct payload payload;
extern struct addr_list addrs;
extern struct options flow_options;
extern struct job flow_job;
extern struct load *load;
extern struct flow_group *group;
extern struct fake_server server;

/* Messages have min to max bytes, and pipeline of them are under way. */
void set_up_pipeline(size_t min, size_t max, unsigned pipeline);
void set_up(size_t min, size_t max);
void start_server(enum fake_kind kind);

/* Nobody listens on port 1; addresses come in the order they are tried. */
void put_closed_port_first(void);
void tear_down(void);
void turn(void);
void connect_all(void);
void run_until(int64_t stop_ns);

/* Round trips are made until the budget is used up. */
void run_all(uint64_t budget);
void expect_failed(enum close_reason reason, uint64_t made);
void expect_good(uint64_t round_trips);

/* Transactions of which so many resume: so many more are made each time. */
void start_transactions(unsigned percent);
void transactions(uint64_t times);
void end_transactions(void);

static inline uint64_t
stat(enum stats_counter c)
{
	return tally_stat(tally, c);
}

#endif
