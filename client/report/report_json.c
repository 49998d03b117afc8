/* report_json: one object, made with jansson; see the header. */
#include "client/report/report_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/curve_json.h"
#include "client/report/goals.h"
#include "client/report/identities_json.h"
#include "client/report/json_config.h"
#include "client/report/json_maker.h"
#include "client/report/json_outcome.h"
#include "client/report/json_sparse.h"
#include "client/report/report.h"
#include "client/report/report_file.h"
#include "client/report/server_json.h"
#include "client/tally.h"
#include "common/base/utc.h"
#include "common/base/version.h"
#include "common/sys/addr.h"

static json_t *
make_connections(struct json_maker *m)
{
	const struct report *r = m->report;
	json_t *object = json_object();

	maker_set_count(m, object, "asked", report_asked(r));
	maker_set_count(m, object, "made", tally_get(m->totals, TALLY_MADE));
	maker_set_count(
	    m, object, "refused", tally_get(m->totals, TALLY_REFUSED));
	maker_set_count(
	    m, object, "failed", tally_get(m->totals, TALLY_FAILED));
	maker_set_count(m, object, "not_made", report_not_made(r));
	maker_set_count(m, object, "lost", tally_get(m->totals, TALLY_BROKEN));
	maker_set_count(m, object, "cut_off", r->cut_off);
	maker_set_count(
	    m, object, "unanswered", tally_get(m->totals, TALLY_UNANSWERED));
	maker_set_count(
	    m, object, "answered_at_fin", tally_get(m->totals, TALLY_HURRIED));
	return object;
}

