/* metrics: fresh samples, printed; see the header. */
#include "tools/http/metrics.h"

int
metrics_print(struct servers *servers, FILE *out)
{
	struct prometheus_source sources[SERVERS_MAX];
	unsigned count = servers_count(servers);

	for (unsigned i = 0; i < count; i++) {
		struct watched *w = servers_at(servers, i);

		sources[i] = (struct prometheus_source){ .name = w->name,
			.sample = servers_fresh(w) };
	}
	return prometheus_print(sources, count, out);
}
