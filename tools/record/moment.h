/*
 * moment: one sample, from wherever somebody says.
 *
 *	FILE		the last sample of a recording
 *	FILE@TIME	the last one that is not later: 12:30, 12:30:15 (the
 *			last time that it was so late) or
 *			2026-01-31T12:30:15Z, all in UTC; or the word "first"
 *	NAME		a server, now
 *
 * What has a slash or is the name of a file is one.
 *
 * Use:
 *	s = moment_take("monday.rec@12:30", &e);
 */
#ifndef TOOLS_RECORD_MOMENT_H
#define TOOLS_RECORD_MOMENT_H

#include "common/base/errmsg.h"
#include "tools/sample/sample.h"

/* For sample_free; NULL with the reason. */
struct sample *moment_take(const char *text, struct errmsg *e);

/* Is a file meant, with or without a time? */
bool moment_is_file(const char *text);

/*
 * A time as above, in ns since 1970: of a time of day, the last one that is not
 * after last_ns. False: it is no time.
 */
bool moment_parse_time(const char *text, int64_t last_ns, int64_t *wall_ns);

#endif
