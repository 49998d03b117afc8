/* test_completion: what each kind of value becomes in the three scripts. */
#include "common/sys/completion.h"

#include <stdlib.h>
#include <string.h>

#include "common/sys/args.h"
#include "common/sys/args_rules.h"
#include "tests/support/suite.h"

struct target {
	const char *file, *dir, *words[2];
	bool on;
};

static int
set_nothing(void *target, const char *value, struct errmsg *e)
{
	(void)target;
	(void)value;
	(void)e;
	return 0;
}

static const struct args_option options[] = {
	ARGS_HEADING("All:"),
	ARGS_STRING('f', "file", "FILE", struct target, file, "it's [a]\nb:c"),
	ARGS_STRING(0, "dir", "DIR", struct target, dir, "where"),
	ARGS_LIST('w', "word", "WORD", struct target, words, "one of them"),
	ARGS_CALL(0, "mode", "auto|off|LIST", set_nothing, "how"),
	ARGS_STRING(0, "stats", "NAME", struct target, file, "whose"),
	ARGS_STRING(0, "other", "N", struct target, file, "what"),
	ARGS_SWITCH('o', "on", struct target, on, "is on"),
	{ .name = NULL },
};

static const struct completion_values values[] = {
	{ "word", "red green" },
	{ "stats", COMPLETION_SEGMENTS },
	{ .option = NULL },
};

static const struct args_rule rules[] = {
	{ "mode", .excludes = "on" },
	{ "on", .takes = "file" },
	{ .option = NULL },
};

static const struct args_rule commands[] = {
	{ "begin", .takes = "dir file" },
	{ "end", .takes = "" },
	{ .option = NULL },
};

static const struct args_program program = { .name = "a-program",
	.rules = rules,
	.commands = commands,
	.values = values };

static char *text;
static struct errmsg e;

static int
print(const char *shell)
{
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int result = completion_print(out, shell, &program, options, &e);

	ck_assert_int_eq(fclose(out), 0);
	return result;
}

static const struct {
	const char *shell, *line;
} lines[] = {
	{ "bash", "\ncomplete -F _a_program a-program\n" },
	{ "bash",
	    "\t--file | -f)\n\t\tcompopt -o filenames\n\t\tmapfile -t "
	    "COMPREPLY < <(compgen -f -- \"$cur\")\n" },
	{ "bash",
	    "\t--dir)\n\t\tcompopt -o filenames\n\t\tmapfile -t "
	    "COMPREPLY < <(compgen -d " },
	{ "bash", "(compgen -W 'red green' -- " },
	{ "bash", "(compgen -W 'auto off' -- " },
	{ "bash",
	    "\t--stats)\n\t\tmapfile -t COMPREPLY < <(compgen -W "
	    "\"$(find /dev/shm -name 'tlsecho.*'" },
	{ "bash", "\t--other)\n\t\treturn\n" },
	{ "bash", " --on -o --help -h --version -V '\n\tfor word" },
	{ "bash", "--on | -o) taken=' --file -f --on -o --help -h " },
	{ "bash", "\tbegin) taken=' --file -f --dir --help -h " },
	{ "bash", "\tend) taken=' --help -h --version -V '" },
	{ "bash", "(compgen -W 'begin end' -- " },
	{ "zsh", "#compdef a-program\n" },
	{ "zsh",
	    "\t'(--file -f)--file=[it'\\''s \\[a\\] b\\:c]:FILE:_files' " },
	{ "zsh", "\t'(--file -f)-f+[it" },
	{ "zsh", "--dir=[where]:DIR:_files -/'" },
	{ "zsh", "\t'*--word=[one of them]:value:(red green)'" },
	{ "zsh", "--mode=[how]:value:(auto off)'" },
	{ "zsh", "--stats=[whose]:NAME:_tlsecho_segments'" },
	{ "zsh", "--other=[what]:N: '" },
	{ "zsh", "\t'(--on -o)-o[is on]'" },
	{ "zsh", "--on|-o) taken=' --file -f --on -o --help -h " },
	{ "zsh", "\tend) taken=' --help -h --version -V '" },
	{ "zsh", "\t'1:command:(begin end)'" },
	{ "fish",
	    "complete -c a-program -l file -s f -r -F -n 'not "
	    "__fish_seen_subcommand_from end' -d 'it'\\''s [a] b:c'\n" },
	{ "fish", " -l dir -x -a '(__fish_complete_directories)' " },
	{ "fish", " -l word -s w -x -a 'red green' " },
	{ "fish", " -l mode -x -a 'auto off' " },
	{ "fish", " -l stats -x -a \"(find /dev/shm " },
	{ "fish",
	    " -l other -x -n 'not __fish_contains_opt on; and not "
	    "__fish_seen_subcommand_from begin end' -d 'what'\n" },
	{ "fish",
	    " -l on -s o -n 'not __fish_seen_subcommand_from begin end' -d "
	    "'is on'\n" },
	{ "fish", " -l help -s h -d " },
	{ "fish", " -n __fish_use_subcommand -a 'begin end'\n" },
};

TEST_EACH(lines_of_the_scripts, lines)
{
	ck_assert_int_eq(print(lines[_i].shell), 0);
	ck_assert_msg(strstr(text, lines[_i].line) != NULL, "no '%s' in:\n%s",
	    lines[_i].line, text);
	ck_assert_ptr_null(strstr(text, "All:"));
	free(text);
}

TEST(unknown_shell)
{
	ck_assert_int_eq(print("ksh"), -1);
	ck_assert_str_eq(text, "");
	ck_assert_str_eq(
	    e.text, "--completion: 'ksh' is neither bash, zsh nor fish");
	free(text);
}

SUITE("common/sys/completion")
