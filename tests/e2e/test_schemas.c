/*
 * The JSON that the programs write is what the schemas say, with no key
 * besides.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/fixture.h"
#include "tests/support/http.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

#define VALIDATE "\"$TREE\"/tests/e2e/validate \"$TREE\"/tools/schemas/"
#define VALIDATE_RUN                                             \
	"\"$TREE\"/tests/e2e/validate \"$TREE\"/client/schemas/" \
	"tlsecho-client-run.schema.json <report"
#define CLIENT                                                           \
	"tlsecho-client -q --cert ca/alice.pem --key ca/alice.key --ca " \
	"ca/ca.pem --json report "

/* Status 3 says that there are few runs, and 4 is a matter of chance here. */
#define COMPARE(sides)                                           \
	"tlsecho-client compare " sides                          \
	" --json comparison >text || test $? -ge 3 &&"           \
	"\"$TREE\"/tests/e2e/validate \"$TREE\"/client/schemas/" \
	"tlsecho-client-compare.schema.json <comparison"

static struct server server;
static struct tlspeer peer;
static struct spawn exporter;

static bool
can_validate(void)
{
	if (shell("/usr/bin/python3 -c 'import jsonschema'") == 0)
		return true;
	suite_skip("there is no python3-jsonschema");
	return false;
}

/* One sample, a series, and all rows, of which one is of a failed handshake. */
START_TEST(stat_json)
{
	const struct tlspeer_options without = { .identity = NULL };

	if (!can_validate())
		return;
	server_start(&server, NULL);
	tlspeer_open(&peer, server.port, &without);
	(void)tlspeer_handshake(&peer);
	tlspeer_close(&peer);
	tlspeer_join(&peer, server.port);
	(void)setenv("NAME", server.name, 1);
	shell_expect(
	    0, "1 valid", "tlsecho-stat -j -n $NAME | " VALIDATE "stat.json");
	shell_expect(0, "3 valid",
	    "tlsecho-stat -j -d 50ms -N 3 -n $NAME | " VALIDATE "stat.json");
	shell_expect(0, "1 valid",
	    "tlsecho-stat -j --connections -n $NAME >json && " VALIDATE
	    "stat.json <json");
	shell_expect(0, "[1,\"no_certificate\"]",
	    "jq -c '[(.connections | length), .offenders[0].cause]' json");
	tlspeer_close(&peer);
	server_stop(&server);
}
END_TEST

/* What the live page asks the exporter for. */
START_TEST(connections_json)
{
	if (!can_validate())
		return;
	server_start(&server, NULL);
	tlspeer_join(&peer, server.port);
	spawn_start(&exporter,
	    (const char *const[]){
		"tlsecho-stat", "--http", ":0", "-n", server.name, NULL },
	    NULL);
	spawn_expect(&exporter, "/\n");
	ck_assert_int_eq(http_ask(atoi(strrchr(exporter.text, ':') + 1), "GET",
			     "/api/v1/connections", NULL),
	    200);
	scratch_write("json", http_body());
	shell_expect(0, "1 valid", VALIDATE "connections.json <json");
	shell_expect(0, "[1,1,\"CN=alice\"]",
	    "jq -c '[.total, .matched, .connections[].name]' json");
	spawn_signal(&exporter, SIGTERM);
	ck_assert_int_eq(spawn_wait(&exporter), 0);
	tlspeer_close(&peer);
	server_stop(&server);
}
END_TEST

/* Two seconds with something in them, which add up to the whole. */
static void
expect_sums(const char *latency)
{
	shell_expect(0, "true",
	    "jq -c '[(.series | length > 0),"
	    " ([.series[].round_trips] | add) == .round_trips,"
	    " ([.series[].transactions] | add) == .transactions,"
	    " ([.series[].errors] | add // 0) =="
	    "  .connections.failed + .connections.lost,"
	    " ([.series[].bytes_sent] | add) == .traffic.bytes_sent,"
	    " ([.series[].latency.buckets[]] | group_by(.[0])"
	    "  | map([.[0][0], (map(.[1]) | add)])) == .histograms.%s.buckets"
	    "] | all' report",
	    latency);
}

/* Loops, transactions, a search, and nobody there. */
static const struct {
	const char *options;
	const char *latency; /* that the series has */
	int status;
} runs[] = {
	{ "-c 2 -n 3", "round_trip", 0 },
	{ "-c 2 -d 2100ms", "round_trip", 0 },
	{ "-c 2 --rate 500 -d 1100ms --late-limit 10s", "round_trip", 0 },
	{ "-c 2 -n 30 --handshakes --resume", "transaction", 0 },
	{ "-c 2 --find-rate -r 60 -d 300ms --late-limit 10s --goal kept>=1% "
	  "--goal error_rate<=100%",
	    "round_trip", 0 },
	{ "-c 2 -n 3", "round_trip", 1 },
};

START_TEST(client_json)
{
	if (!can_validate())
		return;
	server_start(&server, NULL);
	(void)setenv("AT", server_address(&server), 1);
	(void)setenv("OPTIONS", runs[_i].options, 1);
	if (runs[_i].status != 0)
		server_stop(&server);
	shell_expect(runs[_i].status, "", CLIENT "$OPTIONS $AT >text");
	shell_expect(0, "1 valid", VALIDATE_RUN);
	expect_sums(runs[_i].latency);
	if (runs[_i].status == 0)
		server_stop(&server);
}
END_TEST

