/* watchdog: turns that take too long; see the header. */
#include "server/master/watchdog.h"

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/stats/stats.h"
#include "common/sys/child.h"
#include "common/sys/log.h"
#include "server/master/slot.h"
#include "server/master/workers.h"

static const int64_t patience_ns = CLOCK_NS_PER_S;
/* Between the first look at a turn and the one that ends it, at least. */
static const int64_t second_look_ns = CLOCK_NS_PER_S / 2;

static const char *const loops
    [] = { [STATS_SHARD_HANDSHAKE] = "handshake", [STATS_SHARD_ECHO] = "echo" };

/* Since when a loop is in a turn that takes too long; 0: none is. */
static int64_t
find_long_turn(const struct worker_slot *slot, const struct stats_slot *stats,
    int64_t limit_ns, int64_t now_ns, const char **loop)
{
	for (int i = 0; i < STATS_SHARD_MASTER; i++) {
		int64_t since_ns = atomic_load(&stats->shards[i].busy_since_ns);
		int64_t from_ns = since_ns > slot->stall.from_ns
		    ? since_ns
		    : slot->stall.from_ns;

		*loop = loops[i];
		if (since_ns != 0 && now_ns - from_ns > limit_ns)
			return since_ns;
	}
	return 0;
}

static void
end(struct worker_slot *slot, unsigned worker, const char *loop,
    int64_t since_ns, int64_t now_ns)
{
	char time[UNITS_TEXT];

	log_error("worker %u hangs: %s in one turn of its %s loop: SIGABRT",
	    worker, units_format_duration(now_ns - since_ns, time), loop);
	slot->hung = true;
	slot->seen_ns = now_ns;
	child_abort(slot->pid);
}

void
watchdog_look(struct worker_slot *slot, const struct stats_slot *stats,
    unsigned worker, int64_t limit_ns, int64_t now_ns)
{
	const char *loop;
	int64_t since_ns;

	if (slot->pid == 0 || limit_ns == 0)
		return;
	if (slot->hung) {
		if (now_ns - slot->seen_ns >= patience_ns)
			child_kill(slot->pid);
		return;
	}
	since_ns = find_long_turn(slot, stats, limit_ns, now_ns, &loop);
	if (slot->stall.stopped || since_ns != slot->long_turn_ns)
		slot->seen_ns = now_ns;
	else if (since_ns != 0 && now_ns - slot->seen_ns >= second_look_ns)
		end(slot, worker, loop, since_ns, now_ns);
	slot->long_turn_ns = since_ns;
}

void
watchdog_look_at_all(struct workers *w, int64_t now_ns)
{
	for (unsigned i = 0; i < w->slot_count; i++)
		watchdog_look(&w->slots[i], workers_stats(w, i), i,
		    w->setup.config->watchdog_ns, now_ns);
}
