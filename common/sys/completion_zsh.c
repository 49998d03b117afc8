/* completion_zsh: what _arguments is told (zshcompsys(1)). */
#include "common/sys/completion_script.h"

static void
print_zsh_action(const struct completion *s, const struct args_option *o)
{
	char words[COMPLETION_WORDS_SIZE];

	switch (completion_kind_of(s, o, words)) {
	case COMPLETION_NONE:
		return;
	case COMPLETION_FILES:
		fprintf(s->out, ":%s:_files", o->value);
		return;
	case COMPLETION_DIRS:
		fprintf(s->out, ":%s:_files -/", o->value);
		return;
	case COMPLETION_OF_SEGMENTS:
		fprintf(s->out, ":%s:_tlsecho_segments", o->value);
		return;
	case COMPLETION_OF_WORDS:
		fprintf(s->out, ":value:(%s)", words);
		return;
	case COMPLETION_OTHER:
		fprintf(s->out, ":");
		completion_put_quoted(s, o->value, ":[]");
		fprintf(s->out, ": ");
	}
}

/* Names exclude each other, but those of options that may come again. */
static void
print_zsh_option(const struct completion *s, const struct args_option *o)
{
	bool again = o->kind == ARGS_KIND_LIST || o->repeats;
	const char letters[] = { o->letter, o->alias, '\0' };
	const char *equals = o->value != NULL ? "=" : "";

	for (int i = -1; i < 0 || letters[i] != '\0'; i++) {
		fprintf(s->out, " \\\n\t'");
		if (again) {
			fputc('*', s->out);
		} else {
			fprintf(s->out, "(--%s", o->name);
			for (const char *p = letters; *p != '\0'; p++)
				fprintf(s->out, " -%c", *p);
			fputc(')', s->out);
		}
		if (i < 0)
			fprintf(s->out, "--%s%s[", o->name, equals);
		else
			fprintf(s->out, "-%c%s[", letters[i],
			    equals[0] != '\0' ? "+" : "");
		completion_put_quoted(s, o->help, "[]:");
		fputc(']', s->out);
		print_zsh_action(s, o);
		fputc('\'', s->out);
	}
}

static void
print_zsh_takers(const struct completion *s)
{
	const struct args_rule *r = s->program->rules;

	for (; (r = completion_next_taker(r)) != NULL; r++) {
		fprintf(s->out, "\t");
		completion_put_names(s, completion_find(s, r->option), "|");
		fprintf(s->out, ") taken='");
		completion_put_taken(s, r);
		fprintf(s->out, "' ;;\n");
	}
	for (r = s->program->commands; (r = completion_next_taker(r)) != NULL;
	     r++) {
		fprintf(s->out, "\t%s) taken='", r->option);
		completion_put_taken(s, r);
		fprintf(s->out, "' ;;\n");
	}
}

/* What is not taken beside a word of the line is left out of what zsh is
 * told; a name ends where its value, description or exclusions begin. */
void
completion_print_zsh(const struct completion *s)
{
	const struct args_option *o = NULL;

	fprintf(s->out,
	    "#compdef %s\n"
	    "_tlsecho_segments()\n{\n"
	    "\tlocal -a names=(${(f)\"$(" LIST_SEGMENTS ")\"})\n"
	    "\tcompadd -a names\n}\n"
	    "local word taken spec name\n"
	    "local -a left specs=(",
	    s->program->name);
	while ((o = completion_next(s, o)) != NULL)
		print_zsh_option(s, o);
	fprintf(s->out,
	    ")\n"
	    "for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
	    "\ttaken=\n"
	    "\tcase $word in\n");
	print_zsh_takers(s);
	fprintf(s->out,
	    "\tesac\n"
	    "\t[[ -n $taken ]] || continue\n"
	    "\tleft=()\n"
	    "\tfor spec in \"${(@)specs}\"; do\n"
	    "\t\tname=${${spec#\\(*\\)}#\\*}\n"
	    "\t\t[[ $taken == *\" ${name%%%%[+=\\[]*} \"* ]] && "
	    "left+=(\"$spec\")\n"
	    "\tdone\n"
	    "\tspecs=(\"${(@)left}\")\n"
	    "done\n"
	    "_arguments -s -S \"${(@)specs}\"");
	if (s->program->commands != NULL) {
		fprintf(s->out, " \\\n\t'1:command:(");
		completion_put_commands(s);
		fprintf(s->out, ")'");
	}
	fprintf(s->out, " \\\n\t'*:operand:_files'\n");
}
