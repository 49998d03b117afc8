/* settings: a list that grows; see the header. */
#include "server/settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int
append(struct settings *s, const struct setting *setting, struct errmsg *e)
{
	struct setting *list =
	    reallocarray(s->list, s->count + 1, sizeof *list);

	if (list == NULL)
		return errmsg_set(e, "out of memory");
	list[s->count++] = *setting;
	s->list = list;
	return 0;
}

static void
free_value(const struct setting *setting)
{
	if (setting->line > 0)
		free((void *)(uintptr_t)setting->value);
}

int
settings_add(struct settings *s, const struct args_option *option,
    const char *value, size_t line, struct errmsg *e)
{
	struct setting setting = { option, value, line };

	if (line > 0) {
		setting.value = strdup(value);
		if (setting.value == NULL)
			return errmsg_set(e, "out of memory");
	}
	if (append(s, &setting, e) == 0)
		return 0;
	free_value(&setting);
	return -1;
}

int
settings_move(struct settings *to, struct settings *from, struct errmsg *e)
{
	struct setting *list =
	    reallocarray(to->list, to->count + from->count + 1, sizeof *list);

	if (list == NULL)
		return errmsg_set(e, "out of memory");
	for (size_t i = 0; i < from->count; i++)
		list[to->count++] = from->list[i];
	to->list = list;
	from->count = 0;
	settings_free(from);
	return 0;
}

void
settings_free(struct settings *s)
{
	for (size_t i = 0; i < s->count; i++)
		free_value(&s->list[i]);
	free(s->list);
	*s = (struct settings){ .list = NULL };
}

const struct setting *
settings_next(const struct settings *s, const struct args_option *option,
    const struct setting *after)
{
	size_t i = after != NULL ? (size_t)(after - s->list) + 1 : 0;

	for (; i < s->count; i++)
		if (s->list[i].option == option)
			return &s->list[i];
	return NULL;
}

/* A switch that is on has a value in a file only. */
static bool
is_same(const struct setting *one, const struct setting *other)
{
	return strcmp(one->value != NULL ? one->value : "yes",
		   other->value != NULL ? other->value : "yes") == 0;
}

bool
settings_agree(const struct settings *one, const struct settings *other,
    const struct args_option *option)
{
	const struct setting *a = NULL, *b = NULL;

	do {
		a = settings_next(one, option, a);
		b = settings_next(other, option, b);
	} while (a != NULL && b != NULL && is_same(a, b));
	return a == NULL && b == NULL;
}
