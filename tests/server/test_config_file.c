/* test_config_file: what a file may say, and what is wrong with it. */
#include "server/config_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/config.h"
#include "server/config_print.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

#define FILES "cert = c.pem\nkey = k.pem\nca = ca.pem\n"

static struct config config;
static struct errmsg e;

/* The words after the program's name; config points into them. */
static int
parse(const char *const *words)
{
	int argc = 0;

	while (words[argc] != NULL)
		argc++;
	e.text[0] = '\0';
	return config_parse(&config, argc, (char **)(uintptr_t)words, &e);
}

#define PARSE(...) \
	parse((const char *const[]){ "tlsecho-server", __VA_ARGS__, NULL })

TEST(file_then_command_line)
{
	scratch_enter();
	scratch_write("f",
	    "\xef\xbb\xbf# first\r\n" FILES
	    "\n ; indented, and with CR\r\n\tworkers = 3\r\n"
	    "listen=127.0.0.1:1\nlisten = [::1]:2\nbacklog = 7\n"
	    "crl-required = no\nwhoami = yes\nidle-timeout = 1m\n"
	    "allow-cn = a;b#c\nallow-cn = O=x: y");
	ck_assert_msg(PARSE("--config", "f", "-l", "127.0.0.1:9",
			  "--idle-timeout=2m") == 0,
	    "%s", e.text);
	ck_assert_str_eq(config.files.cert[0], "c.pem");
	ck_assert_uint_eq(config.workers, 3);
	ck_assert_uint_eq(config.backlog, 7);
	ck_assert(config.whoami && !config.tls.crl_required);
	ck_assert_str_eq(
	    (const char *)config.policy.rules.data, "cn a;b#c\ncn O=x: y\n");
	/* Those of the command line replace the file's. */
	ck_assert_int_eq(config.listen_count, 1);
	ck_assert_str_eq(config.listen[0], "127.0.0.1:9");
	ck_assert_int_eq(config.idle_timeout_ns, 120000000000);
	config_free(&config);
	scratch_leave();
}

#define X50  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X150 X50 X50 X50

static const struct {
	const char *text, *message;
} wrongs[] = {
	{ "backlog = 1\nnonsense = 1\n",
	    "f:2: there is no option 'nonsense'; --help lists them" },
	{ "backlog = 1\n\n# x\nbacklog = 2\n",
	    "f:4: backlog: given twice, first in line 1" },
	{ "whoami = yes\nwhoami = yes", "f:2: whoami: given twice" },
	{ "backlog = 0", "f:1: backlog: '0' is not between 1 and 65535" },
	{ "stats = a/b", "f:1: stats: 'a/b' cannot name a segment" },
	{ "crl =", "f:1: crl: must not be empty" },
	{ "whoami = on", "f:1: whoami: 'on' is not yes or no" },
	{ "whoami", "f:1: 'whoami' is not NAME = VALUE" },
	{ "listen : 127.0.0.1:1 = 2", "is not NAME = VALUE" },
	{ "[server]\nbacklog = 1", "f:1: there are no sections" },
	{ "\n\t[server]", "f:2: there are no sections" },
	{ "config = f", "f:1: config is for the command line only" },
	{ "ready-fd = 3", "f:1: ready-fd is for the command line only" },
	{ "= 3", "f:1: there is no option ''" },
	/* What libinih would cut, or take for something else. */
	{ "backlog = 1 # one", "f:1: '#' after a blank" },
	{ "backlog = 1\t; one", "f:1: ';' after a blank" },
	{ "cert = ;x", "f:1: ';' after a blank" },
	{ "cert =#x", "f:1: '#' after a blank" },
	{ "backlog = 1\n\vcert = x", "f:2: a control character" },
	{ "cert = x\rkey = y", "f:1: a control character" },
	{ "cert = " X150 X50, "f:1: longer than 198 bytes" },
};

TEST_EACH(wrong, wrongs)
{
	scratch_enter();
	scratch_write("f", wrongs[_i].text);
	ck_assert_int_eq(PARSE("--config", "f"), -1);
	ck_assert_msg(strstr(e.text, wrongs[_i].message) != NULL, "%s", e.text);
	config_free(&config);
	scratch_leave();
}

TEST(no_file)
{
	scratch_enter();
	ck_assert_int_eq(PARSE("--config", "f"), -1);
	ck_assert_str_eq(e.text, "f: No such file or directory");
	ck_assert_int_eq(PARSE("--config", ""), -1);
	ck_assert_int_eq(PARSE("--config", "f", "--config", "f"), -1);
	scratch_leave();
}

