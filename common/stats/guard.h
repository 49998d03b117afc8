/*
 * guard: a read of a mapped segment that somebody may cut short meanwhile,
 * which raises SIGBUS (mmap(2)).
 *
 * Rule:	one thread of a process at a time; read is left in the middle,
 *		so what it makes must be reachable from its argument.
 * Use:
 *	if (!stats_guarded(read_all, &what)) ...
 */
#ifndef COMMON_STATS_GUARD_H
#define COMMON_STATS_GUARD_H

#include <stdbool.h>

/* Calls read(arg); false when it met SIGBUS. */
bool stats_guarded(void (*read)(void *arg), void *arg);

#endif
