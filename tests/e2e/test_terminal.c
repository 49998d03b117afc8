/* The terminal view of tlsecho-stat, as a user sees it. */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/demo_segment.h"
#include "tests/support/fixture.h"
#include "tests/support/process.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"
#include "tests/support/tmux.h"

#define VIEWER "LC_ALL=C.UTF-8 tlsecho-stat -i 100ms -n "
#define FOOTER "1 overview 2 counters 3 workers"

enum {
	WORKERS = 16
};

static struct tmux t;
static struct demo_segment demo;

/* A server with a worker that has accepted something. */
static void
start_demo(void)
{
	demo_segment_start(&demo, "terminal", 2);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 1);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 4321);
}

static bool
start(const char *prefix)
{
	if (!tmux_is_there())
		return false;
	start_demo();
	tmux_start(&t, 24, 80, "%s " VIEWER "%s", prefix, demo.name);
	return true;
}

static void
stop(void)
{
	tmux_stop(&t);
	demo_segment_stop(&demo);
}

/* The program has ended, and left the terminal as it was. */
static void
expect_end(int status)
{
	char text[32];

	(void)snprintf(text, sizeof text, "ended with %d", status);
	tmux_expect(&t, text);
	tmux_expect(&t, "settings restored");
	ck_assert_ptr_null(strstr(tmux_screen(&t), FOOTER));
	stop();
}

static const struct {
	const char *key, *text;
} keys[] = {
	{ "2", "\naccepted                               4,321" },
	{ "3", "\nskew " },
	{ "4", "\nThis server keeps no table of connections." },
	{ "5", "\nhandshake     since start" },
	{ "6", "\nnothing has failed; d shows all causes" },
	{ "1", "OK: no failures in the last minute" },
	{ "?", "show zeros and details, too" },
	{ "Escape", "OK: no failures in the last minute" },
	{ "Tab", "\naccepted                               4,321" },
	{ "d", "\nplaced_elsewhere " },
	{ "/", "\n/ " },
	{ "refus", "\n/refus " },
	{ "Enter", " /refus (" },
	{ "Down", " /refus (" },
	{ "Enter", "of these: no descriptors\n" },
	{ "Escape", "\ncounter " },
	{ "Escape", "\naccepted " },
	{ "s", "\ncounterv " },
	{ "r", "\ncounter^ " },
	{ "r", "\ncounterv " },
	{ "f", " following" },
	{ "0", " since 0" },
	{ "0", " following" },
	{ "G", "\nworker_stalls " },
	{ "g", "\naccept_errors " },
	{ "PageDown", "\nchain_cache_misses " },
	{ "+", " every 250 ms" },
	{ "-", " every 100 ms" },
	{ "p", " PAUSED" },
	{ "Space", " every 100 ms" },
	{ "C-l", FOOTER },
};

TEST(keys_do_what_help_says)
{
	if (!start(""))
		return;
	tmux_expect(&t, FOOTER);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		tmux_type(&t, keys[i].key);
		tmux_expect(&t, keys[i].text);
	}
	tmux_type(&t, "q");
	expect_end(0);
}

TEST(paused_screens_stay)
{
	if (!start(""))
		return;
	tmux_type(&t, "2");
	tmux_expect(&t, " 4,321 ");
	tmux_type(&t, "p");
	tmux_expect(&t, " PAUSED");
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 1);
	tmux_type(&t, "j");
	tmux_expect(&t, " 4,321 ");
	tmux_type(&t, "p");
	tmux_expect(&t, " 4,322 ");
	stop();
}

static const char *const ends[] = { "INT", "TERM", "HUP", "QUIT" };

TEST_EACH(terminal_is_restored_whatever_the_signal, ends)
{
	if (!start(""))
		return;
	tmux_expect(&t, FOOTER);
	tmux_signal(&t, ends[_i]);
	expect_end(0);
}

TEST(terminal_is_restored_on_interrupt)
{
	if (!start(""))
		return;
	tmux_expect(&t, FOOTER);
	tmux_type(&t, "C-c");
	expect_end(0);
}

