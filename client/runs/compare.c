/* compare: reads both sides, and judges each metric; see the header. */
#include "client/runs/compare.h"

#include <math.h>
#include <string.h>

#include "client/runs/join.h"
#include "client/runs/merge_parts.h"
#include "client/runs/run_file.h"
#include "client/runs/sides.h"

/* The reading of both sides. */
struct reading {
	struct run first;   /* what all others are held against */
	json_t *identities; /* of the runs on this side */
	json_t *differing;  /* keys */
	json_t *incomplete; /* { file, why } */
	json_t *missed;     /* the same */
	bool is_valid;      /* all of them are */
};

static int
check_twice(struct reading *r, const struct run *run, struct errmsg *e)
{
	json_t *identity = run_identity(run);
	json_t *other;
	size_t i;

	json_array_foreach(r->identities, i, other)
		if (run_is_same(identity, other)) {
			(void)errmsg_set(e,
			    "%s: the same run as %s, which would count twice",
			    run->path,
			    json_string_value(json_object_get(other, "file")));
			json_decref(identity);
			return -1;
		}
	if (json_array_append_new(r->identities, identity) < 0)
		return errmsg_set(e, "out of memory");
	return 0;
}

static bool
has_word(const json_t *list, const char *word)
{
	const json_t *have;
	size_t i;

	json_array_foreach(list, i, have)
		if (strcmp(json_string_value(have), word) == 0)
			return true;
	return false;
}

/* Keys of one that the other lacks, or has with another value. */
static void
note_differences(struct reading *r, json_t *of, const json_t *as)
{
	const char *key;
	json_t *value;

	json_object_foreach(of, key, value)
		if (run_option_matters(key) &&
		    !json_equal(value, json_object_get(as, key)) &&
		    !has_word(r->differing, key))
			(void)json_array_append_new(
			    r->differing, json_string(key));
}

