/*
 * writer: appends samples to a recording.
 *
 * What is there is kept. A block that an earlier recorder did not write to its
 * end is cut off, so that samples can follow; so is one for which there is no
 * room on the disk. A second writer of the same file is refused (flock(2)).
 *
 * Owns:	the file, or a pipe, a device or standard output ("-"), which
 *		take any bytes; what is recorded there begins with a header.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	if (record_writer_open(&writer, "monday.rec", 200, &e) < 0) ...
 *	if (record_writer_encode(writer, now, &e) < 0 ||
 *	    record_writer_flush(writer, &e) < 0) ...
 *	record_writer_close(&writer);
 */
#ifndef TOOLS_RECORD_WRITER_H
#define TOOLS_RECORD_WRITER_H

#include "common/base/errmsg.h"
#include "tools/record/format.h"
#include "tools/sample/sample.h"

struct record_writer;

/* Opens or creates; conns is the most connections of a sample. */
int record_writer_open(struct record_writer **w, const char *path,
    unsigned conns, struct errmsg *e);

/* Of a file: samples that were there, and bytes cut off behind them. */
uint64_t record_writer_found(const struct record_writer *w, off_t *cut_off);

/* A regular file? Then record_writer_flush writes it and does not block. */
bool record_writer_is_file(const struct record_writer *w);

/*
 * Makes the bytes that the sample takes: none, if it is a dead server's that
 * has been recorded. What was made before has to be written by then: by
 * record_writer_flush, or by the caller, who takes the bytes.
 */
int record_writer_encode(
    struct record_writer *w, struct sample *s, struct errmsg *e);
const struct record_buffer *record_writer_bytes(const struct record_writer *w);
int record_writer_flush(struct record_writer *w, struct errmsg *e);

/* The descriptor that what is not a file is written to. */
int record_writer_fd(const struct record_writer *w);

/* *w may be NULL, and becomes NULL. */
void record_writer_close(struct record_writer **w);

#endif
