/* SIGUSR2: what the next program has from the one before. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/server_copy.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peers[3];

static void
upgrade(void)
{
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
}

static void
expect_refused(const char *counter, uint64_t count)
{
	int fd = tlspeer_tcp("127.0.0.1", server.port);
	char byte;

	tcp_await(fd);
	ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
	(void)close(fd);
	AWAIT(server_total(&server, counter) == count);
}

/* Of old workers and of new ones together; who leaves makes room. */
START_TEST(connections_of_an_address)
{
	server_copy_make();
	server_start(&server, "--max-connections-per-address", "2",
	    "--drain-timeout", "1m", NULL);
	tlspeer_join(&peers[0], server.port);
	upgrade();
	tlspeer_join(&peers[1], server.port);
	expect_refused("refused_address", 1);
	upgrade();
	expect_refused("refused_address", 2);
	tlspeer_finish(&peers[0]);
	AWAIT(server_total(&server, "open") == 1);
	tlspeer_join(&peers[2], server.port);
	tlspeer_finish(&peers[1]);
	tlspeer_finish(&peers[2]);
	server_stop_idle(&server);
	ck_assert(!spawn_said(&server.process, "begin anew"));
}
END_TEST

/* One worker of before is killed: its connections count no more. */
START_TEST(old_worker_is_killed)
{
	server_copy_make();
	server_start(&server, "--max-connections-per-network", "1",
	    "--drain-timeout", "1m", "--workers", "1", NULL);
	tlspeer_join(&peers[0], server.port);
	upgrade();
	expect_refused("refused_network", 1);
	ck_assert_int_eq(kill(server_worker_pid(&server, 0), SIGKILL), 0);
	AWAIT(server_total(&server, "ended_worker_died") == 1);
	tlspeer_join(&peers[1], server.port);
	tlspeer_finish(&peers[1]);
	tlspeer_close(&peers[0]);
	server_stop(&server);
}
END_TEST

START_TEST(rates)
{
	static const char *const options[] = { "--handshake-rate",
		"--handshake-rate-per-address" };
	static const char *const counters[] = { "refused_rate",
		"refused_address_rate" };

	server_copy_make();
	server_start(&server, options[_i], "1/h", NULL);
	tlspeer_join(&peers[0], server.port);
	upgrade();
	expect_refused(counters[_i], 1);
	tlspeer_finish(&peers[0]);
	server_stop_idle(&server);
}
END_TEST

/* Old workers hear a little later that they are to take no more. */
static void
await_new_workers_only(unsigned old)
{
	for (unsigned i = 0; i < old; i++)
		AWAIT(!server_worker_is_ready(&server, i));
}

/* A table for more connections has another shape. */
START_TEST(limits_of_another_shape)
{
	unsigned old;

	server_copy_make();
	server_start(&server, "--max-connections-per-address", "1",
	    "--max-connections", "1000", NULL);
	tlspeer_join(&peers[0], server.port);
	old = server_workers(&server);
	server_copy_give("--max-connections", "100000");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "begin anew");
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	await_new_workers_only(old);
	tlspeer_join(&peers[1], server.port);
	expect_refused("refused_address", 1);
	tlspeer_finish(&peers[0]);
	tlspeer_finish(&peers[1]);
	server_stop_idle(&server);
}
END_TEST

/* What was refused after the last line about it stands in the next one. */
START_TEST(refusals)
{
	server_copy_make();
	server_start(&server, "--max-connections-per-address", "1", NULL);
	tlspeer_join(&peers[0], server.port);
	expect_refused("refused_address", 1);
	spawn_expect(&server.process, "1 connection refused: --max-conn");
	expect_refused("refused_address", 2);
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "1 connection refused: --max-conn");
	AWAIT(server_total(&server, "upgrades") == 1);
	tlspeer_finish(&peers[0]);
	server_stop_idle(&server);
}
END_TEST

/* As signals have left it, unless --workers is another one by now. */
START_TEST(number_of_workers)
{
	server_copy_make();
	server_start(&server, NULL);
	spawn_signal(&server.process, SIGTTIN);
	spawn_expect(&server.process, "added: 3 workers from now on");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "ready: 3 workers on ");
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	spawn_signal(&server.process, SIGTTOU);
	spawn_expect(&server.process, "drains: 2 workers from now on");
	spawn_signal(&server.process, SIGTTOU);
	spawn_expect(&server.process, "drains: 1 worker from now on");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "ready: 1 worker on ");
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	server_copy_give("--workers", "4");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "ready: 4 workers on ");
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	spawn_signal(&server.process, SIGTERM);
	ck_assert_int_eq(spawn_wait(&server.process), 0);
}
END_TEST

static unsigned
count_children(void)
{
	return (unsigned)shell(
	    "exit $(pgrep -c -P %d)", (int)server.process.pid);
}

/* One process writes the log, also when nobody reads it; one signs. */
START_TEST(log_that_nobody_reads)
{
	server_copy_make();
	server_start(&server, NULL);
	ck_assert_uint_eq(count_children(), 4);
	ck_assert_int_ge(fcntl(server.process.out, F_SETPIPE_SZ, 4096), 0);
	while (server_total(&server, "log_lines_dropped") == 0)
		spawn_signal(&server.process, SIGUSR1);
	for (uint64_t n = 1; n <= 3; n++) {
		spawn_signal(&server.process, SIGUSR2);
		AWAIT(server_total(&server, "upgrades") == n);
		AWAIT(count_children() == 4);
	}
	spawn_signal(&server.process, SIGTERM);
	ck_assert_int_eq(spawn_wait(&server.process), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/upgrade_keeps");

	SUITE_ADD(s, connections_of_an_address);
	SUITE_ADD(s, old_worker_is_killed);
	SUITE_ADD_LOOP(s, rates, 2);
	SUITE_ADD(s, limits_of_another_shape);
	SUITE_ADD(s, refusals);
	SUITE_ADD(s, number_of_workers);
	SUITE_ADD(s, log_that_nobody_reads);
	return fixture_run(s, argc, argv);
}
