/* join: one function for each way; see the header. */
#include "client/runs/join.h"

#include <stdbool.h>

int
join_set(json_t *object, const char *key, json_t *value, struct errmsg *e)
{
	if (json_object_set_new(object, key, value) < 0)
		return errmsg_set(e, "%s: out of memory", key);
	return 0;
}

static int
add(json_t *into, const char *key, const json_t *a, const json_t *b,
    struct errmsg *e)
{
	json_int_t sum;

	if (!json_is_integer(a) || !json_is_integer(b))
		return join_set(into, key,
		    json_real(json_number_value(a) + json_number_value(b)), e);
	if (__builtin_add_overflow(
		json_integer_value(a), json_integer_value(b), &sum))
		return errmsg_set(e, "%s: the sum is too large", key);
	return join_set(into, key, json_integer(sum), e);
}

int
join_count(json_t *into, const json_t *from, const char *key, struct errmsg *e)
{
	const json_t *have = json_object_get(into, key);
	json_t *value = json_object_get(from, key);

	if (have == NULL)
		return join_set(into, key, json_deep_copy(value), e);
	return add(into, key, have, value, e);
}

static int
add_each(json_t *into, json_t *from, struct errmsg *e)
{
	const char *key;
	json_t *value;

	json_object_foreach(from, key, value)
		if (join_count(into, from, key, e) < 0)
			return -1;
	return 0;
}

static int
sum(json_t *into, const struct field *field, json_t *have, json_t *value,
    struct errmsg *e)
{
	if (field->type == FIELD_COUNTS) {
		if (add_each(have, value, e) < 0)
			return errmsg_prepend(e, "%s", field->key);
		return 0;
	}
	if (json_is_null(have) || json_is_null(value))
		return join_set(into, field->key, json_null(), e);
	return add(into, field->key, have, value, e);
}

/* Whether what is there gives way to the value. */
static bool
is_replaced(const struct field *field, const json_t *have, const json_t *value)
{
	switch (field->of_many) {
	case FIELD_ALL:
		return json_is_false(value);
	case FIELD_ANY:
		return json_is_true(value);
	case FIELD_MAX:
		return json_number_value(value) > json_number_value(have);
	case FIELD_FIRST:
		return json_is_null(have);
	case FIELD_APART:
	case FIELD_SUM:
		break;
	}
	return false;
}

static int
join_field(
    json_t *into, const struct field *field, json_t *value, struct errmsg *e)
{
	json_t *have = json_object_get(into, field->key);

	if (have != NULL && field->of_many == FIELD_SUM)
		return sum(into, field, have, value, e);
	if (have == NULL || is_replaced(field, have, value))
		return join_set(into, field->key, json_deep_copy(value), e);
	return 0;
}

int
join_fields(json_t *into, const json_t *from, const struct field *fields,
    struct errmsg *e)
{
	for (; fields->key != NULL; fields++)
		if (fields->of_many != FIELD_APART &&
		    join_field(into, fields, json_object_get(from, fields->key),
			e) < 0)
			return -1;
	return 0;
}

/* In all but their counts. */
static bool
are_alike(const json_t *a, json_t *b, const char *count_key)
{
	json_t *copy = json_copy(b);
	bool alike;

	(void)json_object_set(copy, count_key, json_object_get(a, count_key));
	alike = json_equal(a, copy);
	json_decref(copy);
	return alike;
}

static int
join_entry(json_t *into, json_t *entry, const char *count_key, struct errmsg *e)
{
	json_t *have;
	size_t i;

	json_array_foreach(into, i, have)
		if (are_alike(have, entry, count_key))
			return join_count(have, entry, count_key, e);
	if (json_array_append_new(into, json_deep_copy(entry)) < 0)
		return errmsg_set(e, "out of memory");
	return 0;
}

int
join_list(
    json_t *into, const json_t *from, const char *count_key, struct errmsg *e)
{
	json_t *entry;
	size_t i;

	json_array_foreach(from, i, entry)
		if (join_entry(into, entry, count_key, e) < 0)
			return -1;
	return 0;
}
