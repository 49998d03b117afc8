/* diff_json: the object of differences, built with jansson; see diff.h. */
#include <jansson.h>
#include <math.h>

#include "common/base/clock.h"
#include "common/base/utc.h"
#include "tools/record/diff.h"

/* Takes value over; NULL is what jansson returns without memory. */
static void
set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok &= json_object_set_new(object, key, value) == 0;
}

static json_t *
number(uint64_t n)
{
	return json_integer(
	    n < INT64_MAX ? (json_int_t)n : (json_int_t)INT64_MAX);
}

static json_t *
fraction(double n)
{
	return json_real(round(n * 1000) / 1000);
}

static json_t *
difference(uint64_t a, uint64_t b)
{
	uint64_t n = b > a ? b - a : a - b;
	json_int_t m = n < INT64_MAX ? (json_int_t)n : (json_int_t)INT64_MAX;

	return json_integer(b > a ? m : -m);
}

static json_t *
make_sample(const char *of, const struct sample *s, bool *ok)
{
	const struct sample_server *server = sample_server(s);
	json_t *object = json_object();
	char text[UTC_TEXT];

	set(object, "of", json_string(of), ok);
	set(object, "time", json_string(utc_format_ms(sample_wall_ns(s), text)),
	    ok);
	set(object, "name", json_string(server->name), ok);
	set(object, "program", json_string(server->program), ok);
	set(object, "pid", json_integer(server->pid), ok);
	set(object, "start",
	    json_string(
		utc_format(server->start_wall_ns / CLOCK_NS_PER_S, text)),
	    ok);
	set(object, "alive", json_boolean(server->is_alive), ok);
	return object;
}

static void
set_quantile(json_t *object, const char *key, const struct diff_row *row,
    double q, bool *ok)
{
	char name[16];

	(void)snprintf(name, sizeof name, "%s_%s", key,
	    row->field->unit == STATS_UNIT_BYTES ? "bytes" : "ns");
	set(object, name, number(hist_quantile(&row->hist, q)), ok);
}

static json_t *
make_row(const struct diff_row *row, bool *ok)
{
	json_t *object = json_object();

	set(object, "before", row->has_a ? number(row->a) : json_null(), ok);
	set(object, "after", row->has_b ? number(row->b) : json_null(), ok);
	set(object, "difference", difference(row->a, row->b), ok);
	if (row->has_rate)
		set(object, "per_second", fraction(row->per_second), ok);
	if (row->has_hist) {
		set_quantile(object, "p50", row, 0.5, ok);
		set_quantile(object, "p99", row, 0.99, ok);
	}
	return object;
}

int
diff_print_json(const struct diff *d, FILE *out)
{
	json_t *root = json_object();
	json_t *counters = json_object();
	json_t *hists = json_object();
	struct diff_row row;
	unsigned i = 0;
	bool ok = true;

	while (diff_next(d, &i, &row))
		set(row.field->kind == STATS_KIND_HIST ? hists : counters,
		    row.field->name, make_row(&row, &ok), &ok);
	set(root, "before", make_sample(d->a_name, d->a, &ok), &ok);
	set(root, "after", make_sample(d->b_name, d->b, &ok), &ok);
	set(root, "same_server", json_boolean(sample_same_server(d->a, d->b)),
	    &ok);
	set(root, "seconds",
	    diff_is_one_server(d) ? fraction((double)(sample_time_ns(d->b) -
						 sample_time_ns(d->a)) /
					(double)CLOCK_NS_PER_S)
				  : json_null(),
	    &ok);
	set(root, "counters", counters, &ok);
	set(root, "histograms", hists, &ok);
	ok &=
	    json_dumpf(root, out, JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0;
	json_decref(root);
	fputc('\n', out);
	return ok ? 0 : -1;
}
