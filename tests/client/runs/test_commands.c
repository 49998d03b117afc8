/* test_commands: merge and compare as a user types them. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/client/runs/run_case.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static void
write_with(unsigned seed, const char *file, const char *key, const char *json)
{
	json_t *root = run_case_new(seed);

	if (key != NULL)
		run_case_set(root, key, json);
	run_case_write(root, file);
}

static void
enter(void)
{
	scratch_enter();
	(void)shell_find_programs();
	write_with(1, "a.json", NULL, NULL);
	write_with(2, "b.json", NULL, NULL);
	write_with(3, "invalid.json", "valid", "false");
	write_with(4, "failed.json", "exit_status", "1");
	write_with(7, "missed.json", "exit_status", "4");
	write_with(
	    5, "late.json", "measured.from_unix_ns", "1800000002000000000");
	write_with(6, "other.json", "configuration.handshakes", "true");
	(void)shell("jq '.round_trips = 1234567 | .rate = 1234567' "
		    "<a.json >fast.json");
	write_with(8, "odd.json", "connect", "\"1 ms\"");
	scratch_write("none.json", "{}");
	(void)shell("mkdir A && cp a.json A");
}

static const struct {
	const char *words;
	int status;
	const char *says;
} told[] = {
	{ "merge a.json b.json", 0, "Union of 2 runs: in 99.3 % of the time" },
	{ "merge b.json a.json", 0,
	    "  a.json: host, 2027-01-15T08:00:00.010Z" },
	{ "merge a.json", 0, "Union of 1 run: in 100.0 % of" },
	{ "merge fast.json", 0, "\nRound trips per second: 411,522.3\n" },
	{ "merge fast.json", 0, ", open loop of 1,234,567.0 per second\n" },
	{ "merge -q --json - a.json b.json", 0, "\"parts\": 2" },
	{ "merge a.json invalid.json", 3, "client: invalid.json: invalid\n" },
	{ "merge a.json failed.json", 1, "client: failed.json: failed\n" },
	{ "merge a.json missed.json", 4,
	    "client: missed.json: missed what was to be reached\n" },
	{ "merge a.json missed.json failed.json", 1,
	    "MISSED: missed.json: missed what" },
	{ "merge a.json late.json", 0, "warning: all runs were under way in" },
	{ "merge a.json a.json", 1, "a.json: the same run as a.json" },
	{ "merge a.json other.json", 1,
	    "configuration.handshakes is not that" },
	{ "merge a.json odd.json", 1, "client: odd.json: connect: not an" },
	{ "compare odd.json a.json", 1, "client: odd.json: connect: not an" },
	{ "merge a.json none.json", 1, "client: none.json: format: not" },
	{ "merge --json /none/all a.json", 1, "/none/all: No such file" },
	{ "merge", 2, "merge needs FILE: a run that" },
	{ "merge --rate 5 a.json", 2, "merge takes no --rate" },
	{ "compare a.json b.json", 3, "fewer than 3 runs on each side there" },
	{ "compare a.json b.json", 3,
	    "client: no verdict: A has 1 run and B 1, and each needs at least "
	    "3\n" },
	{ "compare a.json missed.json", 3,
	    "client: missed.json: missed what was to be reached\n" },
	{ "compare a.json missed.json", 3, "\nMISSED: missed.json: missed" },
	{ "compare --json - a.json b.json", 3, "\"is_missed\": false" },
	{ "compare a.json invalid.json", 3, "client: invalid.json: invalid\n" },
	{ "compare a.json", 2, "compare needs A and B: files of runs" },
	{ "compare a.json b.json c.json", 2, "compare: 'c.json' is one" },
	{ "compare -c 4 a.json b.json", 2, "compare takes no --connections" },
	{ "compare a.json none", 1, "client: none: no such file" },
	{ "compare a.json ,", 1, "client: ',' names no file" },
	{ "compare --threshold 5% a.json b.json", 3, "medians" },
	{ "compare --threshold % a.json b.json", 2, "--threshold: '%' is" },
	{ "compare --threshold 2000 a.json b.json", 2, "not between 0 and" },
	{ "merge -q --html - a.json", 0, "<!DOCTYPE html>" },
	{ "merge --html /none/page a.json", 1, "/none/page: No such file" },
	{ "merge --html - --json - a.json", 1, "cannot go to the same" },
	{ "merge --html x --json ./x a.json", 1, "cannot go to the same" },
	{ "merge --json $PWD/a.json b.json a.json", 1,
	    "client: --json would overwrite the run that is read: /" },
	{ "merge --html ./a.json a.json", 1, "--html would overwrite the" },
	{ "compare --json ./b.json a.json b.json", 1, "would overwrite the" },
	{ "compare --json b.json a.json b.json,late.json", 1,
	    "--json would overwrite the run that is read: b.json" },
	{ "compare --json ./b.json '[a]*.json' '[b]*.json'", 1,
	    "--json would overwrite the run that is read: b.json" },
	{ "compare --json $PWD/A/a.json A b.json", 1,
	    "--json would overwrite the run that is read: A/a.json" },
	{ "compare --json A/new.json A b.json", 3, "medians" },
	{ "compare --html x a.json b.json", 2, "compare takes no --html" },
	{ "--threshold 5 localhost:1", 2, "--threshold is for compare" },
	{ "merge:1", 2, "--ca is missing" },
};

TEST_EACH(status_and_words, told)
{
	shell_expect(told[_i].status, told[_i].says, "tlsecho-client %s",
	    told[_i].words);
}

/* A limit on the size of files stands in for a disk that is full. */
TEST(what_is_too_large_leaves_nothing)
{
	shell_expect(1, "big: File too large; the report went to standard",
	    "(ulimit -f 1; exec tlsecho-client merge --html big a.json)"
	    " 2>&1 >/dev/null; s=$?; ls | grep big && exit 3; exit $s");
}

