/*
 * replay: a recording as a source of samples; see sample/source.h.
 *
 * Owns:	the file, which is read as it was when it was opened; an index
 *		of at most some 100 KiB, however long it is.
 * Errors:	NULL, or SOURCE_FAILED, and one line that names the file. Where
 *		a recorder broke off, or damage begins, the samples end.
 * Use:
 *	source = source_open_replay("monday.rec", &e);
 */
#ifndef TOOLS_RECORD_REPLAY_H
#define TOOLS_RECORD_REPLAY_H

#include "tools/sample/source.h"

/* NULL, too, for a recording without a whole sample. */
struct source *source_open_replay(const char *path, struct errmsg *e);

/* Samples in it; the wall-clock times of the first and the last one. */
uint64_t replay_count(const struct source *source);
int64_t replay_first_ns(const struct source *source);
int64_t replay_last_ns(const struct source *source);

/* Goes on at the last sample that is not later than this, or at the first. */
void replay_seek_wall(struct source *source, int64_t wall_ns);

#endif
