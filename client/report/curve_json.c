/* curve_json: an object with a list of steps; see the header. */
#include "client/report/curve_json.h"

#include "client/report/curve.h"

static json_t *
make_step(const struct curve_step *s)
{
	static const char *const verdicts[] = { [CURVE_HELD] = "held",
		[CURVE_MISSED] = "missed",
		[CURVE_CLIENT] = "client" };
	json_t *object = json_pack("{s:f, s:f, s:I, s:I, s:I, s:f}", "asked",
	    s->asked, "made", s->made, "p50_ns", (json_int_t)s->p50_ns,
	    "p99_ns", (json_int_t)s->p99_ns, "service_p99_ns",
	    (json_int_t)s->service_p99_ns, "cpu_each_ns", s->cpu_ns);

	if (object != NULL &&
	    json_object_update_new(object,
		json_pack("{s:s, s:s, s:b}", "verdict", verdicts[s->verdict],
		    "why", s->why, "confirms", (int)s->confirms)) < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

json_t *
curve_json(const struct curve *c)
{
	static const char *const ends[] = { [CURVE_FOUND] = "found",
		[CURVE_NONE] = "none",
		[CURVE_INTERRUPTED] = "interrupted",
		[CURVE_FAILED] = "failed" };
	const struct curve_step *limit = curve_limit(c);
	json_t *steps = json_array();

	for (unsigned i = 0; i < c->count; i++)
		if (json_array_append_new(steps, make_step(&c->steps[i])) < 0) {
			json_decref(steps);
			return NULL;
		}
	return json_pack("{s:f, s:s, s:o*, s:b, s:o}", "rate", c->found, "end",
	    ends[c->end], "missed_at",
	    limit != NULL ? json_real(limit->asked) : json_null(),
	    "client_limit",
	    (int)(limit != NULL && limit->verdict == CURVE_CLIENT), "steps",
	    steps);
}
