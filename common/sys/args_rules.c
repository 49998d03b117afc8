/* args_rules: lists of names, and a pass over the rules; see the header. */
#include "common/sys/args_rules.h"

#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"

enum {
	WHO_MAX = 64
};

size_t
args_next_word(const char **list, const char **word)
{
	*word = *list + strspn(*list, " ");
	*list = *word + strcspn(*word, " ");
	return (size_t)(*list - *word);
}

static bool
has_word(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *word;
	size_t n;

	while ((n = args_next_word(&list, &word)) > 0)
		if (n == len && memcmp(word, name, n) == 0)
			return true;
	return false;
}

static bool
is_given(const struct args_parsed *p, const char *name, size_t len)
{
	for (int i = 0; p->options[i].name != NULL; i++)
		if (strncmp(p->options[i].name, name, len) == 0 &&
		    p->options[i].name[len] == '\0')
			return p->given[i];
	ASSERT(false); /* the rule is about an option that there is not */
	return false;
}

bool
args_is_given(const struct args_parsed *p, const char *name)
{
	return is_given(p, name, strlen(name));
}

/* The first one of a list that is given; its length, 0 if none is. */
static size_t
find_given(const struct args_parsed *p, const char *list, const char **word)
{
	size_t n;

	while ((n = args_next_word(&list, word)) > 0)
		if (is_given(p, *word, n))
			return n;
	return 0;
}

/* "--a needs --b, --c or --d". */
static int
tell_need(const char *option, const char *list, struct errmsg *e)
{
	char text[sizeof e->text];
	const char *word;
	size_t used = 0;
	size_t n;

	text[0] = '\0';
	while ((n = args_next_word(&list, &word)) > 0 && used < sizeof text) {
		const char *joint = used == 0 ? ""
		    : *list == '\0'           ? " or "
					      : ", ";

		used += (size_t)snprintf(text + used, sizeof text - used,
		    "%s--%.*s", joint, (int)n, word);
	}
	return errmsg_set(e, "--%s needs %s", option, text);
}

static int
check_rule(
    const struct args_rule *rule, const struct args_parsed *p, struct errmsg *e)
{
	char who[WHO_MAX];
	const char *word;
	size_t n = 0;

	if (rule->needs != NULL && find_given(p, rule->needs, &word) == 0)
		return tell_need(rule->option, rule->needs, e);
	if (rule->excludes != NULL)
		n = find_given(p, rule->excludes, &word);
	if (n > 0)
		return errmsg_set(e, "--%s and --%.*s exclude each other",
		    rule->option, (int)n, word);
	if (rule->takes == NULL)
		return 0;
	(void)snprintf(who, sizeof who, "--%s", rule->option);
	return args_check_taken(p, who, rule->takes, e);
}

int
args_rules_check(const struct args_rule *rules, const struct args_parsed *p,
    struct errmsg *e)
{
	for (; rules->option != NULL; rules++)
		if (args_is_given(p, rules->option) &&
		    check_rule(rules, p, e) < 0)
			return -1;
	return 0;
}

int
args_check_taken(const struct args_parsed *p, const char *who,
    const char *takes, struct errmsg *e)
{
	const char *itself = strncmp(who, "--", 2) == 0 ? who + 2 : "";

	for (int i = 0; p->options[i].name != NULL; i++) {
		const char *name = p->options[i].name;

		if (p->given[i] && !has_word(takes, name) &&
		    strcmp(name, itself) != 0)
			return errmsg_set(e, "%s takes no --%s", who, name);
	}
	return 0;
}

int
args_check_command(const struct args_program *program, const char *command,
    const struct args_parsed *p, struct errmsg *e)
{
	for (const struct args_rule *r = program->commands; r->option != NULL;
	     r++)
		if (strcmp(r->option, command) == 0)
			return args_check_taken(p, command, r->takes, e);
	ASSERT(false); /* it is none of the program's commands */
	return -1;
}
