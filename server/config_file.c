/* config_file: lines for libinih, and what it makes of them; see the header. */
#include "server/config_file.h"

#include <ini.h>
#include <string.h>

#include "common/base/lines.h"
#include "common/sys/args.h"
#include "common/sys/file.h"

enum {
	FILE_BYTES_MAX = 1 << 20
};

/* What a run of the program is for, or is tied to. */
static const char *const command_line_only[] = { "config", "interactive",
	"print-config", "ready-fd", "reload", "test" };

struct reader {
	struct settings *to, found; /* of the file; some are not taken */
	const struct config_text *text;
	const struct args_option *options;
	const struct settings *over;
	struct lines lines;
	struct errmsg *e;
	bool failed;
};

bool
config_file_has(const struct args_option *option)
{
	const size_t count =
	    sizeof command_line_only / sizeof *command_line_only;

	for (size_t i = 0; i < count; i++)
		if (strcmp(option->name, command_line_only[i]) == 0)
			return false;
	return option->kind != ARGS_KIND_HEADING;
}

/* In front of what the message says already. */
static void
fail(struct reader *r)
{
	(void)errmsg_prepend(r->e, "%s:%zu", r->text->path, r->lines.number);
	r->failed = true;
}

/* In a line, whose first '=' is like a blank; or in a value, with none. */
static const char *
find_comment(const char *line, size_t size, const char *equals)
{
	for (size_t i = 1; i < size; i++)
		if ((lines_is_blank(line[i - 1]) || &line[i - 1] == equals) &&
		    (line[i] == '#' || line[i] == ';'))
			return line + i;
	return NULL;
}

/* libinih takes \v and \f for blanks, and NUL for the end. */
static bool
has_control(const char *line, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (((unsigned char)line[i] < ' ' && line[i] != '\t') ||
		    line[i] == 0x7f)
			return true;
	return false;
}

/* The '=' after the name; NULL: there is none. */
static const char *
find_equals(const char *line, size_t size)
{
	size_t i = 0;

	while (i < size && line[i] != '=' && line[i] != ':')
		i++;
	return i < size && line[i] == '=' ? line + i : NULL;
}

static int
check_line(const char *line, size_t size, struct errmsg *e)
{
	const char *equals = find_equals(line, size);
	const char *comment = find_comment(line, size, equals);

	if (size > CONFIG_FILE_LINE_MAX)
		return errmsg_set(
		    e, "longer than %d bytes", CONFIG_FILE_LINE_MAX);
	if (has_control(line, size))
		return errmsg_set(e, "a control character: not a text");
	if (line[0] == '[')
		return errmsg_set(e, "there are no sections: remove this line");
	if (equals == NULL)
		return errmsg_set(e, "'%.*s' is not NAME = VALUE",
		    (int)(size < 64 ? size : 64), line);
	if (comment != NULL)
		return errmsg_set(e,
		    "'%.1s' after a blank: a comment needs a line of its own",
		    comment);
	return 0;
}

static char *
hand_over(char *to, const struct lines *l)
{
	memcpy(to, l->line, l->size);
	to[l->size] = '\n';
	to[l->size + 1] = '\0';
	return to;
}

/* As fgets(3): hands libinih the next line that is a setting. */
static char *
next_line(char *to, int size, void *stream)
{
	struct reader *r = stream;
	struct lines *l = &r->lines;

	do {
		if (r->failed || !lines_next(l))
			return NULL;
	} while (l->line[0] == ';');
	if (size < CONFIG_FILE_LINE_MAX + 2)
		(void)errmsg_set(
		    r->e, "libinih was built for lines of %d bytes", size - 2);
	else if (check_line(l->line, l->size, r->e) == 0)
		return hand_over(to, l);
	fail(r);
	return NULL;
}

static const struct args_option *
find_option(const struct args_option *options, const char *name)
{
	for (; options->name != NULL; options++)
		if (options->kind != ARGS_KIND_HEADING &&
		    strcmp(options->name, name) == 0)
			return options;
	return NULL;
}

