/* test_master: signals, deaths, keys and the progress line. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/client/program.h"
#include "tests/support/await.h"
#include "tests/support/fake_server.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"

enum {
	WORKERS = 2
};

static struct spawn client;
static struct server server;
static struct fake_server fake;
static pid_t workers[WORKERS];

static void
start(const char *options)
{
	char address[32];

	server_start(&server, NULL);
	(void)snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
	program_start(&client, options, address, NULL);
}

static void
await_load(void)
{
	AWAIT(server_total(&server, "read_operations") > 1000);
}

/* The client's workers, in the order in which they were forked. */
static void
find_workers(void)
{
	char path[64];
	FILE *file;

	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children",
	    (int)client.pid, (int)client.pid);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < WORKERS; i++)
		ck_assert_int_eq(fscanf(file, "%d", &workers[i]), 1);
	(void)fclose(file);
}

static const int endings[] = { SIGINT, SIGTERM, SIGHUP };

TEST_EACH(interrupted, endings)
{
	start("-c 6 -w 2 -d 1h");
	await_load();
	spawn_signal(&client, endings[_i]);
	ck_assert_int_eq(spawn_wait(&client), 0);
	program_expect(&client, "Interrupted by a signal.\n");
	program_expect(&client, "Connections made: 6\n");
	program_expect(&client, "\nErrors: 0\n");
	ck_assert_uint_eq(program_value(&client, "Bytes sent"),
	    server_total(&server, "bytes_received"));
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 6);
	server_stop(&server);
}

