/* --steps: launchers that connect standard input and output, and some that
 * are gone, stopped, or wrong. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/version.h"
#include "common/sys/file.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

#define HELLO "hello " TLSECHO_VERSION " 1/1\n"

static struct spawn client;
static struct server server;

/* Its standard error goes to the file err; the shell becomes the client. */
static void
start_at(int port, const char *options, const char *redirections)
{
	(void)unlink("part.json");
	spawn_shell(&client, NULL,
	    "tlsecho-client --ca %s --cert %s --key %s -q -c 4 -w 1 "
	    "--json part.json %s 127.0.0.1:%d 2>err %s",
	    fixture_path("ca/ca.pem"), fixture_path("ca/alice.pem"),
	    fixture_path("ca/alice.key"), options, port, redirections);
}

static void
start(const char *options)
{
	server_start(&server, NULL);
	start_at(server.port, options, "");
}

static void
expect_file(const char *path, const char *text)
{
	struct file_bytes bytes = FILE_BYTES_INIT;
	struct errmsg e;

	ck_assert_msg(file_read(&bytes, path, 1 << 20, &e) == 0, "%s", e.text);
	ck_assert_msg(
	    memmem(bytes.data, bytes.size, text, strlen(text)) != NULL,
	    "no '%s' in %s:\n%.*s", text, path, (int)bytes.size,
	    (const char *)bytes.data);
	file_bytes_free(&bytes);
}

/* Before the end of that; and the report says so, too. */
static void
expect_lost(const char *why)
{
	ck_assert_int_eq(spawn_wait(&client), 3);
	expect_file("err", why);
	expect_file("part.json", why);
	expect_file("part.json", "\"valid\": false");
	expect_file("part.json", "\"exit_status\": 3");
	ck_assert(!spawn_said(&client, "end\n"));
}

/* What --verbose shows is no line of theirs. */
TEST(whole_run)
{
	start("--steps stdio --part 2/2 -n 121 -v");
	spawn_expect(&client, "hello " TLSECHO_VERSION " 2/2\n");
	spawn_expect(&client, "connected\n");
	AWAIT(server_total(&server, "open") == 2);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 0);
	spawn_write(&client, "\n", 1);
	spawn_expect(&client, "measured\n");
	AWAIT(server_total(&server, "read_operations") == 60);
	ck_assert_uint_eq(server_total(&server, "ended"), 0);
	ck_assert_int_eq(access("part.json", F_OK), -1);
	spawn_write(&client, "\n", 1);
	spawn_expect(&client, "end\n");
	expect_file("part.json", "\"round_trips\": 60,");
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert_str_eq(client.text,
	    "hello " TLSECHO_VERSION " 2/2\nconnected\nmeasured\nend\n");
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), 2);
	server_stop(&server);
}

/* A server that accepts, and says nothing. */
TEST(input_ends_while_connecting)
{
	struct addr addr;
	int listener = tcp_listen(&addr);
	char text[ADDR_TEXT];
	const char *port;

	port = strrchr(addr_format(&addr, text), ':') + 1;
	start_at(atoi(port), "--steps stdio", "");
	spawn_expect(&client, HELLO);
	tcp_await(listener);
	spawn_close_input(&client);
	expect_lost("standard input ended before all connections were open");
	(void)close(listener);
}

TEST(input_ends_when_connected)
{
	start("--steps stdio");
	spawn_expect(&client, "connected\n");
	spawn_close_input(&client);
	expect_lost("standard input ended before the load was started");
	server_stop(&server);
}

static const char *const loads[] = { "-d 1h", "-d 1h -r 100", "--idle -d 1h",
	"--handshakes -d 1h", "--warmup 1h" };

TEST_EACH(input_ends_in_the_middle, loads)
{
	char options[64];

	(void)snprintf(options, sizeof options, "--steps stdio %s", loads[_i]);
	start(options);
	spawn_expect(&client, "connected\n");
	spawn_write(&client, "\n", 1);
	AWAIT(server_total(&server, "read_operations") > 0);
	spawn_close_input(&client);
	expect_lost("standard input ended before the measurement was over");
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}

TEST(input_ends_when_measured)
{
	start("--steps stdio -n 10");
	spawn_write(&client, "\n", 1);
	spawn_expect(&client, "measured\n");
	spawn_close_input(&client);
	expect_lost("ended before the connections were to be closed");
	server_stop(&server);
}

/* All steps have been answered, so the launcher may go. */
TEST(input_ends_after_that)
{
	start("--steps stdio -n 10");
	spawn_write(&client, "\n", 1);
	spawn_expect(&client, "measured\n");
	spawn_write(&client, "\n", 1);
	spawn_expect(&client, "end\n");
	spawn_close_input(&client);
	ck_assert_int_eq(spawn_wait(&client), 0);
	server_stop(&server);
}

TEST(garbage)
{
	start("--steps stdio -d 1h");
	spawn_expect(&client, "connected\n");
	spawn_write(&client, "\ngo\n", 4);
	expect_lost("standard input had the byte 0x67, which is no newline, "
		    "before the measurement was over");
	server_stop(&server);
}

