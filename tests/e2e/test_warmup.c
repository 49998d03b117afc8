/* test_warmup: --warmup leaves its part out, and nothing else. */
#include <signal.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;

static const struct {
	const char *options;
	const char *unit, *times; /* how many, and how long they took */
} loads[] = {
	{ "-c 4 -w 2", "round_trips", "round_trip" },
	{ "-c 4 -w 2 --rate 1000 --late-limit 10s", "round_trips",
	    "round_trip" },
	{ "-c 4 -w 2 --handshakes --resume", "transactions", "transaction" },
};

/* What the server counted beyond it was the warm-up. */
TEST_EACH(leaves_its_part_out, loads)
{
	uint64_t done;
	uint64_t echoes;

	server_start(&server, NULL);
	client_run(0, server_address(&server), "--warmup 500ms -d 500ms %s",
	    loads[_i].options);
	done = client_number("", loads[_i].unit);
	echoes = client_number("", "round_trips");
	ck_assert_uint_gt(done, 0);
	ck_assert_uint_eq(client_number(loads[_i].times, "count"), done);
	ck_assert_uint_eq(
	    client_number("", "intended"), client_number("", "started"));
	ck_assert_uint_eq(client_number("connections", "not_made"), 0);
	ck_assert_ptr_nonnull(strstr(
	    shell_output(), ", warmup 500 ms not counted, for 500 ms\n"));
	ck_assert_ptr_null(strstr(shell_output(), "not completed"));
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_gt(server_total(&server, "write_operations"), echoes);
	ck_assert_uint_gt(server_total(&server, "bytes_sent"),
	    client_number("traffic", "bytes_received"));
	server_stop(&server);
}

static uint64_t
cpu_of_first_second(void)
{
	const json_t *series = client_member("", "series");

	return (uint64_t)json_integer_value(
	    json_object_get(json_array_get(series, 0), "cpu_ns"));
}

TEST(cpu_time_is_left_out)
{
	server_start(&server, NULL);
	client_run(
	    0, server_address(&server), "--warmup 500ms -d 1200ms -c 4 -w 2");
	ck_assert_uint_le(cpu_of_first_second(), client_number("", "cpu_ns"));
	server_stop(&server);
}

/* They fail in the warm-up, and still have failed. */
TEST(errors_count_all_the_same)
{
	server_start(&server, NULL);
	client_run(1, server_address(&server),
	    "--warmup 300ms -d 1ms -c 2 --handshakes"
	    " --server-name other.example");
	ck_assert_uint_ge(client_number("errors", "wrong_name"), 2);
	ck_assert_uint_eq(client_number("connections", "failed"),
	    client_number("errors", "wrong_name"));
	ck_assert_uint_eq(client_number("connections", "asked"),
	    client_number("errors", "wrong_name"));
	server_stop(&server);
}

/* It ends the warm-up and the run, and is shown. */
TEST(wrong_echo)
{
	struct fake_server fake;

	fake_server_start(&fake, FAKE_FLIPS_A_BIT, "ca/server");
	client_run(1, fake.address, "--warmup 1h -d 1ms -c 2 -w 1");
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "echo differs from what was sent"));
	fake_server_stop(&fake);
}

/* From a server that stalls the client awaits the echo; a second signal cuts
 * that short. The live line counts what the warm-up has opened. */
static const struct {
	enum fake_kind kind;
	const char *options, *line;
	int signals[2];
	const char *words;
} interrupted[] = {
	{ FAKE_ECHOES, "", ": 3 open, 0 errors\n", { SIGINT },
	    "a signal ended the run within --warmup: nothing was measured\n" },
	{ FAKE_ECHOES, "--handshakes", " open, 0 errors\n", { SIGINT },
	    "a signal ended the run within --warmup: nothing was measured\n" },
	{ FAKE_STALLS, "--handshakes -s 2000 --timeout 1h",
	    ": 3 open, 0 errors\n", { SIGINT, SIGTERM },
	    "3 connections were cut off by a signal\n" },
};

TEST_EACH(interrupted_within, interrupted)
{
	struct fake_server fake;
	static struct spawn client;

	fake_server_start(&fake, interrupted[_i].kind, "ca/server");
	spawn_shell(&client, NULL,
	    "tlsecho-client --ca ca/ca.pem --server-name localhost --warmup 1h"
	    " -c 3 -w 1 --progress %s %s 2>&1",
	    interrupted[_i].options, fake.address);
	spawn_expect(&client, "Warming up, for another ");
	spawn_expect(&client, interrupted[_i].line);
	for (int i = 0; i < 2 && interrupted[_i].signals[i] != 0; i++)
		spawn_signal(&client, interrupted[_i].signals[i]);
	spawn_expect(&client, interrupted[_i].words);
	ck_assert_int_eq(spawn_wait(&client), 1);
	fake_server_stop(&fake);
}

FIXTURE_SUITE("e2e/warmup")