/* What it writes it also reads, and the report is the same then. */
TEST(the_union_is_a_run)
{
	shell_expect(0, "", "tlsecho-client merge a.json b.json --json all");
	shell_expect(
	    0, "Union of 3 runs", "tlsecho-client merge all late.json 2>&1");
	shell_expect(1, "b.json: the same run as b.json in all,",
	    "tlsecho-client merge all b.json");
	shell_expect(0, "\n8\n", "echo; jq .configuration.connections <all");
}

/* Five runs on each side; those of B take this many ns longer. */
static void
write_sides(const char *key, int base, int more)
{
	(void)shell("rm -r A && mkdir A B");
	for (int i = 0; i < 10; i++) {
		char value[32];
		char file[32];

		(void)snprintf(value, sizeof value, "%d",
		    base + i % 5 + (i < 5 ? 0 : more));
		(void)snprintf(
		    file, sizeof file, "%s/%d.json", i < 5 ? "A" : "B", i);
		write_with(1, file, NULL, NULL);
		(void)shell("jq '.%s = %s | .started_at = \"%d\"' %s >x && "
			    "mv x %s",
		    key, value, i, file, file);
	}
}

static const struct {
	const char *key;
	int base, more;
	const char *options;
	int status;
	const char *says;
} sides[] = {
	{ "round_trips_per_second", 1000, -200, "A B", 4,
	    "0.800   0.798 to 0.803  worse\n" },
	{ "round_trips_per_second", 1000, -200, "--threshold 30 A B", 0,
	    "worse, within the threshold\n" },
	{ "round_trips_per_second", 1000, 200, "A B", 0, "  better\n" },
	{ "round_trips_per_second", 1000, 1, "A B", 0,
	    "  no difference seen\n" },
	{ "cpu_per_round_trip_ns", 1000, 200, "A B", 4, "B is worse by more" },
	{ "cpu_per_round_trip_ns", 1000, 200, "'A/*.json' B", 4, "  worse\n" },
	{ "cpu_per_round_trip_ns", 1000, 200, "A/0.json,A/1.json,A/2.json B", 4,
	    "A: 3 runs, B: 5 runs; medians\n" },
	{ "cpu_per_round_trip_ns", 1000, 200, "A/0.json,A/1.json B", 3,
	    "no verdict: A has 2 runs and B 5, and each needs at least 3\n" },
	{ "workers_died", 0, 20, "A B", 4, "errors " },
	{ "configuration.size_max", 100, 50, "A B", 0,
	    "The runs differ in: size_max\n" },
	{ "started", 100, 50, "A A", 0, "  no difference seen\n" },
	{ "started", 100, 50, "A A/0.json,A", 1, "A/0.json: the same run" },
};

TEST_EACH(two_sides, sides)
{
	write_sides(sides[_i].key, sides[_i].base, sides[_i].more);
	shell_expect(sides[_i].status, sides[_i].says,
	    "tlsecho-client compare %s", sides[_i].options);
}

SUITE_BETWEEN("client/runs/commands", enter, scratch_leave)
