/*
 * report_json: the report for programs; the man page lists its keys.
 *
 * Errors:	-1 and a line that names the file.
 * Use:
 *	if (report_json_write("run.json", &report, &e) < 0) ...
 */
#ifndef CLIENT_REPORT_REPORT_JSON_H
#define CLIENT_REPORT_REPORT_JSON_H

#include "common/base/errmsg.h"

struct report;

/* -1 if it is clear before the run that it cannot be written there. */
int report_json_check(const char *path, struct errmsg *e);

/* To a file, which is replaced atomically, or to standard output for "-". */
int report_json_write(
    const char *path, const struct report *report, struct errmsg *e);

#endif
