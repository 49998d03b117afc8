/* report_findings: lines that a run has a reason for; see the header. */
#include "client/report/report_findings.h"

#include <string.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/units.h"

void
report_print_strangers(FILE *out, const struct report *r)
{
	uint64_t refused = tally_errors(r->totals, REASON_PEER_ALERT);
	char made[UNITS_TEXT];
	char text[UNITS_TEXT];

	if (options_have_certificate(r->options))
		return;
	fprintf(out,
	    "Without a certificate: %s let in, %s refused by an alert\n",
	    units_format_count(tally_get(r->totals, TALLY_MADE), made),
	    units_format_count(refused, text));
}

static void
print_hex(FILE *out, const char *name, const uint8_t *bytes, size_t n)
{
	fprintf(out, "  %-8s", name);
	for (size_t i = 0; i < n; i++)
		fprintf(out, " %02x", bytes[i]);
	fputc('\n', out);
}

/* Below each byte that is not what it should be. */
static void
print_marks(FILE *out, const struct mismatch *m)
{
	char marks[3 * MISMATCH_BYTES + 1] = "";
	size_t end = 0;

	memset(marks, ' ', sizeof marks - 1);
	for (size_t i = m->lead; i < m->got_size; i++)
		if (i >= m->wanted_size || m->got[i] != m->wanted[i]) {
			memset(marks + 3 * i + 1, '^', 2);
			end = 3 * (i + 1);
		}
	fprintf(out, "  %-8s%.*s\n", "differs", (int)end, marks);
}

void
report_print_mismatch(FILE *out, const struct report *r)
{
	const struct mismatch *m = &r->totals->mismatch;
	char stream[UNITS_TEXT];
	char offset[UNITS_TEXT];
	char size[UNITS_TEXT];

	if (m->time_ns == 0)
		return;
	fprintf(out,
	    "The run ended at a wrong echo: connection %u (worker %u), offset "
	    "%s of its stream, ",
	    m->connection, m->worker,
	    units_format_count(m->stream_offset, stream));
	if (m->message_size == 0)
		fprintf(out, "when no message was under way\n");
	else
		fprintf(out, "%s of a message of %s\n",
		    units_format_count(m->message_offset, offset),
		    units_format_count(m->message_size, size));
	print_hex(out, "wanted", m->wanted, m->wanted_size);
	print_hex(out, "got", m->got, m->got_size);
	print_marks(out, m);
	if (m->looks_like[0] != '\0')
		fprintf(out, "  It looks like %s.\n", m->looks_like);
}
