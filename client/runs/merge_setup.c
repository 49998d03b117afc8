/* merge_setup: key by key; see the header. */
#include "client/runs/merge_setup.h"

#include <stdbool.h>
#include <string.h>

#include "client/runs/join.h"
#include "client/runs/run_file.h"

static const char *const summed[] = { "connections", "workers", "rate",
	"round_trips", "connect_rate" };

/* Whether the list "a, b" has the word of n bytes. */
static bool
has_word(const char *list, const char *word, size_t n)
{
	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		if (len == n && strncmp(list, word, n) == 0)
			return true;
		list += len;
		list += strspn(list, ", ");
	}
	return false;
}

/* "a, b" and "b, c" are "a, b, c". */
static int
add_words(json_t *into, const char *key, const char *words, struct errmsg *e)
{
	while (*words != '\0') {
		const char *have =
		    json_string_value(json_object_get(into, key));
		size_t n = strcspn(words, ",");

		if (have == NULL)
			have = "";
		if (!has_word(have, words, n) &&
		    join_set(into, key,
			json_sprintf("%s%s%.*s", have,
			    have[0] != '\0' ? ", " : "", (int)n, words),
			e) < 0)
			return -1;
		words += n;
		words += strspn(words, ", ");
	}
	return 0;
}

static int
merge_targets(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	if (join_set(into, "target", json_string(""), e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (add_words(into, "target", run_text(&runs[i], "target"), e) <
		    0)
			return -1;
	return 0;
}

/* The value of the first, if all have the same; else NULL. */
static json_t *
same_in_all(
    const struct run *runs, size_t count, const char *part, const char *key)
{
	json_t *first = json_object_get(run_at(&runs[0], part), key);

	for (size_t i = 1; i < count; i++)
		if (!json_equal(
			first, json_object_get(run_at(&runs[i], part), key)))
			return NULL;
	return first;
}

static bool
is_summed(const char *key)
{
	for (size_t i = 0; i < sizeof summed / sizeof *summed; i++)
		if (strcmp(key, summed[i]) == 0)
			return true;
	return false;
}

/* Whether all have a number there. */
static bool
are_numbers(
    const struct run *runs, size_t count, const char *part, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (!json_is_number(
			json_object_get(run_at(&runs[i], part), key)))
			return false;
	return true;
}

/* Its name is known once. */
static int
note_difference(json_t *into, const char *key, struct errmsg *e)
{
	json_t *list =
	    json_object_get(json_object_get(into, "merged"), "differing");
	json_t *have;
	size_t i;

	json_array_foreach(list, i, have)
		if (strcmp(json_string_value(have), key) == 0)
			return 0;
	if (json_array_append_new(list, json_string(key)) < 0)
		return errmsg_set(e, "out of memory");
	return 0;
}

static int
merge_option(json_t *into, const struct run *runs, size_t count,
    const char *key, struct errmsg *e)
{
	json_t *options = json_object_get(into, "configuration");
	json_t *same = same_in_all(runs, count, "configuration", key);

	if (is_summed(key) && are_numbers(runs, count, "configuration", key)) {
		for (size_t i = 0; i < count; i++)
			if (join_count(options,
				run_at(&runs[i], "configuration"), key, e) < 0)
				return errmsg_prepend(e, "configuration");
		return 0;
	}
	if (same != NULL)
		return join_set(options, key, json_deep_copy(same), e);
	return run_option_matters(key) ? note_difference(into, key, e) : 0;
}

static int
merge_fact(json_t *into, const struct run *runs, size_t count, const char *key,
    struct errmsg *e)
{
	json_t *facts = json_object_get(into, "environment");
	json_t *same = same_in_all(runs, count, "environment", key);

	if (same != NULL)
		return join_set(facts, key, json_deep_copy(same), e);
	for (size_t i = 0; i < count; i++) {
		const char *words = json_string_value(
		    json_object_get(run_at(&runs[i], "environment"), key));

		if (words != NULL && add_words(facts, key, words, e) < 0)
			return -1;
	}
	return json_object_get(facts, key) != NULL
	    ? 0
	    : note_difference(into, key, e);
}

static int
merge_objects(json_t *into, const struct run *runs, size_t count,
    const char *part,
    int (*merge_key)(
	json_t *, const struct run *, size_t, const char *, struct errmsg *),
    struct errmsg *e)
{
	json_t *object = json_object();
	const char *key;
	json_t *value;

	if (join_set(into, part, object, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		json_object_foreach(run_at(&runs[i], part), key, value)
			if (json_object_get(object, key) == NULL &&
			    merge_key(into, runs, count, key, e) < 0)
				return -1;
	return 0;
}

/* "a.json: why; b.json: why"; those of unions name their files already. */
static int
merge_reasons(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	json_t *reasons = json_null();

	for (size_t i = 0; i < count; i++) {
		const char *have = json_string_value(reasons);
		const char *why = run_text(&runs[i], "invalid_because");
		bool is_union = json_is_object(run_at(&runs[i], "merged"));
		json_t *more;

		if (why[0] == '\0')
			continue;
		more = json_sprintf("%s%s%s%s%s", have != NULL ? have : "",
		    have != NULL ? "; " : "",
		    is_union ? "" : run_file_text(&runs[i]),
		    is_union ? "" : ": ", why);
		json_decref(reasons);
		reasons = more;
	}
	return join_set(into, "invalid_because", reasons, e);
}

/* What was left out of an earlier union stays so. */
static int
begin_differences(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	json_t *value;
	size_t n;

	if (join_set(json_object_get(into, "merged"), "differing", json_array(),
		e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		json_array_foreach(
		    run_at(&runs[i], "merged.differing"), n, value)
			if (note_difference(into, json_string_value(value), e) <
			    0)
				return -1;
	return 0;
}

int
merge_setup(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	if (begin_differences(into, runs, count, e) < 0 ||
	    merge_targets(into, runs, count, e) < 0 ||
	    join_set(into, "started_at",
		json_string(run_text(&runs[0], "started_at")), e) < 0 ||
	    merge_objects(into, runs, count, "configuration", merge_option, e) <
		0 ||
	    merge_objects(into, runs, count, "environment", merge_fact, e) < 0)
		return -1;
	return merge_reasons(into, runs, count, e);
}
