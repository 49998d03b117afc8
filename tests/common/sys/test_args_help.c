/* test_args_help: what --help, --version and errors print. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/version.h"
#include "common/sys/args.h"
#include "tests/support/suite.h"

struct config {
	bool verbose;
	const char *name;
	int64_t timeout_ns;
};

static const struct args_option options[] = {
	ARGS_SWITCH('v', "verbose", struct config, verbose, "say more"),
	ARGS_STRING('n', "name", "NAME", struct config, name,
	    "its name,\nwhich may be long"),
	ARGS_DURATION(
	    0, "timeout", "TIME", struct config, timeout_ns, 1, 2, "patience"),
	ARGS_SWITCH(0, "exactly-20-character", struct config, verbose, "fits"),
	ARGS_SWITCH(
	    0, "just-above-20-letters", struct config, verbose, "too wide"),
	{ .name = NULL },
};

static const struct args_option no_options[] = { { .name = NULL } };

static const char *
library_lines(void)
{
	return "library 1.2\n";
}

static const struct args_program program = {
	.name = "prog",
	.synopsis = "[options] HOST:PORT",
	.summary = "Does things.",
	.version = library_lines,
};

static struct errmsg e;

/* Parses in a child with this file as standard output; its exit status. */
static int
parse_in_child(const struct args_program *p, const struct args_option *table,
    char **words, FILE *out)
{
	pid_t pid = fork();
	int count = 0;
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct args_parsed parsed;
		struct config config;

		while (words[count] != NULL)
			count++;
		(void)dup2(fileno(out), STDOUT_FILENO);
		(void)args_parse(p, table, &config, count, words, &parsed, &e);
		_exit(99);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static const char *
content(FILE *file)
{
	static char text[4096];
	size_t n;

	rewind(file);
	n = fread(text, 1, sizeof text - 1, file);
	text[n] = '\0';
	(void)fclose(file);
	return text;
}

/* What is printed with these words, which must exit with 0. */
static const char *
printed(
    const struct args_program *p, const struct args_option *table, char **words)
{
	FILE *file = tmpfile();

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(parse_in_child(p, table, words, file), 0);
	return content(file);
}

#define WORDS(...)                                    \
	(char *[])                                    \
	{                                             \
		(char[]){ "prog" }, __VA_ARGS__, NULL \
	}

TEST_LOOP(help, 5)
{
	static char words[][4][10] = { { "--help" }, { "-h" }, { "a", "--he" },
		{ "-vh" }, { "--help", "--foo" } };

	ck_assert_str_eq(
	    printed(&program, options, WORDS(words[_i][0], words[_i][1])),
	    "Usage: prog [options] HOST:PORT\n"
	    "Does things.\n"
	    "\n"
	    "  -v, --verbose               say more\n"
	    "  -n, --name NAME             its name,\n"
	    "                              which may be long\n"
	    "      --timeout TIME          patience\n"
	    "      --exactly-20-character  fits\n"
	    "      --just-above-20-letters\n"
	    "                              too wide\n"
	    "  -h, --help                  print this text\n"
	    "  -V, --version               print the version\n");
}

TEST_LOOP(help_without_options, 2)
{
	static char word[] = "-h";

	ck_assert_str_eq(
	    printed(&program, _i == 0 ? NULL : no_options, WORDS(word)),
	    "Usage: prog [options] HOST:PORT\n"
	    "Does things.\n"
	    "\n"
	    "  -h, --help                  print this text\n"
	    "  -V, --version               print the version\n");
}

TEST_LOOP(version, 3)
{
	static char words[][10] = { "--version", "-V", "-vV" };
	struct args_program plain = program;

	ck_assert_str_eq(printed(&program, options, WORDS(words[_i])),
	    "prog " TLSECHO_VERSION "\nlibrary 1.2\n");
	plain.version = NULL;
	ck_assert_str_eq(printed(&plain, options, WORDS(words[_i])),
	    "prog " TLSECHO_VERSION "\n");
}

TEST_LOOP(full_disk, 2)
{
	static char words[][10] = { "--help", "--version" };
	FILE *full = fopen("/dev/full", "w");

	ck_assert_ptr_nonnull(full);
	ck_assert_int_eq(
	    parse_in_child(&program, options, WORDS(words[_i]), full),
	    ARGS_EXIT_FAILED);
	(void)fclose(full);
}

TEST(usage_error)
{
	FILE *file = tmpfile();

	ck_assert_ptr_nonnull(file);
	errmsg_set(&e, "unknown option -x");
	(void)dup2(fileno(file), STDERR_FILENO);
	ck_assert_int_eq(args_usage_error(&program, &e), ARGS_EXIT_USAGE);
	ck_assert_str_eq(
	    content(file), "prog: unknown option -x\nTry 'prog --help'.\n");
}

SUITE("common/sys/args_help")
