/* totals: sums over all slots; see the header. */
#include "server/master/totals.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/assertion.h"
#include "common/stats/reader.h"
#include "common/sys/log.h"

static const struct {
	const char *title;
	enum stats_counter counter;
} lines[] = {
	{ "Connections accepted", STATS_ACCEPTED },
	{ "Handshakes completed", STATS_HANDSHAKES_COMPLETED },
	{ "Handshakes failed", STATS_HANDSHAKES_FAILED },
	{ "Read operations", STATS_READ_OPERATIONS },
	{ "Write operations", STATS_WRITE_OPERATIONS },
	{ "Bytes received", STATS_BYTES_RECEIVED },
	{ "Bytes sent", STATS_BYTES_SENT },
};

uint64_t
totals_sum(struct stats_shm *stats, enum stats_counter counter)
{
	unsigned count = stats_shm_header(stats)->slot_count;
	uint64_t total = 0;

	for (unsigned i = 0; i < count; i++)
		total += stats_slot_total(stats_shm_slot(stats, i), counter);
	return total;
}

int
totals_print(struct stats_shm *stats)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		printf("%s: %" PRIu64 "\n", lines[i].title,
		    totals_sum(stats, lines[i].counter));
	return fflush(stdout) == 0 ? 0 : -1;
}

static const struct {
	const char *key;
	enum stats_counter counter;
} pairs[] = {
	{ "accepted", STATS_ACCEPTED },
	{ "ended", STATS_ENDED },
	{ "refused", STATS_REFUSED },
	{ "handshakes_completed", STATS_HANDSHAKES_COMPLETED },
	{ "handshakes_resumed", STATS_HANDSHAKES_RESUMED },
	{ "handshakes_failed", STATS_HANDSHAKES_FAILED },
	{ "read_operations", STATS_READ_OPERATIONS },
	{ "write_operations", STATS_WRITE_OPERATIONS },
	{ "bytes_received", STATS_BYTES_RECEIVED },
	{ "bytes_sent", STATS_BYTES_SENT },
	{ "worker_restarts", STATS_WORKER_RESTARTS },
	{ "reloads", STATS_RELOADS },
	{ "reloads_refused", STATS_RELOADS_REFUSED },
};

void
totals_log(struct stats_shm *stats)
{
	char line[1024] = "totals:";
	size_t used = sizeof "totals:" - 1;

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		used += (size_t)snprintf(line + used, sizeof line - used,
		    " %s=%" PRIu64, pairs[i].key,
		    totals_sum(stats, pairs[i].counter));
	ASSERT(used < sizeof line);
	log_info("%s", line);
}
