/* test_master_steps: a script that follows a run with --steps-fd. */
#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/client/program.h"
#include "tests/support/await.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"

static struct spawn client;
static struct server server;
static int script;

static void
start(const char *options)
{
	struct spawn_options how = { 0 };
	char address[32];
	int pair[2];

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	how.kept_fd = pair[1];
	script = pair[0];
	server_start(&server, NULL);
	(void)snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
	program_start(&client, options, address, &how);
	(void)close(pair[1]);
}

static void
expect_line(const char *line)
{
	char text[32] = "";
	size_t have = 0;

	while (have < strlen(line)) {
		struct pollfd p = { .fd = script, .events = POLLIN };
		ssize_t n;

		ck_assert_int_eq(
		    poll(&p, 1, await_left_ms(await_deadline_ns())), 1);
		n = read(script, text + have, strlen(line) - have);
		ck_assert_msg(n > 0, "the end, not '%s'", line);
		have += (size_t)n;
	}
	ck_assert_str_eq(text, line);
}

static void
go(void)
{
	ck_assert_int_eq(write(script, "x", 1), 1);
}

TEST(step_by_step)
{
	start("-q -c 6 -w 2 -n 60 --steps-fd 9");
	expect_line("connected\n");
	AWAIT(server_total(&server, "open") == 6);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 0);
	go();
	expect_line("finished\n");
	AWAIT(server_total(&server, "read_operations") == 60);
	ck_assert_uint_eq(server_total(&server, "ended"), 0);
	go();
	ck_assert_int_eq(spawn_wait(&client), 0);
	program_expect(&client, "Round trips: 60 in ");
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 6);
	server_stop(&server);
}

TEST(script_hangs_up)
{
	start("-q -c 6 -w 2 -n 60 --steps-fd 9");
	expect_line("connected\n");
	(void)close(script);
	ck_assert_int_eq(spawn_wait(&client), 0);
	program_expect(&client, "Round trips: 60 in ");
	server_stop(&server);
}

/* Neither step holds it up. */
TEST_LOOP(interrupted, 2)
{
	start("-q -c 6 -w 2 -n 60 --steps-fd 9");
	expect_line("connected\n");
	if (_i == 1) {
		go();
		expect_line("finished\n");
	}
	spawn_signal(&client, SIGINT);
	ck_assert_int_eq(spawn_wait(&client), 0);
	program_expect(&client, "Interrupted by a signal.\n");
	server_stop(&server);
}

/* Of the client's only worker: the letter of proc(5). */
static char
worker_state(void)
{
	char path[64], text[512] = "";
	int worker;
	FILE *f;

	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children",
	    (int)client.pid, (int)client.pid);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%d", &worker), 1);
	(void)fclose(f);
	(void)snprintf(path, sizeof path, "/proc/%d/stat", worker);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(text, sizeof text, f));
	(void)fclose(f);
	ck_assert_ptr_nonnull(strrchr(text, ')'));
	return strrchr(text, ')')[2];
}

static const char *const kinds[] = {
	"-q -c 4 -w 1 -n 40 --steps-fd 9",
	"-q -c 4 -w 1 -d 50ms --idle --steps-fd 9",
	"-q -c 4 -w 1 -d 50ms --rate 100 --late-limit 10s --steps-fd 9",
	"-q -c 4 -w 1 -n 8 --handshakes --steps-fd 9",
};

/* Whatever it measured, a client that waits for the script takes no CPU. */
TEST_EACH(sleeps_when_finished, kinds)
{
	start(kinds[_i]);
	expect_line("connected\n");
	go();
	expect_line("finished\n");
	AWAIT(worker_state() == 'S');
	go();
	ck_assert_int_eq(spawn_wait(&client), 0);
	server_stop(&server);
}

/* With no connection there is nothing to wait for: the script sees the end. */
TEST(no_connection)
{
	char byte;

	start("-q -c 6 -w 2 -n 60 --steps-fd 9 --server-name other.example");
	ck_assert_int_eq(spawn_wait(&client), 1);
	ck_assert_int_eq(read(script, &byte, 1), 0);
	server_stop(&server);
}

/* The server dies while the script thinks. */
TEST(connections_lost)
{
	start("-q -c 6 -w 2 -n 60 --steps-fd 9");
	expect_line("connected\n");
	server_stop(&server);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "Connections failed: 6\n");
}

FIXTURE_SUITE("client/master/master_steps")
