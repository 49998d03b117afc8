/* test_part: what falls to the parts of a load adds up, and interleaves. */
#include "client/part.h"

#include <string.h>

#include "client/load/schedule.h"
#include "client/options.h"
#include "common/base/clock.h"
#include "tests/support/suite.h"

enum {
	WORDS = 20
};

static struct options o;
static struct errmsg e;

static int
parse(const char *options)
{
	static char line[512];
	char *argv[WORDS] = { (char[]){ "tlsecho-client" },
		(char[]){ "--ca=ca.pem" } };
	char *rest = line;
	int argc = 2;
	char *word;

	/* merge takes none. */
	if (strncmp(options, "merge", 5) == 0)
		argc = 1;
	(void)strcpy(line, options);
	while ((word = strsep(&rest, " ")) != NULL)
		argv[argc++] = word;
	ck_assert_int_lt(argc, WORDS);
	return options_parse(&o, argc, argv, &e);
}

static void
parse_part(unsigned part, unsigned parts, const char *options)
{
	char line[256];

	(void)snprintf(
	    line, sizeof line, "--part %u/%u %s h:1", part, parts, options);
	ck_assert_msg(parse(line) == 0, "%s", e.text);
}

TEST(none)
{
	ck_assert_int_eq(parse("-c 7 -r 10 h:1"), 0);
	ck_assert(!part_is_given(&o.part));
	ck_assert_uint_eq(part_count(&o.part), 1);
	ck_assert_uint_eq(o.connections, 7);
	ck_assert_double_eq(options_rate(&o), 10);
}

TEST(remainder_to_the_first)
{
	parse_part(1, 4, "-c 10 -n 103 --connect-rate 6 -w 1");
	ck_assert_uint_eq(o.connections, 3);
	ck_assert_uint_eq(o.round_trips, 26);
	ck_assert_uint_eq(o.connect_rate, 2);
	ck_assert_uint_eq(o.all_connections, 10);
	ck_assert_uint_eq(o.all_round_trips, 103);
	ck_assert_uint_eq(o.all_connect_rate, 6);
	parse_part(4, 4, "-c 10 -n 103 --connect-rate 6 -w 1");
	ck_assert_uint_eq(o.connections, 2);
	ck_assert_uint_eq(o.round_trips, 25);
	ck_assert_uint_eq(o.connect_rate, 1);
}

static const unsigned counts[] = { 1, 2, 3, 7, 64, 1000 };

TEST_EACH(sums, counts)
{
	uint64_t connections = 0;
	uint64_t round_trips = 0;
	double rate = 0;

	for (unsigned i = 1; i <= counts[_i]; i++) {
		parse_part(i, counts[_i], "-c 1009 -n 20011 -r 20000");
		connections += o.connections;
		round_trips += o.round_trips;
		rate += options_rate(&o);
	}
	ck_assert_uint_eq(connections, 1009);
	ck_assert_uint_eq(round_trips, 20011);
	ck_assert_double_eq_tol(rate, 20000, 1e-6);
}

/* Each event of the whole, in order, is the next one of exactly one worker. */
static void
expect_one_schedule(unsigned parts, unsigned workers, const char *load)
{
	static struct schedule whole, of[16][4];
	uint64_t next[16][4] = { 0 };
	char options[64];
	const int64_t stop_ns = CLOCK_NS_PER_S / 3;

	ck_assert_int_eq(parse("-w 1 -r 997 h:1"), 0);
	schedule_init(&whole, &o, 0, 0, stop_ns);
	(void)snprintf(options, sizeof options, "-w %u %s", workers, load);
	for (unsigned p = 0; p < parts; p++) {
		parse_part(p + 1, parts, options);
		ck_assert_uint_eq(o.workers, workers);
		for (unsigned w = 0; w < workers; w++)
			schedule_init(&of[p][w], &o, w, 0, stop_ns);
	}
	for (uint64_t i = 0; i < whole.events; i++) {
		unsigned p = (unsigned)(i % parts);
		unsigned w = (unsigned)(i / parts % workers);

		ck_assert_int_eq(schedule_time(&of[p][w], next[p][w]++),
		    schedule_time(&whole, i));
	}
	for (unsigned p = 0; p < parts; p++)
		for (unsigned w = 0; w < workers; w++)
			ck_assert_uint_eq(of[p][w].events, next[p][w]);
}

TEST_LOOP(one_uniform_schedule, 16)
{
	for (unsigned workers = 1; workers <= 4; workers++)
		expect_one_schedule((unsigned)_i + 1, workers, "-r 997");
}

