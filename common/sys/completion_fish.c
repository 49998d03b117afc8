/* completion_fish: a complete(1) for each option. */
#include "common/sys/completion_script.h"

/* -n: not beside a word that does not take it. */
static void
print_fish_condition(const struct completion *s, const struct args_option *o)
{
	const struct args_rule *r = s->program->rules;
	const char *joint = " -n 'not __fish_contains_opt";
	bool has_condition = false;

	for (; (r = completion_next_taker(r)) != NULL; r++)
		if (!completion_is_taken(r, o)) {
			fprintf(s->out, "%s %s", joint, r->option);
			joint = "";
			has_condition = true;
		}
	joint = has_condition ? "; and not __fish_seen_subcommand_from"
			      : " -n 'not __fish_seen_subcommand_from";
	for (r = s->program->commands; (r = completion_next_taker(r)) != NULL;
	     r++)
		if (!completion_is_taken(r, o)) {
			fprintf(s->out, "%s %s", joint, r->option);
			joint = "";
			has_condition = true;
		}
	if (has_condition)
		fputc('\'', s->out);
}

static void
print_fish_option(const struct completion *s, const struct args_option *o)
{
	static const char *const how[] = { [COMPLETION_NONE] = "",
		[COMPLETION_OTHER] = " -x",
		[COMPLETION_FILES] = " -r -F",
		[COMPLETION_DIRS] = " -x -a '(__fish_complete_directories)'",
		[COMPLETION_OF_SEGMENTS] = (" -x -a \"(" LIST_SEGMENTS ")\"") };
	char words[COMPLETION_WORDS_SIZE];
	enum completion_kind kind = completion_kind_of(s, o, words);

	fprintf(s->out, "complete -c %s -l %s", s->program->name, o->name);
	if (o->letter != 0)
		fprintf(s->out, " -s %c", o->letter);
	if (o->alias != 0)
		fprintf(s->out, " -s %c", o->alias);
	if (kind == COMPLETION_OF_WORDS)
		fprintf(s->out, " -x -a '%s'", words);
	else
		fputs(how[kind], s->out);
	print_fish_condition(s, o);
	fprintf(s->out, " -d '");
	completion_put_quoted(s, o->help, "\\");
	fprintf(s->out, "'\n");
}

void
completion_print_fish(const struct completion *s)
{
	const struct args_option *o = NULL;

	while ((o = completion_next(s, o)) != NULL)
		print_fish_option(s, o);
	if (s->program->commands == NULL)
		return;
	fprintf(s->out, "complete -c %s -n __fish_use_subcommand -a '",
	    s->program->name);
	completion_put_commands(s);
	fprintf(s->out, "'\n");
}
