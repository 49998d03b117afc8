/* slot: when to start again, and what the dead did; see the header. */
#include "server/master/slot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/stats/stats.h"
#include "common/sys/child.h"

static const int64_t backoff_min_ns = 100 * CLOCK_NS_PER_MS;
static const int64_t backoff_max_ns = 5 * CLOCK_NS_PER_S;
/* A worker that lived longer than this did not die of its start. */
static const int64_t long_life_ns = 10 * CLOCK_NS_PER_S;

static int64_t
backoff_ns(unsigned deaths)
{
	int64_t ns = backoff_min_ns;

	for (; deaths > 1 && ns < backoff_max_ns; deaths--)
		ns *= 2;
	return ns < backoff_max_ns ? ns : backoff_max_ns;
}

void
slot_close(struct worker_slot *slot)
{
	if (slot->control_fd != -1)
		(void)close(slot->control_fd);
	if (slot->supply_fd != -1)
		(void)close(slot->supply_fd);
	slot->control_fd = slot->supply_fd = -1;
}

int64_t
slot_plan_restart(struct worker_slot *slot, int64_t now_ns)
{
	int64_t wait_ns;

	if (now_ns - slot->started_ns > long_life_ns)
		slot->deaths = 0;
	slot->deaths++;
	wait_ns = backoff_ns(slot->deaths);
	slot->restart_ns = now_ns + wait_ns;
	return wait_ns;
}

static enum stats_counter
kind_of(const struct worker_slot *slot, int status)
{
	if (slot->hung)
		return STATS_WORKERS_HUNG;
	if (child_exited(status))
		return STATS_WORKERS_FAILED;
	return child_was_killed(status) ? STATS_WORKERS_KILLED
					: STATS_WORKERS_CRASHED;
}

/* Appends, and never more than there is room for. */
static void
append_turn(char *text, const char *name, const struct stats_shard *shard,
    int64_t now_ns)
{
	int64_t since_ns = atomic_load(&shard->busy_since_ns);
	size_t used = strnlen(text, SLOT_TEXT - 1);
	char time[UNITS_TEXT];

	if (since_ns != 0)
		(void)snprintf(text + used, SLOT_TEXT - used,
		    ", in a turn of its %s loop for %s", name,
		    units_format_duration(now_ns - since_ns, time));
}

const char *
slot_last_words(const struct worker_slot *slot, struct stats_slot *stats,
    int status, char text[static SLOT_TEXT])
{
	struct stats_shard *own = &stats->shards[STATS_SHARD_MASTER];
	uint64_t open = stats_slot_open(stats);
	int64_t now_ns = clock_now_ns();
	char how[CHILD_TEXT], time[UNITS_TEXT];

	stats_add(own, kind_of(slot, status), 1);
	(void)snprintf(text, SLOT_TEXT,
	    "%s after %s, with %" PRIu64 " connection%s",
	    child_describe(status, how),
	    units_format_duration(now_ns - slot->started_ns, time), open,
	    units_plural(open));
	append_turn(
	    text, "handshake", &stats->shards[STATS_SHARD_HANDSHAKE], now_ns);
	append_turn(text, "echo", &stats->shards[STATS_SHARD_ECHO], now_ns);
	return text;
}
