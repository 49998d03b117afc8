/*
 * progress: one line on standard error that says how far the run has come.
 *
 * On a terminal it is rewritten in place five times a second; elsewhere a new
 * line is written each second. Rate and latency, of round trips or, with
 * --handshakes, of transactions, are those of the last second.
 *
 * Owns:	its memory of the last second.
 * Borrows:	the job, to whose tallies workers write.
 * Use:
 *	progress = progress_new(job);
 *	... wait progress_wait_ns(progress, now_ns) ...
 *	progress_show(progress, now_ns, started_ns);
 *	progress_free(&progress);
 */
#ifndef CLIENT_REPORT_PROGRESS_H
#define CLIENT_REPORT_PROGRESS_H

#include <stdint.h>

struct job;
struct progress;

/* NULL when there is no memory; all functions take NULL and do nothing. */
struct progress *progress_new(const struct job *job);

/* Erases the line on a terminal. */
void progress_free(struct progress **progress);

/* Until the next line is due; -1: never. */
int64_t progress_wait_ns(const struct progress *progress, int64_t now_ns);

/* Shows a line if one is due. started_ns is 0 while connections are made. */
void progress_show(
    struct progress *progress, int64_t now_ns, int64_t started_ns);

/* Erases the line on a terminal, to make room for something else. */
void progress_clear(struct progress *progress);

#endif
