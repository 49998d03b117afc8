/* What signals do to the master, besides those of drain and reload. */
#include <check.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/many_clients.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	QUIT_STATUS = 3
};

static struct server server;
static struct tlspeer peers[8];

/* Also where it was ignored, as in what a script starts with "&". */
START_TEST(quit)
{
	if (_i == 1)
		(void)signal(SIGQUIT, SIG_IGN);
	server_start(&server, "--drain-timeout", "1h", NULL);
	(void)signal(SIGQUIT, SIG_DFL);
	tlspeer_join(&peers[0], server.port);
	if (_i == 2) {
		spawn_signal(&server.process, SIGTERM);
		spawn_expect(&server.process, "draining");
	}
	spawn_signal(&server.process, SIGQUIT);
	server_await_end(&server, QUIT_STATUS);
	ck_assert(spawn_said(&server.process, "\nConnections accepted: 1\n"));
	ck_assert_int_lt(tlspeer_receive(&peers[0], (char[1]){ 0 }, 1), 0);
	tlspeer_close(&peers[0]);
}
END_TEST

START_TEST(totals_in_the_log)
{
	const char *line;

	server_start(&server, NULL);
	tlspeer_join(&peers[0], server.port);
	spawn_signal(&server.process, SIGUSR1);
	spawn_expect(&server.process, " reloads_refused=0\n");
	line = strstr(server.process.text, " totals: ");
	ck_assert_ptr_nonnull(line);
	ck_assert_ptr_nonnull(strstr(line, " accepted=1 ended=0 "));
	ck_assert_ptr_nonnull(strstr(line, " bytes_received=5 bytes_sent=5 "));
	tlspeer_finish(&peers[0]);
	server_stop_idle(&server);
}
END_TEST

/* The log says that it was not done, and the reload counts nowhere. */
START_TEST(reload_while_draining)
{
	server_start(&server, "--drain-timeout", "1h", NULL);
	tlspeer_open(&peers[0], server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	AWAIT(server_total(&server, "open") == 1);
	spawn_signal(&server.process, SIGTERM);
	spawn_expect(&server.process, "draining");
	spawn_signal(&server.process, SIGHUP);
	spawn_expect(
	    &server.process, "reload: draining, so nothing is read again");
	ck_assert_uint_eq(server_total(&server, "reloads"), 0);
	tlspeer_close(&peers[0]);
	server_await_end(&server, 0);
}
END_TEST

static unsigned
count_ready(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < server_workers(&server); i++)
		count += server_worker_is_ready(&server, i);
	return count;
}

/* The new one serves; nobody notices when one goes, and the viewer follows. */
START_TEST(one_more_one_fewer)
{
	struct pollfd quiet;

	server_start(&server, NULL);
	for (unsigned i = 0; i < 4; i++)
		tlspeer_join(&peers[i], server.port);
	spawn_signal(&server.process, SIGTTIN);
	spawn_expect(&server.process, "worker 2 added: 3 workers from now on");
	AWAIT(count_ready() == 3);
	tlspeer_join(&peers[4], server.port);
	tlspeer_join(&peers[5], server.port);
	ck_assert_uint_eq(server_worker_value(&server, 2, "open"), 2);
	shell_expect(
	    0, ", 3 workers, ", "tlsecho-stat --once --stats %s", server.name);

	spawn_signal(&server.process, SIGTTOU);
	spawn_expect(&server.process, "worker 2 drains: 2 workers from now on");
	/* It may be quiet for longer than a second, and go on. */
	quiet = (struct pollfd){ .fd = peers[4].fd, .events = POLLIN };
	ck_assert_int_eq(poll(&quiet, 1, 1300), 0);
	tlspeer_echo(&peers[4], "hello", 5);
	tlspeer_finish(&peers[4]);
	tlspeer_finish(&peers[5]);
	spawn_expect(&server.process, "worker 2 has left");
	shell_expect(
	    0, ", 2 workers, ", "tlsecho-stat --once --stats %s", server.name);
	ck_assert_uint_eq(server_total(&server, "ended_worker_died"), 0);
	ck_assert_uint_eq(server_total(&server, "workers_added"), 1);
	ck_assert_uint_eq(server_total(&server, "workers_removed"), 1);
	ck_assert_uint_eq(server_total(&server, "worker_restarts"), 0);

	/* The slot is free again. */
	spawn_signal(&server.process, SIGTTIN);
	spawn_expect(&server.process, "worker 2 added");
	AWAIT(count_ready() == 3);
	ck_assert_uint_eq(server_total(&server, "accepted"), 6);
	many_clients_leave(peers, 4);
	server_stop_idle(&server);
}
END_TEST

START_TEST(limits_of_workers)
{
	server_start(&server, "--workers", "1", NULL);
	spawn_signal(&server.process, SIGTTOU);
	spawn_expect(&server.process, "no worker removed: there is only one\n");
	for (unsigned i = 2; i <= 15; i++) {
		spawn_signal(&server.process, SIGTTIN);
		AWAIT(count_ready() == i);
	}
	spawn_signal(&server.process, SIGTTIN);
	spawn_expect(
	    &server.process, "no worker added: all 15 slots are taken");
	tlspeer_join(&peers[0], server.port);
	tlspeer_finish(&peers[0]);
	server_stop_idle(&server);
}
END_TEST

/* A worker that is to leave and does not is killed in the end. */
START_TEST(leaves_too_late)
{
	server_start(&server, "--drain-timeout", "0", NULL);
	(void)server_freeze_worker(&server, 1);
	spawn_signal(&server.process, SIGTTOU);
	spawn_expect(&server.process, "worker 1 did not leave in time: killed");
	spawn_expect(&server.process, "worker 1 killed by SIGKILL after ");
	ck_assert_uint_eq(server_total(&server, "workers_killed"), 1);
	tlspeer_join(&peers[0], server.port);
	tlspeer_finish(&peers[0]);
	ck_assert(!server_worker_is_ready(&server, 1));
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/signals");

	SUITE_ADD_LOOP(s, quit, 3);
	SUITE_ADD(s, totals_in_the_log);
	SUITE_ADD(s, reload_while_draining);
	SUITE_ADD(s, one_more_one_fewer);
	SUITE_ADD(s, limits_of_workers);
	SUITE_ADD(s, leaves_too_late);
	return fixture_run(s, argc, argv);
}
