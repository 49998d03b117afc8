/* stall: compares what loops did with the clock; see the header. */
#include "server/master/stall.h"

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "common/sys/child.h"
#include "common/sys/log.h"

static void
enter(struct stall *s, struct stats_slot *slot, unsigned worker, bool stalled,
    const char *why)
{
	if (s->stalled == stalled)
		return;
	s->stalled = stalled;
	atomic_store(&slot->stalled, stalled);
	if (!stalled) {
		if (s->told)
			log_info("worker %u goes on", worker);
		return;
	}
	stats_add(&slot->shards[STATS_SHARD_MASTER], STATS_WORKER_STALLS, 1);
	s->told = s->stopped || log_is_due(&s->quiet_until_ns, clock_now_ns());
	if (s->told)
		log_warn(
		    "worker %u %s: it is given no connections until it goes on",
		    worker, why);
}

static bool
turn_is_long(
    const struct stall *s, const struct stats_shard *shard, int64_t now_ns)
{
	int64_t since_ns = atomic_load(&shard->busy_since_ns);

	if (since_ns == 0)
		return false;
	return now_ns - (since_ns > s->from_ns ? since_ns : s->from_ns) >
	    STALL_NS;
}

/* One that has as many handshakes as it may lets its inbox wait. */
static bool
inbox_waits(const struct stats_slot *slot)
{
	return STATS_COUNTING && atomic_load(&slot->load) >> 32 > 0 &&
	    atomic_load(&slot->state) == STATS_SLOT_READY &&
	    atomic_load(&slot->full) == 0;
}

static bool
inbox_is_left(struct stall *s, const struct stats_slot *slot, int64_t now_ns)
{
	const struct stats_shard *shard = &slot->shards[STATS_SHARD_HANDSHAKE];
	uint64_t turns = counter_get(&shard->counters[STATS_WAIT_CALLS]);

	if (!inbox_waits(slot) || turns != s->turns)
		s->left_ns = now_ns;
	s->turns = turns;
	return now_ns - s->left_ns > STALL_NS;
}

void
stall_look(
    struct stall *s, struct stats_slot *slot, unsigned worker, int64_t now_ns)
{
	bool hangs = inbox_is_left(s, slot, now_ns);

	for (int i = 0; i < STATS_SHARD_MASTER; i++)
		hangs |= turn_is_long(s, &slot->shards[i], now_ns);
	hangs &= atomic_load(&slot->state) == STATS_SLOT_READY;
	enter(s, slot, worker, s->stopped || hangs, "has hung for a second");
}

bool
stall_on_status(
    struct stall *s, struct stats_slot *slot, unsigned worker, int status)
{
	char how[CHILD_TEXT];

	if (child_has_ended(status)) {
		*s = (struct stall){ .stopped = false };
		atomic_store(&slot->stalled, 0);
		return false;
	}
	s->stopped = child_is_stopped(status);
	s->from_ns = s->left_ns = clock_now_ns();
	enter(s, slot, worker, s->stopped, child_describe(status, how));
	return true;
}
