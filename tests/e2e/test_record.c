/* tlsecho-stat --record, --replay and --diff on servers that come and go. */
#include <check.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/background.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct background recorder;
static struct tlspeer peer;
static char file[64]; /* in the fixture's directory */

static int
record(void)
{
	execlp("tlsecho-stat", "tlsecho-stat", "--record", file, "-n",
	    server.name, "-i", "50ms", (char *)NULL);
	return 127;
}

static void
start_recorder(const char *words)
{
	background_start(&recorder, record);
	background_expect(&recorder, words);
}

static void
start(void)
{
	(void)snprintf(file, sizeof file, "record-%d.rec", (int)getpid());
	server_start(&server, NULL);
	start_recorder("tlsecho-stat: recording server '");
}

static void
stop_recorder(void)
{
	background_signal(&recorder, SIGTERM);
	ck_assert_int_eq(background_finish(&recorder), 0);
}

/* The last sample; what is not there yet is {}. */
static json_t *
last(void)
{
	if (shell("tlsecho-stat --replay %s -1j 2>/dev/null", file) != 0)
		return json_object();
	return shell_json();
}

/* Does the last sample have it so? */
static bool
is_recorded(const char *key, json_t *value)
{
	json_t *object = last();
	json_t *found = json_object_get(object, key);
	bool is_so;

	if (found == NULL)
		found =
		    json_object_get(json_object_get(object, "counters"), key);
	is_so = json_equal(found, value);
	json_decref(object);
	json_decref(value);
	return is_so;
}

/* Loops wake up now and then, and only what is recorded has an interval. */
static void
delete_differences(json_t *object)
{
	json_t *hists = json_object_get(object, "histograms");
	const char *name;
	json_t *hist;

	(void)json_object_del(
	    json_object_get(object, "counters"), "wait_calls");
	(void)json_object_del(hists, "loop_turn");
	json_object_foreach(hists, name, hist)
		(void)json_object_del(hist, "interval");
}

/* Is it so but for the moment, and how fast things grow? */
static bool
is_as_live(void)
{
	static const char *const keys[] = { "name", "program", "pid", "alive",
		"start", "counters", "histograms" };
	json_t *recorded, *live;
	bool is_so = true;

	shell_expect(0, "", "tlsecho-stat -j -n %s", server.name);
	live = shell_json();
	recorded = last();
	delete_differences(live);
	delete_differences(recorded);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		is_so &= json_equal(json_object_get(live, keys[i]),
		    json_object_get(recorded, keys[i]));
	json_decref(live);
	json_decref(recorded);
	return is_so;
}

/* A server, its death, the next one; and a second recorder that goes on. */
START_TEST(recording_survives_the_server)
{
	char name[STATS_SHM_NAME];

	start();
	tlspeer_join(&peer, server.port);
	AWAIT(is_recorded("bytes_sent", json_integer(5)));
	AWAIT(is_as_live());
	tlspeer_finish(&peer);
	(void)snprintf(name, sizeof name, "%s", server.name);
	server_kill_master(&server);
	AWAIT(is_recorded("alive", json_false()));
	server_start_as(&server, name, NULL, NULL);
	AWAIT(is_recorded("pid", json_integer(server.process.pid)));
	stop_recorder();
	shell_expect(0, "Another server: its counters began at 0.",
	    "tlsecho-stat --diff %s", file);
	shell_expect(0, "\"same_server\":true", "tlsecho-stat --diff -j %s %s",
	    file, name);
	start_recorder(" that it has");
	tlspeer_join(&peer, server.port);
	AWAIT(is_recorded("bytes_sent", json_integer(5)));
	stop_recorder();
	tlspeer_finish(&peer);
	server_stop(&server);
	ck_assert_int_eq(unlink(file), 0);
}
END_TEST

/* Cut, it is shown up to there, with status 1, and then continued. */
START_TEST(torn_recording_is_shown_and_continued)
{
	start();
	AWAIT(is_recorded("accepted", json_integer(0)));
	stop_recorder();
	shell_expect(0, "", "printf '\\2abc' >>%s", file);
	shell_expect(1, "cut short or damaged at byte",
	    "tlsecho-stat --replay %s -j 2>&1 >/dev/null", file);
	shell_expect(0, "\"alive\":true", "tlsecho-stat --replay %s -1j", file);
	start_recorder("was not written to its end, 4 bytes, was cut off");
	tlspeer_join(&peer, server.port);
	AWAIT(is_recorded("accepted", json_integer(1)));
	stop_recorder();
	shell_expect(0, "", "tlsecho-stat --replay %s -j >/dev/null", file);
	tlspeer_finish(&peer);
	server_stop(&server);
	ck_assert_int_eq(unlink(file), 0);
}
END_TEST

START_TEST(pipes_devices_and_refusals)
{
	start();
	shell_expect(0, "\"alive\":true",
	    "tlsecho-stat --record - -1 -n %s >%s.2 2>/dev/null && "
	    "tlsecho-stat --replay %s.2 -j; rm %s.2",
	    server.name, file, file, file);
	shell_expect(0, "TLSechoR",
	    "tlsecho-stat --record - -i 50ms -n %s | head -c 8", server.name);
	shell_expect(1, "--record /dev/full: standard output: No space left",
	    "tlsecho-stat --record /dev/full -n %s", server.name);
	shell_expect(1, "another tlsecho-stat is recording to it",
	    "tlsecho-stat --record %s -n %s", file, server.name);
	shell_expect(1, "not a recording of tlsecho-stat",
	    "tlsecho-stat --replay /etc/passwd");
	shell_expect(1, "no segment 'nobody'",
	    "tlsecho-stat --record %s.3 -n nobody", file);
	ck_assert_int_ne(shell("test -e %s.3", file), 0);
	stop_recorder();
	server_stop(&server);
	ck_assert_int_eq(unlink(file), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/record");

	SUITE_ADD_SLOW(s, recording_survives_the_server, 30);
	SUITE_ADD_SLOW(s, torn_recording_is_shown_and_continued, 30);
	SUITE_ADD_SLOW(s, pipes_devices_and_refusals, 30);
	return fixture_run(s, argc, argv);
}
