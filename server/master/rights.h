/*
 * rights: what the master keeps of root's rights, and what it says of the
 * sandbox of its workers.
 *
 * Use:
 *	rights_report_sandbox(config, shard);
 *	if (rights_reduce(config, &e) < 0) ...	// before the first fork
 */
#ifndef SERVER_MASTER_RIGHTS_H
#define SERVER_MASTER_RIGHTS_H

#include "common/base/errmsg.h"

struct config;
struct stats_shard;

/* Which layers the workers will have: to the log, and as gauges. */
void rights_report_sandbox(
    const struct config *config, struct stats_shard *shard);

/*
 * Of all capabilities (capabilities(7)) those stay that a master needs later:
 * to read credentials, to make workers of another user, to kill these, and to
 * bind and open again what a successor may need. Does nothing with --sandbox
 * off.
 */
int rights_reduce(const struct config *config, struct errmsg *e);

#endif