/* As nohup(1) does it: the run goes on, until another signal comes. */
TEST(hang_up_is_ignored)
{
	uint64_t before;

	ck_assert(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	start("-c 6 -w 2 -d 1h");
	await_load();
	spawn_signal(&client, SIGHUP);
	before = server_total(&server, "read_operations");
	AWAIT(server_total(&server, "read_operations") > before + 1000);
	spawn_signal(&client, SIGTERM);
	ck_assert_int_eq(spawn_wait(&client), 0);
	server_stop(&server);
}

TEST(interrupted_while_connecting)
{
	fake_server_start(&fake, FAKE_IS_SILENT, "ca/server");
	program_start(&client, "-c 6 -w 2", fake.address, NULL);
	spawn_expect(&client, "Connecting: 0 of 6 open, 0 errors\n");
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections made: 0\n");
	program_expect(&client, "Connections not made: 6\n");
	program_expect(&client, "\nErrors: 0\n");
	fake_server_stop(&fake);
}

/* The first waits for echoes that do not come. */
TEST(interrupted_twice)
{
	int64_t begin_ns = clock_now_ns();

	fake_server_start(&fake, FAKE_STALLS, "ca/server");
	program_start(
	    &client, "-c 6 -w 2 -d 1h --timeout 1h", fake.address, NULL);
	spawn_expect(&client, "6 open, ");
	spawn_signal(&client, SIGINT);
	spawn_expect(&client, "6 open, ");
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections cut off: 6\n");
	program_expect(&client, "\nErrors: 0\n");
	program_expect(&client, "Interrupted by a signal.\n");
	ck_assert_int_gt(clock_now_ns() - begin_ns, CLOCK_NS_PER_S);
	fake_server_stop(&fake);
}

TEST(worker_killed)
{
	uint64_t before;

	start("-c 6 -w 2 -d 1h");
	await_load();
	find_workers();
	ck_assert_int_eq(kill(workers[1], SIGKILL), 0);
	AWAIT(server_total(&server, "ended") == 3);
	/* The other one goes on. */
	before = server_total(&server, "read_operations");
	AWAIT(server_total(&server, "read_operations") > before + 1000);
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections cut off: 3\n");
	program_expect(
	    &client, "  workers died: 1 (worker 1: killed by SIGKILL)\n");
	program_expect(&client, "\nErrors: 1\n");
	server_stop(&server);
}

/* The others do not wait for it. The server's queue takes connections. */
TEST(worker_killed_while_connecting)
{
	fake_server_start(&fake, FAKE_ECHOES, "ca/server");
	ck_assert_int_eq(kill(fake.pid, SIGSTOP), 0);
	program_start(&client, "-c 6 -w 2 -n 60", fake.address, NULL);
	spawn_expect(&client, "Connecting: 0 of 6 open, 0 errors\n");
	find_workers();
	ck_assert_int_eq(kill(workers[0], SIGKILL), 0);
	ck_assert_int_eq(kill(fake.pid, SIGCONT), 0);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections made: 3\n");
	program_expect(&client, "Connections not made: 3\n");
	program_expect(&client, "Round trips: 30 in ");
	fake_server_stop(&fake);
}

TEST(all_workers_killed)
{
	start("-c 6 -w 2 -d 1h");
	await_load();
	find_workers();
	for (int i = 0; i < WORKERS; i++)
		ck_assert_int_eq(kill(workers[i], SIGKILL), 0);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections cut off: 6\n");
	program_expect(&client, "  workers died: 2 (worker ");
	ck_assert(!spawn_said(&client, "Round trips per second: 0.0"));
	server_stop(&server);
}

TEST(parent_killed)
{
	start("-c 6 -w 2 -d 1h");
	await_load();
	find_workers();
	spawn_signal(&client, SIGKILL);
	ck_assert_int_eq(spawn_wait(&client), SPAWN_SIGNALLED + SIGKILL);
	for (int i = 0; i < WORKERS; i++)
		AWAIT(!server_process_exists(workers[i]));
	server_stop(&server);
}

TEST(server_killed)
{
	fake_server_start(&fake, FAKE_ECHOES, "ca/server");
	program_start(&client, "-c 6 -w 2 -d 1h", fake.address, NULL);
	spawn_expect(&client, "6 open, ");
	fake_server_stop(&fake);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections made: 6\n");
	program_expect(&client, "Connections lost: 6\n");
}

TEST(progress_lines)
{
	start("-c 6 -w 2 -d 1200ms");
	ck_assert_int_eq(spawn_wait(&client), 0);
	program_expect(&client, ": 6 open, ");
	program_expect(&client, " round trips, ");
	program_expect(&client, "/s, p50 ");
	program_expect(&client, ", p99 ");
	program_expect(&client, ", 0 errors\n");
	ck_assert(!spawn_said(&client, "\r"));
	server_stop(&server);
}

TEST(progress_lines_of_transactions)
{
	start("-c 6 -w 2 -d 1200ms --handshakes");
	ck_assert_int_eq(spawn_wait(&client), 0);
	program_expect(&client, " transactions, ");
	ck_assert(!spawn_said(&client, " round trips, "));
	server_stop(&server);
}

TEST(quiet)
{
	start("-q -c 6 -w 2 -d 1200ms");
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert_ptr_eq(strstr(client.text, "Target: "), client.text);
	server_stop(&server);
}

static void
start_on_terminal(const char *options, const char *address)
{
	const struct spawn_options how = { .terminal = true };

	program_start(&client, options, address, &how);
}

/* One that can do no more than go back to the beginning of the line. */
TEST(progress_on_a_dumb_terminal)
{
	ck_assert_int_eq(setenv("TERM", "dumb", 1), 0);
	fake_server_start(&fake, FAKE_ECHOES, "ca/server");
	start_on_terminal("-c 6 -d 1s", fake.address);
	spawn_expect(&client, "\r");
	spawn_expect(&client, ": 6 open, ");
	spawn_expect(&client, " errors\033[K\r");
	/* Erased before the report. */
	spawn_expect(&client, "\r\033[KTarget: 127.0.0.1:");
	ck_assert_int_eq(spawn_wait(&client), 0);
	fake_server_stop(&fake);
}

/* Each time over the five lines that were shown. */
TEST(live_view)
{
	ck_assert_int_eq(setenv("TERM", "vt100", 1), 0);
	fake_server_start(&fake, FAKE_ECHOES, "ca/server");
	start_on_terminal("-c 6 -d 1200ms", fake.address);
	spawn_expect(&client, " left: 6 open, ");
	spawn_expect(&client, "\033[K\r\nround trips/s ");
	spawn_expect(&client, "\033[K\r\np50 ");
	spawn_expect(&client, "\033[K\r\np99 ");
	spawn_expect(&client, "\033[K\r\nerrors                  0");
	spawn_expect(&client, "\033[K\r\033[4A");
	spawn_expect(&client, "\r\033[4A\033[JTarget: 127.0.0.1:");
	ck_assert_int_eq(spawn_wait(&client), 0);
	fake_server_stop(&fake);
}

TEST(progress_in_lines)
{
	fake_server_start(&fake, FAKE_ECHOES, "ca/server");
	start_on_terminal("-c 6 -d 1200ms --progress", fake.address);
	ck_assert_int_eq(spawn_wait(&client), 0);
	program_expect(&client, ": 6 open, ");
	program_expect(&client, ", 0 errors\r\n");
	ck_assert(!spawn_said(&client, "\033["));
	fake_server_stop(&fake);
}

static const char prompt[] =
    "Clients connected. Press any key to start sending and receiving.\r\n";

TEST(some_clients_connected)
{
	const struct spawn_options how = { .terminal = true };
	char address[32];

	server_start(&server, "--max-connections", "4", NULL);
	(void)snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
	program_start(&client, "-c 6 -w 2 -n 60 --interactive", address, &how);
	spawn_expect(&client, "4 of 6 clients connected. Press any key");
	spawn_write(&client, "x", 1);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections made: 4\r\n");
	server_stop(&server);
}

TEST(server_killed_before_a_key)
{
	fake_server_start(&fake, FAKE_ECHOES, "ca/server");
	start_on_terminal("-c 6 -w 2 --interactive", fake.address);
	spawn_expect(&client, prompt);
	fake_server_stop(&fake);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections failed: 6\r\n");
}

TEST(nobody_to_press_a_key_for)
{
	start_on_terminal("-c 6 -w 2 --interactive", "127.0.0.1:1");
	ck_assert_int_eq(spawn_wait(&client), 1);
	ck_assert(!spawn_said(&client, "Press any key"));
}

FIXTURE_SUITE("client/master/master")
