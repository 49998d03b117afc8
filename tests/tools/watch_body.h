/*
 * watch_body: tlsecho-stat on one server or recording, as a body of
 * background.h that says what it failed with.
 *
 * Use:
 *	watch_options = (struct options){ .stats = name, .once = true };
 *	background_start(&b, watch_body);
 */
#ifndef TESTS_TOOLS_WATCH_BODY_H
#define TESTS_TOOLS_WATCH_BODY_H

#include <stdio.h>

#include "tools/watch.h"

static struct options watch_options;

static inline int
watch_body(void)
{
	struct errmsg e;

	if (watch_run(&watch_options, &e) == 0)
		return 0;
	fprintf(stderr, "error: %s\n", e.text);
	return 1;
}

#endif
