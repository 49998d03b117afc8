/* report_hdr: files made in memory and written whole; see the header. */
#include "client/report/report_hdr.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/hdr.h"
#include "client/report/report.h"
#include "client/report/report_file.h"
#include "client/report/series.h"
#include "client/tally.h"
#include "common/base/utc.h"
#include "common/base/version.h"

/* -1: out of memory. */
static int
print_percentiles(FILE *out, const struct report *r)
{
	hdr_print_percentiles(out,
	    &r->totals->hists[r->options->handshakes ? TALLY_HIST_TRANSACTION
						     : TALLY_HIST_ROUND_TRIP]);
	return 0;
}

/* Times of intervals count from it. */
static void
print_log_head(FILE *out, const struct report *r)
{
	char text[UTC_TEXT];

	fprintf(out,
	    "#[%s %s]\n#[Histogram log format version 1.3]\n"
	    "#[StartTime: %.3f (seconds since epoch), %s]\n"
	    "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
	    "\"Interval_Compressed_Histogram\"\n",
	    options_program.name, TLSECHO_VERSION,
	    (double)r->measured_wall_ns / 1e9,
	    utc_format_ms(r->measured_wall_ns, text));
}

static int
print_interval(FILE *out, const struct series_point *p, int64_t begin_ns)
{
	struct hist latency = { 0 };
	char *text;

	series_point_add_latency(p, &latency);
	text = hdr_encode(&latency);
	if (text == NULL)
		return -1;
	fprintf(out, "%.3f,%.3f,%.3f,%s\n", (double)begin_ns / 1e9,
	    (double)(p->end_ns - begin_ns) / 1e9, (double)p->latency_max / 1e6,
	    text);
	free(text);
	return 0;
}

static int
print_log(FILE *out, const struct report *r)
{
	int64_t begin_ns = 0;

	print_log_head(out, r);
	for (unsigned i = 0; i < series_count(r->series); i++) {
		const struct series_point *p = series_nth(r->series, i);

		if (p->end_ns > begin_ns &&
		    print_interval(out, p, begin_ns) < 0)
			return -1;
		begin_ns = p->end_ns;
	}
	return 0;
}

static int
write_file(const struct report_file *file, const struct report *r,
    int (*print)(FILE *, const struct report *), struct errmsg *e)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int result = out != NULL ? print(out, r) : -1;

	if (out != NULL && ferror(out) != 0)
		result = -1;
	if (out != NULL && fclose(out) != 0)
		result = -1;
	result = result == 0 ? report_file_write(file, text, size, e)
			     : errmsg_set(e, "%s: out of memory", file->path);
	free(text);
	return result;
}

int
report_hgrm_write(
    const struct report_file *file, const struct report *r, struct errmsg *e)
{
	return write_file(file, r, print_percentiles, e);
}

int
report_hlog_write(
    const struct report_file *file, const struct report *r, struct errmsg *e)
{
	return write_file(file, r, print_log, e);
}
