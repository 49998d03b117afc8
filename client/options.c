/* options: defaults, and what follows from others; see the header. */
#include "client/options.h"

#include <inttypes.h>
#include <string.h>

#include "client/options_table.h"
#include "client/options_values.h"
#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/creds/creds.h"
#include "common/sys/cpus.h"

static const struct completion_values values[] = {
	{ "keepalive", "on off" },
	{ "steps", "stdio signal" },
	{ .option = NULL },
};

const struct args_program options_program = {
	.name = "tlsecho-client",
	.synopsis =
	    "[options] HOST:PORT\n"
	    "       tlsecho-client merge [--allow-missing] [--json FILE] "
	    "[--html FILE] FILE...\n"
	    "       tlsecho-client compare [--threshold PERCENT] "
	    "[--json FILE] A B",
	.summary = "Opens mutual-TLS connections to an echo server, sends "
		   "messages, compares\nwhat comes back with what was sent, "
		   "and measures how long it takes.",
	.version = tls_version_text,
	.rules = options_rules,
	.commands = options_commands,
	.values = values,
};

static const int64_t default_timeout_ns = 10 * CLOCK_NS_PER_S;
static const int64_t default_duration_ns = 10 * CLOCK_NS_PER_S;
static const int64_t default_step_ns = 2 * CLOCK_NS_PER_S; /* --find-rate */

static const size_t default_ping_size = 64;

/* By default the grace is as long as the run, within these limits. */
static const int64_t grace_min_ns = CLOCK_NS_PER_S;
static const int64_t grace_max_ns = 10 * CLOCK_NS_PER_S;

bool
options_is_open_loop(const struct options *o)
{
	return o->rate > 0 || o->find_rate;
}

bool
options_reopen(const struct options *o)
{
	return o->handshakes || o->reconnect > 0;
}

static int
set_target(struct options *o, int count, char **operands, struct errmsg *e)
{
	char host[ADDR_HOST];
	char port[32];

	if (count == 0)
		return errmsg_set(e, "HOST:PORT is missing");
	if (count > 1)
		return errmsg_set(e,
		    "'%s' is one operand too many: '%s' is HOST:PORT already",
		    operands[1], operands[0]);
	o->target = operands[0];
	if (addr_check(o->target, ADDR_TO_CONNECT, e) < 0 ||
	    addr_split(o->target, host, port, e) < 0)
		return -1;
	if (host[0] == '\0' || strcmp(host, "*") == 0)
		return errmsg_set(e, "'%s' names no host", o->target);
	if (o->peer_name[0] == '\0')
		options_set_peer_name(o, host);
	return 0;
}

/* The first operand, where it is no HOST:PORT, is one of these. */
static const struct {
	const char *name;
	enum options_command command;
	int min, max; /* operands behind it */
	const char *operands;
} commands[] = {
	{ "merge", OPTIONS_MERGE, 1, OPTIONS_FILES_MAX,
	    "FILE: a run that --json has written" },
	{ "compare", OPTIONS_COMPARE, 2, 2, "A and B: files of runs" },
};

static int
set_command(struct options *o, size_t which, const struct args_parsed *parsed,
    int count, char **operands, struct errmsg *e)
{
	o->command = commands[which].command;
	o->runs = operands;
	o->runs_count = count;
	if (count < commands[which].min)
		return errmsg_set(e, "%s needs %s", commands[which].name,
		    commands[which].operands);
	if (count > commands[which].max)
		return errmsg_set(e, "%s: '%s' is one operand too many",
		    commands[which].name, operands[commands[which].max]);
	return args_check_command(
	    &options_program, commands[which].name, parsed, e);
}

static int
set_operands(struct options *o, const struct args_parsed *parsed, int count,
    char **operands, struct errmsg *e)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (count > 0 && strcmp(operands[0], commands[i].name) == 0)
			return set_command(
			    o, i, parsed, count - 1, operands + 1, e);
	if (args_is_given(parsed, "threshold"))
		return errmsg_set(e, "--threshold is for compare");
	if (o->allow_missing)
		return errmsg_set(e, "--allow-missing is for merge");
	return set_target(o, count, operands, e);
}

