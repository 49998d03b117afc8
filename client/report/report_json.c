/* report_json: one object, made with jansson; see the header. */
#include "client/report/report_json.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/close_reason.h"
#include "common/base/version.h"
#include "common/sys/file.h"

static json_t *
integer(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *
latency(const struct hist *h)
{
	return json_pack("{s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o}", "count",
	    integer(hist_count(h)), "min_ns", integer(hist_quantile(h, 0)),
	    "mean_ns", hist_mean(h), "p50_ns", integer(hist_quantile(h, 0.5)),
	    "p90_ns", integer(hist_quantile(h, 0.9)), "p99_ns",
	    integer(hist_quantile(h, 0.99)), "p999_ns",
	    integer(hist_quantile(h, 0.999)), "max_ns", integer(hist_max(h)));
}

static json_t *
errors(const struct tally *t)
{
	json_t *object = json_object();
	char word[CLOSE_REASON_WORD];

	for (int i = 0; i < REASON_COUNT; i++)
		if (tally_errors(t, (enum close_reason)i) > 0)
			(void)json_object_set_new(object,
			    close_reason_word((enum close_reason)i, word),
			    integer(tally_errors(t, (enum close_reason)i)));
	return object;
}

static json_t *
alerts(const struct tally *t)
{
	json_t *object = json_object();

	for (int i = 0; i < TALLY_ALERTS && t->alerts[i].count > 0; i++)
		(void)json_object_set_new(
		    object, t->alerts[i].name, integer(t->alerts[i].count));
	return object;
}

static json_t *
first_failure(const struct tally_failure *f)
{
	char word[CLOSE_REASON_WORD];

	if (f->time_ns == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:s, s:s}", "connection",
	    integer(f->connection), "worker", integer(f->worker), "reason",
	    close_reason_word(f->reason, word), "detail", f->detail);
}

static json_t *
connections(const struct report *r)
{
	const struct tally *t = r->totals;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "asked",
	    integer(report_asked(r)), "made", integer(tally_get(t, TALLY_MADE)),
	    "failed", integer(tally_all_errors(t)), "not_made",
	    integer(report_not_made(r)), "cut_off", integer(r->cut_off),
	    "unanswered", integer(tally_get(t, TALLY_UNANSWERED)));
}

static json_t *
traffic(const struct tally *t)
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
		(void)json_object_set_new(object, keys[i].key,
		    integer(tally_stat(t, keys[i].counter)));
	return object;
}

/* Who ran against whom, and how it went. */
static json_t *
outcome(const struct report *r)
{
	const struct options *o = r->options;
	const struct tally *t = r->totals;

	return json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:o, s:o, s:o, s:o,"
			 " s:o}",
	    "program", options_program.name, "version", TLSECHO_VERSION,
	    "target", o->target, "workers", integer(o->workers), "ok",
	    report_status(r) == REPORT_OK, "interrupted", r->interrupted,
	    "connections", connections(r), "errors", errors(t), "alerts",
	    alerts(t), "first_failure", first_failure(&t->first),
	    "workers_died", integer(r->workers_died));
}

/* Whether the figures of an open loop are about the server. */
static json_t *
validity(const struct report *r)
{
	const struct tally *t = r->totals;
	struct errmsg why;
	bool valid = report_is_valid(r, &why);

	return json_pack("{s:b, s:o, s:o, s:o, s:o, s:f, s:o}", "valid", valid,
	    "invalid_because", valid ? json_null() : json_string(why.text),
	    "rate", integer(r->options->rate), "intended",
	    integer(tally_get(t, TALLY_DUE)), "started",
	    integer(tally_get(t, TALLY_STARTED)), "busiest_worker", r->busiest,
	    "lateness", latency(&t->lateness));
}

/* A worker that died took what it had used with it. */
static json_t *
cpu_for_each(const struct report *r, uint64_t count)
{
	return r->workers_died > 0 ? json_null()
				   : json_real(report_cpu_for_each(r, count));
}

/* What was measured. */
static json_t *
figures(const struct report *r)
{
	const struct tally *t = r->totals;
	uint64_t round_trips = tally_get(t, TALLY_ROUND_TRIPS);
	uint64_t transactions = tally_get(t, TALLY_TRANSACTIONS);

	return json_pack("{s:o, s:o, s:f, s:o, s:f, s:f, s:o, s:o, s:o, s:o,"
			 " s:o, s:f, s:o, s:o, s:o}",
	    "elapsed_ns", integer((uint64_t)r->elapsed_ns), "round_trips",
	    integer(round_trips), "round_trips_per_second",
	    report_rate(r, round_trips), "transactions", integer(transactions),
	    "transactions_per_second", report_rate(r, transactions),
	    "resumed_percent", report_resumed_percent(r), "tickets",
	    integer(tally_get(t, TALLY_TICKETS)), "cpu_ns",
	    r->workers_died > 0 ? json_null()
				: integer(tally_get(t, TALLY_CPU_NS)),
	    "cpu_per_round_trip_ns", cpu_for_each(r, round_trips),
	    "cpu_per_transaction_ns", cpu_for_each(r, transactions), "traffic",
	    traffic(t), "latency_error_percent", HIST_ERROR_PERCENT,
	    "handshake", latency(&t->shard.hists[STATS_HANDSHAKE_TIME]),
	    "round_trip", latency(&t->round_trip), "transaction",
	    latency(&t->transaction));
}

/* NULL when there is no memory: jansson passes that on from the inside. */
static json_t *
whole(const struct report *r)
{
	json_t *object = json_object();
	json_t *parts[] = { outcome(r), validity(r), figures(r) };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (json_object_update(object, parts[i]) < 0) {
			json_decref(object);
			object = NULL;
		}
		json_decref(parts[i]);
	}
	return object;
}

static bool
is_stdout(const char *path)
{
	return strcmp(path, "-") == 0;
}

int
report_json_check(const char *path, struct errmsg *e)
{
	return is_stdout(path) ? 0 : file_check_replaceable(path, e);
}

static int
write_text(const char *path, const char *text, struct errmsg *e)
{
	int error;

	if (!is_stdout(path))
		return file_write_atomically(
		    path, text, strlen(text), 0644, true, e);
	error = file_write_all(STDOUT_FILENO, text, strlen(text));
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "standard output");
}

int
report_json_write(const char *path, const struct report *r, struct errmsg *e)
{
	json_t *object = whole(r);
	char *text = NULL;
	char *line = NULL;
	int result;

	if (object != NULL)
		text =
		    json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	if (text != NULL && asprintf(&line, "%s\n", text) > 0)
		result = write_text(path, line, e);
	else
		result = errmsg_set(e, "--json: out of memory");
	free(line);
	free(text);
	json_decref(object);
	return result;
}
