/* prometheus: collects series, sorts them, prints them; see the header. */
#include "tools/print/prometheus.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/counter.h"
#include "tools/print/metric.h"

enum {
	LABELS = 128, /* "program" and "version" of a segment fit, escaped */
	/* The edges of buckets that are told: powers of two, in the field's
	 * unit. Those in between are merged. */
	EDGE_NS_FIRST = 10, /* 1 us */
	EDGE_NS_LAST = 39,  /* 9 minutes; above there is one of ours */
	EDGE_OTHER_FIRST = 4,
	EDGE_OTHER_LAST = 24
};

struct series {
	struct metric metric;
	size_t order;        /* in which it was added */
	const char *server;  /* the value of that label */
	char labels[LABELS]; /* further ones: ",cause=\"expired\"", or "" */
	enum stats_unit unit;
	uint64_t value;          /* in the unit of the field */
	const struct hist *hist; /* of a histogram */
};

struct set {
	struct series *series;
	size_t count, room;
	bool has_failed;
};

static void
add(struct set *set, const struct series *series)
{
	if (set->count == set->room) {
		size_t room = set->room > 0 ? 2 * set->room : 256;
		struct series *larger =
		    reallocarray(set->series, room, sizeof *larger);

		if (larger == NULL) {
			set->has_failed = true;
			return;
		}
		set->series = larger;
		set->room = room;
	}
	set->series[set->count] = *series;
	set->series[set->count].order = set->count;
	set->count++;
}

/* Appends ,name="value". */
static void
add_label(struct series *series, const char *name, const char *value)
{
	char *end = series->labels + strlen(series->labels);
	const char *limit = series->labels + sizeof series->labels;

	end += snprintf(end, (size_t)(limit - end), ",%s=\"", name);
	for (; *value != '\0' && limit - end > 4; value++) {
		if (*value == '"' || *value == '\\')
			*end++ = '\\';
		*end++ = *value;
	}
	strcpy(end, "\"");
}

/* A series that is no field: its name, kind and unit are given here. */
static void
add_own(struct set *set, const struct prometheus_source *source,
    const struct stats_field *field, unsigned slot, uint64_t value)
{
	struct series series = { .server = source->name,
		.unit = (enum stats_unit)field->unit,
		.value = value };
	char worker[16];

	metric_name(field, &series.metric);
	(void)snprintf(worker, sizeof worker, "%u", slot - 1);
	if (slot > 0)
		add_label(&series, "worker", worker);
	add(set, &series);
}

static void
add_build(struct set *set, const struct prometheus_source *source)
{
	static const struct stats_field field = { .name = "build_info",
		.help = "1; program and version of the server",
		.kind = STATS_KIND_GAUGE };
	struct series series = { .server = source->name, .value = 1 };
	char program[STATS_SEGMENT_PROGRAM];
	char *version;

	strcpy(program, sample_server(source->sample)->program);
	version = strrchr(program, ' ');
	if (version != NULL)
		*version++ = '\0';
	metric_name(&field, &series.metric);
	add_label(&series, "program", program);
	add_label(&series, "version", version != NULL ? version : "");
	add(set, &series);
}

static void
add_server(struct set *set, const struct prometheus_source *source)
{
	static const struct stats_field up = { .name = "up",
		.help = "1: the server runs; 0: it is dead, or not there",
		.kind = STATS_KIND_GAUGE };
	static const struct stats_field start = { .name = "server_start",
		.help = "when the server started",
		.kind = STATS_KIND_GAUGE,
		.unit = STATS_UNIT_DATE };
	const struct sample *s = source->sample;
	bool is_alive = s != NULL && sample_server(s)->is_alive;

	add_own(set, source, &up, 0, is_alive);
	if (!is_alive)
		return;
	add_build(set, source);
	add_own(set, source, &start, 0,
	    (uint64_t)(sample_server(s)->start_wall_ns / CLOCK_NS_PER_S));
}

static void
add_worker(
    struct set *set, const struct prometheus_source *source, unsigned slot)
{
	static const struct stats_field up = { .name = "worker_up",
		.help = "1: the worker has a process",
		.kind = STATS_KIND_GAUGE };
	static const struct stats_field stalled = { .name = "worker_stalled",
		.help = "1: it stands still, stopped or hung for a second",
		.kind = STATS_KIND_GAUGE };
	static const struct stats_field open = { .name =
						     "worker_open_connections",
		.help = "connections open now",
		.kind = STATS_KIND_GAUGE };
	static const struct stats_field cpu = { .name = "worker_cpu",
		.help = "CPU time of its process, user and system",
		.unit = STATS_UNIT_NS,
		.kind = STATS_KIND_TOTAL };
	static const struct stats_field memory = { .name =
						       "worker_resident_memory",
		.help = "resident memory of its process",
		.unit = STATS_UNIT_BYTES,
		.kind = STATS_KIND_GAUGE };
	const struct sample *s = source->sample;
	const struct sample_slot *what = sample_slot(s, slot);
	int field = sample_find(s, "open");

	add_own(set, source, &up, slot, what->state != STATS_SLOT_EMPTY);
	add_own(
	    set, source, &stalled, slot, what->is_stalled || what->is_stopped);
	if (field >= 0)
		add_own(set, source, &open, slot,
		    sample_value(s, slot, (unsigned)field));
	if (what->cpu_ns >= 0)
		add_own(set, source, &cpu, slot, (uint64_t)what->cpu_ns);
	if (what->memory_bytes >= 0)
		add_own(
		    set, source, &memory, slot, (uint64_t)what->memory_bytes);
}

