/* test_flow_failures: connections to servers that do not behave. */
#include "tests/client/load/flow_case.h"

#include <sys/mman.h>
#include <unistd.h>

static const struct {
	enum fake_kind kind;
	enum close_reason reason;
	uint64_t made;
} failures[] = {
	{ FAKE_IS_SILENT, REASON_HANDSHAKE_TIMEOUT, 0 },
	{ FAKE_HANGS_UP, REASON_EOF, 0 },
	{ FAKE_RESETS, REASON_RESET, 0 },
	{ FAKE_BABBLES, REASON_PROTOCOL, 0 },
	{ FAKE_REFUSES, REASON_PEER_ALERT, 0 },
	{ FAKE_SPEAKS_FIRST, REASON_MISMATCH, 0 },
	{ FAKE_FLIPS_A_BIT, REASON_MISMATCH, 0 },
	{ FAKE_ADDS_A_BYTE, REASON_MISMATCH, FLOWS },
	{ FAKE_ADDS_A_RECORD, REASON_MISMATCH, FLOWS },
	{ FAKE_STALLS, REASON_ROUND_TRIP_TIMEOUT, FLOWS },
	{ FAKE_CLOSES, REASON_CLOSED, FLOWS },
	{ FAKE_CUTS_OFF, REASON_EOF, FLOWS },
	{ FAKE_RESETS_LATE, REASON_RESET, FLOWS },
	{ FAKE_SPEAKS_LAST, REASON_MISMATCH, FLOWS },
};

/* Enough for a limit of FAKE_LIMIT bytes a flow to be in the middle. */
static void
expect_failure(int i, unsigned pipeline)
{
	start_server(failures[i].kind);
	if (failures[i].reason == REASON_ROUND_TRIP_TIMEOUT)
		flow_options.timeout_ns = FLOW_CASE_SHORT_NS;
	set_up_pipeline(300, 300, pipeline);
	if (failures[i].reason == REASON_HANDSHAKE_TIMEOUT)
		loop.handshake.duration_ns = FLOW_CASE_SHORT_NS;
	connect_all();
	run_all(10 * (uint64_t)FLOWS);
	expect_failed(failures[i].reason, failures[i].made);
	tear_down();
}

TEST_EACH(bad_servers, failures)
{
	expect_failure(_i, 1);
}

/* Not those that close: what they have not read resets the connection. */
TEST_EACH(bad_servers_with_a_pipeline, failures)
{
	if (failures[_i].kind != FAKE_CLOSES &&
	    failures[_i].kind != FAKE_CUTS_OFF)
		expect_failure(_i, 4);
}

/* It goes on for ever, and so for longer than any one wait for a byte. */
TEST(handshake_that_drips)
{
	start_server(FAKE_DRIPS);
	flow_options.connect_timeout_ns = FLOW_CASE_SHORT_NS;
	set_up(1, 100);
	connect_all();
	run_all(0);
	expect_failed(REASON_HANDSHAKE_TIMEOUT, 0);
	tear_down();
}

/* The first echo takes as long as it may; those behind it began later. */
TEST(oldest_message_decides)
{
	int64_t began_ns;

	start_server(FAKE_STALLS);
	flow_options.timeout_ns = FLOW_CASE_SHORT_NS;
	set_up_pipeline(FAKE_LIMIT / 2, FAKE_LIMIT / 2, 2);
	connect_all();
	began_ns = loop.now_ns;
	run_all(UINT64_MAX);
	expect_failed(REASON_ROUND_TRIP_TIMEOUT, FLOWS);
	ck_assert_int_ge(loop.now_ns - began_ns, FLOW_CASE_SHORT_NS);
	tear_down();
}

/* The byte in excess is the one that follows the message in the block. */
TEST(excess_that_looks_right)
{
	start_server(FAKE_ADDS_A_BYTE);
	set_up(300, 300);
	memset(payload.block, 0, payload.size);
	connect_all();
	run_all(FLOWS);
	expect_failed(REASON_MISMATCH, FLOWS);
	tear_down();
}

/* Alone it is no error how a server hangs up, after all echoes have come. */
static const enum fake_kind late[] = { FAKE_ENDS_BARE, FAKE_NEVER_HANGS_UP };

TEST_EACH(careless_goodbye, late)
{
	start_server(late[_i]);
	set_up(1, 100);
	connect_all();
	run_all(30);
	expect_good(30);
	ck_assert_uint_eq(tally_get(tally, TALLY_UNANSWERED),
	    late[_i] == FAKE_NEVER_HANGS_UP ? FLOWS : 0);
	tear_down();
}

/* It could as well have refused the certificate without a word. */
TEST(careless_goodbye_proves_nothing)
{
	start_server(FAKE_ENDS_BARE);
	set_up(1, 100);
	connect_all();
	run_all(0);
	expect_failed(REASON_EOF, 0);
	tear_down();
}

TEST(refusal_of_a_client_with_nothing_to_send)
{
	start_server(FAKE_REFUSES);
	set_up(1, 100);
	connect_all();
	run_all(0);
	expect_failed(REASON_PEER_ALERT, 0);
	ck_assert_str_eq(tally->first.detail, "access_denied");
	ck_assert_uint_eq(tally_alerts(tally, 49), FLOWS);
	tear_down();
}

/* Echoes in place of a greeting, which may begin as one does. */
static const struct {
	char byte;
	enum fake_kind kind;
	unsigned pipeline;
} no_greetings[] = {
	{ 'x', FAKE_ECHOES, 1 },
	{ '{', FAKE_ECHOES, 1 },
	{ '{', FAKE_ECHOES, 7 },
	{ '{', FAKE_DRIBBLES, 1 },
	{ '{', FAKE_DRIBBLES, 7 },
};

TEST_EACH(server_without_whoami, no_greetings)
{
	int fd = memfd_create("shown", MFD_CLOEXEC);

	start_server(no_greetings[_i].kind);
	flow_options.whoami = true;
	flow_job.text_fd = fd;
	set_up_pipeline(1, 100, no_greetings[_i].pipeline);
	memset(payload.block, no_greetings[_i].byte, payload.size);
	connect_all();
	run_all((uint64_t)FLOWS * no_greetings[_i].pipeline);
	expect_failed(REASON_MISMATCH, 0);
	ck_assert_str_eq(tally->first.detail,
	    "no line of JSON came first: leave out --whoami");
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	(void)close(fd);
	tear_down();
}

TEST(wrong_name)
{
	start_server(FAKE_ECHOES);
	set_up(1, 100);
	group->peer_name = "elsewhere";
	connect_all();
	expect_failed(REASON_WRONG_NAME, 0);
	tear_down();
}

FIXTURE_SUITE("client/load/flow_failures")
