/* The live view of tlsecho-client, on a terminal of tmux(1). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tmux.h"

#define CLIENT                                                        \
	"tlsecho-client --cert ca/alice.pem --key ca/alice.key --ca " \
	"ca/ca.pem -c 3 -w 1 -d 1h %s %s"

static struct server server;
static struct tmux t;

static void
start(const char *locale, int rows, int columns, const char *options)
{
	server_start(&server, NULL);
	tmux_start(&t, rows, columns, "echo before; LC_ALL=%s " CLIENT, locale,
	    options, server_address(&server));
}

/* The report takes its place. */
static void
stop(void)
{
	tmux_type(&t, "C-c");
	tmux_expect(&t, "ended with 0");
	ck_assert_ptr_null(strstr(tmux_screen(&t), " left: "));
	tmux_stop(&t);
	server_stop(&server);
}

static const struct {
	const char *locale, *bar;
} locales[] = { { "C.UTF-8", "█" }, { "C", "#" } };

START_TEST(sparklines)
{
	if (!tmux_is_there())
		return;
	start(locales[_i].locale, 50, 120, "");
	tmux_expect(&t, " left: 3 open, ");
	tmux_expect(&t, "round trips/s ");
	tmux_expect(&t, "p50  ");
	tmux_expect(&t, "p99  ");
	tmux_expect(&t, "errors  ");
	tmux_expect(&t, locales[_i].bar);
	tmux_expect(&t, "before");
	stop();
}
END_TEST

/* One line while it is small, and the rows again when it is not. */
START_TEST(resized)
{
	if (!tmux_is_there())
		return;
	start("C.UTF-8", 50, 120, "");
	tmux_expect(&t, "round trips/s ");
	tmux_resize(&t, 50, 60);
	tmux_expect_no(&t, "round trips/s ");
	tmux_expect(&t, ": 3 open, ");
	tmux_resize(&t, 4, 120);
	tmux_expect(&t, "/s, p50 ");
	tmux_resize(&t, 50, 120);
	tmux_expect(&t, "round trips/s ");
	tmux_expect(&t, "before");
	stop();
}
END_TEST

/* In a shell with job control. */
static void
start_job(const char *options)
{
	char command[1024];

	server_start(&server, NULL);
	tmux_start(&t, 50, 120, "PS1='ready>' bash --norc -i");
	tmux_expect(&t, "ready>");
	(void)snprintf(command, sizeof command, "clear; LC_ALL=C " CLIENT,
	    options, server_address(&server));
	tmux_type(&t, command);
	tmux_type(&t, "Enter");
}

static void
stop_and_go_on(const char *shown)
{
	tmux_type(&t, "C-z");
	tmux_expect(&t, "Stopped");
	tmux_expect(&t, "ready>");
	ck_assert_ptr_null(strstr(tmux_screen(&t), " left: "));
	tmux_type(&t, "fg");
	tmux_type(&t, "Enter");
	tmux_expect(&t, shown);
}

/* ^Z clears the lines; after fg they come below what the shell has written. */
START_TEST(stopped)
{
	if (!tmux_is_there())
		return;
	start_job("");
	tmux_expect(&t, " left: 3 open, ");
	stop_and_go_on(" left: 3 open, ");
	ck_assert_ptr_nonnull(strstr(tmux_screen(&t), "Stopped"));
	ck_assert_ptr_nonnull(strstr(tmux_screen(&t), "ready>fg\n"));
	tmux_type(&t, "C-c");
	tmux_expect(&t, "Interrupted by a signal.");
	tmux_stop(&t);
	server_stop(&server);
}
END_TEST

/* A key is one again, without Enter. */
START_TEST(stopped_at_the_prompt)
{
	static const char prompt[] = "fg\n";

	if (!tmux_is_there())
		return;
	start_job("--interactive");
	tmux_expect(&t, "Press any key");
	stop_and_go_on(prompt);
	AWAIT(strstr(strstr(tmux_screen(&t), prompt), "Press any key") != NULL);
	tmux_type(&t, "x");
	tmux_expect(&t, " left: 3 open, ");
	tmux_type(&t, "C-c");
	tmux_expect(&t, "Interrupted by a signal.");
	tmux_stop(&t);
	server_stop(&server);
}
END_TEST

static const char *const options[] = { "--progress", "--progress --json -" };

/* How many lines of progress stand below each other, whole. */
static int
count_lines(void)
{
	static const char end[] = " errors\n";
	int count = 0;

	for (const char *p = tmux_screen(&t); (p = strstr(p, end)) != NULL;
	     count++)
		p += strlen(end);
	return count;
}

START_TEST(lines)
{
	if (!tmux_is_there())
		return;
	start("C.UTF-8", 200, 120, options[_i]);
	AWAIT(count_lines() >= 3);
	tmux_type(&t, "C-c");
	tmux_expect(&t, "ended with 0");
	tmux_stop(&t);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/live");

	suite_add(s, "sparklines", sparklines, 30,
	    (int)(sizeof locales / sizeof *locales));
	SUITE_ADD_SLOW(s, resized, 30);
	SUITE_ADD_SLOW(s, stopped, 30);
	SUITE_ADD_SLOW(s, stopped_at_the_prompt, 30);
	suite_add(
	    s, "lines", lines, 30, (int)(sizeof options / sizeof *options));
	return fixture_run(s, argc, argv);
}
