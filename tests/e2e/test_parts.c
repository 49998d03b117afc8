/* --part: several clients whose union is what the server saw. */
#include <check.h>
#include <inttypes.h>
#include <jansson.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct server server;

static uint64_t
count(const char *path)
{
	uint64_t n;

	ck_assert_int_eq(shell("jq '%s' all", path), 0);
	ck_assert_int_eq(sscanf(shell_output(), "%" SCNu64, &n), 1);
	return n;
}

/* They are not started together here, so the union is not valid; but it sums
 * exactly. */
TEST(union_is_what_the_server_saw)
{
	server_start(&server, NULL);
	shell_expect(3, "Union of 4 of 4 generators\n",
	    "for i in 1 2 3 4; do tlsecho-client -q --ca ca/ca.pem "
	    "--cert ca/alice.pem --key ca/alice.key --part $i/4 -c 10 -n 103 "
	    "--json $i.json %s >/dev/null || exit; done; "
	    "tlsecho-client merge --json all 1.json 2.json 3.json 4.json",
	    server_address(&server));
	AWAIT(server_total(&server, "ended") == 10);
	ck_assert_uint_eq(count(".round_trips"), 103);
	ck_assert_uint_eq(count(".configuration.connections"), 10);
	ck_assert_uint_eq(count(".traffic.handshakes"),
	    server_total(&server, "handshakes_completed"));
	ck_assert_uint_eq(count(".traffic.bytes_sent"),
	    server_total(&server, "bytes_received"));
	ck_assert_uint_eq(
	    count("[.histograms.round_trip.buckets[][1]] | add"), 103);
	server_stop(&server);
}

FIXTURE_SUITE("e2e/parts")
