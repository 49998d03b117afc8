/* live: the source that follows the servers of a name; see source.h. */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/container_of.h"
#include "common/stats/reader.h"
#include "tools/sample/source.h"
#include "tools/sample/take.h"

struct live {
	struct source source;
	char name[STATS_SHM_NAME];
	struct stats_shm *shm; /* NULL: none has been there */
	bool wait;
};

static struct live *
live_of(struct source *source)
{
	return CONTAINER_OF(source, struct live, source);
}

/*
 * Has the one that is attached died, or given its name away? One that drains
 * does that before it ends (stats_shm_step_aside).
 */
static bool
may_have_successor(const struct live *live)
{
	return live->shm == NULL || stats_shm_owner(live->shm) == 0 ||
	    !stats_shm_is_named(live->shm);
}

/* Is there a living server, other than the one that is attached? */
static bool
attach_successor(struct live *live)
{
	struct stats_shm *next;
	struct errmsg ignored;

	if (stats_shm_attach(&next, live->name, &ignored) < 0)
		return false;
	if (stats_shm_owner(next) == 0) {
		stats_shm_close(&next);
		return false;
	}
	stats_shm_close(&live->shm);
	live->shm = next;
	return true;
}

static enum source_event
live_next(struct source *source, struct sample **sample, struct errmsg *e)
{
	struct live *live = live_of(source);

	if (may_have_successor(live))
		(void)attach_successor(live);
	if (live->shm == NULL)
		return SOURCE_WAITING;
	*sample = sample_take(live->shm, clock_now_ns(), clock_wall_ns(), e);
	if (*sample != NULL)
		return SOURCE_SAMPLE;
	stats_shm_close(&live->shm);
	return live->wait ? SOURCE_WAITING : SOURCE_FAILED;
}

static void
live_close(struct source *source)
{
	struct live *live = live_of(source);

	stats_shm_close(&live->shm);
	free(live);
}

struct source *
source_open_live(const char *name, bool wait, struct errmsg *e)
{
	static const struct source_ops ops = {
		.next = live_next,
		.close = live_close,
	};
	struct live *live;
	struct source *source;

	if (stats_shm_check_name(name, e) < 0)
		return NULL;
	live = calloc(1, sizeof *live);
	if (live == NULL) {
		errmsg_set(e, "out of memory");
		return NULL;
	}
	live->source.ops = &ops;
	live->wait = wait;
	(void)snprintf(live->name, sizeof live->name, "%s", name);
	source = &live->source;
	if (stats_shm_attach(&live->shm, name, e) < 0 && !wait)
		source_close(&source);
	return source;
}
