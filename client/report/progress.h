/*
 * progress: says on standard error how far the run has come.
 *
 * On a terminal a few lines are rewritten in place five times a second: numbers
 * of the last second, and sparklines of the seconds before it; if the terminal
 * is small, or cannot move its cursor up, one line. Elsewhere, or with
 * --progress, a new line is written each second. What is counted are round
 * trips, or transactions with --handshakes.
 *
 * Owns:	snapshots of the last second.
 * Borrows:	the job.
 * Threads:	tallies are read while workers write them: relaxed atomics.
 * Use:
 *	progress = progress_new(job);
 *	... wait progress_wait_ns(progress, now_ns) ...
 *	progress_add(progress, series);
 *	progress_show(progress, now_ns, started_ns);
 *	progress_free(&progress);
 */
#ifndef CLIENT_REPORT_PROGRESS_H
#define CLIENT_REPORT_PROGRESS_H

#include <stdint.h>

struct job;
struct progress;
struct series;

/* NULL if out of memory; the functions below accept that and do nothing. */
struct progress *progress_new(const struct job *job);

/* Erases the lines on a terminal, frees, and sets *progress to NULL. */
void progress_free(struct progress **progress);

/* How long until the next line is due: 0 or more; -1: never. */
int64_t progress_wait_ns(const struct progress *progress, int64_t now_ns);

/* Takes the last point of the series for the sparklines, if it is new. */
void progress_add(struct progress *progress, const struct series *series);

/* Shows a line if one is due. started_ns is 0 while connections are made. */
void progress_show(
    struct progress *progress, int64_t now_ns, int64_t started_ns);

/* Erases the lines on a terminal, to make room for something else. */
void progress_clear(struct progress *progress);

#endif
