/* completion_bash: a function that fills COMPREPLY (bash(1)). */
#include "common/sys/completion_script.h"

#include <ctype.h>
#include <string.h>

#include "common/base/assertion.h"

enum {
	IDENTIFIER = 64
};

/* In bash, with what compgen takes. */
#define COMPGEN(how) \
	"\t\tmapfile -t COMPREPLY < <(compgen " how " -- \"$cur\")\n"

/* The name as a word of a shell's function: tlsecho_client. */
static void
make_identifier(const struct completion *s, char name[static IDENTIFIER])
{
	ASSERT(strlen(s->program->name) < IDENTIFIER);
	(void)strcpy(name, s->program->name);
	for (char *p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p))
			*p = '_';
}

static void
print_bash_value(const struct completion *s, const struct args_option *o)
{
	static const char *const how[] = { [COMPLETION_FILES] = "-f",
		[COMPLETION_DIRS] = "-d",
		[COMPLETION_OF_SEGMENTS] = ("-W \"$(" LIST_SEGMENTS ")\"") };
	char words[COMPLETION_WORDS_SIZE];
	enum completion_kind kind = completion_kind_of(s, o, words);

	if (kind == COMPLETION_NONE)
		return;
	fputc('\t', s->out);
	completion_put_names(s, o, " | ");
	fprintf(s->out, ")\n");
	if (kind == COMPLETION_FILES || kind == COMPLETION_DIRS)
		fprintf(s->out, "\t\tcompopt -o filenames\n");
	if (kind == COMPLETION_OF_WORDS)
		fprintf(s->out, COMPGEN("-W '%s'"), words);
	else if (kind != COMPLETION_OTHER)
		fprintf(s->out, COMPGEN("%s"), how[kind]);
	fprintf(s->out, "\t\treturn\n\t\t;;\n");
}

/* A case for each word that narrows what is taken. */
static void
print_bash_takers(const struct completion *s)
{
	const struct args_rule *r = s->program->rules;

	for (; (r = completion_next_taker(r)) != NULL; r++) {
		fprintf(s->out, "\t\t");
		completion_put_names(s, completion_find(s, r->option), " | ");
		fprintf(s->out, ") taken='");
		completion_put_taken(s, r);
		fprintf(s->out, "' ;;\n");
	}
	for (r = s->program->commands; (r = completion_next_taker(r)) != NULL;
	     r++) {
		fprintf(s->out, "\t\t%s) taken='", r->option);
		completion_put_taken(s, r);
		fprintf(s->out, "' ;;\n");
	}
	fprintf(s->out, "\t\t*) continue ;;\n");
}

/* Each such word in front of the cursor leaves what it takes. */
static void
print_bash_options(const struct completion *s)
{
	fprintf(s->out, "\tlocal word name taken left names='");
	completion_put_taken(s, NULL);
	fprintf(s->out,
	    "'\n"
	    "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	    "\t\tcase $word in\n");
	print_bash_takers(s);
	fprintf(s->out,
	    "\t\tesac\n"
	    "\t\tleft=' '\n"
	    "\t\tfor name in $names; do\n"
	    "\t\t\t[[ $taken == *\" $name \"* ]] && left+=\"$name \"\n"
	    "\t\tdone\n"
	    "\t\tnames=$left\n"
	    "\tdone\n"
	    "\tif [[ $cur == -* ]]; then\n" COMPGEN(
		"-W \"$names\"") "\t\treturn\n\tfi\n");
}

/* bash parts words at '=', so that --key=x is three of them. */
void
completion_print_bash(const struct completion *s)
{
	const struct args_option *o = NULL;
	char name[IDENTIFIER];

	make_identifier(s, name);
	fprintf(s->out,
	    "# shellcheck shell=bash\n"
	    "_%s()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	    "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	    "\tCOMPREPLY=()\n"
	    "\tif [[ $prev == '=' ]]; then\n"
	    "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	    "\telif [[ $cur == '=' ]]; then\n"
	    "\t\tcur=\n"
	    "\tfi\n"
	    "\tcase $prev in\n",
	    name);
	while ((o = completion_next(s, o)) != NULL)
		print_bash_value(s, o);
	fprintf(s->out, "\tesac\n");
	print_bash_options(s);
	if (s->program->commands != NULL) {
		fprintf(s->out,
		    "\tif ((COMP_CWORD == 1)); then\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -W '");
		completion_put_commands(s);
		fprintf(s->out, "' -- \"$cur\")\n\t\treturn\n\tfi\n");
	}
	fprintf(s->out,
	    "\tcompopt -o filenames\n"
	    "\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	    "}\ncomplete -F _%s %s\n",
	    name, s->program->name);
}
