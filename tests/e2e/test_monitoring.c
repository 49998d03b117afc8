/*
 * What is for Prometheus: the text that tlsecho-stat prints, by promtool and by
 * Prometheus itself, which has to come to the totals that --json shows; and
 * tools/monitoring, whose files may name only metrics that are printed.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* A server that has echoed 5 bytes; its name is $NAME, the tree is $TREE. */
static void
start(void)
{
	server_start(&server, NULL);
	tlspeer_join(&peer, server.port);
	(void)setenv("NAME", server.name, 1);
	scratch_enter();
}

static void
stop(void)
{
	scratch_leave();
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}

START_TEST(promtool_finds_nothing_wrong)
{
	if (!shell_has_program("promtool"))
		return;
	start();
	shell_expect(0, "", "tlsecho-stat --prometheus -n $NAME >text");
	shell_expect(0, "0\n",
	    "promtool check metrics <text >said 2>&1; status=$?;"
	    " cat said; wc -l <said; exit $status");
	stop();
}
END_TEST

/* By the dashboard, the rules and their tests. */
START_TEST(only_metrics_that_are_printed_are_named)
{
	start();
	shell_expect(0, "",
	    "tlsecho-stat --prometheus -n $NAME |"
	    " sed -n 's/^\\(tlsecho_[a-z0-9_]*\\).*/\\1/p' | sort -u >printed");
	shell_expect(0, "",
	    "grep -oh 'tlsecho_[a-z0-9_]*' \"$TREE\"/tools/monitoring/* |"
	    " sort -u >named; test $(wc -l <named) -gt 20");
	shell_expect(0, "none\n", "comm -13 printed named; echo none");
	ck_assert_str_eq(shell_output(), "none\n");
	stop();
}
END_TEST

START_TEST(rules_fire_when_they_should)
{
	if (!shell_has_program("promtool"))
		return;
	shell_expect(0, "SUCCESS",
	    "promtool test rules \"$TREE/tools/monitoring/alerts_test.yml\"");
}
END_TEST

/* Its expressions as recording rules; JSON is YAML enough. */
START_TEST(dashboard_is_understood)
{
	if (!shell_has_program("promtool"))
		return;
	scratch_enter();
	shell_expect(0, "",
	    "jq '{groups: [{name: \"panels\", rules: [.. | .expr? // empty |"
	    " gsub(\"[$]__rate_interval\"; \"5m\")]"
	    " | to_entries | map({record: \"panel:\\(.key)\","
	    " expr: .value})}]}'"
	    " \"$TREE/tools/monitoring/dashboard.json\" >rules.yml");
	shell_expect(0, "rules found", "promtool check rules rules.yml");
	scratch_leave();
}
END_TEST

/* It scrapes the exporter while there is load, and has the totals when that has
 * ended. */
START_TEST(prometheus_has_the_totals_of_json)
{
	if (!shell_has_program("prometheus") || !shell_has_program("python3"))
		return;
	server_start(&server, NULL);
	shell_expect(0, "equal\n",
	    "\"$TREE/tests/e2e/scrape\" %s tlsecho-client --quiet -c 4"
	    " --rate 500 -d 5m --cert ca/alice.pem --key ca/alice.key"
	    " --ca ca/ca.pem %s",
	    server.name, server_address(&server));
	server_stop_clean(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/monitoring");

	SUITE_ADD(s, promtool_finds_nothing_wrong);
	SUITE_ADD(s, only_metrics_that_are_printed_are_named);
	SUITE_ADD(s, rules_fire_when_they_should);
	SUITE_ADD(s, dashboard_is_understood);
	SUITE_ADD_SLOW(s, prometheus_has_the_totals_of_json, 120);
	return fixture_run(s, argc, argv);
}
