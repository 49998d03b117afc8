/* json_sparse: integers by fprintf; see the header. */
#include "client/report/json_sparse.h"

#include <inttypes.h>
#include <stdint.h>

#include "client/report/report.h"
#include "client/report/series.h"
#include "client/tally.h"

static const char *const count_keys[SERIES_COUNTS] = {
	[SERIES_ROUND_TRIPS] = "round_trips",
	[SERIES_TRANSACTIONS] = "transactions",
	[SERIES_ERRORS] = "errors",
	[SERIES_BYTES_RECEIVED] = "bytes_received",
	[SERIES_BYTES_SENT] = "bytes_sent",
};

static void
print_head(FILE *out, uint64_t count, uint64_t sum, uint64_t max)
{
	fprintf(out,
	    "{\"count\": %" PRIu64 ", \"sum\": %" PRIu64 ", \"max\": %" PRIu64
	    ", \"buckets\": [",
	    count, sum, max);
}

static void
print_bucket(FILE *out, const char *comma, unsigned index, uint64_t count)
{
	fprintf(out, "%s[%u, %" PRIu64 "]", comma, index, count);
}

static void
print_histogram(FILE *out, const char *key, const struct hist *h)
{
	const char *comma = "";

	fprintf(out, "    \"%s\": ", key);
	print_head(out, hist_count(h), counter_get(&h->sum), hist_max(h));
	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		uint64_t n = counter_get(&h->buckets[i]);

		if (n == 0)
			continue;
		print_bucket(out, comma, i, n);
		comma = ", ";
	}
	fprintf(out, "]}");
}

static void
print_point(FILE *out, const struct series_point *p)
{
	fprintf(out,
	    "    {\"second\": %" PRIu64 ", \"end_ns\": %" PRId64
	    ", \"open\": %" PRIu64,
	    p->second, p->end_ns, p->open);
	for (int i = 0; i < SERIES_COUNTS; i++)
		fprintf(out, ", \"%s\": %" PRIu64, count_keys[i], p->counts[i]);
	if (p->cpu_ns < 0)
		fprintf(out, ", \"cpu_ns\": null");
	else
		fprintf(out, ", \"cpu_ns\": %" PRId64, p->cpu_ns);
	fprintf(out, ", \"latency\": ");
	print_head(out, p->latency_count, p->latency_sum, p->latency_max);
	for (unsigned i = 0; i < p->used; i++)
		print_bucket(out, i > 0 ? ", " : "", p->buckets[i].index,
		    p->buckets[i].count);
	fprintf(out, "]}}");
}

static void
print_histograms(FILE *out, const struct tally *t)
{
	fprintf(out, "  \"histograms\": {\n");
	print_histogram(
	    out, "handshake", &t->shard.hists[STATS_HANDSHAKE_TIME]);
	for (enum tally_hist i = 0; i < TALLY_HISTS; i++) {
		fprintf(out, ",\n");
		print_histogram(out, tally_hist_key(i), &t->hists[i]);
	}
	fprintf(out, "\n  },\n");
}

static void
print_series(FILE *out, const struct series *s)
{
	fprintf(out, "  \"series\": [");
	for (unsigned i = 0; i < series_count(s); i++) {
		fprintf(out, i > 0 ? ",\n" : "\n");
		print_point(out, series_nth(s, i));
	}
	fprintf(out, "%s]", series_count(s) > 0 ? "\n  " : "");
}

void
json_sparse_print(FILE *out, const struct report *r)
{
	fprintf(out,
	    "  \"histogram_layout\": {\"kind\": \"log-linear\", "
	    "\"unit\": \"ns\", \"sub_bits\": %d, \"value_bits\": %d, "
	    "\"buckets\": %d},\n",
	    HIST_SUB_BITS, HIST_VALUE_BITS, HIST_BUCKETS);
	print_histograms(out, r->totals);
	print_series(out, r->series);
}
