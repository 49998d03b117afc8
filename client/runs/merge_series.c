/* merge_series: from all lists the next step, until all are empty. */
#include "client/runs/merge_series.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/runs/hist_json.h"
#include "client/runs/join.h"
#include "client/runs/run_file.h"
#include "common/base/assertion.h"

#define NS_PER_S INT64_C(1000000000)

enum {
	STEPS = 31 /* powers of 2 up to RUN_SECOND_MAX */
};

/* A run's series, and how far it has been taken. */
struct source {
	const json_t *series;
	size_t next;
	json_int_t offset_s;
};

/* Of the next object, in the union's seconds; -1: there is none. */
static json_int_t
next_second(const struct source *s)
{
	const json_t *object = json_array_get(s->series, s->next);

	return object == NULL ? -1
			      : s->offset_s +
		json_integer_value(json_object_get(object, "second"));
}

static json_int_t
earliest(const struct source *sources, size_t count)
{
	json_int_t least = -1;

	for (size_t i = 0; i < count; i++) {
		json_int_t second = next_second(&sources[i]);

		if (second >= 0 && (least < 0 || second < least))
			least = second;
	}
	return least;
}

/*
 * How many seconds each object of the series stands for, which is a power of 2
 * (client/report/series.h): that of most of them, since one that is late stands
 * for more, and the last one may stand for less.
 */
static json_int_t
step_of(const json_t *series)
{
	unsigned counts[STEPS] = { 0 };
	json_int_t before = 0;
	unsigned most = 0;

	for (size_t i = 0; i + 1 < json_array_size(series); i++) {
		json_int_t second = json_integer_value(
		    json_object_get(json_array_get(series, i), "second"));
		uint64_t step = (uint64_t)(second - before);

		ASSERT(step > 0 && step <= RUN_SECOND_MAX);
		counts[63 - __builtin_clzll(step)]++;
		before = second;
	}
	for (unsigned i = 0; i < STEPS; i++)
		if (counts[i] > 0 && counts[i] >= counts[most])
			most = i;
	return (json_int_t)1 << most;
}

/* What is made: its last second, and when the longest of its parts ends. */
struct sum {
	json_t *object;
	json_int_t second;
	json_int_t end_ns;
	struct hist latency;
};

/* Connections are open at the end: those of the last object count. */
static int
add_object(
    struct sum *sum, const struct source *s, bool is_last, struct errmsg *e)
{
	json_t *from = json_copy(json_array_get(s->series, s->next));
	json_int_t end_ns =
	    json_integer_value(json_object_get(from, "end_ns")) +
	    s->offset_s * NS_PER_S;
	int result = 0;

	if (!is_last)
		result = join_set(from, "open", json_integer(0), e);
	if (end_ns > sum->end_ns)
		sum->end_ns = end_ns;
	if (next_second(s) > sum->second)
		sum->second = next_second(s);
	if (result == 0)
		result = join_fields(sum->object, from, field_series_table, e);
	if (result == 0)
		result = hist_json_add(&sum->latency,
		    json_object_get(from, "latency"), "latency", e);
	json_decref(from);
	return result;
}

/* All objects of the source up to a second. */
static int
add_until(
    struct sum *sum, struct source *s, json_int_t second, struct errmsg *e)
{
	while (next_second(s) >= 0 && next_second(s) <= second) {
		struct source after = *s;

		after.next++;
		if (add_object(sum, s,
			next_second(&after) < 0 || next_second(&after) > second,
			e) < 0)
			return -1;
		*s = after;
	}
	return 0;
}

/* The ends ascend, whatever the seconds of the runs were. Only the last one may
 * stand for less than a step. */
static json_t *
make_step(struct source *sources, size_t count, json_int_t second,
    json_int_t *last_end_ns, struct errmsg *e)
{
	struct sum sum = { .object = json_object(), .end_ns = *last_end_ns };

	for (size_t i = 0; i < count; i++)
		if (add_until(&sum, &sources[i], second, e) < 0) {
			json_decref(sum.object);
			return NULL;
		}
	*last_end_ns = sum.end_ns;
	if (earliest(sources, count) >= 0)
		sum.second = second;
	if (join_set(sum.object, "second", json_integer(sum.second), e) == 0 &&
	    join_set(sum.object, "end_ns", json_integer(sum.end_ns), e) == 0 &&
	    join_set(sum.object, "latency", hist_json_make(&sum.latency), e) ==
		0)
		return sum.object;
	json_decref(sum.object);
	return NULL;
}

static json_t *
make_series(
    struct source *sources, size_t count, json_int_t step, struct errmsg *e)
{
	json_t *list = json_array();
	json_int_t last_end_ns = 0;
	json_int_t second;

	while ((second = earliest(sources, count)) >= 0) {
		json_t *object = make_step(sources, count,
		    (second + step - 1) / step * step, &last_end_ns, e);

		if (json_array_append_new(list, object) < 0) {
			json_decref(list);
			return errmsg_prepend(e, "series"), NULL;
		}
	}
	return list;
}

/* By whole steps, so that what was apart in a run stays so. */
static json_int_t
offset_of(const struct run *run, json_int_t from_unix_ns, json_int_t step)
{
	json_int_t from = (json_int_t)run_count(run, "measured.from_unix_ns");
	json_int_t late_ns = from > from_unix_ns ? from - from_unix_ns : 0;
	json_int_t step_ns = step * NS_PER_S;

	return (late_ns / step_ns + (late_ns % step_ns >= step_ns / 2)) * step;
}

json_t *
merge_series(const struct run *runs, size_t count, json_int_t from_unix_ns,
    struct errmsg *e)
{
	struct source *sources = calloc(count, sizeof *sources);
	json_int_t step = 1;
	json_int_t own;
	json_t *series;

	if (sources == NULL)
		return errmsg_set(e, "out of memory"), NULL;
	for (size_t i = 0; i < count; i++) {
		sources[i].series = run_at(&runs[i], "series");
		own = step_of(sources[i].series);
		step = own > step ? own : step;
	}
	for (size_t i = 0; i < count; i++)
		sources[i].offset_s = offset_of(&runs[i], from_unix_ns, step);
	series = make_series(sources, count, step, e);
	free(sources);
	return series;
}
