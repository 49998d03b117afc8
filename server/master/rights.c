/* rights: a mask of capabilities, and two gauges; see the header. */
#include "server/master/rights.h"

#include <linux/capability.h>
#include <stdint.h>

#include "common/stats/stats.h"
#include "common/sys/log.h"
#include "common/sys/process.h"
#include "server/config.h"
#include "server/sandbox/sandbox.h"

#define BIT(capability) (UINT64_C(1) << (capability))

void
rights_report_sandbox(const struct config *config, struct stats_shard *shard)
{
	struct sandbox_layers layers = { .seccomp = false };
	char text[SANDBOX_TEXT];

	if (config->sandbox) {
		sandbox_probe(&layers);
		log_info(
		    "sandbox of workers: %s", sandbox_describe(&layers, text));
	}
	stats_set(shard, STATS_SANDBOX_SECCOMP, layers.seccomp);
	stats_set(shard, STATS_SANDBOX_LANDLOCK, (uint64_t)layers.landlock_abi);
}

int
rights_reduce(const struct config *config, struct errmsg *e)
{
	const uint64_t needed = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) |
	    BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_FOWNER) | BIT(CAP_KILL) |
	    BIT(CAP_SETGID) | BIT(CAP_SETUID) | BIT(CAP_NET_BIND_SERVICE) |
	    BIT(CAP_SYS_NICE) | BIT(CAP_SYS_RESOURCE);

	return config->sandbox ? process_keep_capabilities(needed, e) : 0;
}
