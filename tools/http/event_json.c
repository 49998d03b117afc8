/* event_json: built with jansson; see the header. */
#include "tools/http/event_json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/utc.h"
#include "tools/http/servers.h"
#include "tools/sample/causes.h"
#include "tools/sample/conns.h"

enum {
	DIGITS = 9, /* significant ones of a double */
	BAND = HIST_SUB / 2,
	BANDS = HIST_BUCKETS / BAND,
	OFFENDERS = 20, /* that are shown */
	FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(DIGITS),
};

/* Without memory a member is missing; the page shows a dash for it. */
static void
set(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static void
append(json_t *array, json_t *value)
{
	(void)json_array_append_new(array, value);
}

static json_t *
number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

/* Thousandths are enough. */
static json_t *
fraction(double value)
{
	return json_real(round(value * 1000) / 1000);
}

static char *
dump(json_t *root)
{
	char *text = root != NULL ? json_dumps(root, FLAGS) : NULL;

	json_decref(root);
	return text;
}

static bool
rate_of(const struct watched *w, const char *name, double *rate)
{
	int field = sample_find(w->now, name);

	return field >= 0 &&
	    sample_rate(w->now, w->before, (unsigned)field, rate);
}

static void
set_rate(
    json_t *object, const char *key, const struct watched *w, const char *name)
{
	double rate;

	if (rate_of(w, name, &rate))
		set(object, key, fraction(rate));
}

/* Handshakes that failed and connections that were refused. */
static void
set_failures(json_t *object, const char *key, const struct watched *w)
{
	double failed;
	double refused;

	if (!rate_of(w, "handshakes_failed", &failed))
		return;
	if (!rate_of(w, "refused", &refused))
		refused = 0;
	set(object, key, fraction(failed + refused));
}

static void
set_total(
    json_t *object, const char *key, const struct watched *w, const char *name)
{
	int field = sample_find(w->now, name);

	if (field >= 0)
		set(object, key, number(sample_total(w->now, (unsigned)field)));
}

/* Of what came since the sample before; NULL: nothing is known. */
static const struct hist *
interval_of(const struct watched *w, const char *name)
{
	int field = sample_find(w->now, name);

	return w->before != NULL && field >= 0
	    ? history_interval(w->history, (unsigned)field)
	    : NULL;
}

static void
set_quantiles(
    json_t *object, const char *p50, const char *p99, const struct hist *h)
{
	if (h == NULL || hist_count(h) == 0)
		return;
	set(object, p50, number(hist_quantile(h, 0.5)));
	set(object, p99, number(hist_quantile(h, 0.99)));
}

/* Pairs of a band and its count, of those that are not empty. */
static json_t *
make_heat(const struct hist *h)
{
	json_t *array = json_array();

	for (unsigned band = 0; band < BANDS; band++) {
		uint64_t n = 0;

		for (unsigned i = 0; i < BAND; i++)
			n += counter_get(&h->buckets[band * BAND + i]);
		if (n == 0)
			continue;
		append(array, number(band));
		append(array, number(n));
	}
	return array;
}

static json_t *
make_point(const struct watched *w)
{
	json_t *point = json_object();
	const struct hist *echo;

	set(point, "t",
	    json_integer(
		(w->now != NULL ? sample_wall_ns(w->now) : clock_wall_ns()) /
		CLOCK_NS_PER_MS));
	if (!servers_is_alive(w->now))
		return point;
	echo = interval_of(w, "echo_time");
	set_total(point, "open", w, "open");
	set_rate(point, "handshakes", w, "handshakes_completed");
	set_rate(point, "echoes", w, "echo_time");
	set_rate(point, "received", w, "bytes_received");
	set_rate(point, "sent", w, "bytes_sent");
	set_failures(point, "failed", w);
	set_quantiles(point, "echo_p50", "echo_p99", echo);
	set_quantiles(point, "handshake_p50", "handshake_p99",
	    interval_of(w, "handshake_time"));
	if (echo != NULL)
		set(point, "heat", make_heat(echo));
	return point;
}

char *
event_json_point(const struct watched *w)
{
	return dump(make_point(w));
}

char *
event_json_bands(void)
{
	json_t *array = json_array();

	for (unsigned band = 0; band < BANDS; band++)
		append(array, number(hist_bucket_low(band * BAND)));
	return dump(array);
}

static void
set_slot_rate(json_t *object, const char *key, const struct watched *w,
    unsigned slot, const char *name)
{
	int field = sample_find(w->now, name);
	double rate;

	if (field >= 0 &&
	    sample_slot_rate(w->now, w->before, slot, (unsigned)field, &rate))
		set(object, key, fraction(rate));
}

/* CPUs that a worker kept busy since the sample before. */
static void
set_cpu(json_t *object, const struct watched *w, unsigned slot)
{
	const struct sample_slot *now = sample_slot(w->now, slot);
	const struct sample_slot *before;
	int64_t past_ns;

	if (w->before == NULL || slot >= sample_slot_count(w->before))
		return;
	before = sample_slot(w->before, slot);
	past_ns = sample_time_ns(w->now) - sample_time_ns(w->before);
	if (before->pid == now->pid && before->cpu_ns >= 0 &&
	    now->cpu_ns >= before->cpu_ns && past_ns > 0)
		set(object, "cpu",
		    fraction((double)(now->cpu_ns - before->cpu_ns) /
			(double)past_ns));
}

static json_t *
make_worker(const struct watched *w, unsigned slot)
{
	const struct sample_slot *s = sample_slot(w->now, slot);
	int open = sample_find(w->now, "open");
	json_t *object = json_object();

	set(object, "worker", number(slot - 1));
	set(object, "pid", json_integer(s->pid));
	set(object, "state", json_string(sample_slot_state(w->now, slot)));
	if (open >= 0)
		set(object, "open",
		    number(sample_value(w->now, slot, (unsigned)open)));
	set_slot_rate(object, "handshakes", w, slot, "handshakes_completed");
	set_slot_rate(object, "echoes", w, slot, "echo_time");
	set_slot_rate(object, "received", w, slot, "bytes_received");
	set_cpu(object, w, slot);
	if (s->age_ns >= 0)
		set(object, "age_s", fraction((double)s->age_ns / 1e9));
	if (s->memory_bytes >= 0)
		set(object, "memory", json_integer(s->memory_bytes));
	return object;
}

static json_t *
make_workers(const struct watched *w)
{
	json_t *array = json_array();

	for (unsigned slot = 1; slot < sample_slot_count(w->now); slot++)
		if (sample_slot(w->now, slot)->is_used)
			append(array, make_worker(w, slot));
	return array;
}

static const char *
kind_word(enum cause_kind kind)
{
	static const char *const words[] = {
		[CAUSE_HANDSHAKE] = "handshake",
		[CAUSE_END] = "end",
		[CAUSE_REFUSAL] = "refusal",
		[CAUSE_WORKER] = "worker",
	};

	return words[kind];
}

static json_t *
make_failure(const struct watched *w, const struct cause *cause, uint64_t total)
{
	json_t *object = json_object();

	set(object, "counter", json_string(cause->counter));
	set(object, "kind", json_string(kind_word(cause->kind)));
	set(object, "total", number(total));
	set_rate(object, "rate", w, cause->counter);
	set(object, "meaning", json_string(cause->meaning));
	set(object, "advice", json_string(cause->advice));
	return object;
}

/* Those that have happened. */
static json_t *
make_failures(const struct watched *w)
{
	json_t *array = json_array();

	for (size_t i = 0; i < causes_count; i++) {
		int field = sample_find(w->now, causes[i].counter);
		uint64_t total =
		    field >= 0 ? sample_total(w->now, (unsigned)field) : 0;

		if (total > 0)
			append(array, make_failure(w, &causes[i], total));
	}
	return array;
}

static json_t *
make_offender(const struct stats_offender *o)
{
	json_t *object = json_object();
	char text[CONNS_TEXT];

	set(object, "t", json_integer(o->wall_ns / CLOCK_NS_PER_MS));
	set(object, "peer", json_string(conns_peer(o->address, o->port, text)));
	set(object, "name", json_string(o->name));
	set(object, "cause", json_string(o->cause));
	return object;
}

/* The latest first. */
static json_t *
make_offenders(const struct watched *w)
{
	json_t *array = json_array();
	size_t count;
	const struct stats_offender *all = sample_offenders(w->now, &count);

	for (size_t i = 0; i < count && i < OFFENDERS; i++)
		append(array, make_offender(&all[count - 1 - i]));
	return array;
}

/* What connections have negotiated, and what protects the server: the counters
 * that begin so, of which the page makes shares. */
static json_t *
make_counters(const struct watched *w)
{
	static const char *const prefixes[] = { "handshakes_", "certificate_",
		"crl_", "client_auth", "tickets_", "reloads", "accepted" };
	json_t *object = json_object();

	for (unsigned i = 0; i < sample_field_count(w->now); i++) {
		const char *name = sample_field(w->now, i)->name;

		for (size_t k = 0; k < sizeof prefixes / sizeof *prefixes; k++)
			if (strncmp(name, prefixes[k], strlen(prefixes[k])) ==
			    0)
				set_total(object, name, w, name);
	}
	return object;
}

static void
set_server(json_t *root, const struct watched *w)
{
	const struct sample_server *server = sample_server(w->now);
	char text[UTC_TEXT];

	set(root, "program", json_string(server->program));
	set(root, "pid", json_integer(server->pid));
	set(root, "user", json_string(server->foreign_user));
	set(root, "start",
	    json_string(
		utc_format(server->start_wall_ns / CLOCK_NS_PER_S, text)));
	set(root, "uptime",
	    json_integer(
		(sample_time_ns(w->now) - server->start_ns) / CLOCK_NS_PER_S));
	set(root, "workers", make_workers(w));
	set(root, "failures", make_failures(w));
	set(root, "offenders", make_offenders(w));
	set(root, "counters", make_counters(w));
}

static const char *
state_of(const struct watched *w)
{
	if (w->now == NULL)
		return "absent";
	return servers_is_alive(w->now) ? "alive" : "dead";
}

static json_t *
make_names(struct servers *servers)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < servers_count(servers); i++) {
		const struct watched *w = servers_at(servers, i);
		json_t *object = json_object();

		set(object, "name", json_string(w->name));
		set(object, "state", json_string(state_of(w)));
		append(array, object);
	}
	return array;
}

char *
event_json_sample(struct servers *servers, const struct watched *w)
{
	json_t *root = json_object();

	set(root, "name", json_string(w->name));
	set(root, "state", json_string(state_of(w)));
	set(root, "servers", make_names(servers));
	set(root, "point", make_point(w));
	if (w->now != NULL)
		set_server(root, w);
	return dump(root);
}
