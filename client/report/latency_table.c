/* latency_table: a line for each histogram; see the header. */
#include "client/report/latency_table.h"

#include <stdint.h>

#include "client/tally.h"
#include "common/base/units.h"

static const struct {
	const char *name;
	double q;
} quantiles[] = {
	{ "p50", 0.5 },
	{ "p90", 0.9 },
	{ "p99", 0.99 },
	{ "p99.9", 0.999 },
	{ "p99.99", 0.9999 },
};

static void
print_duration(FILE *out, uint64_t ns)
{
	char text[UNITS_TEXT];

	fprintf(out, " %9s", units_format_duration((int64_t)ns, text));
}

static void
print_quantile(FILE *out, const struct hist *h, double q)
{
	if (hist_has_quantile(h, q))
		print_duration(out, hist_quantile(h, q));
	else
		fprintf(out, " %9s", "-");
}

void
latency_table_row(FILE *out, const char *name, const struct hist *h)
{
	if (hist_count(h) == 0)
		return;
	fprintf(out, "%-11s", name);
	print_duration(out, hist_quantile(h, 0));
	print_duration(out, (uint64_t)hist_mean(h));
	print_duration(out, (uint64_t)hist_stdev(h));
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
		print_quantile(out, h, quantiles[i].q);
	print_duration(out, hist_max(h));
	fputc('\n', out);
}

void
latency_table_head(FILE *out)
{
	fprintf(
	    out, "Latency (quantiles within %.1f%%):\n", HIST_ERROR_PERCENT);
	fprintf(out, "%-11s %9s %9s %9s", "", "min", "mean", "stdev");
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
		fprintf(out, " %9s", quantiles[i].name);
	fprintf(out, " %9s\n", "max");
}

void
latency_table_print(FILE *out, const struct tally *t)
{
	const struct hist *handshake = &t->shard.hists[STATS_HANDSHAKE_TIME];

	if (hist_count(handshake) == 0)
		return;
	latency_table_head(out);
	latency_table_row(out, "handshake", handshake);
	for (enum tally_hist i = 0; i < TALLY_HISTS; i++)
		latency_table_row(out, tally_hist_title(i), &t->hists[i]);
}
