/*
 * run_case: documents of runs that nobody has run.
 *
 * Use:
 *	json_t *root = run_case_new(1);
 *	run_case_set(root, "measured.to_unix_ns", "-1");
 *	run_case_write(root, "a.json");
 */
#ifndef TESTS_CLIENT_RUNS_RUN_CASE_H
#define TESTS_CLIENT_RUNS_RUN_CASE_H

#include <jansson.h>
#include <stdint.h>

#include "common/base/hist.h"

enum {
	RUN_CASE_SECONDS = 3
};

/* Valid, of a closed loop; seeds make different latencies and hosts, and each
 * starts 10 ms later than the one before. */
json_t *run_case_new(unsigned seed);

/* The latencies of its round trips, as they were before they became JSON. */
const struct hist *run_case_hist(unsigned seed);

/* Replaces what stands at a path of keys and indices such as "series.0.open";
 * NULL removes it. */
void run_case_set(json_t *root, const char *path, const char *json);

/* Takes the document. */
void run_case_write(json_t *root, const char *file);

#endif
