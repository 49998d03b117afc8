/* SIGUSR2: another program takes over, and nobody notices. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/server_copy.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	FIELDS_MAX = 256
};

static struct server server;
static struct spawn client;
static struct tlspeer peer;
static uint64_t seen[FIELDS_MAX];

/* Of all that only grows, nothing has become less; true, for AWAIT. */
static bool
totals_grow(void)
{
	unsigned count = stats_shm_header(server.shm)->field_count;

	ck_assert_uint_le(count, FIELDS_MAX);
	for (unsigned i = 0; i < count; i++) {
		const struct stats_field *f = stats_shm_field(server.shm, i);
		uint64_t total;

		if (f->kind != STATS_KIND_TOTAL)
			continue;
		total = server_total(&server, f->name);
		ck_assert_msg(total >= seen[i], "%s goes back", f->name);
		seen[i] = total;
	}
	return true;
}

static void
upgrade(uint64_t n)
{
	server_copy_replace("cp new/tlsecho-server new/next");
	spawn_signal(&server.process, SIGUSR2);
	AWAIT(totals_grow() && server_total(&server, "upgrades") == n);
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
}

/* Connections that stay, and new ones all the time. */
static const char *const loads[] = { "-c 40 --duration " CLIENT_DURATION,
	"-c 8 --handshakes --duration " CLIENT_DURATION };

START_TEST(under_load)
{
	server_copy_make();
	server_start(&server, "--drain-timeout", "1m", NULL);
	client_start(&client, server_address(&server), loads[_i], NULL);
	AWAIT(server_total(&server, "accepted") >= 8);
	for (uint64_t n = 1; n <= 3; n++)
		upgrade(n);
	ck_assert_int_eq(spawn_wait(&client), 0);
	client_read_report();
	ck_assert_uint_eq(client_number("connections", "failed"), 0);
	ck_assert_uint_eq(client_number("connections", "lost"), 0);
	AWAIT(totals_grow() && server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "ended_worker_died"), 0);
	server_stop(&server);
}
END_TEST

/* All that the server can do, the new program can; it knows the tickets. */
START_TEST(goes_on_as_before)
{
	gnutls_datum_t session;

	server_copy_make();
	server_start(&server, NULL);
	tlspeer_join(&peer, server.port);
	tlspeer_session(&peer, &session);
	tlspeer_finish(&peer);
	upgrade(1);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .resume = &session });
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 1);
	server_replace_worker(&server, 2);
	spawn_signal(&server.process, SIGHUP);
	AWAIT(server_total(&server, "worker_reloads") >= 2);
	shell_expect(
	    0, ", 2 workers, ", "tlsecho-stat --once --stats %s", server.name);
	spawn_signal(&server.process, SIGTTIN);
	spawn_expect(&server.process, "added: 3 workers from now on");
	gnutls_free(session.data);
	server_stop_idle(&server);
}
END_TEST

/* Nothing but builtins: a shell would reap it when another child ends. */
#define KILL_WORKER_BEFORE                                        \
	"cp new/tlsecho-server new/real; cat >new/next <<'end'\n" \
	"#!/bin/sh\n"                                             \
	"at=${TLSECHO_UPGRADE#* worker=%u:}\n"                    \
	"pid=${at%%%%:*}\n"                                       \
	"is_one() { [ $# = 1 ]; }\n"                              \
	"has_ended() {\n"                                         \
	"	read -r line </proc/$pid/stat\n"                        \
	"	case $line in *') Z '*) is_one /proc/$pid/task/*;;\n"   \
	"	*) false;; esac\n"                                      \
	"}\n"                                                     \
	"if [ -n \"$pid\" ]; then\n"                              \
	"	kill -9 \"$pid\"\n"                                     \
	"	until has_ended; do :; done\n"                          \
	"fi\n"                                                    \
	"exec new/real \"$@\"\n"                                  \
	"end\n"

/* After the old program has looked, and before the new one can. */
START_TEST(worker_dies_meanwhile)
{
	char command[1024];
	unsigned idle;

	server_copy_make();
	server_start(&server, "--drain-timeout", "1m", NULL);
	tlspeer_join(&peer, server.port);
	idle = server_worker_value(&server, 0, "open") == 0 ? 0 : 1;
	(void)snprintf(command, sizeof command, KILL_WORKER_BEFORE ":", idle);
	server_copy_replace(command);
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "killed by SIGKILL");
	spawn_expect(&server.process, "1 old worker drain");
	tlspeer_finish(&peer);
	server_stop(&server);
}
END_TEST

/* The new program makes a segment of its own: the table is another one. */
START_TEST(segment_was_removed)
{
	server_copy_make();
	server_start(&server, "--connection-table", "65536", NULL);
	shell_expect(0, "", "rm /dev/shm/tlsecho.%s", server.name);
	server_copy_give("--connection-table", "1000");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	server_stop(&server);
}
END_TEST

