/* tlsecho-stat on a live server, a dead one, and none. */
#include <check.h>
#include <jansson.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peers[4];

static void
connect_all(void)
{
	for (int i = 0; i < 4; i++) {
		tlspeer_join(&peers[i], server.port);
	}
}

static void
finish_all(void)
{
	for (int i = 0; i < 4; i++)
		tlspeer_finish(&peers[i]);
	server_stop_idle(&server);
}

/* What it writes on standard output. */
static json_t *
sample(int status)
{
	shell_expect(
	    status, "", "tlsecho-stat -j -n %s 2>/dev/null", server.name);
	return shell_json();
}

static uint64_t
counter(const json_t *object, const char *name)
{
	const json_t *value =
	    json_object_get(json_object_get(object, "counters"), name);

	ck_assert_msg(json_is_integer(value), "there is no '%s'", name);
	return (uint64_t)json_integer_value(value);
}

static void
expect_bool(const json_t *object, const char *name, bool wanted)
{
	const json_t *value = json_object_get(object, name);

	ck_assert(json_is_boolean(value));
	ck_assert_int_eq(json_boolean_value(value), wanted);
}

/* What JSON says is what is in the segment, and it moves, for each worker. */
START_TEST(json_of_a_live_server)
{
	json_t *before;
	json_t *after;
	const json_t *worker;
	size_t i;

	server_start(&server, NULL);
	before = sample(0);
	expect_bool(before, "alive", true);
	ck_assert_uint_eq(counter(before, "accepted"), 0);
	connect_all();
	after = sample(0);
	ck_assert_uint_eq(counter(after, "accepted"), 4);
	ck_assert_uint_eq(counter(after, "open"), 4);
	ck_assert_uint_eq(counter(after, "read_operations"), 4);
	ck_assert_uint_eq(counter(after, "bytes_sent"), 20);
	ck_assert_uint_eq(
	    json_array_size(json_object_get(after, "workers")), 2);
	json_array_foreach(json_object_get(after, "workers"), i, worker) {
		ck_assert_uint_eq(counter(worker, "open"), 2);
		ck_assert_uint_eq(counter(worker, "bytes_sent"), 10);
		ck_assert_int_eq(
		    json_integer_value(json_object_get(worker, "pid")),
		    server_worker_pid(&server, (unsigned)i));
	}
	ck_assert_int_eq(json_integer_value(json_object_get(after, "pid")),
	    server.process.pid);
	json_decref(before);
	json_decref(after);
	finish_all();
}
END_TEST

/* Two lines at an interval: objects, of which the second is later. */
START_TEST(json_series)
{
	json_error_t error;
	const char *second;
	json_t *object;

	server_start(&server, NULL);
	connect_all();
	shell_expect(
	    0, "\n{", "tlsecho-stat -j -c 2 -i 50ms -n %s", server.name);
	second = strchr(shell_output(), '\n');
	object = json_loads(second, 0, &error);
	ck_assert_ptr_nonnull(object);
	ck_assert_uint_eq(counter(object, "open"), 4);
	json_decref(object);
	finish_all();
}
END_TEST

START_TEST(table_of_a_live_server)
{
	server_start(&server, NULL);
	connect_all();
	shell_expect(0, "\naccepted ", "tlsecho-stat -1 -n %s", server.name);
	ck_assert_ptr_nonnull(strstr(shell_output(), server.name));
	ck_assert_ptr_nonnull(strstr(shell_output(), "\nopen "));
	ck_assert_ptr_nonnull(strstr(shell_output(), "\nhandshake_time "));
	finish_all();
}
END_TEST

/* What is no terminal gets one table, and not tables without end. */
START_TEST(one_table_for_a_pipe)
{
	server_start(&server, NULL);
	shell_expect(0, "1\n",
	    "timeout 5 tlsecho-stat -n %s >text; status=$?;"
	    " grep -c ^open text; exit $status",
	    server.name);
	server_stop(&server);
}
END_TEST

START_TEST(list_of_counters)
{
	server_start(&server, NULL);
	shell_expect(0, "2\n",
	    "tlsecho-stat -l -f 'bytes_*' -f '^*_received' -n %s | wc -l",
	    server.name);
	shell_expect(1, "--filter: no counter matches '^opne'",
	    "tlsecho-stat -l -f '^opne'");
	shell_expect(0, "handshake_unknown_issuer", "tlsecho-stat -l -n %s",
	    server.name);
	server_stop(&server);
}
END_TEST

START_TEST(no_such_server)
{
	char name[STATS_SHM_NAME];

	server_new_name(name);
	shell_expect(1, name, "tlsecho-stat -1 -n %s", name);
	ck_assert_int_eq(strncmp(shell_output(), "tlsecho-stat: ", 14), 0);
}
END_TEST

/* Its last numbers are shown, and that they are the last. */
START_TEST(dead_server)
{
	pid_t pids[2];
	json_t *object;

	server_start(&server, NULL);
	connect_all();
	for (unsigned i = 0; i < 2; i++)
		pids[i] = server_worker_pid(&server, i);
	server_kill_master(&server);
	for (int i = 0; i < 4; i++)
		tlspeer_close(&peers[i]);
	AWAIT(
	    !server_process_exists(pids[0]) && !server_process_exists(pids[1]));
	object = sample(1);
	expect_bool(object, "alive", false);
	ck_assert_uint_eq(counter(object, "accepted"), 4);
	json_decref(object);
	shell_expect(1, "is dead", "tlsecho-stat -1 -n %s", server.name);
	shell_expect(0, "", "rm /dev/shm/tlsecho.%s", server.name);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/stat");

	SUITE_ADD(s, json_of_a_live_server);
	SUITE_ADD(s, json_series);
	SUITE_ADD(s, table_of_a_live_server);
	SUITE_ADD(s, one_table_for_a_pipe);
	SUITE_ADD(s, list_of_counters);
	SUITE_ADD(s, no_such_server);
	SUITE_ADD(s, dead_server);
	return fixture_run(s, argc, argv);
}
