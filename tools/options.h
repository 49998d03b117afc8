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

struct options {
	const char *stats;   /* as given; NULL: not given */
	int64_t interval_ns; /* never 0 after options_parse */
	uint64_t count;      /* of samples to show; 0: no limit */
	bool once;
	bool json;
	bool list;
	bool all;
};

extern const struct args_program options_program;

/* 0, or -1 with the reason for args_usage_error. May print --help and exit. */
int options_parse(struct options *o, int argc, char **argv, struct errmsg *e);

/* The segment's name: what was given, or "default". */
const char *options_name(const struct options *o);

#endif