/* A viewer that ^Z has stopped, and a shell that has the terminal back. */
static bool
start_stopped(void)
{
	if (!tmux_is_there())
		return false;
	start_demo();
	tmux_start(&t, 24, 80, "PS1='ready>' bash --norc -i");
	tmux_expect(&t, "ready>");
	tmux_type(&t, VIEWER);
	tmux_type(&t, demo.name);
	tmux_type(&t, "Enter");
	tmux_expect(&t, FOOTER);
	tmux_type(&t, "C-z");
	tmux_expect(&t, "Stopped");
	ck_assert_ptr_null(strstr(tmux_screen(&t), FOOTER));
	return true;
}

TEST(stopped_viewer_comes_back)
{
	if (!start_stopped())
		return;
	tmux_type(&t, "fg");
	tmux_type(&t, "Enter");
	tmux_expect(&t, FOOTER);
	tmux_type(&t, "q");
	tmux_expect_no(&t, FOOTER);
	stop();
}

/* In the background it shows nothing; kill ends it, and fg brings it back. */
TEST_LOOP(viewer_in_the_background, 2)
{
	if (!start_stopped())
		return;
	tmux_type(&t,
	    _i == 0 ? "bg; kill %1; wait %1; echo status=$?"
		    : "bg; echo now; fg");
	tmux_type(&t, "Enter");
	tmux_expect(&t, _i == 0 ? "\nstatus=0" : FOOTER);
	stop();
}

TEST(sizes_are_followed)
{
	if (!start("LINES=24 COLUMNS=80"))
		return;
	tmux_expect(&t, FOOTER);
	tmux_resize(&t, 10, 40);
	tmux_expect(&t, "\nhs 0  read 0 ");
	tmux_expect(&t, "\n1 overview 2 3 4 5 6 ");
	tmux_resize(&t, 40, 120);
	tmux_expect(&t, "? help  q quit");
	tmux_resize(&t, 1, 1);
	tmux_resize(&t, 24, 80);
	tmux_expect(&t, FOOTER);
	tmux_type(&t, "q");
	expect_end(0);
}

/* ^S would stop the output, and with it the end. */
TEST(nobody_is_locked_out_by_flow_control)
{
	if (!start(""))
		return;
	tmux_expect(&t, FOOTER);
	tmux_type(&t, "C-s");
	tmux_type(&t, "3");
	tmux_expect(&t, "\nskew ");
	tmux_type(&t, "C-s");
	tmux_signal(&t, "TERM");
	expect_end(0);
}

/* A block where the locale has it, else ASCII. */
TEST_LOOP(characters_are_those_of_the_locale, 3)
{
	static const char *const commands[] = {
		"LC_ALL=C.UTF-8 tlsecho-stat",
		"LC_ALL=C tlsecho-stat",
		"LC_ALL=C.UTF-8 tlsecho-stat --ascii",
	};

	if (!tmux_is_there())
		return;
	start_demo();
	tmux_start(&t, 24, 80, "%s -i 100ms -n %s", commands[_i], demo.name);
	tmux_expect(&t, FOOTER);
	tmux_expect(&t, _i == 0 ? "\xe2\x96\x88" : "#");
	ck_assert((strstr(tmux_screen(&t), "\xe2\x96") != NULL) == (_i == 0));
	stop();
}

TEST_LOOP(colours_are_not_forced_on_anyone, 2)
{
	static const char *const prefixes[] = { "NO_COLOR=1", "NO_COLOR=" };

	if (!start(prefixes[_i]))
		return;
	tmux_expect(&t, "OK: no failures");
	ck_assert_int_eq(
	    shell("LC_ALL=C.UTF-8 tmux -S %s capture-pane -pe", t.socket), 0);
	ck_assert((strstr(shell_output(), "\033[32m") != NULL) == (_i == 1));
	stop();
}

/* Lines are printed in place of views. */
TEST_LOOP(terminals_that_can_do_little_get_lines, 3)
{
	static const char *const prefixes[] = { "TERM=dumb", "TERM=nosuch",
		"TERM=" };

	if (!start(prefixes[_i]))
		return;
	tmux_expect(&t, "\naccepted  4,321");
	tmux_signal(&t, "INT"); /* with an interval it is a series */
	stop();
}

