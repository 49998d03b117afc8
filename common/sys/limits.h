/*
 * limits: enough file descriptors and local ports for many connections.
 *
 * Use:
 *	if (limits_raise_files(connections_of_a_worker, &e) < 0) ...
 */
#ifndef COMMON_SYS_LIMITS_H
#define COMMON_SYS_LIMITS_H

#include <stdint.h>

#include "common/base/errmsg.h"

/*
 * Raises the soft limit of this process and of its children to come, so that
 * each can have so many connections. -1 when the hard limit is below that.
 */
int limits_raise_files(uint64_t connections, struct errmsg *e);

/*
 * -1 when there are fewer local ports than connections: one destination, by
 * address and port, can have each of them once.
 */
int limits_check_ports(
    uint64_t connections, unsigned addresses, struct errmsg *e);

#endif
