/* generators: by number, by settings, and what is left out; see the header. */
#include "client/runs/generators.h"

#include <stdlib.h>
#include <string.h>

#include "client/runs/run_file.h"

void
generators_init(struct generators *g)
{
	*g = (struct generators){ .set_aside = json_array() };
}

void
generators_free(struct generators *g)
{
	json_decref(g->set_aside);
	g->set_aside = NULL;
}

int
generators_set_aside(
    struct generators *g, const char *path, const char *why, struct errmsg *e)
{
	const struct run named = { .path = path };

	return json_array_append_new(g->set_aside,
		   json_pack("{s:s, s:s}", "file", run_file_text(&named), "why",
		       why)) < 0
	    ? errmsg_set(e, "out of memory")
	    : 0;
}

static json_int_t
part_of(const struct run *run)
{
	return (json_int_t)run_count(run, "configuration.part.part");
}

/* By number, for the first of two; those that are no parts come first. */
static int
compare_runs(const void *a, const void *b)
{
	json_int_t one = part_of(a);
	json_int_t other = part_of(b);

	if (one != other)
		return one < other ? -1 : 1;
	return strcmp(
	    ((const struct run *)a)->path, ((const struct run *)b)->path);
}

/* What all must have in common; NULL: no memory. */
static json_t *
setup_of(const struct run *run)
{
	/* Shares, and what a host has of its own. */
	static const char *const own[] = { "connections", "round_trips", "rate",
		"connect_rate", "workers", "bind", "cert", "key", "ca",
		"pkcs12", "identities", "expect", "server_stats", NULL };
	json_t *setup = json_copy(run_at(run, "configuration"));
	json_t *all = json_copy(run_at(run, "configuration.part"));
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(
	    setup, next, key, value) if (!run_option_matters(key))(void)
	    json_object_del(setup, key);
	for (int i = 0; own[i] != NULL; i++)
		(void)json_object_del(setup, own[i]);
	(void)json_object_del(all, "part");
	if (json_object_set_new(setup, "part", all) < 0 ||
	    json_object_set(setup, "target", run_at(run, "target")) < 0 ||
	    json_object_set(setup, "version", run_at(run, "version")) < 0) {
		json_decref(setup);
		return NULL;
	}
	return setup;
}

static const char *
version_of(const json_t *setup)
{
	return json_string_value(json_object_get(setup, "version"));
}

/* The first key in which it differs. */
static void
tell_difference(const json_t *is, json_t *common, struct errmsg *why)
{
	const char *key;
	json_t *value;

	if (strcmp(version_of(is), version_of(common)) != 0) {
		(void)errmsg_set(why, "version %s, where others are %s",
		    version_of(is), version_of(common));
		return;
	}
	(void)errmsg_set(why, "other settings than others have");
	json_object_foreach(common, key, value)
		if (!json_equal(value, json_object_get(is, key))) {
			(void)errmsg_set(why, "another %s than others have",
			    strcmp(key, "part") == 0 ? "load in all" : key);
			return;
		}
}

/* Sets aside, or keeps in the order in which they come. */
struct choice {
	struct generators *g;
	struct run *runs;
	size_t kept;
};

/* One that stays behind would be freed twice. */
static void
keep(struct choice *c, struct run *run)
{
	struct run moved = *run;

	run->root = NULL;
	c->runs[c->kept++] = moved;
}

static int
drop(struct choice *c, struct run *run, const char *why, struct errmsg *e)
{
	int result = generators_set_aside(c->g, run->path, why, e);

	run_free(run);
	return result;
}

/* By itself. */
static int
keep_if_good(struct choice *c, struct run *run, struct errmsg *e)
{
	struct errmsg why;

	if (part_of(run) == 0)
		return drop(c, run, "not a part of a load (--part)", e);
	if (!run_flag(run, "valid")) {
		(void)errmsg_set(
		    &why, "invalid: %s", run_text(run, "invalid_because"));
		return drop(c, run, why.text, e);
	}
	if (run_count(run, "elapsed_ns") == 0)
		return drop(c, run, "nothing was measured", e);
	keep(c, run);
	return 0;
}

/* The index of the setup that most have; of the first of those. -1: no memory.
 * There are few, as a rule one. */
static int
most_common(json_t *const *setups, size_t count)
{
	unsigned *votes = calloc(count, sizeof *votes);
	size_t most = 0;

	if (votes == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		size_t first = 0;

		while (!json_equal(setups[first], setups[i]))
			first++;
		votes[first]++;
		if (votes[first] > votes[most])
			most = first;
	}
	free(votes);
	return (int)most;
}

static int
keep_alike(struct choice *c, struct run *run, const json_t *setup,
    json_t *common, struct errmsg *e)
{
	const struct run *before = c->kept > 0 ? &c->runs[c->kept - 1] : NULL;
	struct errmsg why;

	if (!json_equal(setup, common)) {
		tell_difference(setup, common, &why);
		return drop(c, run, why.text, e);
	}
	if (before != NULL && part_of(before) == part_of(run)) {
		(void)errmsg_set(&why,
		    "part %" JSON_INTEGER_FORMAT ", which is there already: %s",
		    part_of(run), run_file_text(before));
		return drop(c, run, why.text, e);
	}
	keep(c, run);
	return 0;
}

static json_int_t
part_count_of(const json_t *setup)
{
	return json_integer_value(
	    json_object_get(json_object_get(setup, "part"), "parts"));
}

static double
part_rate_of(const json_t *setup)
{
	return json_number_value(
	    json_object_get(json_object_get(setup, "part"), "rate"));
}

static int
keep_all_alike(struct choice *c, json_t **setups, struct errmsg *e)
{
	size_t count = c->kept;
	int result = 0;
	int common;

	for (size_t i = 0; result == 0 && i < count; i++) {
		setups[i] = setup_of(&c->runs[i]);
		result = setups[i] == NULL ? -1 : 0;
	}
	common = result == 0 ? most_common(setups, count) : -1;
	if (common < 0)
		return errmsg_set(e, "out of memory");
	c->g->parts = part_count_of(setups[common]);
	c->g->rate = part_rate_of(setups[common]);
	c->kept = 0;
	for (size_t i = 0; result == 0 && i < count; i++)
		result =
		    keep_alike(c, &c->runs[i], setups[i], setups[common], e);
	return result;
}

static int
choose(struct choice *c, size_t count, struct errmsg *e)
{
	json_t **setups;
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		result = keep_if_good(c, &c->runs[i], e);
	if (result < 0 || c->kept == 0)
		return result;
	setups = calloc(c->kept, sizeof *setups);
	count = c->kept;
	if (setups == NULL)
		return errmsg_set(e, "out of memory");
	result = keep_all_alike(c, setups, e);
	for (size_t i = 0; i < count; i++)
		json_decref(setups[i]);
	free(setups);
	return result;
}

int
generators_choose(
    struct generators *g, struct run *runs, size_t *count, struct errmsg *e)
{
	struct choice c = { .g = g, .runs = runs };

	for (size_t i = 0; i < *count; i++)
		if (part_of(&runs[i]) > 0)
			g->parts = (json_int_t)run_count(
			    &runs[i], "configuration.part.parts");
	if (g->parts == 0)
		return 0;
	qsort(runs, *count, sizeof *runs, compare_runs);
	if (choose(&c, *count, e) < 0)
		return -1;
	*count = c.kept;
	g->present = c.kept;
	return 0;
}
