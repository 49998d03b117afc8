/*
 * report_json: the report for programs: the man page lists its keys, and
 * client/schemas/tlsecho-client-run.schema.json is its schema.
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

/* What a document of a run says it is; unions of runs, too. */
#define REPORT_JSON_FORMAT "tlsecho-client run"

enum {
	/* Of the format: raised when keys go or change, not when some come. */
	REPORT_JSON_VERSION = 1
};

/* The document, which free() is the caller's; NULL: out of memory. */
char *report_json_text(const struct report *report, struct errmsg *e);

int report_json_write(const struct report_file *file,
    const struct report *report, struct errmsg *e);

#endif
