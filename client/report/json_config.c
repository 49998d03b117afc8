/* json_config: the table of options, read as values; see the header. */
#include "client/report/json_config.h"

#include <string.h>
#include <sys/utsname.h>

#include "client/options.h"
#include "client/options_table.h"
#include "client/report/json_maker.h"
#include "client/report/report.h"
#include "common/base/assertion.h"
#include "common/creds/creds.h"
#include "common/sys/addr.h"
#include "common/sys/cpus.h"

enum {
	KEY_SIZE = 64
};

static void
set_size(struct json_maker *m, json_t *object, const struct options *o)
{
	maker_set_count(m, object, "size_min", o->size_min);
	maker_set_count(m, object, "size_max", o->size_max);
}

/* A share may be a fraction. */
json_t *
json_rate(const struct options *o)
{
	return o->rate_decimals == 0 && o->rate % part_count(&o->part) == 0
	    ? maker_count(o->rate / part_count(&o->part))
	    : json_real(options_rate(o));
}

static void
set_rate(struct json_maker *m, json_t *object, const struct options *o)
{
	maker_set(m, object, "rate", json_rate(o));
}

/* The share of a part is in the keys of the same name. */
static void
set_part(struct json_maker *m, json_t *object, const struct options *o)
{
	json_t *part = part_is_given(&o->part) ? json_object() : json_null();

	maker_set(m, object, "part", part);
	if (!part_is_given(&o->part))
		return;
	maker_set_count(m, part, "part", o->part.index + 1);
	maker_set_count(m, part, "parts", o->part.count);
	maker_set_count(m, part, "connections", o->all_connections);
	maker_set_count(m, part, "round_trips", o->all_round_trips);
	maker_set_count(m, part, "connect_rate", o->all_connect_rate);
	maker_set_real(m, part, "rate", options_rate(o) * part_count(&o->part));
}

static void
set_priority(struct json_maker *m, json_t *object, const struct options *o)
{
	maker_set_text(m, object, "priority", o->priority);
}

static void
set_server_name(struct json_maker *m, json_t *object, const struct options *o)
{
	maker_set_text(m, object, "server_name", o->peer_name);
}

static void
set_bind(struct json_maker *m, json_t *object, const struct options *o)
{
	json_t *list = json_array();
	char text[ADDR_TEXT];
	char host[ADDR_HOST];
	char port[ADDR_PORT];
	struct errmsg e;

	for (unsigned i = 0; i < o->sources.count; i++)
		if (addr_split(addr_format_peer(&o->sources.of[i], text), host,
			port, &e) == 0)
			maker_append(m, list, json_string(host));
	maker_set(m, object, "bind", list);
}

static void
set_alpn(struct json_maker *m, json_t *object, const struct options *o)
{
	json_t *list = json_array();

	for (int i = 0; i < TLS_ALPN_MAX && o->alpn[i] != NULL; i++)
		maker_append(m, list, maker_text(o->alpn[i]));
	maker_set(m, object, "alpn", list);
}

static void
set_resume(struct json_maker *m, json_t *object, const struct options *o)
{
	maker_set_count(m, object, "resume_percent", o->resume_percent);
}

static void
set_goals(struct json_maker *m, json_t *object, const struct options *o)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < o->goals.count; i++)
		maker_append(m, list, maker_text(o->goals.of[i].text));
	maker_set(m, object, "goal", list);
}

/* Zeros are values of the system. */
static void
set_keepalive(struct json_maker *m, json_t *object, const struct options *o)
{
	json_t *keepalive = json_object();

	maker_set(m, keepalive, "on", json_boolean(o->keepalive.on));
	maker_set_count(m, keepalive, "idle_s", (uint64_t)o->keepalive.idle_s);
	maker_set_count(
	    m, keepalive, "interval_s", (uint64_t)o->keepalive.interval_s);
	maker_set_count(m, keepalive, "count", (uint64_t)o->keepalive.count);
	maker_set(m, object, "keepalive", keepalive);
}

