/*
 * oom: which process the kernel kills first when memory has run out: rather a
 * child than its parent (proc(5), oom_score_adj). A child is born with the
 * value of its parent, which therefore has a higher one during a fork.
 *
 * The process has one file for it, open from oom_open to oom_close. Where there
 * is none, nothing happens.
 *
 * Use:
 *	oom_open();
 *	process_hide_memory();
 *	oom_offer(true);
 *	... fork; in the child: oom_close() ...
 *	oom_offer(false);
 */
#ifndef COMMON_SYS_OOM_H
#define COMMON_SYS_OOM_H

#include <stdbool.h>

enum {
	OOM_OFFERED = 500, /* above one's own; of 1000 */
	OOM_MAX = 1000
};

/* Before process_hide_memory: afterwards only root may open it. */
void oom_open(void);

/* Forgets it, in a child, for which it is the parent's. */
void oom_close(void);

/* While it is true, children are born to be killed before this process. */
void oom_offer(bool on);

#endif