static int
on_run(void *context, const struct run *run, struct errmsg *e)
{
	static const char *const parts[] = { "configuration", "environment" };
	struct reading *r = context;

	if (r->first.root == NULL)
		r->first = (struct run){ .path = run->path,
			.root = json_incref(run->root) };
	if (run_check_kind(run, &r->first, e) < 0 || check_twice(r, run, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		json_t *one = run_at(run, parts[i]);
		json_t *other = run_at(&r->first, parts[i]);

		note_differences(r, one, other);
		note_differences(r, other, one);
	}
	r->is_valid = r->is_valid && run_flag(run, "valid");
	if (merge_parts_note(r->incomplete, run, e) < 0)
		return -1;
	return merge_parts_note_missed(r->missed, run, e);
}

static int
read_side(
    struct reading *r, struct side *side, const char *spec, struct errmsg *e)
{
	(void)json_array_clear(r->identities);
	if (side_open(side, spec, e) < 0)
		return -1;
	return side_read(side, on_run, r, e);
}

/* The numbers of one metric on both sides, and what follows. */
struct judgement {
	double a, b, ratio;
	struct bootstrap_interval interval;
	bool has_interval, is_worse, is_better, is_missed;
};

static struct judgement
judge(enum metric m, const struct side *a, const struct side *b,
    double threshold_percent)
{
	struct judgement j = {
		.a = bootstrap_median(a->values[m], a->counts[m]),
		.b = bootstrap_median(b->values[m], b->counts[m]),
		.has_interval = a->counts[m] >= BOOTSTRAP_MIN &&
		    b->counts[m] >= BOOTSTRAP_MIN,
	};
	bool is_up;
	bool is_down;

	j.ratio = bootstrap_quotient(j.a, j.b);
	if (!j.has_interval)
		return j;
	j.interval = bootstrap_ratio(
	    a->values[m], a->counts[m], b->values[m], b->counts[m]);
	is_up = j.interval.low > 1;
	is_down = j.interval.high < 1;
	j.is_better = metric_is_better_up(m) ? is_up : is_down;
	j.is_worse = metric_is_better_up(m) ? is_down : is_up;
	j.is_missed = j.is_worse && fabs(j.ratio - 1) > threshold_percent / 100;
	return j;
}

/* What is infinite is no number of JSON. */
static json_t *
real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static const char *
verdict_of(const struct judgement *j)
{
	if (!j->has_interval)
		return "too few runs";
	if (j->is_better)
		return "better";
	return j->is_worse ? "worse" : "no difference seen";
}

static json_t *
make_metric(enum metric m, const struct side sides[2], double threshold)
{
	struct judgement j = judge(m, &sides[0], &sides[1], threshold);

	return json_pack("{s:s, s:s, s:f, s:f, s:I, s:I, s:o, s:o, s:o, s:s,"
			 " s:b}",
	    "metric", metric_key(m), "better",
	    metric_is_better_up(m) ? "higher" : "lower", "a", j.a, "b", j.b,
	    "a_runs", (json_int_t)sides[0].counts[m], "b_runs",
	    (json_int_t)sides[1].counts[m], "ratio", real_or_null(j.ratio),
	    "low", j.has_interval ? real_or_null(j.interval.low) : json_null(),
	    "high",
	    j.has_interval ? real_or_null(j.interval.high) : json_null(),
	    "verdict", verdict_of(&j), "is_missed", j.is_missed);
}

static json_t *
make_metrics(const struct side sides[2], double threshold)
{
	json_t *list = json_array();

	for (enum metric m = 0; m < METRICS; m++)
		if (sides[0].counts[m] > 0 && sides[1].counts[m] > 0)
			(void)json_array_append_new(
			    list, make_metric(m, sides, threshold));
	return list;
}

static json_t *
make_side(const struct side *side)
{
	json_t *files = json_array();

	for (size_t i = 0; i < side->file_count; i++) {
		const struct run run = { .path = side->files[i] };

		(void)json_array_append_new(
		    files, json_string(run_file_text(&run)));
	}
	return json_pack("{s:o}", "files", files);
}

static bool
any_is_missed(const json_t *metrics)
{
	const json_t *metric;
	size_t i;

	json_array_foreach(metrics, i, metric)
		if (json_is_true(json_object_get(metric, "is_missed")))
			return true;
	return false;
}

static json_t *
make_document(const struct reading *r, const struct side sides[2],
    double threshold, struct errmsg *e)
{
	json_t *metrics = make_metrics(sides, threshold);
	json_t *root = json_pack("{s:s, s:i, s:f, s:i, s:i, s:o, s:o, s:O, s:O,"
				 " s:O, s:b, s:b, s:o}",
	    "format", "tlsecho-client comparison", "format_version", 1,
	    "threshold_percent", threshold, "confidence_percent",
	    BOOTSTRAP_PERCENT, "resamples", BOOTSTRAP_RESAMPLES, "a",
	    make_side(&sides[0]), "b", make_side(&sides[1]), "differing",
	    r->differing, "incomplete", r->incomplete, "missed", r->missed,
	    "valid", r->is_valid, "is_missed", any_is_missed(metrics),
	    "metrics", metrics);

	if (root == NULL)
		(void)errmsg_set(e, "out of memory");
	return root;
}

json_t *
compare_runs(
    const char *a, const char *b, double threshold_percent, struct errmsg *e)
{
	static struct side sides[2];
	struct reading r = { .identities = json_array(),
		.differing = json_array(),
		.incomplete = json_array(),
		.missed = json_array(),
		.is_valid = true };
	json_t *root = NULL;

	memset(sides, 0, sizeof sides);
	if (read_side(&r, &sides[0], a, e) == 0 &&
	    read_side(&r, &sides[1], b, e) == 0)
		root = make_document(&r, sides, threshold_percent, e);
	side_close(&sides[0]);
	side_close(&sides[1]);
	run_free(&r.first);
	json_decref(r.identities);
	json_decref(r.differing);
	json_decref(r.incomplete);
	json_decref(r.missed);
	return root;
}