static json_t *
make_traffic(struct json_maker *m)
{
	static const struct {
		const char *key;
		enum stats_counter counter;
	} keys[] = {
		{ "handshakes", STATS_HANDSHAKES_COMPLETED },
		{ "handshakes_resumed", STATS_HANDSHAKES_RESUMED },
		{ "read_operations", STATS_READ_OPERATIONS },
		{ "write_operations", STATS_WRITE_OPERATIONS },
		{ "bytes_received", STATS_BYTES_RECEIVED },
		{ "bytes_sent", STATS_BYTES_SENT },
		{ "wire_bytes_received", STATS_WIRE_BYTES_RECEIVED },
		{ "wire_bytes_sent", STATS_WIRE_BYTES_SENT },
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		maker_set_count(m, object, keys[i].key,
		    tally_stat(m->totals, keys[i].counter));
	return object;
}

static json_t *
make_addresses(struct json_maker *m)
{
	const struct addr_list *addrs = m->report->addrs;
	json_t *list = json_array();
	char text[ADDR_TEXT];

	for (int i = 0; i < addrs->count; i++) {
		json_t *object = json_object();

		maker_set(m, object, "address",
		    json_string(addr_format(&addrs->of[i], text)));
		maker_set_count(m, object, "unanswered",
		    counter_get(&m->totals->unanswered[i]));
		maker_append(m, list, object);
	}
	return list;
}

/* By the wall clock, which other programs and hosts have, too. */
static json_t *
make_measured(struct json_maker *m)
{
	int64_t from_ns = m->report->measured_wall_ns;
	json_t *object;

	if (from_ns == 0)
		return json_null();
	object = json_object();
	maker_set_count(m, object, "from_unix_ns", (uint64_t)from_ns);
	maker_set_count(m, object, "to_unix_ns",
	    (uint64_t)(from_ns + m->report->elapsed_ns));
	return object;
}

/* What the document is, and which run it is about. */
static void
set_format(struct json_maker *m, json_t *root)
{
	char started[UTC_TEXT];

	maker_set_text(m, root, "format", REPORT_JSON_FORMAT);
	maker_set_count(m, root, "format_version", REPORT_JSON_VERSION);
	maker_set_text(m, root, "program", options_program.name);
	maker_set_text(m, root, "version", TLSECHO_VERSION);
	maker_set_text(
	    m, root, "started_at", utc_format_ms(m->report->wall_ns, started));
	maker_set(m, root, "measured", make_measured(m));
	maker_set(m, root, "configuration", json_configuration(m));
	maker_set(m, root, "environment", json_environment(m));
}

/* Who ran against whom, and how it went. */
static void
set_outcome(struct json_maker *m, json_t *root)
{
	const struct report *r = m->report;
	const struct options *o = r->options;

	maker_set_text(m, root, "target", o->target);
	maker_set(m, root, "addresses", make_addresses(m));
	maker_set_count(m, root, "workers", o->workers);
	maker_set(m, root, "presents_certificate",
	    json_boolean(options_have_certificate(o)));
	maker_set(m, root, "ok", json_boolean(report_status(r) == REPORT_OK));
	maker_set_count(m, root, "exit_status", report_status(r));
	maker_set(m, root, "interrupted", json_boolean(r->interrupted));
	maker_set(m, root, "connections", make_connections(m));
	maker_set(m, root, "negotiated", json_negotiated(m));
	maker_set(m, root, "errors", json_errors(m));
	maker_set(m, root, "alerts", json_alerts(m));
	maker_set(m, root, "first_failure", json_first_failure(m));
	maker_set_text(m, root, "first_refused",
	    m->totals->refused[0] != '\0' ? m->totals->refused : NULL);
	maker_set(m, root, "mismatch", json_mismatch(m));
	maker_set(m, root, "identities", identities_json(r));
	maker_set(m, root, "expectations", expectations_json(r));
	maker_set_count(m, root, "workers_died", r->workers_died);
}

/* All that there are, the weightiest first; or null. */
static json_t *
make_reasons(const struct report *r)
{
	struct errmsg why[REPORT_REASONS];
	char text[REPORT_REASONS * sizeof why[0].text];
	unsigned count = report_why_invalid(r, why);
	size_t used = 0;

	for (unsigned i = 0; i < count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
		    "%s%s", i > 0 ? "; " : "", why[i].text);
	return count > 0 ? json_string(text) : json_null();
}

/* Whether the figures of an open loop are about the server. */
static void
set_validity(struct json_maker *m, json_t *root)
{
	const struct report *r = m->report;

	maker_set(m, root, "valid", json_boolean(report_is_valid(r)));
	maker_set(m, root, "invalid_because", make_reasons(r));
	maker_set(m, root, "rate", json_rate(r->options));
	maker_set_count(m, root, "intended", tally_get(m->totals, TALLY_DUE));
	maker_set_count(
	    m, root, "started", tally_get(m->totals, TALLY_STARTED));
	maker_set_real(m, root, "busiest_worker", r->busiest);
}

/* What a worker that died had used is not known. */
static void
set_figures(struct json_maker *m, json_t *root)
{
	const struct report *r = m->report;
	uint64_t round_trips = tally_get(m->totals, TALLY_ROUND_TRIPS);
	uint64_t transactions = tally_get(m->totals, TALLY_TRANSACTIONS);
	uint64_t cpu_ns = tally_get(m->totals, TALLY_CPU_NS);
	double each_ns = report_cpu_for_each(r, round_trips);
	double each_transaction_ns = report_cpu_for_each(r, transactions);
	bool known = r->workers_died == 0;

	maker_set_count(m, root, "elapsed_ns", (uint64_t)r->elapsed_ns);
	maker_set_count(m, root, "round_trips", round_trips);
	maker_set_real(
	    m, root, "round_trips_per_second", report_rate(r, round_trips));
	maker_set_count(m, root, "transactions", transactions);
	maker_set_real(
	    m, root, "transactions_per_second", report_rate(r, transactions));
	maker_set_real(m, root, "resumed_percent", report_resumed_percent(r));
	maker_set_count(
	    m, root, "tickets", tally_get(m->totals, TALLY_TICKETS));
	maker_set_count(m, root, "tickets_offered",
	    tally_get(m->totals, TALLY_TICKETS_OFFERED));
	maker_set_count(m, root, "tickets_refused",
	    tally_get(m->totals, TALLY_TICKETS_REFUSED));
	maker_set(m, root, "cpu_ns", known ? maker_count(cpu_ns) : json_null());
	maker_set(m, root, "cpu_per_round_trip_ns",
	    known ? json_real(each_ns) : json_null());
	maker_set(m, root, "cpu_per_transaction_ns",
	    known ? json_real(each_transaction_ns) : json_null());
}

static json_t *
make_met(const struct report *r, const struct goal *g)
{
	enum goal_outcome outcome = goals_judge(r, g);

	return outcome == GOAL_UNKNOWN ? json_null()
				       : json_boolean(outcome == GOAL_MET);
}

/* A value that was not measured is null, and whether it met the goal, too. */
static json_t *
make_goals(struct json_maker *m)
{
	const struct goals *goals = &m->report->options->goals;
	json_t *list = json_array();

	for (unsigned i = 0; i < goals->count; i++) {
		const struct goal *g = &goals->of[i];
		json_t *object = json_object();
		double value;
		bool is_known = goals_measure(m->report, g, &value);

		maker_set_text(m, object, "goal", g->text);
		maker_set(m, object, "value",
		    is_known ? json_real(value) : json_null());
		maker_set(m, object, "met", make_met(m->report, g));
		maker_append(m, list, object);
	}
	return list;
}

/* NULL when there is no memory. */
static json_t *
make_report(const struct report *r)
{
	struct json_maker m = { .report = r, .totals = r->totals, .ok = true };
	json_t *root = json_object();

	set_format(&m, root);
	set_outcome(&m, root);
	set_validity(&m, root);
	set_figures(&m, root);
	maker_set(&m, root, "traffic", make_traffic(&m));
	maker_set(&m, root, "search",
	    r->search != NULL ? curve_json(r->search) : json_null());
	maker_set_real(&m, root, "latency_error_percent", HIST_ERROR_PERCENT);
	maker_set_latency(&m, root, "handshake",
	    &r->totals->shard.hists[STATS_HANDSHAKE_TIME]);
	for (enum tally_hist i = 0; i < TALLY_HISTS; i++)
		maker_set_latency(
		    &m, root, tally_hist_key(i), &r->totals->hists[i]);
	maker_set(&m, root, "goals", make_goals(&m));
	maker_set(&m, root, "server", server_json(&m));
	if (m.ok)
		return root;
	json_decref(root);
	return NULL;
}

/* The object without its last brace, and then what is printed by hand. */
static char *
make_text(json_t *object, const struct report *r)
{
	char *head =
	    json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	char *text = NULL;
	size_t size;
	FILE *out = head != NULL ? open_memstream(&text, &size) : NULL;
	bool is_whole;

	if (out != NULL) {
		size_t len = strlen(head) - strlen("\n}");

		fprintf(out, "%.*s,\n", (int)len, head);
		json_sparse_print(out, r);
		fprintf(out, "\n}\n");
	}
	is_whole = out != NULL && ferror(out) == 0;
	if (out != NULL && fclose(out) != 0)
		is_whole = false;
	if (!is_whole) {
		free(text);
		text = NULL;
	}
	free(head);
	return text;
}

char *
report_json_text(const struct report *r, struct errmsg *e)
{
	json_t *object = make_report(r);
	char *text = object != NULL ? make_text(object, r) : NULL;

	json_decref(object);
	if (text == NULL)
		(void)errmsg_set(e, "the report: out of memory");
	return text;
}

int
report_json_write(
    const struct report_file *file, const struct report *r, struct errmsg *e)
{
	char *text = report_json_text(r, e);
	int result =
	    text != NULL ? report_file_write(file, text, strlen(text), e) : -1;

	free(text);
	return result;
}
