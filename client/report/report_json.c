/* report_json: one object, made with jansson; see the header. */
#include "client/report/report_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/report/report_file.h"
#include "client/tally.h"
#include "common/base/close_reason.h"
#include "common/base/version.h"
#include "common/sys/addr.h"
#include "common/tls/alert.h"

/* What is being made, and whether there was memory for all of it. */
struct maker {
	const struct report *report;
	const struct tally *totals;
	bool ok;
};

static json_t *
integer(uint64_t value)
{
	return json_integer((json_int_t)value);
}

/* Takes the value, which may be NULL, as all of jansson's makers return. */
static void
set(struct maker *m, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		m->ok = false;
}

static void
append(struct maker *m, json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) < 0)
		m->ok = false;
}

static void
set_count(struct maker *m, json_t *object, const char *key, uint64_t value)
{
	set(m, object, key, integer(value));
}

static void
set_real(struct maker *m, json_t *object, const char *key, double value)
{
	set(m, object, key, json_real(value));
}

static void
set_latency(
    struct maker *m, json_t *root, const char *key, const struct hist *h)
{
	json_t *object = json_object();

	set_count(m, object, "count", hist_count(h));
	set_count(m, object, "min_ns", hist_quantile(h, 0));
	set_real(m, object, "mean_ns", hist_mean(h));
	set_real(m, object, "stdev_ns", hist_stdev(h));
	set_count(m, object, "p50_ns", hist_quantile(h, 0.5));
	set_count(m, object, "p90_ns", hist_quantile(h, 0.9));
	set_count(m, object, "p99_ns", hist_quantile(h, 0.99));
	set_count(m, object, "p999_ns", hist_quantile(h, 0.999));
	set_count(m, object, "max_ns", hist_max(h));
	set(m, root, key, object);
}

static json_t *
make_errors(struct maker *m)
{
	json_t *object = json_object();
	char word[CLOSE_REASON_WORD];

	for (enum close_reason i = 0; i < REASON_COUNT; i++)
		if (tally_errors(m->totals, i) > 0)
			set_count(m, object, close_reason_word(i, word),
			    tally_errors(m->totals, i));
	return object;
}

static json_t *
make_alerts(struct maker *m)
{
	json_t *object = json_object();
	char name[TLS_ALERT_TEXT];

	for (int i = 0; i < TLS_ALERTS; i++)
		if (tally_alerts(m->totals, (uint8_t)i) > 0)
			set_count(m, object, tls_alert_name((uint8_t)i, name),
			    tally_alerts(m->totals, (uint8_t)i));
	return object;
}

static json_t *
make_negotiated(struct maker *m)
{
	json_t *list = json_array();
	const struct negotiated_params *p;

	for (unsigned i = 0;
	     (p = negotiated_nth(&m->totals->negotiated, i)) != NULL; i++) {
		json_t *object = json_object();

		set(m, object, "version", json_string(p->version));
		set(m, object, "suite", json_string(p->suite));
		set(m, object, "group", json_string(p->group));
		set(m, object, "signature", json_string(p->signature));
		set(m, object, "post_quantum",
		    json_boolean(p->is_post_quantum));
		set_count(m, object, "connections", p->connections);
		append(m, list, object);
	}
	return list;
}

static json_t *
make_first_failure(struct maker *m)
{
	const struct tally_failure *f = &m->totals->first;
	char word[CLOSE_REASON_WORD];
	json_t *object;

	if (f->time_ns == 0)
		return json_null();
	object = json_object();
	set_count(m, object, "connection", f->connection);
	set_count(m, object, "worker", f->worker);
	set(m, object, "reason",
	    json_string(close_reason_word(f->reason, word)));
	set(m, object, "detail", json_string(f->detail));
	return object;
}

static json_t *
make_connections(struct maker *m)
{
	const struct report *r = m->report;
	json_t *object = json_object();

	set_count(m, object, "asked", report_asked(r));
	set_count(m, object, "made", tally_get(m->totals, TALLY_MADE));
	set_count(m, object, "failed", tally_get(m->totals, TALLY_FAILED));
	set_count(m, object, "not_made", report_not_made(r));
	set_count(m, object, "lost", tally_get(m->totals, TALLY_BROKEN));
	set_count(m, object, "cut_off", r->cut_off);
	set_count(
	    m, object, "unanswered", tally_get(m->totals, TALLY_UNANSWERED));
	set_count(
	    m, object, "answered_at_fin", tally_get(m->totals, TALLY_HURRIED));
	return object;
}

static json_t *
make_traffic(struct maker *m)
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
		set_count(m, object, keys[i].key,
		    tally_stat(m->totals, keys[i].counter));
	return object;
}

