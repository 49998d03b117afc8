/*
 * run_check: whether a document is one of a run, and right in itself.
 *
 * Errors:	-1 and a line that begins with the key that is wrong, such as
 *		"series[3].latency.buckets[0]: ...".
 * Use:
 *	if (run_check(root, &e) < 0) ...
 */
#ifndef CLIENT_RUNS_RUN_CHECK_H
#define CLIENT_RUNS_RUN_CHECK_H

#include <jansson.h>

#include "common/base/errmsg.h"

int run_check(const json_t *root, struct errmsg *e);

#endif
