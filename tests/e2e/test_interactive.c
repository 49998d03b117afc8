/* --interactive, of server and client, on terminals. */
#include <check.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	CTRL_C = 3,
	CLIENTS = 5
};

static const struct spawn_options on_terminal = { .terminal = true };
static struct server server;
static struct spawn client;

static void
start_server(void)
{
	server_start_as(&server, NULL, &on_terminal, "--interactive", NULL);
	spawn_expect(&server.process, "Press any key to stop server.\r\n");
}

START_TEST(key_stops_server)
{
	static const char *const keys[] = { "x", "\n", "q", " " };

	start_server();
	spawn_write(&server.process, keys[_i], 1);
	server_await_end(&server, 0);
	ck_assert(spawn_said(&server.process, "Connections accepted: 0"));
}
END_TEST

START_TEST(interrupt_stops_server)
{
	const char key = CTRL_C;

	start_server();
	spawn_write(&server.process, &key, 1);
	server_await_end(&server, 0);
}
END_TEST

/* Facts of each session, as one a line. */
START_TEST(server_shows_sessions)
{
	struct tlspeer peers[2];

	start_server();
	for (int i = 0; i < 2; i++) {
		tlspeer_join(&peers[i], server.port);
		spawn_expect(&server.process, "Client connection 127.0.0.1:");
		spawn_expect(&server.process,
		    i == 0 ? " accepted. 1 clients connected to server\r\n"
			   : " accepted. 2 clients connected to server\r\n");
		spawn_expect(&server.process,
		    "\r\nRemoteCertificate.Subject: CN=alice\r\n");
	}
	for (int i = 0; i < 2; i++)
		tlspeer_finish(&peers[i]);
	AWAIT(server_total(&server, "open") == 0);
	spawn_write(&server.process, "x", 1);
	server_await_end(&server, 0);
}
END_TEST

static void
start_client(void)
{
	server_start(&server, NULL);
	client_start(&client, server_address(&server),
	    "--interactive -c 5 -n 50", &on_terminal);
}

/* All are connected, and nothing is sent, until a key is pressed. */
START_TEST(key_starts_client)
{
	start_client();
	spawn_expect(&client,
	    "Clients connected. Press any key to start sending and "
	    "receiving.\r\n");
	AWAIT(server_total(&server, "handshakes_completed") == CLIENTS);
	ck_assert_uint_eq(server_total(&server, "open"), CLIENTS);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 0);
	spawn_write(&client, "x", 1);
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert(spawn_said(&client, "Errors: 0\r\n"));
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 50);
	server_stop(&server);
}
END_TEST

START_TEST(interrupt_stops_client)
{
	const char key = CTRL_C;

	start_client();
	spawn_expect(&client, "Press any key to start sending");
	spawn_write(&client, &key, 1);
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert(spawn_said(&client, "Interrupted by a signal.\r\n"));
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 0);
	ck_assert_uint_eq(server_total(&server, "ended_close_notify"), CLIENTS);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/interactive");

	SUITE_ADD_LOOP(s, key_stops_server, 4);
	SUITE_ADD(s, interrupt_stops_server);
	SUITE_ADD(s, server_shows_sessions);
	SUITE_ADD(s, key_starts_client);
	SUITE_ADD(s, interrupt_stops_client);
	return fixture_run(s, argc, argv);
}
