/* view_csv: titles and values, column by column; see the header. */
#include "tools/print/view_csv.h"

#include <inttypes.h>

#include "common/base/utc.h"
#include "tools/print/filter.h"

static void
print_titles_of(const struct stats_field *f, FILE *out)
{
	const char *unit = "";

	if (f->kind != STATS_KIND_HIST) {
		fprintf(out, ",%s", f->name);
		return;
	}
	if (f->unit == STATS_UNIT_NS)
		unit = "_ns";
	else if (f->unit == STATS_UNIT_BYTES)
		unit = "_bytes";
	fprintf(out, ",%s_count,%s_p50%s,%s_p99%s,%s_max%s", f->name, f->name,
	    unit, f->name, unit, f->name, unit);
}

static void
print_values_of(const struct sample *s, unsigned field, FILE *out)
{
	const struct hist *h = sample_hist(s, field);

	fprintf(out, ",%" PRIu64, sample_total(s, field));
	if (sample_field(s, field)->kind != STATS_KIND_HIST)
		return;
	if (h != NULL)
		fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64,
		    hist_quantile(h, 0.5), hist_quantile(h, 0.99), hist_max(h));
	else
		fputs(",,,", out);
}

int
view_csv_print(const struct view *v, bool with_titles, FILE *out)
{
	const struct sample *s = v->now;
	unsigned count = sample_field_count(s);
	char time[UTC_TEXT];

	/* Names have no character that would have to be quoted. */
	if (with_titles) {
		fputs("time,server", out);
		for (unsigned i = 0; i < count; i++)
			if (filter_picks(v->filters, sample_field(s, i)->name))
				print_titles_of(sample_field(s, i), out);
		fputc('\n', out);
	}
	fprintf(out, "%s,%s", utc_format_ms(sample_wall_ns(s), time),
	    sample_server(s)->name);
	for (unsigned i = 0; i < count; i++)
		if (filter_picks(v->filters, sample_field(s, i)->name))
			print_values_of(s, i, out);
	fputc('\n', out);
	return 0;
}
