/*
 * options: the command line of tlsecho-stat.
 *
 * Owns:	nothing; stats points into argv.
 * Use:
 *	if (options_parse(&o, argc, argv, &e) < 0)
 *		return args_usage_error(&options_program, &e);
 */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/sys/args.h"

enum {
	OPTIONS_FILTERS = 64,
	OPTIONS_NAMES = 64,
	OPTIONS_RECORD_CONNECTIONS = 200 /* unless told otherwise */
};

struct options {
	const char *stats; /* the first as given; NULL: not given */
	const char *names[OPTIONS_NAMES + 1];     /* all, then NULL */
	const char *filters[OPTIONS_FILTERS + 1]; /* NULL after the last */
	const char *http;   /* an address; NULL: not given */
	const char *record; /* file, or "-"; NULL: not given */
	const char *replay; /* file; NULL: not given */
	uint64_t record_connections;
	int64_t interval_ns; /* 0 after options_parse only with replay */
	uint64_t count;      /* of samples to show; 0: no limit */
	bool is_series;      /* an interval or a count was given */
	const char *diff[2]; /* what is compared: the second may be NULL */
	bool is_diff;
	bool once;
	bool json;
	bool csv;
	bool prometheus;
	bool connections; /* with JSON */
	bool wait;
	bool list;
	bool all;
	uint64_t view; /* of the terminal, from 1; 0: not given */
	bool ascii;
};

extern const struct args_program options_program;

/* 0, or -1 with the reason for args_usage_error. May print --help and exit. */
int options_parse(struct options *o, int argc, char **argv, struct errmsg *e);

/*
 * One sample if no series was asked for: as on no terminal, or one that cannot
 * be drawn on.
 */
void options_prefer_once(struct options *o);

/* The segment's name: what was given, or "default". */
const char *options_name(const struct options *o);

#endif
