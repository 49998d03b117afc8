/* options: the table, and which options exclude each other; see the header. */
#include "tools/options.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/stats/shm.h"

#define INTERVAL_MIN (50 * CLOCK_NS_PER_MS)
#define INTERVAL_MAX (86400 * CLOCK_NS_PER_S)

const struct args_program options_program = {
	.name = "tlsecho-stat",
	.synopsis = "[options]",
	.summary = "Shows the counters of a running tlsecho-server.",
};

static const struct args_option table[] = {
	ARGS_STRING('n', "stats", "NAME", struct options, stats,
	    "the server's --stats name (default: default)"),
	ARGS_SWITCH(
	    '1', "once", struct options, once, "show one sample and exit"),
	ARGS_DURATION('i', "interval", "TIME", struct options, interval_ns,
	    INTERVAL_MIN, INTERVAL_MAX,
	    "time between samples, such as 500ms\n"
	    "(default: 1s; at least 50ms)"),
	ARGS_COUNT('c', "count", "N", struct options, count, 1, UINT64_MAX,
	    "stop after N samples"),
	ARGS_SWITCH('a', "all", struct options, all,
	    "show also zero and detail counters"),
	ARGS_SWITCH('j', "json", struct options, json,
	    "print one JSON object; with --interval or\n"
	    "--count one for each sample, each on a line"),
	ARGS_SWITCH('l', "list", struct options, list,
	    "list the counters of this release, or with\n"
	    "--stats those of the server, and exit"),
	{ .name = NULL },
};

static int
check(const struct options *o, struct errmsg *e)
{
	if (o->stats != NULL && stats_shm_check_name(o->stats, e) < 0)
		return errmsg_prepend(e, "--stats");
	if (o->list && (o->json || o->once || o->count > 0))
		return errmsg_set(
		    e, "--list takes no --json, --once or --count");
	if (o->once && o->count > 0)
		return errmsg_set(e, "--once and --count exclude each other");
	return 0;
}

/* A single JSON object unless a series is asked for. */
static void
settle(struct options *o)
{
	bool is_series = o->interval_ns > 0 || o->count > 0;

	if (o->once || (o->json && !is_series))
		o->count = 1;
	if (o->interval_ns == 0)
		o->interval_ns = CLOCK_NS_PER_S;
}

int
options_parse(struct options *o, int argc, char **argv, struct errmsg *e)
{
	int rest;

	memset(o, 0, sizeof *o);
	if (args_parse(&options_program, table, o, argc, argv, &rest, e) < 0)
		return -1;
	if (rest < argc)
		return errmsg_set(e,
		    "unexpected argument '%s': name a server with --stats",
		    argv[rest]);
	if (check(o, e) < 0)
		return -1;
	settle(o);
	return 0;
}

const char *
options_name(const struct options *o)
{
	return o->stats != NULL ? o->stats : "default";
}