static json_t *
make_addresses(struct maker *m)
{
	const struct addr_list *addrs = m->report->addrs;
	json_t *list = json_array();
	char text[ADDR_TEXT];

	for (int i = 0; i < addrs->count; i++) {
		json_t *object = json_object();

		set(m, object, "address",
		    json_string(addr_format(&addrs->of[i], text)));
		set_count(m, object, "unanswered",
		    counter_get(&m->totals->unanswered[i]));
		append(m, list, object);
	}
	return list;
}

/* Who ran against whom, and how it went. */
static void
set_outcome(struct maker *m, json_t *root)
{
	const struct report *r = m->report;
	const struct options *o = r->options;

	set(m, root, "program", json_string(options_program.name));
	set(m, root, "version", json_string(TLSECHO_VERSION));
	set(m, root, "target", json_string(o->target));
	set(m, root, "addresses", make_addresses(m));
	set_count(m, root, "workers", o->workers);
	set(m, root, "ok", json_boolean(report_status(r) == REPORT_OK));
	set(m, root, "interrupted", json_boolean(r->interrupted));
	set(m, root, "connections", make_connections(m));
	set(m, root, "negotiated", make_negotiated(m));
	set(m, root, "errors", make_errors(m));
	set(m, root, "alerts", make_alerts(m));
	set(m, root, "first_failure", make_first_failure(m));
	set(m, root, "first_refused",
	    m->totals->refused[0] == '\0' ? json_null()
					  : json_string(m->totals->refused));
	set_count(m, root, "workers_died", r->workers_died);
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
set_validity(struct maker *m, json_t *root)
{
	const struct report *r = m->report;

	set(m, root, "valid", json_boolean(report_is_valid(r)));
	set(m, root, "invalid_because", make_reasons(r));
	set(m, root, "rate",
	    r->options->rate_decimals == 0
		? integer(r->options->rate)
		: json_real(options_rate(r->options)));
	set_count(m, root, "intended", tally_get(m->totals, TALLY_DUE));
	set_count(m, root, "started", tally_get(m->totals, TALLY_STARTED));
	set_real(m, root, "busiest_worker", r->busiest);
	set_latency(m, root, "lateness", &m->totals->lateness);
}

/* What a worker that died had used is not known. */
static void
set_figures(struct maker *m, json_t *root)
{
	const struct report *r = m->report;
	uint64_t round_trips = tally_get(m->totals, TALLY_ROUND_TRIPS);
	uint64_t transactions = tally_get(m->totals, TALLY_TRANSACTIONS);
	uint64_t cpu_ns = tally_get(m->totals, TALLY_CPU_NS);
	double each_ns = report_cpu_for_each(r, round_trips);
	double each_transaction_ns = report_cpu_for_each(r, transactions);
	bool known = r->workers_died == 0;

	set_count(m, root, "elapsed_ns", (uint64_t)r->elapsed_ns);
	set_count(m, root, "round_trips", round_trips);
	set_real(
	    m, root, "round_trips_per_second", report_rate(r, round_trips));
	set_count(m, root, "transactions", transactions);
	set_real(
	    m, root, "transactions_per_second", report_rate(r, transactions));
	set_real(m, root, "resumed_percent", report_resumed_percent(r));
	set_count(m, root, "tickets", tally_get(m->totals, TALLY_TICKETS));
	set(m, root, "cpu_ns", known ? integer(cpu_ns) : json_null());
	set(m, root, "cpu_per_round_trip_ns",
	    known ? json_real(each_ns) : json_null());
	set(m, root, "cpu_per_transaction_ns",
	    known ? json_real(each_transaction_ns) : json_null());
}

/* NULL when there is no memory. */
static json_t *
make_report(const struct report *r)
{
	struct maker m = { .report = r, .totals = r->totals, .ok = true };
	json_t *root = json_object();

	set_outcome(&m, root);
	set_validity(&m, root);
	set_figures(&m, root);
	set(&m, root, "traffic", make_traffic(&m));
	set_real(&m, root, "latency_error_percent", HIST_ERROR_PERCENT);
	set_latency(&m, root, "handshake",
	    &r->totals->shard.hists[STATS_HANDSHAKE_TIME]);
	set_latency(&m, root, "round_trip", &r->totals->round_trip);
	set_latency(&m, root, "transaction", &r->totals->transaction);
	if (m.ok)
		return root;
	json_decref(root);
	return NULL;
}

int
report_json_write(
    const struct report_file *file, const struct report *r, struct errmsg *e)
{
	json_t *object = make_report(r);
	char *text = NULL;
	char *line = NULL;
	int result;

	if (object != NULL)
		text =
		    json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	if (text != NULL && asprintf(&line, "%s\n", text) > 0)
		result = report_file_write(file, line, strlen(line), e);
	else
		result = errmsg_set(e, "--json: out of memory");
	free(line);
	free(text);
	json_decref(object);
	return result;
}
