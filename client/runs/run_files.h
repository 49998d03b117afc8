/*
 * run_files: many files of runs at once, read by as many threads as there are
 * CPUs: a thousand take more time than the rest of a merge.
 *
 * Use:
 *	run_files_read(runs, whys, paths, count);
 *	for (i ...)
 *		if (runs[i].root == NULL) ... whys[i].text ...
 */
#ifndef CLIENT_RUNS_RUN_FILES_H
#define CLIENT_RUNS_RUN_FILES_H

#include <stddef.h>

#include "client/runs/run_file.h"
#include "common/base/errmsg.h"

/* Of each file its run, for run_free, or NULL as root and a message. */
void run_files_read(
    struct run *runs, struct errmsg *whys, char *const *paths, size_t count);

#endif
