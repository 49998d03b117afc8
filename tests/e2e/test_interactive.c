/* --interactive, of server and client, on terminals. */
#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"
#include "tests/support/tmux.h"

enum {
	CTRL_C = 3,
	CLIENTS = 5
};

static const struct spawn_options on_terminal = { .terminal = true };
static struct server server;
static struct spawn client;
static char command[512];

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

/*
 * ^Z stops all of its processes, so that clients wait; after fg they go on, a
 * key ends it as before, and nobody was taken for one that hangs.
 */
START_TEST(stopped_server_goes_on)
{
	static struct tmux t;
	struct tlspeer peer;
	struct pollfd quiet;
	char name[STATS_SHM_NAME];
	int port;

	if (!tmux_is_there())
		return;
	server_new_name(name);
	tmux_start(&t, 24, 200, "PS1='ready>' bash --norc -i");
	tmux_expect(&t, "ready>");
	(void)snprintf(command, sizeof command,
	    "tlsecho-server --interactive -l 127.0.0.1:0 -w 2 --watchdog 200ms"
	    " --cert ca/server.pem --key ca/server.key --ca ca/ca.pem -n %s"
	    " --ready-fd 3 3>port 2>log",
	    name);
	tmux_type(&t, command);
	tmux_type(&t, "Enter");
	tmux_expect(&t, "Press any key");
	shell_expect(0, "127.0.0.1:", "cat port");
	port = atoi(strchr(shell_output(), ':') + 1);
	tlspeer_join(&peer, port);
	tmux_type(&t, "C-z");
	tmux_expect(&t, "Stopped");
	tlspeer_send(&peer, "hello", 5);
	quiet = (struct pollfd){ .fd = peer.fd, .events = POLLIN };
	ck_assert_int_eq(poll(&quiet, 1, 500), 0);
	tmux_type(&t, "clear; fg");
	tmux_type(&t, "Enter");
	tmux_expect(&t, "Press any key");
	tlspeer_expect(&peer, "hello", 5);
	tlspeer_echo(&peer, "again", 5);
	tlspeer_finish(&peer);
	tmux_type(&t, "x");
	tmux_expect(&t, "Bytes sent: ");
	shell_expect(1, "", "grep -e 'hangs' -e 'killed' log");
	shell_expect(0, "", "grep -q ' stopped$' log");
	tmux_stop(&t);
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
	SUITE_ADD(s, stopped_server_goes_on);
	SUITE_ADD(s, key_starts_client);
	SUITE_ADD(s, interrupt_stops_client);
	return fixture_run(s, argc, argv);
}