static void
print(const char *path)
{
	FILE *out = fopen(path, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_msg(config_print(out, &config, &e) == 0, "%s", e.text);
	ck_assert_int_eq(fclose(out), 0);
}

/* A line as long as can be is read to its last byte. */
TEST(longest_line)
{
	char text[CONFIG_FILE_LINE_MAX + 8] = "cert=";

	scratch_enter();
	memset(text + 5, 'x', CONFIG_FILE_LINE_MAX - 5);
	(void)strcat(text, "\n");
	scratch_write("f", text);
	ck_assert_int_eq(PARSE("--config", "f", "--key=k", "--ca=c"), 0);
	ck_assert_uint_eq(
	    strlen(config.files.cert[0]), CONFIG_FILE_LINE_MAX - 5);
	print("one");
	ck_assert_int_eq(system("grep -qxFf f one"), 0);
	config_free(&config);
	scratch_leave();
}

/* A value for each option, so that a new one is not forgotten. */
static const struct {
	const char *placeholder, *value;
} examples[] = {
	{ "ADDR:PORT", "127.0.0.1:0" },
	{ "N|auto", "auto" },
	{ "FILE", "x y.pem" },
	{ "STRING", "NORMAL" },
	{ "NAME", "a" },
	{ "MODE", "optional" },
	{ "PURPOSE", "any" },
	{ "TIME", "90s" },
	{ "TIMES", "9s:8s:7" },
	{ "GROUP", "root" },
	{ "NAME[:GROUP]", "nobody" },
	{ "RATE", "30/m:10" },
	{ "SIZE", "2M" },
	{ "N[/V4[/V6]]", "500/24/64" },
	{ "LEVEL", "debug" },
	{ "sha256:HASH",
	    "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbcc"
	    "ddeeff" },
};

static const char *
example(const struct args_option *o)
{
	static char first[64];

	if (o->value == NULL)
		return "yes";
	if (strcmp(o->name, "stats-mode") == 0)
		return "0600";
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		if (strcmp(examples[i].placeholder, o->value) == 0)
			return examples[i].value;
	if (strncmp(o->value, "N", 1) == 0)
		return "16";
	(void)snprintf(
	    first, sizeof first, "%.*s", (int)strcspn(o->value, "|"), o->value);
	return first;
}

/* Each option, alone and with what it needs, is printed as it was read. */
TEST(what_is_printed_can_be_read)
{
	scratch_enter();
	for (const struct args_option *o = config_options; o->name != NULL;
	     o++) {
		FILE *out = fopen("f", "w");

		if (config_file_has(o))
			(void)fprintf(out, "%s = %s\n", o->name, example(o));
		if (strcmp(o->name, "crl-required") == 0)
			(void)fprintf(out, "crl = x\n");
		ck_assert_int_eq(fclose(out), 0);
		(void)PARSE("--config", "f", "--cert=c", "--key=k", "--ca=a");
		ck_assert_msg(strstr(e.text, "f:1") == NULL, "%s", e.text);
		print("one");
		config_free(&config);
		(void)PARSE("--config", "one");
		print("other");
		config_free(&config);
		ck_assert_int_eq(system("cmp one other"), 0);
		ck_assert_int_eq(
		    system("sed 's/^# \\([^ ]* = \\)/\\1/; /=$/d' one >all"),
		    0);
		(void)PARSE("--config", "all", "--cert=c", "--ca=a", "--key=k");
		ck_assert_msg(strstr(e.text, "all:") == NULL, "%s", e.text);
		config_free(&config);
	}
	scratch_leave();
}

static const char *const unprintable[] = { "a\nb", " a", "a ", "a ;b", "a #b",
	";a", "#a", "a\vb", X150 X50 };

TEST_EACH(what_cannot_stand_in_a_file, unprintable)
{
	char *word = NULL;
	FILE *out = tmpfile();

	ck_assert_int_gt(asprintf(&word, "--cert=%s", unprintable[_i]), 0);
	ck_assert_int_eq(PARSE(word, "--key=k", "--ca=c"), 0);
	ck_assert_int_eq(config_print(out, &config, &e), -1);
	ck_assert(
	    strstr(e.text, "--cert: a configuration file cannot") != NULL);
	config_free(&config);
	(void)fclose(out);
	free(word);
}

/* As it is, and with all that is commented out. */
TEST(example_file)
{
	char tree[PATH_MAX], command[PATH_MAX + 64];

	ck_assert_ptr_nonnull(getcwd(tree, sizeof tree));
	scratch_enter();
	for (int i = 0; i < 2; i++) {
		(void)snprintf(command, sizeof command,
		    "sed '%s' '%s/server/tlsecho-server.conf' >f",
		    i == 0 ? "" : "s/^#\\([a-z-]* =\\)/\\1/", tree);
		ck_assert_int_eq(system(command), 0);
		ck_assert_msg(PARSE("--config", "f") == 0, "%s", e.text);
		ck_assert_int_eq(config.listen_count, i == 0 ? 0 : 2);
		config_free(&config);
	}
	scratch_leave();
}

SUITE("server/config_file")
