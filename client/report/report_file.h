/*
 * report_file: where the JSON report goes: tried before the run, written after
 * it, and to standard output if that fails all the same.
 *
 * A regular file is replaced, so that a reader sees the old report or the new
 * one, whole; what cannot be replaced, such as a mount point, is written in
 * place. Links are followed. A pipe or a device is held open meanwhile, and so
 * is a descriptor of ours (/dev/fd/N).
 *
 * Owns:	a descriptor and a path, from report_file_open, even if that
 *		fails, to report_file_close.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	struct report_file file = REPORT_FILE_NONE;
 *	if (report_file_open(&file, "run.json", &e) < 0) ...
 *	report_file_write(&file, text, strlen(text), &e);
 *	report_file_close(&file);
 */
#ifndef CLIENT_REPORT_REPORT_FILE_H
#define CLIENT_REPORT_REPORT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"

struct report_file {
	const char *path;   /* as given; NULL: there is none */
	char *replaced;     /* the file to replace, or NULL; its own */
	int fd;             /* to write in place; -1: none */
	bool truncates;     /* and that from the beginning */
	bool spares_stdout; /* what cannot be written goes to stderr */
};

#define REPORT_FILE_NONE                \
	{                               \
		.path = NULL, .fd = -1, \
	}

/*
 * Whether both name one file, however they are spelled, or will when it is
 * made. Two open descriptors are not asked for what they have open.
 */
bool report_file_is_same(const char *path, const char *other);

/* Whether that is standard output: "-", /dev/stdout and the like. */
bool report_file_is_stdout(const char *path);

/* "-" is standard output. The path must outlive the file. */
int report_file_open(
    struct report_file *file, const char *path, struct errmsg *e);

/* -1, too, if it went to standard output because it could go nowhere else. */
int report_file_write(const struct report_file *file, const char *text,
    size_t size, struct errmsg *e);

/* May be closed already. */
void report_file_close(struct report_file *file);

#endif
