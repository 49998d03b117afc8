/* log_line: prefix and text, or members of an object; see the header. */
#include "common/sys/log_line.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/printable.h"
#include "common/base/utc.h"

enum {
	WHO_MAX = 64
};

static const struct {
	const char *name;
	int priority; /* syslog(3) */
} levels[LOG_LEVELS] = {
	[LOG_ERROR] = { "error", 3 },
	[LOG_WARN] = { "warn", 4 },
	[LOG_INFO] = { "info", 6 },
	[LOG_DEBUG] = { "debug", 7 },
};

const char *
log_level_name(enum log_level level)
{
	ASSERT((unsigned)level < LOG_LEVELS);
	return levels[level].name;
}

static size_t
put_plain(char *bytes, const struct log_line *l, enum log_format format)
{
	char now[UTC_TEXT];
	int n = 0;

	if (format == LOG_JOURNAL)
		n = snprintf(
		    bytes, LOG_LINE_MAX, "<%d>", levels[l->level].priority);
	if (format != LOG_TEXT)
		n += snprintf(bytes + n, LOG_LINE_MAX - (size_t)n,
		    "%s %s %.*s[%d]: ", utc_format_ms(l->wall_ns, now),
		    levels[l->level].name, WHO_MAX, l->program, l->pid);
	if (l->connection != 0)
		n += snprintf(bytes + n, LOG_LINE_MAX - (size_t)n,
		    "worker=%u id=%" PRIu64 " ", l->worker, l->connection);
	(void)snprintf(bytes + n, LOG_LINE_MAX - (size_t)n, "%s", l->text);
	printable_mask(bytes + n);
	return strlen(bytes);
}

/* An object that stays whole: what ends it fits behind end. */
struct object {
	char *bytes, *end;
};

static const char cut[] = "...";
static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

enum {
	ENDING = sizeof "...\"}\n" - 1
};

static bool
fits(const struct object *o, size_t n)
{
	return o->bytes < o->end && n <= (size_t)(o->end - o->bytes);
}

/* False: it does not fit any more, and nothing was written. */
static bool
put(struct object *o, const char *text, size_t n)
{
	if (!fits(o, n))
		return false;
	memcpy(o->bytes, text, n);
	o->bytes += n;
	return true;
}

/* The next character of a text of n > 0 bytes; how many of them it took. */
static size_t
put_character(struct object *o, const char *text, size_t n)
{
	const char escaped[] = { '\\', text[0] };
	size_t length = 1;

	if (text[0] == '"' || text[0] == '\\')
		return put(o, escaped, sizeof escaped) ? 1 : 0;
	while (length < n && length < 4 && !printable_is_utf8(text, length))
		length++;
	if (printable_is_utf8(text, length))
		return put(o, text, length) ? length : 0;
	return put(o, replacement, sizeof replacement - 1) ? 1 : 0;
}

/* A value without its quotes; what does not fit is cut and marked. */
static bool
put_value(struct object *o, const char *text, size_t n)
{
	while (n > 0) {
		size_t took = put_character(o, text, n);

		if (took == 0) {
			memcpy(o->bytes, cut, sizeof cut - 1);
			o->bytes += sizeof cut - 1;
			return false;
		}
		text += took;
		n -= took;
	}
	return true;
}

/* A pair of logfmt (common/base/facts.h): where things are in the text. */
struct pair {
	const char *key, *value;
	size_t key_size, value_size;
	bool quoted;
};

/* The pair at the front of the text, and the text after it; NULL: none. */
static const char *
next_pair(struct pair *p, const char *text)
{
	const char *end;

	p->key = text;
	p->key_size = strcspn(text, "= \"");
	if (p->key_size == 0 || text[p->key_size] != '=')
		return NULL;
	p->value = text + p->key_size + 1;
	p->quoted = p->value[0] == '"';
	if (!p->quoted) {
		p->value_size = strcspn(p->value, " \"");
		end = p->value + p->value_size;
		return *end == '"' ? NULL : end;
	}
	end = ++p->value;
	while (*end != '"' && *end != '\0')
		end += end[0] == '\\' && end[1] != '\0' ? 2 : 1;
	p->value_size = (size_t)(end - p->value);
	return *end == '"' ? end + 1 : NULL;
}

static bool
is_pairs(const char *text)
{
	struct pair pair;

	while ((text = next_pair(&pair, text)) != NULL && *text == ' ')
		text++;
	return text != NULL && *text == '\0';
}

/* Takes the backslashes of logfmt away. */
static bool
put_quoted(struct object *o, const char *text, size_t n)
{
	while (n > 0) {
		size_t plain = 0;

		if (*text == '\\' && n > 1) {
			text++;
			n--;
			plain = 1;
		}
		while (plain < n && text[plain] != '\\')
			plain++;
		if (!put_value(o, text, plain))
			return false;
		text += plain;
		n -= plain;
	}
	return true;
}

/* ,"key":"value"; false: nothing can follow. */
static bool
put_member(struct object *o, const struct pair *p)
{
	static const char between[] = "\":\"";
	bool whole;

	if (!fits(o, 2 + p->key_size + sizeof between - 1))
		return false;
	(void)put(o, ",\"", 2);
	(void)put(o, p->key, p->key_size);
	(void)put(o, between, sizeof between - 1);
	whole = p->quoted ? put_quoted(o, p->value, p->value_size)
			  : put_value(o, p->value, p->value_size);
	*o->bytes++ = '"';
	return whole;
}

static void
put_members(struct object *o, const char *text)
{
	struct pair pair;
	bool whole = true;

	while (whole && *text != '\0') {
		text = next_pair(&pair, text);
		ASSERT(text != NULL);
		whole = put_member(o, &pair);
		text += *text == ' ';
	}
}

static size_t
put_head(char *bytes, const struct log_line *l)
{
	char now[UTC_TEXT];
	int n = snprintf(bytes, LOG_LINE_MAX,
	    "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%.*s\","
	    "\"pid\":%d",
	    utc_format_ms(l->wall_ns, now), levels[l->level].name, WHO_MAX,
	    l->program, l->pid);

	if (l->connection != 0)
		n += snprintf(bytes + n, LOG_LINE_MAX - (size_t)n,
		    ",\"worker\":%u,\"id\":%" PRIu64, l->worker, l->connection);
	return (size_t)n;
}

static size_t
put_json(char *bytes, const struct log_line *l)
{
	struct object o = { .bytes = bytes + put_head(bytes, l),
		.end = bytes + LOG_LINE_MAX - ENDING };
	struct pair message = { .key = "message",
		.key_size = sizeof "message" - 1 };
	char text[LOG_LINE_MAX];

	(void)snprintf(text, sizeof text, "%s", l->text);
	printable_mask(text);
	message.value = text;
	message.value_size = strlen(text);
	if (l->connection != 0 && is_pairs(text))
		put_members(&o, text);
	else
		(void)put_member(&o, &message);
	*o.bytes++ = '}';
	return (size_t)(o.bytes - bytes);
}

size_t
log_line_format(char bytes[static LOG_LINE_MAX], const struct log_line *line,
    enum log_format format)
{
	size_t n = format == LOG_JSON ? put_json(bytes, line)
				      : put_plain(bytes, line, format);

	bytes[n++] = '\n';
	return n;
}