/* All messages have one size. */
static int
set_ping(struct options *o, bool has_size, struct errmsg *e)
{
	if (!has_size)
		o->size_min = o->size_max = default_ping_size;
	return o->size_min == o->size_max
	    ? 0
	    : errmsg_set(e, "--ping: --size must be one number");
}

static int64_t
default_grace_ns(const struct options *o)
{
	int64_t length_ns = options_length_ns(o);

	if (length_ns < grace_min_ns)
		return grace_min_ns;
	return length_ns < grace_max_ns ? length_ns : grace_max_ns;
}

/* A goal about what the run does not have would always be missed. */
static int
check_goals(const struct options *o, struct errmsg *e)
{
	for (unsigned i = 0; i < o->goals.count; i++) {
		const struct goal *g = &o->goals.of[i];
		const char *needs = NULL;

		if (!options_is_open_loop(o) &&
		    (g->metric == GOAL_KEPT || g->hist == TALLY_HIST_SERVICE ||
			g->hist == TALLY_HIST_LATENESS))
			needs = "rate";
		if (!o->handshakes && g->hist == TALLY_HIST_TRANSACTION)
			needs = "handshakes";
		if (!options_reopen(o) && g->metric == GOAL_RESUMED)
			needs = "handshakes or --reconnect";
		if (needs != NULL)
			return errmsg_set(
			    e, "--goal: '%s' needs --%s", g->text, needs);
		if (part_is_given(&o->part) && g->metric == GOAL_RATE)
			return errmsg_set(e,
			    "--goal: '%s' is not what a --part can reach: use "
			    "a goal for the share, such as kept>=99%%",
			    g->text);
	}
	return 0;
}

/* A longer limit of the handshake alone would have no effect. */
static int64_t
default_connect_timeout_ns(const struct options *o)
{
	return o->handshake_timeout_ns > default_timeout_ns
	    ? o->handshake_timeout_ns
	    : default_timeout_ns;
}

/* What is not said otherwise holds for each step of a search. */
static int
add_goals(struct options *o, struct errmsg *e)
{
	struct goals *goals = &o->goals;
	bool has_goals = goals->count > 0;
	bool judges_errors = goals_have(goals, GOAL_ERRORS) ||
	    goals_have(goals, GOAL_ERROR_RATE);
	int result = 0;

	if (!has_goals)
		result = goals_add(goals, "p99<10ms", e);
	if (result == 0 && !judges_errors)
		result = goals_add(goals, "errors==0", e);
	if (result == 0 && !goals_have(goals, GOAL_KEPT))
		result = goals_add(goals, "kept>=98%", e);
	return result < 0 ? errmsg_prepend(e, "--goal") : 0;
}

/* Where each transaction is due at its time, two rates would contradict. */
static int
check_connect_rate(const struct options *o, struct errmsg *e)
{
	if (o->connect_rate == 0 || !o->handshakes || !options_is_open_loop(o))
		return 0;
	return errmsg_set(e,
	    "--connect-rate is not for --handshakes with --%s, which says when "
	    "connections begin",
	    o->find_rate ? "find-rate" : "rate");
}

static void
limit_workers(struct options *o)
{
	if (o->workers == 0)
		o->workers = cpus_count_usable();
	if (o->workers > OPTIONS_WORKERS_MAX)
		o->workers = OPTIONS_WORKERS_MAX;
	if (o->workers > o->connections)
		o->workers = o->connections;
	ASSERT(o->workers >= 1 && o->workers <= o->connections);
}

/* Of fewer events than that, one alone would confirm the rate. */
static int
check_step(const struct options *o, struct errmsg *e)
{
	double most = o->rate > 0 ? options_rate(o) : OPTIONS_RATE_MAX;

	if (!o->find_rate ||
	    most * (double)o->duration_ns >= OPTIONS_STEP_MIN * 1e9)
		return 0;
	return errmsg_set(e,
	    "--find-rate: fewer than %d messages would be due in a step: "
	    "use a higher --rate or a longer --duration",
	    OPTIONS_STEP_MIN);
}