TEST(newlines_without_end)
{
	start("--steps stdio -d 1h");
	spawn_expect(&client, "connected\n");
	spawn_write(&client, "\n\n\n\n\n\n\n\n", 8);
	expect_lost("standard input had more than 2 newlines before ");
	server_stop(&server);
}

/* What came meanwhile is found when it goes on. */
TEST(stopped_and_continued)
{
	start("--steps stdio -n 10");
	spawn_expect(&client, "connected\n");
	spawn_signal(&client, SIGSTOP);
	spawn_write(&client, "\n", 1);
	spawn_signal(&client, SIGCONT);
	spawn_expect(&client, "measured\n");
	spawn_signal(&client, SIGSTOP);
	spawn_close_input(&client);
	spawn_signal(&client, SIGCONT);
	expect_lost("standard input ended before the connections");
	server_stop(&server);
}

/* A worker that does not obey does not keep the client from its end. */
TEST(worker_stopped)
{
	char path[64];
	int worker;
	FILE *f;

	start("--steps stdio -d 1h");
	spawn_expect(&client, "connected\n");
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children",
	    (int)client.pid, (int)client.pid);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%d", &worker), 1);
	(void)fclose(f);
	ck_assert_int_eq(kill(worker, SIGSTOP), 0);
	spawn_close_input(&client);
	expect_lost("standard input ended before the load was started");
	server_stop(&server);
}

/* By FIFOs, as a launcher without pipes of its own has them. */
TEST(fifos)
{
	char line[sizeof HELLO "connected\n"] = "";
	int in, out;

	ck_assert_int_eq(mkfifo("in", 0600), 0);
	ck_assert_int_eq(mkfifo("out", 0600), 0);
	server_start(&server, NULL);
	start_at(server.port, "--steps stdio -n 10", "<in >out");
	in = open("in", O_WRONLY | O_CLOEXEC);
	out = open("out", O_RDONLY | O_CLOEXEC);
	for (size_t n = 0; n < sizeof line - 1; n++)
		ck_assert_int_eq(read(out, line + n, 1), 1);
	ck_assert_str_eq(line, HELLO "connected\n");
	/* The next line has no reader. */
	(void)close(out);
	ck_assert_int_eq(write(in, "\n", 1), 1);
	expect_lost("standard output: Broken pipe before the connections were");
	server_stop(&server);
}

static const struct {
	const char *redirections, *why;
} bad_streams[] = {
	{ ">&-", "standard output: Bad file descriptor" },
	{ ">/dev/full", "standard output: No space left on device" },
	{ "<&-", "standard input is neither a pipe, nor a socket, nor a" },
	{ "</dev/null", "--steps: standard input is neither a pipe, nor" },
	{ "<ca/ca.pem", "standard input is neither a pipe, nor a socket" },
};

TEST_EACH(no_streams, bad_streams)
{
	server_start(&server, NULL);
	start_at(server.port, "--steps stdio", bad_streams[_i].redirections);
	ck_assert_int_eq(spawn_wait(&client), 1);
	expect_file("err", bad_streams[_i].why);
	server_stop(&server);
}

/* The report must not be among the lines. */
TEST(report_on_standard_output)
{
	start("--steps stdio --html /dev/stdout");
	ck_assert_int_eq(spawn_wait(&client), 1);
	expect_file("err", "--html: --steps has standard output for itself");
	ck_assert_str_eq(client.text, "");
	server_stop(&server);
}

/* Nor when it can go nowhere else; and then there is no end. */
TEST(report_cannot_be_written)
{
	ck_assert_int_eq(mkdir("gone", 0700), 0);
	start("--steps stdio -n 10 --html gone/x");
	spawn_expect(&client, "connected\n");
	ck_assert_int_eq(rmdir("gone"), 0);
	spawn_write(&client, "\n\n", 2);
	ck_assert_int_eq(spawn_wait(&client), 1);
	ck_assert_str_eq(client.text, HELLO "connected\nmeasured\n");
	expect_file("err", "; the report went to standard error");
	server_stop(&server);
}

/* The first comes before its line; standard input is nobody's. */
TEST(signals)
{
	start("--steps signal -n 10");
	spawn_close_input(&client);
	spawn_expect(&client, HELLO);
	spawn_signal(&client, SIGUSR1);
	spawn_expect(&client, "connected\nmeasured\n");
	AWAIT(server_total(&server, "read_operations") == 10);
	ck_assert_uint_eq(server_total(&server, "ended"), 0);
	spawn_signal(&client, SIGUSR1);
	spawn_expect(&client, "end\n");
	ck_assert_int_eq(spawn_wait(&client), 0);
	server_stop(&server);
}

/* An orderly end, as without steps. */
TEST_LOOP(interrupted, 2)
{
	start(_i == 0 ? "--steps stdio -d 1h" : "--steps signal -d 1h");
	spawn_expect(&client, "connected\n");
	spawn_signal(&client, SIGTERM);
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert_str_eq(client.text, HELLO "connected\nend\n");
	expect_file("part.json", "\"interrupted\": true");
	server_stop(&server);
}

FIXTURE_SUITE("e2e/steps")