/* What the server counted stands beside what the client did. */
START_TEST(server_json)
{
	if (!can_validate())
		return;
	server_start(&server, NULL);
	shell_expect(0, "", CLIENT "-c 2 -n 9 --server-stats %s %s >text",
	    server.name, server_address(&server));
	shell_expect(0, "1 valid", VALIDATE_RUN);
	shell_expect(0, "[9,9]",
	    "jq -c '.server | [.echo_time.count, (.counters[]"
	    " | select(.name == \"read_operations\") | .server)]' report");
	server_stop(&server);
}
END_TEST

/* A union of runs that were not told the same, and a page of one. */
START_TEST(union_json)
{
	if (!can_validate())
		return;
	server_start(&server, NULL);
	(void)setenv("AT", server_address(&server), 1);
	shell_expect(0, "", CLIENT "-c 2 -n 30 $AT >text && mv report one");
	shell_expect(0, "", CLIENT "-c 1 -n 20 -s 7 --html page $AT >text");
	shell_expect(
	    0, "Union of 2 runs", "tlsecho-client merge one report --json all");
	shell_expect(0, "1 valid", "mv all report; " VALIDATE_RUN);
	shell_expect(0, "[50,[\"size_min\",\"size_max\"]]",
	    "jq -c '[.round_trips, .merged.differing]' report");
	shell_expect(0, "<!DOCTYPE html>", "head -1 page");
	server_stop(&server);
}
END_TEST

/* Of one run on each side, of three, and of an idle one without latencies. */
START_TEST(comparison_json)
{
	if (!can_validate())
		return;
	server_start(&server, NULL);
	(void)setenv("AT", server_address(&server), 1);
	shell_expect(0, "",
	    "for i in 1 2 3; do " CLIENT
	    "-c 2 -n 30 $AT >text && mv report a$i && " CLIENT
	    "-c 2 -n 20 -s 7 $AT >text && mv report b$i || exit; done; " CLIENT
	    "-c 2 -d 100ms --idle $AT >text && mv report idle");
	server_stop(&server);
	shell_expect(0, "1 valid", COMPARE("a1 b1"));
	shell_expect(0, "1 valid", COMPARE("'a[1-3]' 'b[1-3]'"));
	shell_expect(0, "\"too few runs\"\n",
	    "tlsecho-client compare a1 b1 --json - 2>text |"
	    " jq '.metrics[0].verdict'");
	shell_expect(0, "1 valid", COMPARE("idle idle"));
}
END_TEST

/* All is well, a refusal that comes late, no answer, and no name. */
START_TEST(explain_json)
{
#define EXPLAIN                                                            \
	"tlsecho-client --explain --ca ca/ca.pem --json report >text %s; " \
	"test $? = %d && \"$TREE\"/tests/e2e/validate \"$TREE\""           \
	"/client/schemas/tlsecho-client-explain.schema.json <report"
	static const char alice[] = "--cert ca/alice.pem --key ca/alice.key ";

	if (!can_validate())
		return;
	server_start(&server, NULL);
	(void)setenv("AT", server_address(&server), 1);
	(void)setenv("ALICE", alice, 1);
	shell_expect(0, "1 valid", EXPLAIN, "$ALICE $AT", 0);
	shell_expect(0, "[\"client_certificate\",116,false]",
	    "tlsecho-client --explain --ca ca/ca.pem --json - $AT 2>text |"
	    " jq -c '[.failed_step, .alert.number,"
	    " .client_certificate.accepted]'");
	shell_expect(0, "1 valid", EXPLAIN, "$AT", 14);
	shell_expect(0, "1 valid", EXPLAIN, "$ALICE --server-name a.b $AT", 13);
	server_stop(&server);
	shell_expect(0, "1 valid", EXPLAIN, "$ALICE $AT", 11);
	shell_expect(0, "1 valid", EXPLAIN, "nosuch.invalid:1", 10);
}
END_TEST

/* With a certificate, and without; and through a proxy that speaks TLS. */
static const struct {
	const char *identity, *option, *header;
	size_t size;
} greeted[] = {
	{ "ca/alice", NULL, "", 0 },
	{ NULL, NULL, "", 0 },
	{ "ca/alice", "--proxy-protocol",
	    "\r\n\r\n\0\r\nQUIT\n\x20\0\0\x08\x20\0\5\1\0\0\0\0", 24 },
};

START_TEST(whoami_json)
{
	const struct tlspeer_options options = { .identity =
						     greeted[_i].identity };
	char line[4096];
	size_t n = 0;

	if (!can_validate())
		return;
	server_start(&server, "--whoami", "--client-auth", "optional",
	    greeted[_i].option, NULL);
	tlspeer_open(&peer, server.port, &options);
	ck_assert_int_eq(
	    send(peer.fd, greeted[_i].header, greeted[_i].size, MSG_NOSIGNAL),
	    (ssize_t)greeted[_i].size);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	do
		ck_assert_int_eq(tlspeer_receive(&peer, line + n, 1), 1);
	while (line[n++] != '\n' && n < sizeof line);
	line[n - 1] = '\0';
	scratch_enter();
	scratch_write("line", line);
	shell_expect(0, "1 valid", VALIDATE "whoami.json <line");
	scratch_leave();
	tlspeer_finish(&peer);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/schemas");

	SUITE_ADD_SLOW(s, stat_json, 30);
	SUITE_ADD_SLOW(s, connections_json, 30);
	suite_add(s, "client_json", client_json, 30,
	    (int)(sizeof runs / sizeof *runs));
	SUITE_ADD_SLOW(s, server_json, 30);
	SUITE_ADD_SLOW(s, union_json, 30);
	SUITE_ADD_SLOW(s, comparison_json, 30);
	SUITE_ADD_SLOW(s, explain_json, 30);
	SUITE_ADD_LOOP(s, whoami_json, TEST_ROWS(greeted));
	return fixture_run(s, argc, argv);
}