TEST(terminal_that_goes_away_ends_the_viewer)
{
	if (!start(""))
		return;
	tmux_expect(&t, FOOTER);
	shell_expect(0, "", "pgrep -f '^tlsecho-stat.*%s'", demo.name);
	tmux_stop(&t);
	AWAIT(shell("pgrep -f '^tlsecho-stat.*%s'", demo.name) == 1);
	demo_segment_stop(&demo);
}

TEST(missing_server_is_an_error)
{
	if (!tmux_is_there())
		return;
	tmux_start(&t, 24, 80, "tlsecho-stat -n not-there");
	tmux_expect(&t, "tlsecho-stat: no segment 'not-there'");
	tmux_expect(&t, "ended with 1");
	tmux_stop(&t);
}

TEST(dead_server_is_marked_and_the_next_one_shown)
{
	char name[STATS_SHM_NAME];

	if (!start(""))
		return;
	tmux_expect(&t, FOOTER);
	demo_segment_kill(&demo);
	tmux_expect(&t, " DEAD");
	tmux_expect(&t, "is dead; waiting for the next");
	(void)snprintf(name, sizeof name, "%s", demo.name);
	demo_segment_start_named(&demo, name, 2);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 17);
	tmux_expect_no(&t, " DEAD");
	tmux_expect(&t, "17 open");
	stop();
}

TEST(view_waits_for_a_server)
{
	char name[STATS_SHM_NAME];

	if (!tmux_is_there())
		return;
	server_new_name(name);
	tmux_start(&t, 24, 80, VIEWER "%s --wait", name);
	tmux_expect(&t, "waiting for");
	demo_segment_start_named(&demo, name, 2);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 17);
	tmux_expect(&t, FOOTER);
	tmux_expect(&t, "17 open");
	stop();
}

static void
record(void)
{
	start_demo();
	shell_expect(
	    0, "", "tlsecho-stat --record r.rec -i 50ms -c 3 -n %s", demo.name);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 1000);
	shell_expect(
	    0, "", "tlsecho-stat --record r.rec -i 50ms -c 3 -n %s", demo.name);
}

/* In the same views, at other speeds and places. */
TEST(recordings_are_shown)
{
	if (!tmux_is_there())
		return;
	record();
	tmux_start(
	    &t, 24, 80, "LC_ALL=C.UTF-8 tlsecho-stat --replay r.rec -v 2");
	tmux_expect(&t, "x1, end");
	tmux_expect(&t, "\naccepted                               5,321");
	tmux_type(&t, "Left");
	tmux_expect(&t, "\naccepted                               4,321");
	tmux_type(&t, "+");
	tmux_expect(&t, ", x2");
	tmux_type(&t, ">");
	tmux_expect(&t, "\naccepted                               5,321");
	tmux_expect(&t, "x2, end");
	tmux_type(&t, "q");
	expect_end(0);
	shell_expect(0, "", "rm r.rec");
}

/* It works while every worker stands still: it needs the segment alone. */
TEST_WITH(stopped_workers_are_seen, .limit_s = 60)
{
	static struct server server;
	pid_t pids[WORKERS];

	if (!tmux_is_there())
		return;
	server_start(&server, "--workers", "16", NULL);
	tmux_start(&t, 24, 80, VIEWER "%s", server.name);
	tmux_expect(&t, "OK: no failures");
	for (unsigned i = 0; i < WORKERS; i++) {
		pids[i] = server_freeze_worker(&server, i);
		if (i == 0)
			tmux_expect(&t, "!! 1 of 16 workers stopped");
	}
	tmux_expect(&t, "!! all 16 workers stopped");
	tmux_expect(&t, "16 workers, 16 stopped");
	for (unsigned i = 0; i < WORKERS; i++)
		ck_assert_int_eq(kill(pids[i], SIGCONT), 0);
	tmux_expect_no(&t, "workers stopped");
	tmux_stop(&t);
	server_stop(&server);
}

FIXTURE_SUITE("e2e/terminal")
