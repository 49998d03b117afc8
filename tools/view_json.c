/* view_json: the object, built with jansson; see the header. */
#include "tools/view_json.h"

#include <jansson.h>
#include <math.h>

#include "common/base/clock.h"
#include "common/base/utc.h"

enum {
	DIGITS = 15 /* significant ones of a double */
};

/* What is being made, and whether there was memory for all of it. */
struct maker {
	const struct view *view;
	const struct stats_header *header;
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
	return stats_shm_field(m->view->shm, field);
}

static bool
is_hist(const struct maker *m, unsigned field)
{
	return field_at(m, field)->kind == STATS_KIND_HIST;
}

static json_t *
make_totals(struct maker *m)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < m->header->field_count; i++)
		if (!is_hist(m, i))
			set(m, object, field_at(m, i)->name,
			    number(sample_total(m->view->now, i)));
	return object;
}

static void
set_rates(struct maker *m, json_t *root)
{
	json_t *object = json_object();
	double rate;

	for (unsigned i = 0; i < m->header->field_count; i++)
		if (stats_field_grows(field_at(m, i)) &&
		    sample_rate(m->view->now, m->view->before, i, &rate))
			set(m, object, field_at(m, i)->name, fraction(rate));
	if (json_object_size(object) > 0)
		set(m, root, "rates", object);
	else
		json_decref(object);
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
make_hist(struct maker *m, const struct hist *h, uint32_t unit)
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

/* But for those with buckets that this release does not know. */
static json_t *
make_hists(struct maker *m)
{
	json_t *object = json_object();
	const struct hist *h;

	for (unsigned i = 0; i < m->header->field_count; i++) {
		h = sample_hist(m->view->now, i);
		if (h != NULL)
			set(m, object, field_at(m, i)->name,
			    make_hist(m, h, field_at(m, i)->unit));
	}
	return object;
}

static json_t *
make_worker(struct maker *m, unsigned slot)
{
	const struct sample *now = m->view->now;
	json_t *object = json_object();
	json_t *counters = json_object();

	for (unsigned i = 0; i < m->header->field_count; i++)
		if (!is_hist(m, i))
			set(m, counters, field_at(m, i)->name,
			    number(sample_value(now, slot, i)));
	set(m, object, "worker", json_integer((json_int_t)slot - 1));
	set(m, object, "pid", json_integer(sample_slot_pid(now, slot)));
	set(m, object, "state", json_string(sample_slot_state(now, slot)));
	set(m, object, "counters", counters);
	return object;
}

static json_t *
make_workers(struct maker *m)
{
	json_t *array = json_array();

	for (unsigned slot = 1; slot < m->header->slot_count; slot++)
		if (sample_slot_used(m->view->now, slot) &&
		    json_array_append_new(array, make_worker(m, slot)) < 0)
			m->ok = false;
	return array;
}

static void
set_server(struct maker *m, json_t *root)
{
	const struct sample *now = m->view->now;
	const struct stats_header *h = m->header;
	bool is_alive = sample_is_alive(now);
	char text[UTC_TEXT];
	char user[STATS_SHM_USER];
	double up_s = (double)(sample_time_ns(now) - h->start_ns) /
	    (double)CLOCK_NS_PER_S;

	set(m, root, "name", json_string(m->view->name));
	set(m, root, "program", json_string(h->program));
	set(m, root, "pid", json_integer(h->pid));
	set(m, root, "foreign_user",
	    stats_shm_foreign_user(m->view->shm, user)[0] != '\0'
		? json_string(user)
		: json_null());
	set(m, root, "alive", json_boolean(is_alive));
	set(m, root, "start",
	    json_string(utc_format(h->start_wall_ns / CLOCK_NS_PER_S, text)));
	set(m, root, "uptime_s", is_alive ? fraction(up_s) : json_null());
	set(m, root, "time",
	    json_string(utc_format_ms(sample_wall_ns(now), text)));
}

int
view_json_print(const struct view *v, FILE *out)
{
	struct maker m = {
		.view = v, .header = stats_shm_header(v->shm), .ok = true
	};
	json_t *root = json_object();

	set_server(&m, root);
	set(&m, root, "counters", make_totals(&m));
	set_rates(&m, root);
	set(&m, root, "histograms", make_hists(&m));
	set(&m, root, "workers", make_workers(&m));
	if (json_dumpf(root, out, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)) <
	    0)
		m.ok = false;
	json_decref(root);
	fputc('\n', out);
	return m.ok ? 0 : -1;
}
