/* config_print: option by option; see the header. */
#include "server/config_print.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "server/config_file.h"

/* Of options whose value is no field, in the words of --help. */
static const struct {
	const char *name, *value;
} defaults[] = {
	{ "allow-cn", NULL },
	{ "allow-pin", NULL },
	{ "allow-san", NULL },
	{ "alpn", NULL },
	{ "client-auth", "required" },
	{ "client-purpose", "client" },
	{ "connection-table", "65536" },
	{ "cpu-affinity", "off" },
	{ "handshake-rate", "0" },
	{ "handshake-rate-per-address", "0" },
	{ "keepalive", "on" },
	{ "listen", "[::]:4433" },
	{ "log-format", "logfmt" },
	{ "log-level", "info" },
	{ "max-connections-per-network", "0" },
	{ "max-memory", "0" },
	{ "max-tx-buffer", "64k" },
	{ "memory-pressure", "on" },
	{ "open-sessions", "judge" },
	{ "priority", NULL },
	{ "sandbox", "on" },
	{ "stats", "default" },
	{ "stats-group", NULL },
	{ "stats-mode", "0640" },
	{ "tickets", "2" },
	{ "user", NULL },
	{ "workers", "auto" },
};

static const char *
default_of(const char *name)
{
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		if (strcmp(defaults[i].name, name) == 0)
			return defaults[i].value;
	return NULL;
}

/* The largest unit in which it is a whole number. */
static const char *
format_exactly(int64_t ns, char text[static UNITS_TEXT])
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {
		{ "m", 60 * CLOCK_NS_PER_S },
		{ "s", CLOCK_NS_PER_S },
		{ "ms", CLOCK_NS_PER_MS },
		{ "ns", 1 },
	};
	size_t i = 0;

	while (ns % units[i].ns != 0)
		i++;
	(void)snprintf(
	    text, UNITS_TEXT, "%" PRId64 "%s", ns / units[i].ns, units[i].name);
	return ns == 0 ? "0" : text;
}

/* Nobody has given it, and so the field has what it had at first. */
static void
print_default(FILE *out, const struct config *c, const struct args_option *o)
{
	const void *field = (const char *)c + o->offset;
	const char *text = default_of(o->name);
	char duration[UNITS_TEXT];

	if (o->kind == ARGS_KIND_SWITCH)
		text = "no";
	else if (o->kind == ARGS_KIND_DURATION)
		text = format_exactly(*(const int64_t *)field, duration);
	if (o->kind == ARGS_KIND_COUNT)
		(void)fprintf(out, "# %s = %" PRIu64 "\n", o->name,
		    *(const uint64_t *)field);
	else
		(void)fprintf(out, "# %s =%s%s\n", o->name,
		    text != NULL ? " " : "", text != NULL ? text : "");
}

/* How many of this option there are; -1. */
static int
print_given(FILE *out, const struct config *c, const struct args_option *o,
    struct errmsg *e)
{
	const struct setting *s = NULL;
	int n = 0;

	for (; (s = settings_next(&c->settings, o, s)) != NULL; n++)
		if (config_file_write(out, o->name,
			s->value != NULL ? s->value : "yes", e) < 0)
			return -1;
	return n;
}

int
config_print(FILE *out, const struct config *c, struct errmsg *e)
{
	for (const struct args_option *o = config_options; o->name != NULL;
	     o++) {
		int n = config_file_has(o) ? print_given(out, c, o, e) : 1;

		if (n < 0)
			return -1;
		if (n == 0)
			print_default(out, c, o);
	}
	return 0;
}
