/*
 * segment: the server's statistics segment, as its options say.
 *
 * Errors:	-1 and a message.
 */
#ifndef SERVER_MASTER_SEGMENT_H
#define SERVER_MASTER_SEGMENT_H

#include "common/base/errmsg.h"

struct config;
struct stats_shm;

/* With the master in slot 0; for stats_shm_close. */
int segment_create(
    struct stats_shm **stats, const struct config *config, struct errmsg *e);

/*
 * The same with what a program has counted that was in this process before: in
 * its segment, fd; or if that has other counters, in a new one, to which totals
 * are carried over: then *old is the former, NAME.draining, in which its
 * workers still count; else NULL.
 */
int segment_take_over(struct stats_shm **stats, struct stats_shm **old,
    const struct config *config, int fd, struct errmsg *e);

/*
 * In another process than that of fd: -1 if it could not be taken over, since
 * it cannot be read, or there is no name for one beside it. Closes fd.
 */
int segment_check(const struct config *config, int fd, struct errmsg *e);

#endif
