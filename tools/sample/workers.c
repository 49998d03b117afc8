/* workers: how many slots of a sample are workers'; see sample.h. */
#include "tools/sample/sample.h"

unsigned
sample_worker_count(const struct sample *s)
{
	unsigned count = 0;

	for (unsigned slot = 1; slot < sample_slot_count(s); slot++)
		count += sample_slot(s, slot)->is_used;
	return count;
}

unsigned
sample_workers_now(const struct sample *s)
{
	unsigned count = 0;

	for (unsigned slot = 1; slot < sample_slot_count(s); slot++)
		count += sample_slot(s, slot)->state != STATS_SLOT_EMPTY;
	return sample_server(s)->is_alive && count > 0 ? count
						       : sample_worker_count(s);
}

unsigned
sample_workers_draining(const struct sample *s)
{
	unsigned count = 0;

	if (!sample_server(s)->is_alive)
		return 0;
	for (unsigned slot = 1; slot < sample_slot_count(s); slot++)
		count += sample_slot(s, slot)->state == STATS_SLOT_DRAINING;
	return count;
}
