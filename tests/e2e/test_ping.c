/* tlsecho-client --ping: its lines, its summary and its status. */
#include <check.h>
#include <signal.h>
#include <stdio.h>

#include "tests/support/await.h"
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define PING                                                           \
	"tlsecho-client --ping --cert ca/alice.pem --key ca/alice.key" \
	" --ca ca/ca.pem "

static struct server server;

static const struct {
	const char *options, *words;
} runs[] = {
	{ "-n 3 --interval 1ms", "64 bytes: seq=3 time=" },
	{ "-n 3 --interval 1ms", "3 sent, 3 received, 0 % lost, in " },
	{ "-n 2 --interval 1ms -s 1M", "1048576 bytes: seq=2 time=" },
	/* More than the buffers of both sides take at once. */
	{ "-n 2 --interval 1ms -s 16M", "16777216 bytes: seq=2 time=" },
	{ "-n 2 --interval 1ms -q", "round trip min/avg/max/mdev = " },
	{ "-n 1 --keylog $(printf %0200d 0 | sed s,0,./,g)keylog",
	    "/./keylog can decrypt all sessions" },
	{ "-n 1 --alpn h2", "application protocol none, connected in " },
};

START_TEST(all_back)
{
	server_start(&server, NULL);
	shell_expect(0, runs[_i].words, PING "%s %s", runs[_i].options,
	    server_address(&server));
	server_stop(&server);
}
END_TEST

/* Ends by a status other than 0, and says why. */
static const struct {
	enum fake_kind kind;
	const char *words;
} failures[] = {
	{ FAKE_FLIPS_A_BIT,
	    "lost connection: echo differs from what was sent" },
	{ FAKE_REFUSES, "lost connection: alert from peer: access_denied" },
	{ FAKE_HANGS_UP, "no connection: closed without close_notify" },
	{ FAKE_STALLS, "no answer yet: seq=16\n" },
	{ FAKE_STALLS, "lost connection: round trip timeout\nlost: seq=16\n" },
};

/* One that stalls does so after 1000 bytes: within the 16th message. */
START_TEST(not_back)
{
	struct fake_server fake;

	fake_server_start(&fake, failures[_i].kind, "ca/server");
	shell_expect(1, failures[_i].words,
	    PING "-n 17 --interval 20ms --timeout 1s %s", fake.address);
	fake_server_stop(&fake);
}
END_TEST

/* However long it is until the next message. */
START_TEST(timeout_before_the_interval)
{
	struct fake_server fake;

	fake_server_start(&fake, FAKE_STALLS, "ca/server");
	shell_expect(1, "lost connection: round trip timeout\nlost: seq=1\n",
	    "timeout 20 " PING "-n 1 -s 2000 --interval 1h --timeout 100ms"
	    " --handshake-timeout 1h %s",
	    fake.address);
	fake_server_stop(&fake);
}
END_TEST

/* Under nohup the hang-up is not for us: there SIGTERM ends it. */
static const struct {
	const char *before, *number;
} signalled[] = {
	{ "", "INT" },
	{ "", "TERM" },
	{ "", "HUP" },
	{ "trap '' HUP;", "HUP $!; kill -TERM" },
};

START_TEST(ended_by_signal)
{
	struct fake_server fake;

	fake_server_start(&fake, FAKE_ECHOES, "ca/server");
	shell_expect(0, "round trip min/avg/max/mdev = ",
	    "%s mkfifo lines; " PING "--interval 9m %s >lines & exec 3<lines;"
	    " head -n 2 <&3; kill -%s $!; cat <&3; wait $!; s=$?; rm lines;"
	    " exit $s",
	    signalled[_i].before, fake.address, signalled[_i].number);
	fake_server_stop(&fake);
}
END_TEST

/* It goes on with the next server at this address, and says what was lost. */
START_TEST(server_is_restarted)
{
	static struct server next;
	static struct spawn ping;
	char address[64];

	server_start(&server, "--drain-timeout", "10ms", NULL);
	(void)snprintf(address, sizeof address, "%s", server_address(&server));
	spawn_shell(&ping, NULL, PING "--interval 10ms %s", address);
	spawn_expect(&ping, "64 bytes: seq=1 time=");
	server_stop(&server);
	spawn_expect(&ping, "lost connection: closed by the server\n");
	spawn_expect(&ping, "no connection: connection refused\nlost: seq=");
	server_start(&next, "--listen", address, NULL);
	spawn_expect(&ping, "again: ");
	spawn_expect(&ping, ", connected in ");
	spawn_expect(&ping, "64 bytes: seq=");
	spawn_signal(&ping, SIGINT);
	spawn_expect(&ping, " % lost, in ");
	ck_assert_int_eq(spawn_wait(&ping), 1);
	ck_assert(!spawn_said(&ping, ", 0 % lost, in "));
	server_stop(&next);
}
END_TEST

START_TEST(hello_size)
{
	server_start(&server, NULL);
	shell_expect(0, "1 sent, 1 received",
	    PING "-n 1 -s 1 --hello-size 9000 %s", server_address(&server));
	AWAIT(server_total(&server, "wire_bytes_received") >= 9000);
	server_stop(&server);
}
END_TEST

/* To wait for it each time would take minutes. */
START_TEST(peer_does_not_hang_up)
{
	struct fake_server fake;

	fake_server_start(&fake, FAKE_LINGERS, "ca/server");
	shell_expect(1, "no connection: protocol error\nlost: seq=50\n",
	    PING "-n 50 --interval 10ms %s", fake.address);
	fake_server_stop(&fake);
}
END_TEST

/* Without a count only the failure ends it. */
static const struct {
	const char *count, *output;
	int status;
} outputs[] = {
	{ "", ">/dev/full", 1 }, { "", ">&-", 1 }, { "-n 1", ">/dev/full", 1 },
	{ "", "| head -n 1", 0 }, /* which is that of head */
};

START_TEST(nobody_reads)
{
	server_start(&server, NULL);
	shell_expect(outputs[_i].status, "standard output cannot be written",
	    PING "--interval 1ms %s %s %s", outputs[_i].count,
	    server_address(&server), outputs[_i].output);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/ping");

	SUITE_ADD_LOOP(s, all_back, sizeof runs / sizeof *runs);
	SUITE_ADD_LOOP(s, not_back, sizeof failures / sizeof *failures);
	SUITE_ADD(s, timeout_before_the_interval);
	SUITE_ADD(s, server_is_restarted);
	SUITE_ADD(s, hello_size);
	SUITE_ADD_LOOP(
	    s, ended_by_signal, sizeof signalled / sizeof *signalled);
	SUITE_ADD(s, peer_does_not_hang_up);
	SUITE_ADD_LOOP(s, nobody_reads, sizeof outputs / sizeof *outputs);
	return fixture_run(s, argc, argv);
}
