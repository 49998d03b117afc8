/*
 * outputs: the files that a run writes beside its report in text: each is tried
 * before the run, and written after it.
 *
 * Owns:	the files, from outputs_open to outputs_close.
 * Errors:	-1 and a line that names option or file.
 * Use:
 *	struct outputs outputs;
 *	if (outputs_open(&outputs, &options, &e) < 0) ...
 *	outputs_write(&outputs, &report, &e);
 *	outputs_close(&outputs);
 */
#ifndef CLIENT_REPORT_OUTPUTS_H
#define CLIENT_REPORT_OUTPUTS_H

#include <stdbool.h>

#include "client/report/report_file.h"

struct options;
struct report;

enum output {
	OUTPUT_JSON,
	OUTPUT_HGRM,
	OUTPUT_HLOG,
	OUTPUT_HTML,
	OUTPUTS
};

struct outputs {
	struct report_file files[OUTPUTS]; /* path NULL: not asked for */
	bool leaves_stdout; /* to one of them, or to --steps: no text there */
};

/* To be closed even when it fails. Two to one place are an error, and
 * so is one of the files that are read. */
int outputs_open(
    struct outputs *outputs, const struct options *options, struct errmsg *e);

/* -1 and a line, if one of them would overwrite this run, which is read. */
int outputs_check_read(
    const struct outputs *outputs, const char *path, struct errmsg *e);

/* One that cannot be written does not keep the others from being written. */
int outputs_write(const struct outputs *outputs, const struct report *report,
    struct errmsg *e);

void outputs_close(struct outputs *outputs);

#endif
