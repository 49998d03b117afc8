/*
 * limits: enough file descriptors and local ports for many connections; and no
 * core files.
 *
 * Use:
 *	if (limits_reserve_files(connections_of_a_worker, &e) < 0 ||
 *	    limits_check_ports(connections, pairs, &e) < 0) ...
 */
#ifndef COMMON_SYS_LIMITS_H
#define COMMON_SYS_LIMITS_H

#include <stdint.h>

#include "common/base/errmsg.h"

/*
 * Raises the soft limit of open files to the hard one, for this process and
 * for its children to come. Returns what the soft limit then is.
 */
uint64_t limits_raise_files(void);
/* That limit, without a change. */
uint64_t limits_max_files(void);

/*
 * As limits_raise_files; -1 when that is too few for a process with so many
 * connections.
 */
int limits_reserve_files(uint64_t connections, struct errmsg *e);

/* This process and its children to come leave no core file. */
int limits_forbid_core(struct errmsg *e);

/*
 * -1 when there are fewer local ports than connections: each pair of a local
 * address and a destination can have each of them once.
 */
int limits_check_ports(uint64_t connections, unsigned pairs, struct errmsg *e);

#endif
