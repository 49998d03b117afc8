/* options: the table, and which options exclude each other; see the header. */
#include "tools/options.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/stats/shm.h"
#include "common/sys/addr.h"
#include "common/sys/args_rules.h"
#include "tools/record/format.h"
#include "tools/record/moment.h"

#define INTERVAL_MIN (50 * CLOCK_NS_PER_MS)
#define INTERVAL_MAX (86400 * CLOCK_NS_PER_S)

enum {
	VIEWS = 6 /* of the terminal */
};

static const struct completion_values values[] = {
	{ "stats", COMPLETION_SEGMENTS },
	{ .option = NULL },
};

/* What it is to do comes first; the terminal's options are last. */
static const struct args_rule rules[] = {
	{ "list", .takes = "stats filter all" },
	{ "http", .takes = "stats interval" },
	{ "record",
	    .takes = "stats once interval count wait record-connections" },
	{ "diff", .takes = "json all" },
	{ "replay",
	    .takes = "once interval count filter all json csv connections view "
		     "ascii" },
	{ "prometheus", .takes = "stats once wait" },
	{ "json",
	    .takes = "stats once interval count filter all wait connections "
		     "replay diff" },
	{ "csv", .takes = "stats once interval count filter all wait replay" },
	{ "connections", .needs = "json" },
	{ "record-connections", .needs = "record" },
	{ "once", .excludes = "count" },
	{ "view", .takes = "stats interval all wait replay ascii" },
	{ "ascii", .takes = "stats interval all wait replay view" },
	{ .option = NULL },
};

const struct args_program options_program = {
	.name = "tlsecho-stat",
	.synopsis = "[options]\n"
		    "       tlsecho-stat --diff [options] A [B]",
	.summary = "Shows the counters of a running tlsecho-server.",
	.rules = rules,
	.values = values,
};

static const struct args_option table[] = {
	ARGS_LIST('n', "stats", "NAME", struct options, names,
	    "the server's --stats name (default: default);\n"
	    "with --http several, or patterns such as '*'"),
	ARGS_SWITCH(
	    '1', "once", struct options, once, "show one sample and exit"),
	{ .letter = 'i',
	    .alias = 'd',
	    .name = "interval",
	    .value = "TIME",
	    .help = "time between samples, such as 500ms\n"
		    "(default: 1s; at least 50ms)",
	    .kind = ARGS_KIND_DURATION,
	    .offset = offsetof(struct options, interval_ns),
	    .min = INTERVAL_MIN,
	    .max = INTERVAL_MAX },
	{ .letter = 'c',
	    .alias = 'N',
	    .name = "count",
	    .value = "N",
	    .help = "stop after N samples",
	    .kind = ARGS_KIND_COUNT,
	    .offset = offsetof(struct options, count),
	    .min = 1,
	    .max = UINT64_MAX },
	ARGS_LIST('f', "filter", "GLOB", struct options, filters,
	    "show only counters whose names match;\n"
	    "^GLOB leaves those out; may be repeated"),
	ARGS_SWITCH('a', "all", struct options, all,
	    "show also zero and detail counters"),
	ARGS_SWITCH('j', "json", struct options, json,
	    "print one JSON object; with --interval or\n"
	    "--count one for each sample, each on a line"),
	ARGS_SWITCH(0, "csv", struct options, csv,
	    "the same as comma-separated values"),
	ARGS_SWITCH(0, "prometheus", struct options, prometheus,
	    "print one sample in Prometheus's text format"),
	ARGS_SWITCH(0, "connections", struct options, connections,
	    "with --json: also each open connection and\n"
	    "the last failed handshakes"),
	ARGS_SWITCH(
	    0, "wait", struct options, wait, "wait for a server of that name"),
	ARGS_SWITCH('l', "list", struct options, list,
	    "list the counters of this release, or with\n"
	    "--stats those of the server, and exit"),
	ARGS_STRING(0, "http", "ADDR:PORT", struct options, http,
	    "serve metrics, JSON and a live page; without\n"
	    "ADDR to this host only; port 0: any"),
	ARGS_STRING(0, "record", "FILE", struct options, record,
	    "append each sample to a recording (-: to\n"
	    "standard output), across server restarts"),
	ARGS_COUNT(0, "record-connections", "N", struct options,
	    record_connections, 0, RECORD_ROWS_MAX,
	    "of each sample, record N connections\n"
	    "(default: 200)"),
	ARGS_STRING(0, "replay", "FILE", struct options, replay,
	    "show a recording; with --interval only\n"
	    "samples that are so far apart"),
	ARGS_SWITCH(0, "diff", struct options, is_diff,
	    "show what changed from A to B: each a\n"
	    "recording FILE, FILE@TIME or server NAME;\n"
	    "or within one recording"),
	ARGS_COUNT('v', "view", "N", struct options, view, 1, VIEWS,
	    "begin with view N: 1 overview, 2 counters,\n"
	    "3 workers, 4 connections, 5 latency, 6 failures"),
	ARGS_SWITCH(0, "ascii", struct options, ascii,
	    "draw in ASCII, whatever the locale"),
	{ .name = NULL },
};