/* As many as are due before the end of the schedule above: 332 1/3. */
TEST_LOOP(round_trips_of_a_schedule, 16)
{
	for (unsigned workers = 1; workers <= 4; workers++)
		expect_one_schedule((unsigned)_i + 1, workers, "-r 997 -n 333");
}

static const struct {
	unsigned parts;
	uint64_t rate, period_ns;
} grids[] = { { 4, 20000, 1000000000 }, { 3, 30011, 1000000000 },
	{ 1000, 100000000, 1000000000 }, { 7, 7, 10000000 } };

/* Whatever the time is, the next moment is one of the same grid. */
TEST_EACH(grid, grids)
{
	const struct part part = { 1, grids[_i].parts };
	double cell_ns = (double)grids[_i].period_ns * grids[_i].parts /
	    (double)grids[_i].rate;
	int64_t wall_ns = 1800000000000000000;
	int64_t first_ns = wall_ns +
	    part_grid_wait_ns(
		&part, grids[_i].rate, grids[_i].period_ns, wall_ns);

	for (int i = 0; i < 1000; i++) {
		int64_t now_ns = wall_ns + i * 9973;
		int64_t wait_ns = part_grid_wait_ns(
		    &part, grids[_i].rate, grids[_i].period_ns, now_ns);
		double cells = (double)(now_ns + wait_ns - first_ns) / cell_ns;

		ck_assert_int_ge(wait_ns, -1);
		ck_assert_double_le((double)wait_ns, cell_ns + 1);
		ck_assert_double_eq_tol(cells * cell_ns,
		    (double)(int64_t)(cells + 0.5) * cell_ns, 1.5);
	}
}

TEST(no_grid)
{
	const struct part part = { 1, 4 }, no_part = { 0, 0 };

	/* A cell of 10 ms is the largest. */
	ck_assert_int_eq(part_grid_wait_ns(&part, 400, 1000000000, 1), 9999999);
	ck_assert_int_eq(part_grid_wait_ns(&part, 399, 1000000000, 1), 0);
	ck_assert_int_eq(part_grid_wait_ns(&no_part, 20000, 1000000000, 1), 0);
}

static const char *const good_steps[] = {
	"--steps stdio --json f h:1",
	"--steps signal --html f --part 2/2 h:1",
};

TEST_EACH(steps, good_steps)
{
	ck_assert_msg(parse(good_steps[_i]) == 0, "%s", e.text);
	ck_assert(steps_mode_has_stdout(o.steps));
}

static const struct {
	const char *line, *text;
} bad[] = {
	{ "--part 1 h:1", "--part: '1' is not I/N, such as 1/4 for the" },
	{ "--part /4 h:1", "'/4' is not I/N" },
	{ "--part 1/ h:1", "'1/' is not I/N" },
	{ "--part 0/4 h:1", "'0/4': I is from 1 to N, and N at most 10000" },
	{ "--part 5/4 h:1", "'5/4': I is from 1 to N" },
	{ "--part 1/10001 h:1", "N at most 10000" },
	{ "--part x/4 h:1", "--part: 'x' is not a whole number" },
	{ "--part 1/4/5 h:1", "--part: '4/5' is not a whole number" },
	{ "--part 111111111111111111111111111111111111/4 h:1", "is not I/N" },
	{ "-c 3 --part 1/4 h:1",
	    "--part: raise --connections: 3 cannot be divided among 4 parts" },
	{ "-n 3 --part 1/4 h:1", "raise --round-trips: 3 cannot be" },
	{ "--connect-rate 3 --part 1/4 h:1", "raise --connect-rate: 3" },
	{ "--find-rate --part 1/4 h:1", "--find-rate and --part exclude" },
	{ "--part 1/4 --goal rate>=9 h:1",
	    "--goal: 'rate>=9' is not what a --part can reach: use a goal" },
	{ "--steps tcp h:1", "--steps: 'tcp' is neither stdio nor signal" },
	{ "--steps stdio h:1", "--steps has standard output for itself: the" },
	{ "--steps signal --hgrm f h:1", "--steps has standard output" },
	{ "--find-rate --steps stdio h:1", "--steps exclude each other" },
	{ "--interactive --steps stdio h:1", "--steps exclude each other" },
	{ "--ping --steps stdio h:1", "--ping takes no --steps" },
	{ "merge --part 1/4 x", "merge takes no --part" },
};

TEST_EACH(refused, bad)
{
	ck_assert_int_eq(parse(bad[_i].line), -1);
	ck_assert_msg(strstr(e.text, bad[_i].text) != NULL, "'%s' says '%s'",
	    bad[_i].line, e.text);
}

SUITE("client/part")