/* As little as a full /dev/shm has. */
START_TEST(no_room_for_the_table)
{
	server_copy_make();
	server_start(&server, "--connection-table", "off", NULL);
	server_copy_give("--connection-table", "1000000");
	shell_expect(0, "", "sed -i '2i ulimit -f 16384' new/tlsecho-server");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "no table of connections until a");
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	spawn_signal(&server.process, SIGTERM);
	ck_assert_int_eq(spawn_wait(&server.process), 0);
}
END_TEST

/* Fewer slots would do, but the old workers still have theirs. */
START_TEST(fewer_workers)
{
	server_copy_make();
	server_start(&server, "--workers", "20", "--drain-timeout", "1m", NULL);
	tlspeer_join(&peer, server.port);
	server_copy_give("--workers", "1");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "20 old workers drain");
	tlspeer_finish(&peer);
	for (int i = 0; i < 20; i++)
		spawn_expect(&server.process, " has left");
	(void)strcat(server.name, ".draining");
	AWAIT(!server_segment_exists(server.name));
	server_copy_give("--workers", "2");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "1 old worker drain");
	spawn_expect(&server.process, " has left");
	spawn_signal(&server.process, SIGTERM);
	ck_assert_int_eq(spawn_wait(&server.process), 0);
}
END_TEST

/*
 * As between releases: the new program counts in a segment of its own, which
 * begins with the old totals.
 */
START_TEST(other_counters)
{
	char path[STATS_SHM_NAME + 32];
	struct errmsg e;
	size_t at;
	int fd;

	server_copy_make();
	server_start(&server, "--drain-timeout", "1m", "--workers", "1", NULL);
	tlspeer_join(&peer, server.port);
	(void)snprintf(path, sizeof path, "/dev/shm/tlsecho.%s", server.name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	at = stats_shm_header(server.shm)->field_offset +
	    offsetof(struct stats_field, help);
	ck_assert_int_eq(pwrite(fd, "x", 1, (off_t)at), 1);
	(void)close(fd);
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "other counters than before");
	spawn_expect(&server.process, " serves, 1 old worker drains\n");
	stats_shm_close(&server.shm);
	ck_assert_int_eq(stats_shm_attach(&server.shm, server.name, &e), 0);
	ck_assert_uint_eq(server_total(&server, "bytes_received"), 5);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 1);
	ck_assert_uint_eq(server_total(&server, "open"), 0);
	for (unsigned i = 0; i < server_workers(&server); i++)
		if (server_worker_pid(&server, i) != 0)
			shell_expect(1, "0",
			    "cat /proc/%d/maps 2>&1 | grep -c draining",
			    (int)server_worker_pid(&server, i));
	(void)strcat(path, ".draining");
	ck_assert_int_eq(access(path, R_OK), 0);
	tlspeer_echo(&peer, "hello", 5);
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "one with other counters still drain");
	tlspeer_finish(&peer);
	AWAIT(access(path, R_OK) < 0);
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	ck_assert_uint_eq(server_total(&server, "accepted"), 2);
	spawn_signal(&server.process, SIGUSR2);
	AWAIT(server_total(&server, "upgrades") == 2);
	server_stop_idle(&server);
}
END_TEST

/* What a stranger has put into the environment. */
START_TEST(variable_of_another_process)
{
	(void)setenv("TLSECHO_UPGRADE", _i == 0 ? "" : "pid=1 segment=0", 1);
	server_start_fails(1, "TLSECHO_UPGRADE is in the environment", "$ok");
	(void)unsetenv("TLSECHO_UPGRADE");
}
END_TEST

/* What the new program drops comes on top of what the old one has. */
START_TEST(dropped_lines_stay_counted)
{
	server_copy_make();
	server_start(&server, NULL);
	ck_assert_int_ge(fcntl(server.process.out, F_SETPIPE_SZ, 4096), 0);
	while (server_total(&server, "log_lines_dropped") < 1000)
		spawn_signal(&server.process, SIGUSR1);
	server_copy_replace("cp new/tlsecho-server new/next");
	spawn_signal(&server.process, SIGUSR2);
	AWAIT(totals_grow() && server_total(&server, "upgrades") == 1);
	spawn_signal(&server.process, SIGTERM);
	ck_assert_int_eq(spawn_wait(&server.process), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/upgrade");

	SUITE_ADD_LOOP(s, under_load, sizeof loads / sizeof *loads);
	SUITE_ADD(s, goes_on_as_before);
	SUITE_ADD(s, segment_was_removed);
	SUITE_ADD(s, no_room_for_the_table);
	SUITE_ADD(s, fewer_workers);
	SUITE_ADD(s, worker_dies_meanwhile);
	SUITE_ADD(s, other_counters);
	SUITE_ADD(s, dropped_lines_stay_counted);
	SUITE_ADD_LOOP(s, variable_of_another_process, 2);
	return fixture_run(s, argc, argv);
}
