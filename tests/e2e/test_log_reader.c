/*
 * Whoever reads the log reads no more, is killed, or has no room: clients do
 * not notice.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* More than what spawn_expect keeps. */
static bool
has_come(const char *words)
{
	static char text[4 << 20];
	static size_t size;
	ssize_t n =
	    read(server.process.out, text + size, sizeof text - 1 - size);

	size += n > 0 ? (size_t)n : 0;
	text[size] = '\0';
	return strstr(text, words) != NULL;
}

/* Both workers go on, and in the end the log says what it lacks. */
TEST_WITH(nobody_reads, .limit_s = 60)
{
	server_start(&server, "--log-level", "debug", NULL);
	ck_assert_int_ge(fcntl(server.process.out, F_SETPIPE_SZ, 4096), 0);
	tlspeer_join(&peer, server.port);
	do
		shell_expect(0, "",
		    "tlsecho-client --handshakes -c 2 -n 200 --cert"
		    " ca/alice.pem --key ca/alice.key --ca ca/ca.pem %s",
		    server_address(&server));
	while (server_total(&server, "log_lines_dropped") == 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	AWAIT(has_come(" lines of the log were dropped\n"));
	server_stop_clean(&server);
}

/* Where the log goes; the reader of the FIFO reads a line and leaves. */
static const struct {
	const char *log, *reader;
} logs[] = {
	{ "/dev/full", ":" },
	{ "fifo", "head -n 1 fifo" },
};

TEST_EACH(reader_is_gone, logs)
{
	char name[STATS_SHM_NAME];

	server_new_name(name);
	shell_expect(0, "server 0",
	    "mkfifo fifo ready; %s >first & reader=$!;"
	    " tlsecho-server --listen 127.0.0.1:0 -w 2 --log-level debug"
	    " --cert ca/server.pem --key ca/server.key --ca ca/ca.pem"
	    " --stats %s --connection-table 100 --ready-fd 3 3>ready 2>%s"
	    " >totals & pid=$!; read -r address <ready; look() { tlsecho-stat"
	    " --stats %s --once; }; until look | grep -q"
	    " log_lines_dropped; do tlsecho-client -q -c 2 -n"
	    " 10 --cert ca/alice.pem --key ca/alice.key --ca ca/ca.pem"
	    " $address >report || exit; done; kill $pid; wait $pid; echo"
	    " server $?; wait $reader; rm fifo ready",
	    logs[_i].reader, name, logs[_i].log, name);
}

/* As the table of connections has them, so that one finds the other. */
TEST(lines_have_the_number_of_the_connection)
{
	server_start(&server, "--log-level", "debug", "--log-format", "json",
	    "--workers", "1", NULL);
	for (int i = 0; i < 2; i++) {
		tlspeer_join(&peer, server.port);
		if (i == 0)
			tlspeer_finish(&peer);
	}
	shell_expect(0, "[0,2]",
	    "tlsecho-stat --stats %s --once --json --connections"
	    " | jq -c '.connections[] | [.worker, .id]'",
	    server.name);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
	ck_assert(spawn_said(
	    &server.process, "\"worker\":0,\"id\":2,\"peer\":\"127.0.0.1:"));
	scratch_write("log", server.process.text);
	shell_expect(0, "true",
	    "grep '^{' log | jq -se 'map(select(.id == 2)) | length == 3 and"
	    " .[0].level == \"debug\" and .[1].IsServer == \"true\" and"
	    " (.[2] | has(\"ended\"))'");
}

FIXTURE_SUITE("e2e/log_reader")
