/* test_generators: which parts of a load are counted, as a user sees it. */
#include "client/runs/generators.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/runs/run_file.h"
#include "tests/client/runs/run_case.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

enum {
	PARTS = 4
};

/* Part I of PARTS, in which that stands at a path. */
static void
write_part(int part, const char *file, const char *path, const char *json)
{
	json_t *root = run_case_new((unsigned)part);
	char text[160];

	(void)snprintf(text, sizeof text,
	    "{\"part\": %d, \"parts\": %d, \"connections\": 40, "
	    "\"round_trips\": 0, \"connect_rate\": 0, \"rate\": 0}",
	    part, PARTS);
	run_case_set(root, "configuration.part", text);
	if (path != NULL)
		run_case_set(root, path, json);
	run_case_write(root, file);
}

static void
enter(void)
{
	char file[16];

	scratch_enter();
	(void)shell_find_programs();
	for (int part = 1; part <= PARTS; part++) {
		(void)snprintf(file, sizeof file, "%d.json", part);
		write_part(part, file, NULL, NULL);
	}
	write_part(2, "version.json", "version", "\"0.0.9\"");
	write_part(2, "invalid.json", "valid", "false");
	write_part(2, "failed.json", "exit_status", "1");
	write_part(2, "nothing.json", "elapsed_ns", "0");
	write_part(2, "slower.json", "configuration.part.rate", "5");
	write_part(2, "longer.json", "configuration.duration_ns", "5");
	write_part(2, "own.json", "configuration.cert", "\"/here\"");
	write_part(2, "of5.json", "configuration.part.parts", "5");
	write_part(2, "wrong.json", "configuration.part.part", "5");
	write_part(
	    2, "late.json", "measured.from_unix_ns", "1800000000600000000");
	write_part(2, "none.json", "configuration.part", "null");
	(void)shell("head -c 3000 2.json >torn.json");
}

static const struct {
	const char *words;
	int status;
	const char *says;
} told[] = {
	{ "1.json 2.json 3.json 4.json", 0, "Union of 4 of 4 generators\n" },
	{ "4.json 2.json 3.json 1.json", 0, "Starts within 30.0 ms; in 9" },
	{ "1.json own.json 3.json 4.json", 0, "of 4 of 4 generators\n" },
	{ "1.json 3.json 4.json", 3,
	    "client: the union is invalid: 3 of 4 generators: part 2 is missing"
	    "\n" },
	{ "1.json", 3, "1 of 4 generators: parts 2 to 4 are missing\n" },
	{ "3.json", 3, ": parts 1 to 2 are missing, part 4 is missing\n" },
	{ "--allow-missing 1.json 3.json 4.json", 0,
	    "3 of 4 generators: part 2 is missing (--allow-missing)\n" },
	{ "1.json torn.json 3.json 4.json", 3,
	    "NOT COUNTED: torn.json: not JSON: " },
	{ "torn.json 1.json 3.json 4.json", 3,
	    "part 2 is missing, torn.json is not counted\n" },
	{ "--allow-missing 1.json torn.json 3.json 4.json", 0,
	    "client: torn.json: not JSON: " },
	{ "1.json absent.json 3.json 4.json", 3,
	    "client: absent.json: No such file" },
	{ "1.json version.json 3.json 4.json", 3,
	    "version.json: version 0.0.9, where others are " },
	{ "version.json 1.json 3.json", 3, "of 2 of 4 generators" },
	{ "1.json invalid.json 3.json 4.json", 3,
	    "NOT COUNTED: invalid.json: invalid: " },
	{ "1.json nothing.json 3.json 4.json", 3,
	    "nothing.json: nothing was measured" },
	{ "1.json failed.json 3.json 4.json", 1, "failed.json: failed" },
	{ "1.json slower.json 3.json 4.json", 3,
	    "slower.json: another load in all than others have" },
	{ "1.json longer.json 3.json 4.json", 3,
	    "longer.json: another duration_ns than others have" },
	{ "1.json of5.json 3.json 4.json", 3,
	    "of5.json: another load in all than others have" },
	{ "1.json wrong.json 3.json 4.json", 3,
	    "wrong.json: configuration.part: not a part from 1 to parts" },
	{ "1.json none.json 3.json 4.json", 3,
	    "none.json: not a part of a load (--part)" },
	{ "1.json 2.json 3.json 4.json 2.json", 3,
	    "2.json: part 2, which is there already: 2.json" },
	{ "1.json 2.json 3.json 4.json own.json", 3,
	    "own.json: part 2, which is there already: 2.json" },
	{ "1.json late.json 3.json 4.json", 3,
	    " % of the time only: at least 95 % are needed" },
	{ "--allow-missing 1.json late.json", 3, "of the time only" },
	{ "invalid.json", 3, "client: no part of the load can be counted\n" },
	{ "torn.json none.json", 1, "client: torn.json: not JSON" },
};

TEST_EACH(status_and_words, told)
{
	shell_expect(told[_i].status, told[_i].says, "tlsecho-client merge %s",
	    told[_i].words);
}

/* What it says of itself is read again. */
TEST(document)
{
	shell_expect(3, "Union of 3",
	    "tlsecho-client merge --json all 1.json "
	    "3.json 4.json torn.json");
	shell_expect(0,
	    "{\"parts\":4,\"present\":3,\"missing\":[2],\"set_aside\":["
	    "\"torn.json\"],\"allow_missing\":false,"
	    "\"start_skew_ns\":30000000}",
	    "jq -c '.merged.generators | .set_aside |= map(.file)' all");
	shell_expect(0, "[1,3,4]", "jq -c '[.merged.files[].part]' all");
	shell_expect(0, "12\n", "jq .configuration.connections all");
	shell_expect(3, "Union of 3 runs", "tlsecho-client merge all");
}

/* A third of 1000 is no number of decimals. */
TEST(rates_sum_to_the_whole)
{
	shell_expect(0, "[1000,1000]",
	    "for i in 1 2 3; do jq \".configuration.part = {part: $i, "
	    "parts: 3, connections: 1, round_trips: 0, connect_rate: 0, "
	    "rate: 1000} | .rate = 333.333333 | .configuration.rate = "
	    ".rate\" $i.json >t$i; done; tlsecho-client merge --json all "
	    "t1 t2 t3 >/dev/null; "
	    "jq -c '[.rate, .configuration.rate] | map(floor)' all");
}

static unsigned left;

static void *
allocate(size_t n)
{
	return left > 0 ? left--, malloc(n) : NULL;
}

/* False: after so many allocations there was no more memory. */
static bool
choose_with(unsigned allocations)
{
	static const char *const paths[] = { "nothing.json", "3.json",
		"4.json" };
	struct generators g;
	struct run runs[3];
	size_t count = 3;
	struct errmsg e;
	int result;

	generators_init(&g);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(run_read(&runs[i], paths[i], &e), 0);
	left = allocations;
	json_set_alloc_funcs(allocate, free);
	result = generators_choose(&g, runs, &count, &e);
	json_set_alloc_funcs(malloc, free);
	for (int i = 1; i < 3; i++)
		ck_assert(
		    runs[i].root == NULL || runs[i].root != runs[i - 1].root);
	for (int i = 0; i < 3; i++)
		run_free(&runs[i]);
	generators_free(&g);
	return result == 0;
}

/* Whatever is reached by then, each run is freed once. */
TEST(no_memory)
{
	unsigned allocations = 0;

	while (!choose_with(allocations))
		allocations++;
	ck_assert_uint_gt(allocations, 10);
}

SUITE_BETWEEN("client/runs/generators", enter, scratch_leave)
