/*
 * report_json: the report for programs; the man page lists its keys.
 *
 * Errors:	-1 and a line that names the file.
 * Use:
 *	if (report_json_write(&file, &report, &e) < 0) ...
 */
#ifndef CLIENT_REPORT_REPORT_JSON_H
#define CLIENT_REPORT_REPORT_JSON_H

#include "common/base/errmsg.h"

struct report;
struct report_file;

int report_json_write(const struct report_file *file,
    const struct report *report, struct errmsg *e);

#endif
