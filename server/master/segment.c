/* segment: creates it; see the header. */
#include "server/master/segment.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/version.h"
#include "common/stats/adopt.h"
#include "common/stats/rows.h"
#include "common/stats/shm.h"
#include "common/sys/log.h"
#include "server/config.h"

/* Fewer of each worker where there are many slots. */
static unsigned
offenders_of(const struct config *config)
{
	unsigned most = STATS_SEGMENT_OFFENDERS_MAX / config->slots;

	if (config->worker_rows == 0)
		return 0;
	return most < STATS_OFFENDERS_SHOWN ? most : STATS_OFFENDERS_SHOWN;
}

/* After an upgrade there may be more slots than the workers need. */
static unsigned
rows_of(const struct config *config)
{
	unsigned most = STATS_SEGMENT_ROWS_MAX / config->slots;

	return config->worker_rows < most ? config->worker_rows : most;
}

static struct stats_shm_options
options_of(const struct config *config)
{
	return (struct stats_shm_options){
		.name = config->stats_name,
		.slots = 1 + config->slots,
		.run = config->workers,
		.mode = config->stats_mode,
		.group = config->stats_group,
		.program = "tlsecho-server " TLSECHO_VERSION,
		.rows = rows_of(config),
		.offenders = offenders_of(config),
		.answers = true,
	};
}

static int
create(struct stats_shm **stats, const struct stats_shm_options *options,
    struct errmsg *e)
{
	struct stats_slot *slot;

	if (stats_shm_create(stats, options, e) < 0)
		return -1;
	slot = stats_shm_slot(*stats, 0);
	atomic_store(&slot->pid, getpid());
	atomic_store(&slot->started_ns, clock_now_ns());
	return 0;
}

int
segment_create(
    struct stats_shm **stats, const struct config *config, struct errmsg *e)
{
	const struct stats_shm_options options = options_of(config);

	return create(stats, &options, e);
}

/*
 * While the old one takes memory, too. What is left of it without rows has had
 * room in the rehearsal.
 */
static int
create_beside(struct stats_shm **stats, struct stats_shm_options options,
    struct errmsg *e)
{
	if (create(stats, &options, e) == 0)
		return 0;
	if (options.rows == 0)
		return -1;
	log_warn("no table of connections until a restart: %s", e->text);
	options.rows = options.offenders = 0;
	return create(stats, &options, e);
}

int
segment_take_over(struct stats_shm **stats, struct stats_shm **old,
    const struct config *config, int fd, struct errmsg *e)
{
	const struct stats_shm_options options = options_of(config);

	if (stats_shm_adopt(old, fd, options.name, e) < 0)
		return -1;
	if (stats_shm_is_like(*old, &options)) {
		*stats = *old;
		*old = NULL;
		stats_shm_set_program(*stats, options.program);
		return 0;
	}
	/* Somebody may have removed the file: then nothing has the name. */
	if ((stats_shm_is_named(*old) && stats_shm_step_aside(*old, e) < 0) ||
	    create_beside(stats, options, e) < 0)
		return -1;
	stats_shm_carry_totals(*stats, *old);
	log_info("%s than before: totals are carried over, and old workers "
		 "count in '%s'",
	    stats_shm_difference(*old, &options), stats_shm_name(*old));
	return 0;
}

int
segment_check(const struct config *config, int fd, struct errmsg *e)
{
	const struct stats_shm_options options = options_of(config);
	struct stats_shm *old;
	int result;

	if (stats_shm_adopt(&old, fd, options.name, e) < 0)
		return -1;
	result = stats_shm_is_like(old, &options)
	    ? 0
	    : stats_shm_check_successor(old, e);
	stats_shm_disown(old);
	stats_shm_close(&old);
	return result;
}
