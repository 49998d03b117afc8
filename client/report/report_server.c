/* report_server: both sides of each counter; see the header. */
#include "client/report/report_server.h"

#include "client/options.h"
#include "client/report/latency_table.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/units.h"

struct server_loss
report_server_loss(const struct report *r)
{
	uint64_t connections = tally_all_errors(r->totals) +
	    tally_get(r->totals, TALLY_REFUSED) + report_not_made(r) +
	    r->cut_off;

	return (struct server_loss){ .connections = connections,
		.data =
		    connections > 0 || r->interrupted || r->workers_died > 0 };
}

static const struct server_row *
first_differing(const struct server_stats *s)
{
	const struct server_row *row = s->rows;

	while (row->agrees)
		row++;
	return row;
}

int
report_check_server(const struct report *r, struct errmsg *why)
{
	const struct server_stats *s = r->server;
	unsigned differing = s != NULL ? server_stats_differing(s) : 0;
	const struct server_row *row;
	char server[UNITS_TEXT];
	char client[UNITS_TEXT];

	if (s != NULL && s->lost.text[0] != '\0')
		return errmsg_set(why,
		    "nothing can be compared with server '%s': %s", s->name,
		    s->lost.text);
	if (differing == 0)
		return 0;
	row = first_differing(s);
	return errmsg_set(why,
	    "%u counter%s of server '%s' and this client differ, such as %s: "
	    "the server has %s, the client %s; it had other clients, or the "
	    "run was against another server",
	    differing, units_plural(differing), s->name, row->name,
	    units_format_count(row->server, server),
	    units_format_count(row->client, client));
}

static void
print_rows(FILE *out, const struct server_stats *s)
{
	char client[UNITS_TEXT];
	char server[UNITS_TEXT];

	fprintf(out, "  %-20s %16s %16s\n", "counter", "client", "server");
	for (unsigned i = 0; i < s->count; i++) {
		const struct server_row *row = &s->rows[i];

		fprintf(out, "  %-20s %16s %16s  %s\n", row->name,
		    units_format_count(row->client, client),
		    units_format_count(row->server, server),
		    !row->agrees                     ? "DIFFERS"
			: row->client == row->server ? "equal"
						     : "as failures explain");
	}
}

static void
print_cpu(FILE *out, const struct server_stats *s)
{
	if (s->cpu_ns < 0)
		return;
	fprintf(out, "Server's CPU time: %.3f s", (double)s->cpu_ns / 1e9);
	if (s->messages > 0)
		fprintf(out, " (%.2f us per round trip)",
		    server_stats_cpu_each_ns(s) / 1e3);
	fputc('\n', out);
}

void
report_print_server(FILE *out, const struct report *r)
{
	const struct server_stats *s = r->server;

	if (s == NULL)
		return;
	fprintf(out, "Server '%s':", s->name);
	if (s->lost.text[0] != '\0') {
		fprintf(out, " %s\n", s->lost.text);
		return;
	}
	fprintf(out, " %u of %u counters agree\n",
	    s->count - server_stats_differing(s), s->count);
	print_rows(out, s);
	print_cpu(out, s);
	latency_table_row(out, "server echo", &s->echo_time);
}
