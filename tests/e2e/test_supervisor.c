/* What the server tells a service manager, and gets from it. */
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/sys/addr.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/manager.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct manager manager;
static struct tlspeer peer;

/* With the end of a reload, or of a refused one. */
static void
expect_reload(void)
{
	int64_t before_us = clock_now_ns() / 1000;

	spawn_signal(&server.process, SIGHUP);
	manager_expect(&manager, "RELOADING=1");
	ck_assert_int_ge(
	    strtoll(manager_value(&manager, "MONOTONIC_USEC="), NULL, 10),
	    before_us);
	manager_expect(&manager, "READY=1");
}

START_TEST(tells_its_life)
{
	struct addr addr;

	manager_open(&manager, (enum manager_name)_i);
	server_start(&server, "--drain-timeout", "7s", NULL);
	manager_expect(&manager, "FDSTORE=1");
	addr_of_socket(&addr, manager.passed_fd);
	ck_assert_int_eq(addr_port(&addr), server.port);
	ck_assert_int_eq(
	    strncmp(manager_value(&manager, "FDNAME="), "127.0.0.1_", 10), 0);
	manager_expect(&manager, "READY=1");
	ck_assert_int_eq(
	    strncmp(manager_value(&manager, "STATUS="), "2 workers;", 10), 0);
	expect_reload();
	ck_assert_uint_eq(server_total(&server, "worker_reloads"), 2);
	spawn_signal(&server.process, SIGTTIN);
	manager_expect(&manager, "STATUS=3 workers;");
	shell_expect(0, "", "mv ca/ca.pem ca/gone.pem");
	expect_reload();
	shell_expect(0, "", "mv ca/gone.pem ca/ca.pem");
	ck_assert_uint_eq(server_total(&server, "reloads_refused"), 1);
	spawn_signal(&server.process, SIGTERM);
	manager_expect(&manager, "STOPPING=1");
	ck_assert_str_eq(strtok(strstr(manager.said, "EXTEND"), "\n"),
	    "EXTEND_TIMEOUT_USEC=11000000");
	server_await_end(&server, 0);
	manager_close(&manager);
}
END_TEST

/* While all loops stand still nothing comes; one that turns is enough. */
START_TEST(is_well_while_a_worker_turns)
{
	struct pollfd p;
	pid_t pids[2];

	manager_open(&manager, MANAGER_PATH);
	(void)setenv("WATCHDOG_USEC", "100000", 1);
	server_start(&server, NULL);
	(void)unsetenv("WATCHDOG_USEC");
	manager_expect(&manager, "READY=1");
	for (int i = 0; i < 3; i++)
		manager_expect(&manager, "WATCHDOG=1");
	for (unsigned i = 0; i < 2; i++) {
		pids[i] = server_freeze_worker(&server, i);
		AWAIT(stats_shm_is_stalled(server.shm, 1 + i));
		manager_forget(&manager);
		if (i == 0)
			manager_expect(&manager, "WATCHDOG=1");
	}
	p = (struct pollfd){ .fd = manager.fd, .events = POLLIN };
	ck_assert_int_eq(poll(&p, 1, 250), 0);
	ck_assert_int_eq(kill(pids[0], SIGCONT), 0);
	manager_expect(&manager, "WATCHDOG=1");
	ck_assert_int_eq(kill(pids[1], SIGCONT), 0);
	server_stop(&server);
	manager_close(&manager);
}
END_TEST

/* What comes while there is no server waits for the next one. */
START_TEST(sockets_outlive_servers)
{
	struct spawn_options options = { .listen_fd = socket(AF_INET,
					     SOCK_STREAM | SOCK_CLOEXEC, 0) };
	const struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char text[ADDR_TEXT];
	struct addr addr;

	ck_assert_int_eq(
	    bind(options.listen_fd, (const struct sockaddr *)&any, sizeof any),
	    0);
	ck_assert_int_eq(listen(options.listen_fd, 16), 0);
	addr_of_socket(&addr, options.listen_fd);
	(void)addr_format(&addr, text);
	server_start_as(&server, NULL, &options, "--listen", text, NULL);
	ck_assert_str_eq(server.addresses, text);
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	server_stop_idle(&server);

	tlspeer_open(&peer, addr_port(&addr),
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	server_start_as(&server, NULL, &options, "--listen", text, NULL);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	server_stop_idle(&server);

	/* One that nobody asks for. */
	server_start_as(&server, NULL, &options, NULL);
	spawn_expect(&server.process, "LISTEN_FDS: 127.0.0.1:");
	ck_assert_int_ne(server.port, addr_port(&addr));
	server_stop(&server);
}
END_TEST

/* Nobody listens there, or it is no name: the server serves all the same. */
START_TEST(no_manager)
{
	static const char *const names[] = { "/nowhere/notify", "relative", "@",
		"vsock:2:9999" };

	(void)setenv("NOTIFY_SOCKET", names[_i], 1);
	server_start(&server, NULL);
	(void)unsetenv("NOTIFY_SOCKET");
	spawn_expect(&server.process,
	    "the service manager is told nothing: NOTIFY_SOCKET: ");
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/supervisor");

	SUITE_ADD_LOOP(s, tells_its_life, 2);
	SUITE_ADD(s, is_well_while_a_worker_turns);
	SUITE_ADD(s, sockets_outlive_servers);
	SUITE_ADD_LOOP(s, no_manager, 4);
	return fixture_run(s, argc, argv);
}