static void
set_steps_fd(struct json_maker *m, json_t *object, const struct options *o)
{
	maker_set(m, object, "steps_fd",
	    o->steps == STEPS_FD ? maker_count((uint64_t)o->steps_fd)
				 : json_null());
}

static void
set_steps(struct json_maker *m, json_t *object, const struct options *o)
{
	static const char *const words[] = {
		[STEPS_STDIO] = "stdio", [STEPS_SIGNAL] = "signal"
	};

	maker_set_text(m, object, "steps",
	    steps_mode_has_stdout(o->steps) ? words[o->steps] : NULL);
}

/* Options whose values are more than the table says. */
static const struct {
	const char *name;
	void (*set)(
	    struct json_maker *m, json_t *object, const struct options *o);
} calls[] = {
	{ "alpn", set_alpn },
	{ "bind", set_bind },
	{ "goal", set_goals },
	{ "keepalive", set_keepalive },
	{ "part", set_part },
	{ "priority", set_priority },
	{ "rate", set_rate },
	{ "resume", set_resume },
	{ "server-name", set_server_name },
	{ "size", set_size },
	{ "steps", set_steps },
	{ "steps-fd", set_steps_fd },
};

static void
set_call(struct json_maker *m, json_t *object, const char *name)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (strcmp(calls[i].name, name) == 0)
			calls[i].set(m, object, m->report->options);
}

static void
set_list(struct json_maker *m, json_t *object, const char *key,
    const char *const *values, uint64_t max)
{
	json_t *list = json_array();

	for (uint64_t i = 0; i < max && values[i] != NULL; i++)
		maker_append(m, list, maker_text(values[i]));
	maker_set(m, object, key, list);
}

/* "late-limit" as "late_limit_ns" */
static const char *
key_of(const struct args_option *option, char key[static KEY_SIZE])
{
	size_t n = strlen(option->name);

	ASSERT(n + sizeof "_ns" <= KEY_SIZE);
	for (size_t i = 0; i <= n; i++)
		key[i] = option->name[i] == '-' ? '_' : option->name[i];
	if (option->kind == ARGS_KIND_DURATION)
		(void)strcpy(key + n, "_ns");
	return key;
}

static void
set_option(
    struct json_maker *m, json_t *object, const struct args_option *option)
{
	const void *field = (const char *)m->report->options + option->offset;
	char text[KEY_SIZE];
	const char *key = key_of(option, text);

	switch (option->kind) {
	case ARGS_KIND_SWITCH:
		maker_set(m, object, key, json_boolean(*(const bool *)field));
		break;
	case ARGS_KIND_STRING:
		maker_set_text(m, object, key, *(const char *const *)field);
		break;
	case ARGS_KIND_LIST:
		set_list(m, object, key, field, option->max);
		break;
	case ARGS_KIND_COUNT:
	case ARGS_KIND_DURATION:
		maker_set_count(m, object, key, *(const uint64_t *)field);
		break;
	case ARGS_KIND_CALL:
		set_call(m, object, option->name);
		break;
	case ARGS_KIND_HEADING:
		break;
	}
}

json_t *
json_configuration(struct json_maker *m)
{
	json_t *object = json_object();

	for (const struct args_option *o = options_table; o->name != NULL; o++)
		if (strcmp(o->name, "password-file") != 0 &&
		    strcmp(o->name, "allow-missing") != 0 &&
		    strcmp(o->name, "threshold") != 0) /* of no run */
			set_option(m, object, o);
	return object;
}

json_t *
json_environment(struct json_maker *m)
{
	json_t *object = json_object();
	struct utsname host;

	ASSERT(uname(&host) == 0);
	maker_set_text(m, object, "gnutls", tls_library_version());
	maker_set_text(m, object, "kernel", host.release);
	maker_set_text(m, object, "machine", host.machine);
	maker_set_count(m, object, "cpus", cpus_count_usable());
	maker_set_text(m, object, "hostname", host.nodename);
	return object;
}
