/* view_json: the object, built with jansson; see the header. */
#include "tools/print/view_json.h"

#include <jansson.h>
#include <math.h>

#include "common/base/clock.h"
#include "common/base/counter.h"
#include "common/base/utc.h"
#include "tools/print/filter.h"
#include "tools/print/json_rows.h"
#include "tools/print/words.h"
#include "tools/sample/history.h"

enum {
	DIGITS = 15 /* significant ones of a double */
};

/* What is being made, and whether there was memory for all of it. */
struct maker {
	const struct view *view;
	bool ok;
};

/* Takes value over; NULL is what jansson returns without memory. */
static void
set(struct maker *m, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		m->ok = false;
}

/* Integers of jansson are signed; larger numbers are cut. */
static json_t *
number(uint64_t value)
{
	return json_integer(
	    value < INT64_MAX ? (json_int_t)value : (json_int_t)INT64_MAX);
}

/* Thousandths are enough, and hide the noise of binary fractions. */
static json_t *
fraction(double value)
{
	return json_real(round(value * 1000) / 1000);
}

static const struct stats_field *
field_at(const struct maker *m, unsigned field)
{
	return sample_field(m->view->now, field);
}

static bool
is_hist(const struct maker *m, unsigned field)
{
	return field_at(m, field)->kind == STATS_KIND_HIST;
}

static bool
is_picked(const struct maker *m, unsigned field)
{
	return filter_picks(m->view->filters, field_at(m, field)->name);
}

/* Seconds since the sample before; 0: there is nothing to compare with. */
static double
interval_s(const struct maker *m)
{
	const struct sample *before = m->view->before;
	const struct sample *now = m->view->now;
	int64_t ns;

	if (before == NULL || !sample_same_server(now, before))
		return 0;
	ns = sample_time_ns(now) - sample_time_ns(before);
	return ns > 0 ? (double)ns / (double)CLOCK_NS_PER_S : 0;
}

static json_t *
make_totals(struct maker *m)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < sample_field_count(m->view->now); i++)
		if (!is_hist(m, i) && is_picked(m, i))
			set(m, object, field_at(m, i)->name,
			    number(sample_total(m->view->now, i)));
	return object;
}

static void
set_rates(struct maker *m, json_t *root)
{
	json_t *object = json_object();
	double rate;

	for (unsigned i = 0; i < sample_field_count(m->view->now); i++)
		if (stats_field_grows(field_at(m, i)) && is_picked(m, i) &&
		    sample_rate(m->view->now, m->view->before, i, &rate))
			set(m, object, field_at(m, i)->name, fraction(rate));
	set(m, root, "rates", object);
}

/* "max_ns", or "max_bytes" of a histogram that is of sizes. */
static void
set_with_unit(
    struct maker *m, json_t *object, const char *key, uint32_t unit, json_t *of)
{
	char name[16];

	(void)snprintf(name, sizeof name, "%s_%s", key,
	    unit == STATS_UNIT_BYTES ? "bytes" : "ns");
	set(m, object, name, of);
}

static json_t *
make_summary(struct maker *m, const struct hist *h, uint32_t unit)
{
	static const struct {
		const char *key;
		double q;
	} quantiles[] = { { "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 },
		{ "p999", 0.999 } };
	json_t *object = json_object();

	set(m, object, "count", number(hist_count(h)));
	set_with_unit(m, object, "mean", unit, fraction(hist_mean(h)));
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
		set_with_unit(m, object, quantiles[i].key, unit,
		    number(hist_quantile(h, quantiles[i].q)));
	set_with_unit(m, object, "max", unit, number(hist_max(h)));
	return object;
}

/* Pairs of the lowest value and the count of each bucket that is not empty. */
static json_t *
make_buckets(struct maker *m, const struct hist *h)
{
	json_t *array = json_array();
	uint64_t n;

	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		n = counter_get(&h->buckets[i]);
		if (n > 0 &&
		    json_array_append_new(array,
			json_pack("[o, o]", number(hist_bucket_low(i)),
			    number(n))) < 0)
			m->ok = false;
	}
	return array;
}

static json_t *
make_hist(struct maker *m, unsigned field)
{
	const struct view *v = m->view;
	const struct hist *h = sample_hist(v->now, field);
	const uint32_t unit = field_at(m, field)->unit;
	json_t *object = make_summary(m, h, unit);
	const struct hist *before;
	struct hist interval;

	set(m, object, "buckets", make_buckets(m, h));
	if (interval_s(m) <= 0)
		return object;
	before = sample_hist(v->before, field);
	if (before == NULL)
		return object;
	history_subtract(&interval, h, before);
	set(m, object, "interval", make_summary(m, &interval, unit));
	return object;
}

