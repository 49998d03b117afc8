/* completion_script: from the table of options; see the header. */
#include "common/sys/completion_script.h"

#include <ctype.h>
#include <string.h>

#include "common/base/assertion.h"

static void
add_word(char words[static COMPLETION_WORDS_SIZE], const char *word, size_t len)
{
	size_t used = strlen(words);

	ASSERT(used + len + 2 < COMPLETION_WORDS_SIZE);
	if (used > 0)
		words[used++] = ' ';
	memcpy(words + used, word, len);
	words[used + len] = '\0';
}

/* Of a placeholder such as "auto|off|LIST" the words in small letters. */
static void
read_placeholder(const char *value, char words[static COMPLETION_WORDS_SIZE])
{
	if (strchr(value, '|') == NULL)
		return;
	while (*value != '\0') {
		size_t len = strcspn(value, "|");

		if (islower((unsigned char)value[0]))
			add_word(words, value, len);
		value += len;
		value += *value == '|';
	}
}

enum completion_kind
completion_kind_of(const struct completion *s, const struct args_option *o,
    char words[static COMPLETION_WORDS_SIZE])
{
	const struct completion_values *v = s->program->values;

	words[0] = '\0';
	if (o->value == NULL)
		return COMPLETION_NONE;
	for (; v != NULL && v->option != NULL; v++)
		if (strcmp(v->option, o->name) == 0)
			add_word(words, v->words, strlen(v->words));
	if (strcmp(words, COMPLETION_SEGMENTS) == 0)
		return COMPLETION_OF_SEGMENTS;
	read_placeholder(o->value, words);
	if (words[0] != '\0')
		return COMPLETION_OF_WORDS;
	if (strstr(o->value, "FILE") != NULL)
		return COMPLETION_FILES;
	return strstr(o->value, "DIR") != NULL ? COMPLETION_DIRS
					       : COMPLETION_OTHER;
}

static const struct args_option added[] = {
	{ .letter = 'h', .name = "help", .help = "print a summary" },
	{ .letter = 'V', .name = "version", .help = "print the version" },
	{ .name = NULL },
};

static bool
is_added(const struct args_option *o)
{
	return o == &added[0] || o == &added[1];
}

/* The options of the table, then those that each program has. */
const struct args_option *
completion_next(const struct completion *s, const struct args_option *o)
{
	if (o == NULL)
		o = s->options != NULL ? s->options : added;
	else
		o++;
	while (o->name != NULL && o->kind == ARGS_KIND_HEADING)
		o++;
	if (o->name == NULL && o != &added[2])
		o = added;
	return o->name != NULL ? o : NULL;
}

/* The next rule that says what its option, or its command, takes. */
const struct args_rule *
completion_next_taker(const struct args_rule *rule)
{
	while (rule != NULL && rule->option != NULL && rule->takes == NULL)
		rule++;
	return rule != NULL && rule->option != NULL ? rule : NULL;
}

/* As args_check_taken has it, and what each program has. */
bool
completion_is_taken(const struct args_rule *rule, const struct args_option *o)
{
	const char *list = rule->takes;
	const char *word;
	size_t n;

	if (is_added(o))
		return true;
	while ((n = args_next_word(&list, &word)) > 0)
		if (strlen(o->name) == n && memcmp(o->name, word, n) == 0)
			return true;
	return strcmp(o->name, rule->option) == 0;
}

const struct args_option *
completion_find(const struct completion *s, const char *name)
{
	const struct args_option *o = NULL;

	while (
	    (o = completion_next(s, o)) != NULL && strcmp(o->name, name) != 0)
		;
	ASSERT(o != NULL); /* the rule is about an option that there is not */
	return o;
}

void
completion_put_commands(const struct completion *s)
{
	const struct args_rule *first = s->program->commands;

	for (const struct args_rule *r = first; r->option != NULL; r++)
		fprintf(s->out, "%s%s", r != first ? " " : "", r->option);
}

/* Of a text between single quotes; lines become one. */
void
completion_put_quoted(
    const struct completion *s, const char *text, const char *escaped)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\'", s->out);
		else if (strchr(escaped, *text) != NULL)
			fputc('\\', s->out);
		fputc(*text == '\n' ? ' ' : *text, s->out);
	}
}

void
completion_put_names(const struct completion *s, const struct args_option *o,
    const char *between)
{
	fprintf(s->out, "--%s", o->name);
	if (o->letter != 0)
		fprintf(s->out, "%s-%c", between, o->letter);
	if (o->alias != 0)
		fprintf(s->out, "%s-%c", between, o->alias);
}

/* "--name -n ", of all options or of those that the rule's take. */
void
completion_put_taken(const struct completion *s, const struct args_rule *rule)
{
	const struct args_option *o = NULL;

	while ((o = completion_next(s, o)) != NULL)
		if (rule == NULL || completion_is_taken(rule, o)) {
			fputc(' ', s->out);
			completion_put_names(s, o, " ");
		}
	fputc(' ', s->out);
}
