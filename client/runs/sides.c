/* sides: from names to files, and from files to numbers; see the header. */
#include "client/runs/sides.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/runs/run_file.h"
#include "common/base/assertion.h"

static const struct {
	const char *key;
	bool is_better_up;
} metrics[METRICS] = {
	[METRIC_RATE] = { "rate_per_second", true },
	[METRIC_HANDSHAKES] = { "handshakes_per_second", true },
	[METRIC_P50] = { "p50_ns", false },
	[METRIC_P99] = { "p99_ns", false },
	[METRIC_P999] = { "p999_ns", false },
	[METRIC_CPU] = { "cpu_ns", false },
	[METRIC_ERRORS] = { "errors", false },
};

const char *
metric_key(enum metric metric)
{
	ASSERT(metric < METRICS);
	return metrics[metric].key;
}

bool
metric_is_better_up(enum metric metric)
{
	ASSERT(metric < METRICS);
	return metrics[metric].is_better_up;
}

static int
add_file(struct side *s, const char *path, struct errmsg *e)
{
	if (s->file_count == BOOTSTRAP_MAX)
		return errmsg_set(
		    e, "%s: more than %d runs", path, BOOTSTRAP_MAX);
	s->files[s->file_count] = strdup(path);
	if (s->files[s->file_count] == NULL)
		return errmsg_set(e, "%s: out of memory", path);
	s->file_count++;
	return 0;
}

/* In the order of their names. */
static int
add_matching(
    struct side *s, const char *pattern, const char *spec, struct errmsg *e)
{
	glob_t found;
	int result = 0;

	switch (glob(pattern, 0, NULL, &found)) {
	case 0:
		break;
	case GLOB_NOMATCH:
		return errmsg_set(e, "%s: no such file%s", spec,
		    pattern == spec ? "" : ", and no *.json in it");
	default:
		return errmsg_set(e, "%s: cannot be searched", spec);
	}
	for (size_t i = 0; result == 0 && i < found.gl_pathc; i++)
		result = add_file(s, found.gl_pathv[i], e);
	globfree(&found);
	return result;
}

/* The directory's own name is no pattern. */
static int
add_directory(struct side *s, const char *path, struct errmsg *e)
{
	char pattern[8192];
	char *end = pattern;

	if (strlen(path) > sizeof pattern / 2 - sizeof "/*.json")
		return errmsg_set(e, "%s: too long", path);
	for (const char *at = path; *at != '\0'; at++) {
		if (strchr("*?[\\", *at) != NULL)
			*end++ = '\\';
		*end++ = *at;
	}
	(void)strcpy(end, "/*.json");
	return add_matching(s, pattern, path, e);
}

static int
add_one(struct side *s, const char *spec, struct errmsg *e)
{
	struct stat status;

	if (stat(spec, &status) < 0)
		return add_matching(s, spec, spec, e);
	return S_ISDIR(status.st_mode) ? add_directory(s, spec, e)
				       : add_file(s, spec, e);
}

int
side_open(struct side *s, const char *spec, struct errmsg *e)
{
	struct stat status;
	char *words;
	char *rest;
	char *word;
	int result = 0;

	if (stat(spec, &status) == 0)
		return add_one(s, spec, e);
	words = rest = strdup(spec);
	if (words == NULL)
		return errmsg_set(e, "%s: out of memory", spec);
	while (result == 0 && (word = strsep(&rest, ",")) != NULL)
		if (word[0] != '\0')
			result = add_one(s, word, e);
	free(words);
	if (result == 0 && s->file_count == 0)
		return errmsg_set(e, "'%s' names no file", spec);
	return result;
}

static double
count_errors(const struct run *run)
{
	double sum = run_real(run, "workers_died");
	const char *reason;
	json_t *count;

	json_object_foreach(run_at(run, "errors"), reason, count)
		sum += json_number_value(count);
	return sum;
}

static void
note(struct side *s, enum metric metric, double value)
{
	s->values[metric][s->counts[metric]++] = value;
}

/* Those that there are values for. */
static void
note_latency(struct side *s, const struct run *run)
{
	static const struct {
		enum metric metric;
		double q;
	} quantiles[] = { { METRIC_P50, 0.5 }, { METRIC_P99, 0.99 },
		{ METRIC_P999, 0.999 } };
	struct hist h;

	run_hist(run, run_main_hist(run), &h);
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
		if (hist_has_quantile(&h, quantiles[i].q))
			note(s, quantiles[i].metric,
			    (double)hist_quantile(&h, quantiles[i].q));
}

static void
note_run(struct side *s, const struct run *run)
{
	bool is_new_each = run_flag(run, "configuration.handshakes");
	double seconds = run_real(run, "elapsed_ns") / 1e9;
	const char *cpu =
	    is_new_each ? "cpu_per_transaction_ns" : "cpu_per_round_trip_ns";

	note(s, METRIC_RATE,
	    run_real(run,
		is_new_each ? "transactions_per_second"
			    : "round_trips_per_second"));
	if ((is_new_each || run_real(run, "configuration.reconnect") > 0) &&
	    seconds > 0)
		note(s, METRIC_HANDSHAKES,
		    run_real(run, "traffic.handshakes") / seconds);
	note_latency(s, run);
	if (json_is_number(run_at(run, cpu)))
		note(s, METRIC_CPU, run_real(run, cpu));
	note(s, METRIC_ERRORS, count_errors(run));
}

int
side_read(struct side *s,
    int (*on_run)(void *context, const struct run *run, struct errmsg *e),
    void *context, struct errmsg *e)
{
	struct run run;
	int result = 0;

	for (size_t i = 0; result == 0 && i < s->file_count; i++) {
		if (run_read(&run, s->files[i], e) < 0)
			return -1;
		result = on_run(context, &run, e);
		if (result == 0)
			note_run(s, &run);
		run_free(&run);
	}
	return result;
}

void
side_close(struct side *s)
{
	while (s->file_count > 0)
		free(s->files[--s->file_count]);
}