/* Operands are for --diff. */
static int
take_operands(struct options *o, int count, char **operands, struct errmsg *e)
{
	if (!o->is_diff && count > 0)
		return errmsg_set(e,
		    "unexpected argument '%s': name a server with --stats",
		    operands[0]);
	for (int i = 0; i < count && i < 2; i++)
		o->diff[i] = operands[i];
	if (o->is_diff && (count < 1 || count > 2))
		return errmsg_set(
		    e, "--diff needs two moments to compare, or a recording");
	if (o->is_diff && count == 1 && !moment_is_file(operands[0]))
		return errmsg_set(e,
		    "--diff: '%s' is not a recording: name another moment to "
		    "compare with",
		    operands[0]);
	return 0;
}

static bool
is_pattern(const char *name)
{
	return strpbrk(name, "*?[") != NULL && strchr(name, '/') == NULL;
}

static int
check_names(const struct options *o, struct errmsg *e)
{
	if (o->names[OPTIONS_NAMES] != NULL)
		return errmsg_set(
		    e, "--stats: at most %d times", OPTIONS_NAMES);
	if (o->http == NULL && o->stats != NULL && o->names[1] != NULL)
		return errmsg_set(
		    e, "--stats given twice: only --http takes several");
	for (unsigned i = 0; o->names[i] != NULL; i++) {
		if (o->http != NULL && is_pattern(o->names[i]))
			continue;
		if (stats_shm_check_name(o->names[i], e) < 0)
			return errmsg_prepend(e, "--stats");
	}
	if (o->http != NULL && addr_check(o->http, ADDR_TO_LISTEN, e) < 0)
		return errmsg_prepend(e, "--http");
	return 0;
}

/* One sample; a recording is a series by itself. */
void
options_prefer_once(struct options *o)
{
	if (!o->is_series && o->replay == NULL)
		o->once = true;
	if (o->once)
		o->count = 1;
}

/* Samples of a recording that are so far apart are printed. */
static int
check_terminal(const struct options *o, struct errmsg *e)
{
	if (o->replay == NULL || o->interval_ns == 0 ||
	    (o->view == 0 && !o->ascii))
		return 0;
	return errmsg_set(e, "--replay with --interval takes no --%s",
	    o->view > 0 ? "view" : "ascii");
}

static void
settle(struct options *o)
{
	o->is_series = o->interval_ns > 0 || o->count > 0;
	if (o->once || o->json || o->csv || o->prometheus)
		options_prefer_once(o);
	if (o->interval_ns == 0 && o->replay == NULL)
		o->interval_ns = CLOCK_NS_PER_S;
}

int
options_parse(struct options *o, int argc, char **argv, struct errmsg *e)
{
	struct args_parsed parsed;

	memset(o, 0, sizeof *o);
	o->record_connections = OPTIONS_RECORD_CONNECTIONS;
	if (args_parse(&options_program, table, o, argc, argv, &parsed, e) < 0)
		return -1;
	o->stats = o->names[0];
	if (take_operands(o, argc - parsed.rest, argv + parsed.rest, e) < 0 ||
	    args_rules_check(rules, &parsed, e) < 0 ||
	    check_terminal(o, e) < 0 || check_names(o, e) < 0)
		return -1;
	settle(o);
	return 0;
}

const char *
options_name(const struct options *o)
{
	return o->stats != NULL ? o->stats : "default";
}
