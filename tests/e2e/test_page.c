/* The live page of tlsecho-stat, in a browser. */
#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	NO_BROWSER = 77
};

static struct server server;
static struct spawn exporter;
static struct spawn browser;
static const char *drive_page; /* absolute: a case works elsewhere */

/* False: there is no browser, and the case is skipped. */
static bool
open_page(void)
{
	char url[128];

	if (!shell_has_program("chromium") ||
	    !shell_has_program("chromedriver"))
		return false;
	spawn_start(&exporter,
	    (const char *const[]){ "tlsecho-stat", "--http", ":0", "-i",
		"100ms", "-n", server.name, NULL },
	    NULL);
	spawn_expect(&exporter, "/\n");
	(void)snprintf(url, sizeof url, "%.*s",
	    (int)strcspn(exporter.text, "\n"), exporter.text);
	spawn_start(
	    &browser, (const char *const[]){ drive_page, url, NULL }, NULL);
	return true;
}

/* What the browser's driver has said. A browser takes its time, above all to
 * start: more than the 8 s that a spawn is given. False: it has ended. */
static bool
says(const char *word)
{
	static char text[65536];
	static size_t size;
	struct pollfd p = { .fd = browser.out, .events = POLLIN };
	ssize_t n;

	while (strstr(text, word) == NULL) {
		ck_assert_msg(
		    poll(&p, 1, 60000) == 1, "silent after: %s", text);
		n = read(browser.out, text + size, sizeof text - 1 - size);
		if (n <= 0) {
			(void)fputs(text, stderr);
			return false;
		}
		size += (size_t)n;
	}
	return true;
}

static void
kill_server(void)
{
	pid_t pids[2] = { server_worker_pid(&server, 0),
		server_worker_pid(&server, 1) };

	server_kill_master(&server);
	AWAIT(
	    !server_process_exists(pids[0]) && !server_process_exists(pids[1]));
}

TEST_WITH(page_follows_the_server, .limit_s = 180)
{
	char name[STATS_SHM_NAME];
	struct tlspeer alice;
	struct tlspeer bob;

	server_new_name(name);
	server_start_as(&server, name, NULL, NULL);
	if (!open_page()) {
		server_stop(&server);
		return;
	}
	if (!says("connect\n")) {
		ck_assert_int_eq(spawn_wait(&browser), NO_BROWSER);
		suite_skip("there is no selenium, or no browser that starts");
		return;
	}
	tlspeer_join(&alice, server.port);
	tlspeer_connect(&bob, server.port,
	    &(struct tlspeer_options){ .identity = "ca/bob" });
	ck_assert(says("leave\n"));
	tlspeer_finish(&bob);
	ck_assert(says("kill\n"));
	kill_server();
	tlspeer_close(&alice);
	ck_assert(says("restart\n"));
	server_start_as(&server, name, NULL, NULL);
	ck_assert(says("done\n"));
	ck_assert_int_eq(spawn_wait(&browser), 0);
	spawn_signal(&exporter, SIGTERM);
	ck_assert_int_eq(spawn_wait(&exporter), 0);
	server_stop(&server);
}

int
main(int argc, char **argv)
{
	drive_page = realpath("tests/e2e/drive-page", NULL);
	return fixture_run(suite_joined("e2e/page", NULL, NULL), argc, argv);
}
