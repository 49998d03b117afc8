/*
 * log_line: one line of the log as bytes, as logfmt or as a JSON object.
 *
 * Borrows:	all text.
 * Use:
 *	n = log_line_format(bytes, &line, LOG_JSON);
 *	write(STDERR_FILENO, bytes, n);
 */
#ifndef COMMON_SYS_LOG_LINE_H
#define COMMON_SYS_LOG_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "common/sys/log.h"

/* What a line says. */
struct log_line {
	enum log_level level;
	int64_t wall_ns; /* since 1970 */
	const char *program;
	int pid;
	unsigned worker;
	uint64_t connection; /* in that worker; 0: the line is about none */
	const char *text;
};

/*
 * Writes at most LOG_LINE_MAX bytes, the last of which is a line feed; what
 * does not fit is cut. Returns how many. Control characters of the text become
 * '?'. With LOG_JOURNAL "<N>" stands in front, the priority that systemd's
 * journal takes from there (sd-daemon(3)); with LOG_TEXT nothing does.
 *
 * LOG_JSON is an object (RFC 8259) with time, level, program, pid; for a line
 * about a connection worker and id; and message. The text of a line about a
 * connection that consists of key=value pairs becomes members of these names
 * in place of message. Bytes that are not UTF-8 become U+FFFD.
 */
size_t log_line_format(char bytes[static LOG_LINE_MAX],
    const struct log_line *line, enum log_format format);

/* The word of a level, as in --log-level. */
const char *log_level_name(enum log_level level);

#endif