/* 0 stands for no limit, so that it must not be what a part gets. */
static int
divide_one(const struct options *o, const char *name, uint64_t *value,
    uint64_t *all, struct errmsg *e)
{
	*all = *value;
	*value = part_share(&o->part, *all);
	return *all == 0 || *all >= part_count(&o->part)
	    ? 0
	    : errmsg_set(e,
		  "--part: raise --%s: %" PRIu64
		  " cannot be divided among %u parts",
		  name, *all, part_count(&o->part));
}

static int
divide(struct options *o, struct errmsg *e)
{
	if (divide_one(o, "connections", &o->connections, &o->all_connections,
		e) < 0 ||
	    divide_one(
		o, "round-trips", &o->round_trips, &o->all_round_trips, e) < 0)
		return -1;
	return divide_one(
	    o, "connect-rate", &o->connect_rate, &o->all_connect_rate, e);
}

/* The report, which has no place on standard output then, must go somewhere. */
static int
check_steps(const struct options *o, struct errmsg *e)
{
	if (!steps_mode_has_stdout(o->steps) || o->json != NULL ||
	    o->html != NULL)
		return 0;
	return errmsg_set(e,
	    "--steps has standard output for itself: the report needs a file, "
	    "such as --json part.json");
}

/* What was not asked for follows from what was. */
static void
fill_in(struct options *o)
{
	if (o->find_rate && o->warmup_ns == 0 && !options_reopen(o))
		o->warmup_ns = o->duration_ns / 8;
	if (o->grace_ns < 0)
		o->grace_ns = default_grace_ns(o);
	if (o->late_limit_ns == 0)
		o->late_limit_ns =
		    options_reopen(o) ? 10 * CLOCK_NS_PER_MS : CLOCK_NS_PER_MS;
	if (o->pipeline == 0)
		o->pipeline = options_is_open_loop(o) && !o->handshakes
		    ? OPTIONS_PIPELINE_MAX
		    : 1;
	if (o->connect_timeout_ns == 0)
		o->connect_timeout_ns = default_connect_timeout_ns(o);
	limit_workers(o);
}

static int
resolve(struct options *o, struct errmsg *e)
{
	if (divide(o, e) < 0 || check_steps(o, e) < 0)
		return -1;
	if (o->duration_ns == 0 && o->round_trips == 0)
		o->duration_ns =
		    o->find_rate ? default_step_ns : default_duration_ns;
	if (o->find_rate && add_goals(o, e) < 0)
		return -1;
	fill_in(o);
	if (check_goals(o, e) < 0 || check_connect_rate(o, e) < 0 ||
	    check_step(o, e) < 0)
		return -1;
	return tls_files_check(&o->files, e);
}

double
options_rate(const struct options *o)
{
	return (double)o->rate / (double)units_power_of_10(o->rate_decimals) /
	    part_count(&o->part);
}

int64_t
options_length_ns(const struct options *o)
{
	double seconds;

	if (o->duration_ns > 0 || o->rate == 0)
		return o->duration_ns;
	seconds = (double)o->round_trips / options_rate(o);
	return seconds < 1e9 ? (int64_t)(seconds * 1e9) : INT64_MAX / 4;
}

int
options_parse(struct options *o, int argc, char **argv, struct errmsg *e)
{
	struct args_parsed parsed;

	*o = (struct options){
		.connections = 64,
		.size_min = 1,
		.size_max = 100,
		.priority = tls_priority_default(),
		.handshake_timeout_ns = default_timeout_ns,
		.timeout_ns = default_timeout_ns,
		.grace_ns = -1,
		.interval_ns = CLOCK_NS_PER_S,
		.keepalive = { .on = true },
		.files = { .own_is_optional = true },
		.threshold_percent = 5,
	};
	if (args_parse(&options_program, options_table, o, argc, argv, &parsed,
		e) < 0 ||
	    set_operands(
		o, &parsed, argc - parsed.rest, argv + parsed.rest, e) < 0 ||
	    args_rules_check(options_rules, &parsed, e) < 0)
		return -1;
	if (o->command != OPTIONS_RUN)
		return 0;
	if (o->ping && set_ping(o, args_is_given(&parsed, "size"), e) < 0)
		return -1;
	if (o->ping || o->pipe)
		o->connections = 1;
	return resolve(o, e);
}
