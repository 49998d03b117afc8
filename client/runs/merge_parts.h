/*
 * merge_parts: of what a union consists: single runs, even where unions are put
 * together; their windows, and what is wrong with them.
 *
 * Use:
 *	json_t *merged = merge_parts(runs, count, &e);
 */
#ifndef CLIENT_RUNS_MERGE_PARTS_H
#define CLIENT_RUNS_MERGE_PARTS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "client/report/report.h"
#include "common/base/errmsg.h"

struct run;

/* The window of all: from the first start to the last end; zeros if nothing was
 * measured. */
struct merge_window {
	json_int_t from_unix_ns, to_unix_ns;
};

struct merge_window merge_window_of(const struct run *runs, size_t count);

/* Appends { file, why } to the list if the run failed, is invalid, or was cut
 * off; of a union, what its parts were. -1 if there is no memory. */
int merge_parts_note(json_t *list, const struct run *run, struct errmsg *e);

/* The same if the run was whole, but missed a goal or what was expected. */
int merge_parts_note_missed(
    json_t *list, const struct run *run, struct errmsg *e);

/* The weightiest exit status of them: 3 before 1, 4 and 0. */
enum report_status merge_parts_status(const struct run *runs, size_t count);

/*
 * The value of "merged": parts, files, overlap_percent, incomplete, and missed:
 * those that were whole, but missed a goal or what was expected. NULL and
 * a line if there is no memory, or if one run is there twice.
 */
json_t *merge_parts(const struct run *runs, size_t count, struct errmsg *e);

#endif