static int
check_setting(const struct reader *r, const struct args_option *option,
    const char *name, const char *value)
{
	const struct setting *before;

	if (option == NULL)
		return errmsg_set(
		    r->e, "there is no option '%s'; --help lists them", name);
	if (!config_file_has(option))
		return errmsg_set(
		    r->e, "%s is for the command line only", name);
	before = settings_next(&r->found, option, NULL);
	if (before != NULL &&
	    (option->value == NULL || !args_may_come_again(option)))
		return errmsg_set(r->e, "%s: given twice, first in line %zu",
		    name, before->line);
	if (option->value == NULL && strcmp(value, "yes") != 0 &&
	    strcmp(value, "no") != 0)
		return errmsg_set(
		    r->e, "%s: '%s' is not yes or no", name, value);
	return 0;
}

/* 1: go on, as libinih wants it. */
static int
on_setting(
    void *reader, const char *section, const char *name, const char *value)
{
	struct reader *r = reader;
	const struct args_option *option = find_option(r->options, name);

	(void)section;
	if (r->failed)
		return 0;
	if (check_setting(r, option, name, value) == 0 &&
	    settings_add(&r->found, option, value, r->lines.number, r->e) == 0)
		return 1;
	fail(r);
	return 0;
}

/* Without those that the command line has. */
static int
take(struct reader *r)
{
	for (size_t i = 0; i < r->found.count; i++) {
		const struct setting *s = &r->found.list[i];

		if (settings_next(r->over, s->option, NULL) == NULL &&
		    settings_add(r->to, s->option, s->value, s->line, r->e) < 0)
			return -1;
	}
	return 0;
}

static struct lines
lines_after_mark(const struct config_text *text)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = sizeof mark - 1;

	if (text->size < n || memcmp(text->bytes, mark, n) != 0)
		n = 0;
	return lines_of(text->bytes + n, text->size - n);
}

int
config_file_parse(struct settings *to, const struct config_text *text,
    const struct args_option *options, const struct settings *over,
    struct errmsg *e)
{
	struct reader r = { .to = to,
		.text = text,
		.options = options,
		.over = over,
		.lines = lines_after_mark(text),
		.e = e };
	int result = ini_parse_stream(next_line, &r, on_setting, &r);

	if (!r.failed && result != 0) {
		(void)errmsg_set(e, "libinih cannot read it");
		fail(&r);
	}
	result = r.failed ? -1 : take(&r);
	settings_free(&r.found);
	return result;
}

int
config_file_read(struct settings *to, const char *path,
    const struct args_option *options, const struct settings *over,
    struct errmsg *e)
{
	struct file_bytes file = FILE_BYTES_INIT;
	struct config_text text = { .path = path };
	int result = file_read(&file, path, FILE_BYTES_MAX, e);

	if (result < 0)
		return -1;
	text.bytes = (const char *)file.data;
	text.size = file.size;
	result = config_file_parse(to, &text, options, over, e);
	file_bytes_free(&file);
	return result;
}

static bool
can_hold(const char *name, const char *value)
{
	size_t size = strlen(value);

	return strlen(name) + 1 + size <= CONFIG_FILE_LINE_MAX &&
	    !has_control(value, size) && value[0] != '#' && value[0] != ';' &&
	    find_comment(value, size, NULL) == NULL &&
	    (size == 0 ||
		(!lines_is_blank(value[0]) &&
		    !lines_is_blank(value[size - 1])));
}

int
config_file_write(
    FILE *out, const char *name, const char *value, struct errmsg *e)
{
	size_t size = strlen(name) + sizeof " = " - 1 + strlen(value);

	if (!can_hold(name, value))
		return errmsg_set(e,
		    "--%s: a configuration file cannot hold '%s'", name, value);
	(void)fprintf(out,
	    size <= CONFIG_FILE_LINE_MAX ? "%s = %s\n" : "%s=%s\n", name,
	    value);
	return 0;
}
