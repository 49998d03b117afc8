/* config_read: first all texts, then what they mean; see the header. */
#include "server/config_read.h"

#include <string.h>

#include "common/sys/args.h"
#include "common/sys/args_set.h"
#include "server/config_file.h"

static int
take(void *settings, const struct args_option *option, const char *value,
    struct errmsg *e)
{
	return settings_add(settings, option, value, 0, e);
}

static int
read_arguments(struct settings *given, int argc, char **argv, struct errmsg *e)
{
	const struct args_taker taker = { take, given };
	struct args_parsed parsed;

	if (args_scan(&config_program, config_options, &taker, argc, argv,
		&parsed, e) < 0)
		return -1;
	if (parsed.rest < argc)
		return errmsg_set(e, "unexpected word '%s'", argv[parsed.rest]);
	return 0;
}

/* First, since the file comes before the other options. */
static int
set_file(struct config *c, const struct settings *given, struct errmsg *e)
{
	const struct setting *s = settings_next(given, config_options, NULL);

	if (s == NULL)
		return 0;
	if (s->value[0] == '\0')
		return errmsg_set(e, "--config: must not be empty");
	c->file = s->value;
	return config_file_read(
	    &c->settings, c->file, config_options, given, e);
}

static int
use(struct config *c, const struct setting *s, struct errmsg *e)
{
	const struct args_option *o = s->option;

	if (o->value == NULL && s->line > 0 && strcmp(s->value, "no") == 0)
		return 0;
	if (args_set(o, c, s->value, e) == 0)
		return 0;
	return s->line > 0
	    ? errmsg_prepend(e, "%s:%zu: %s", c->file, s->line, o->name)
	    : errmsg_prepend(e, "--%s", o->name);
}

static int
use_all(struct config *c, struct errmsg *e)
{
	for (size_t i = 0; i < c->settings.count; i++)
		if (use(c, &c->settings.list[i], e) < 0)
			return -1;
	return 0;
}

static int
read_all(struct config *c, struct settings *given, struct errmsg *e)
{
	if (set_file(c, given, e) < 0 ||
	    settings_move(&c->settings, given, e) < 0)
		return -1;
	return use_all(c, e);
}

int
config_read(struct config *c, int argc, char **argv, struct errmsg *e)
{
	struct settings given = { .list = NULL };
	int result = read_arguments(&given, argc, argv, e);

	if (result == 0)
		result = read_all(c, &given, e);
	settings_free(&given);
	return result;
}

/* What was for the start only, such as a descriptor, is not there any more. */
int
config_read_again(
    struct config *c, const struct settings *before, struct errmsg *e)
{
	struct settings given = { .list = NULL };
	int result = 0;

	for (size_t i = 0; i < before->count && result == 0; i++) {
		const struct setting *s = &before->list[i];

		if (s->line == 0 &&
		    (s->option == config_options || config_file_has(s->option)))
			result =
			    settings_add(&given, s->option, s->value, 0, e);
	}
	if (result == 0)
		result = read_all(c, &given, e);
	settings_free(&given);
	return result;
}