/* But for those with buckets that this release does not know. */
static json_t *
make_hists(struct maker *m)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < sample_field_count(m->view->now); i++)
		if (is_picked(m, i) && sample_hist(m->view->now, i) != NULL)
			set(m, object, field_at(m, i)->name, make_hist(m, i));
	return object;
}

/* Of a time or a size, of which -1 says that it is not known. */
static json_t *
known(int64_t value, json_t *shown)
{
	if (value >= 0)
		return shown;
	json_decref(shown);
	return json_null();
}

static json_t *
seconds(int64_t ns)
{
	return known(ns, fraction((double)ns / (double)CLOCK_NS_PER_S));
}

static json_t *
make_worker(struct maker *m, unsigned slot)
{
	const struct sample *now = m->view->now;
	const struct sample_slot *what = sample_slot(now, slot);
	json_t *object = json_object();
	json_t *counters = json_object();

	for (unsigned i = 0; i < sample_field_count(m->view->now); i++)
		if (!is_hist(m, i) && is_picked(m, i))
			set(m, counters, field_at(m, i)->name,
			    number(sample_value(now, slot, i)));
	set(m, object, "worker", json_integer((json_int_t)slot - 1));
	set(m, object, "pid", json_integer(what->pid));
	set(m, object, "state", json_string(sample_slot_state(now, slot)));
	set(m, object, "counters", counters);
	set(m, object, "age_s", seconds(what->age_ns));
	set(m, object, "cpu_s", seconds(what->cpu_ns));
	set(m, object, "memory_bytes",
	    known(what->memory_bytes, json_integer(what->memory_bytes)));
	return object;
}

static json_t *
make_workers(struct maker *m)
{
	json_t *array = json_array();

	for (unsigned slot = 1; slot < sample_slot_count(m->view->now); slot++)
		if (sample_slot(m->view->now, slot)->is_used &&
		    json_array_append_new(array, make_worker(m, slot)) < 0)
			m->ok = false;
	return array;
}

static json_t *
make_fields(struct maker *m)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < sample_field_count(m->view->now); i++) {
		const struct stats_field *f = field_at(m, i);

		if (!is_picked(m, i))
			continue;
		set(m, object, f->name,
		    json_pack("{s:s, s:s, s:s, s:s}", "kind", words_kind(f),
			"unit", words_unit(f), "level", words_level(f), "help",
			f->help));
	}
	return object;
}

static void
set_server(struct maker *m, json_t *root)
{
	const struct sample *now = m->view->now;
	const struct sample_server *server = sample_server(now);
	char text[UTC_TEXT];
	double up_s = (double)(sample_time_ns(now) - server->start_ns) /
	    (double)CLOCK_NS_PER_S;

	set(m, root, "name", json_string(server->name));
	set(m, root, "program", json_string(server->program));
	set(m, root, "pid", json_integer(server->pid));
	set(m, root, "foreign_user",
	    server->foreign_user[0] != '\0' ? json_string(server->foreign_user)
					    : json_null());
	set(m, root, "alive", json_boolean(server->is_alive));
	set(m, root, "start",
	    json_string(
		utc_format(server->start_wall_ns / CLOCK_NS_PER_S, text)));
	set(m, root, "uptime_s",
	    server->is_alive ? fraction(up_s) : json_null());
	set(m, root, "time",
	    json_string(utc_format_ms(sample_wall_ns(now), text)));
}

int
view_json_print(const struct view *v, FILE *out)
{
	struct maker m = { .view = v, .ok = true };
	json_t *root = json_object();

	set_server(&m, root);
	set(&m, root, "zone", json_string("UTC"));
	if (interval_s(&m) > 0)
		set(&m, root, "interval_s", fraction(interval_s(&m)));
	set(&m, root, "counters", make_totals(&m));
	if (interval_s(&m) > 0)
		set_rates(&m, root);
	set(&m, root, "histograms", make_hists(&m));
	set(&m, root, "workers", make_workers(&m));
	set(&m, root, "fields", make_fields(&m));
	if (v->connections) {
		set(&m, root, "connections", json_rows_connections(v->now));
		set(&m, root, "offenders", json_rows_offenders(v->now));
	}
	if (json_dumpf(root, out, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)) <
	    0)
		m.ok = false;
	json_decref(root);
	fputc('\n', out);
	return m.ok ? 0 : -1;
}