static void
add_field(
    struct set *set, const struct prometheus_source *source, unsigned field)
{
	const struct sample *s = source->sample;
	const struct stats_field *f = sample_field(s, field);
	struct series series = { .server = source->name,
		.unit = (enum stats_unit)f->unit,
		.value = sample_total(s, field),
		.hist = sample_hist(s, field) };

	if (f->kind == STATS_KIND_HIST && series.hist == NULL)
		return; /* with buckets that this release does not know */
	if (!stats_field_grows(f) && !sample_server(s)->is_alive)
		return;
	metric_name(f, &series.metric);
	if (series.metric.label != NULL)
		add_label(&series, series.metric.label, series.metric.value);
	add(set, &series);
}

static void
add_workers(struct set *set, const struct prometheus_source *source)
{
	const struct sample *s = source->sample;

	if (s == NULL || !sample_server(s)->is_alive)
		return;
	for (unsigned slot = 1; slot < sample_slot_count(s); slot++)
		if (sample_slot(s, slot)->is_used)
			add_worker(set, source, slot);
}

static void
add_fields(struct set *set, const struct prometheus_source *source)
{
	const struct sample *s = source->sample;

	for (unsigned i = 0; s != NULL && i < sample_field_count(s); i++)
		add_field(set, source, i);
}

static int
compare(const void *left, const void *right)
{
	const struct series *a = left;
	const struct series *b = right;
	int order = strcmp(a->metric.name, b->metric.name);

	if (order == 0)
		order = (a->order > b->order) - (a->order < b->order);
	return order;
}

static void
print_value(const struct series *s, uint64_t value, FILE *out)
{
	char text[METRIC_FLOAT];

	if (s->unit == STATS_UNIT_NS)
		fprintf(out, " %s\n",
		    metric_float((double)value / (double)CLOCK_NS_PER_S, text));
	else
		fprintf(out, " %" PRIu64 "\n", value);
}

/* +Inf is the last edge; the count is taken from the buckets, as it may lag. */
static void
print_hist(const struct series *s, FILE *out)
{
	const bool is_time = s->unit == STATS_UNIT_NS;
	const unsigned last = is_time ? EDGE_NS_LAST : EDGE_OTHER_LAST;
	const double scale = is_time ? (double)CLOCK_NS_PER_S : 1;
	const char *name = s->metric.name;
	uint64_t count = 0;
	unsigned bucket = 0;
	char edge[METRIC_FLOAT];

	for (unsigned i = is_time ? EDGE_NS_FIRST : EDGE_OTHER_FIRST; i <= last;
	     i++) {
		for (; bucket < hist_bucket(UINT64_C(1) << i); bucket++)
			count += counter_get(&s->hist->buckets[bucket]);
		fprintf(out,
		    "%s_bucket{server=\"%s\"%s,le=\"%s\"} %" PRIu64 "\n", name,
		    s->server, s->labels,
		    metric_edge((double)(UINT64_C(1) << i) / scale, edge),
		    count);
	}
	for (; bucket < HIST_BUCKETS; bucket++)
		count += counter_get(&s->hist->buckets[bucket]);
	fprintf(out, "%s_bucket{server=\"%s\"%s,le=\"+Inf\"} %" PRIu64 "\n",
	    name, s->server, s->labels, count);
	fprintf(out, "%s_sum{server=\"%s\"%s}", name, s->server, s->labels);
	print_value(s, counter_get(&s->hist->sum), out);
	fprintf(out, "%s_count{server=\"%s\"%s} %" PRIu64 "\n", name, s->server,
	    s->labels, count);
}

static void
print_head(const struct metric *metric, FILE *out)
{
	static const char *const types[] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_HISTOGRAM] = "histogram",
	};

	fprintf(out, "# HELP %s ", metric->name);
	for (const char *p = metric->help; *p != '\0'; p++) {
		if (*p == '\\')
			fputc('\\', out);
		fputc(*p, out);
	}
	fprintf(out, "\n# TYPE %s %s\n", metric->name, types[metric->type]);
}

/* A segment may have a field twice, or one that is called as ours are. */
static bool
is_repeated(const struct series *first, const struct series *s)
{
	if (s->metric.type != first->metric.type)
		return true;
	for (; first < s; first++)
		if (strcmp(first->server, s->server) == 0 &&
		    strcmp(first->labels, s->labels) == 0)
			return true;
	return false;
}

static void
print_set(const struct set *set, FILE *out)
{
	const struct series *end = set->series + set->count;
	const struct series *first = NULL;

	for (const struct series *s = set->series; s < end; s++) {
		if (first == NULL ||
		    strcmp(first->metric.name, s->metric.name) != 0) {
			first = s;
			print_head(&s->metric, out);
		}
		if (is_repeated(first, s))
			continue;
		if (s->hist != NULL) {
			print_hist(s, out);
			continue;
		}
		fprintf(out, "%s{server=\"%s\"%s}", s->metric.name, s->server,
		    s->labels);
		print_value(s, s->value, out);
	}
	fputs("# EOF\n", out);
}

int
prometheus_print(
    const struct prometheus_source *sources, size_t count, FILE *out)
{
	struct set set = { .series = NULL };

	/* Fields last, so that none of them can take the place of ours. */
	for (size_t i = 0; i < count; i++)
		add_server(&set, &sources[i]);
	for (size_t i = 0; i < count; i++)
		add_workers(&set, &sources[i]);
	for (size_t i = 0; i < count; i++)
		add_fields(&set, &sources[i]);
	if (set.count > 0)
		qsort(set.series, set.count, sizeof *set.series, compare);
	if (!set.has_failed)
		print_set(&set, out);
	free(set.series);
	return set.has_failed ? -1 : 0;
}
