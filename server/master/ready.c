/* ready: log, segment, terminal, --ready-fd; see the header. */
#include "server/master/ready.h"

#include <stdio.h>

#include "common/base/units.h"
#include "common/stats/shm.h"
#include "common/sys/file.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/listeners.h"
#include "server/master/resize.h"
#include "server/master/workers.h"

static void
tell_ready_fd(
    const struct config *config, struct workers *workers, const char *addresses)
{
	char line[1024];
	int n = snprintf(line, sizeof line, "%s\n", addresses);

	if (config->ready_fd < 0)
		return;
	if (file_write_all(config->ready_fd, line, (size_t)n) != 0)
		log_warn("--ready-fd: cannot write the addresses");
	workers_close_ready_fd(workers);
}

void
ready_prompt(void)
{
	printf("Press any key to stop server.\n");
	(void)fflush(stdout);
}

void
ready_tell(const struct config *config, const struct listeners *listeners,
    struct workers *workers)
{
	struct stats_shm *stats = workers->setup.stats;
	unsigned count = resize_count(workers);
	char addresses[1000];

	(void)listeners_describe(listeners, addresses, sizeof addresses);
	log_info("ready: %u worker%s on %s, statistics '%s'", count,
	    units_plural(count), addresses, config->stats_name);
	atomic_store(&stats_shm_slot(stats, 0)->state, STATS_SLOT_READY);
	if (config->interactive)
		ready_prompt();
	tell_ready_fd(config, workers, addresses);
}
