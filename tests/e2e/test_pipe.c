/* tlsecho-client --pipe: what comes out, and with which status. */
#include <check.h>

#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define PIPE                                                           \
	"tlsecho-client --pipe --cert ca/alice.pem --key ca/alice.key" \
	" --ca ca/ca.pem "

static struct server server;

/* From nothing to more than all buffers hold, whatever the bytes are. */
static const unsigned sizes[] = { 0, 1, 16384, 16385, 1000000, 20000000 };

/* From a file into a pipe, and from a pipe into a file. */
START_TEST(exact)
{
	const char *address;

	server_start(&server, NULL);
	address = server_address(&server);
	shell_expect(0, "",
	    "head -c %u /dev/urandom >sent && " PIPE "%s <sent >got && "
	    "cmp sent got && (" PIPE "%s <sent || echo failed) | cmp - sent && "
	    "cat sent | " PIPE "%s >got && cmp sent got",
	    sizes[_i], address, address, address);
	server_stop(&server);
}
END_TEST

/* The reader begins when the server has ended, its echo being in buffers; and
 * when all has been sent that buffers take. */
static const struct {
	unsigned size;
	const char *counter;
} slow_readers[] = {
	{ 140000, "ended" },
	{ 20000000, "backpressure_pauses" },
};

START_TEST(slow_reader)
{
	server_start(&server, NULL);
	shell_expect(0, "",
	    "mkfifo fifo; head -c %u /dev/urandom >sent; (" PIPE
	    "%s <sent; echo $? >status) >fifo & "
	    "exec 3<fifo && while [ \"$(tlsecho-stat --once -j -n %s |"
	    " jq .counters.%s)\" = 0 ]; do :; done;"
	    " cmp - sent <&3 && wait && grep -qx 0 status && rm fifo",
	    slow_readers[_i].size, server_address(&server), server.name,
	    slow_readers[_i].counter);
	server_stop(&server);
}
END_TEST

/* Output that cannot be written is said. */
static const struct {
	const char *to, *words;
} outputs[] = {
	{ ">/dev/full", "standard output: No space left on device" },
	{ "| head -c 1 >/dev/null", "standard output: Broken pipe" },
};

START_TEST(output_fails)
{
	server_start(&server, NULL);
	shell_expect(0, outputs[_i].words,
	    "head -c 9000000 /dev/zero | (" PIPE
	    "%s; [ $? = 1 ] || echo wrong status) 2>log %s;"
	    " cat log; ! grep wrong log",
	    server_address(&server), outputs[_i].to);
	server_stop(&server);
}
END_TEST

/* What the server does, whether input then ends, and what that comes to. */
static const struct {
	enum fake_kind kind;
	bool goes_on;
	int status;
	const char *words;
} endings[] = {
	{ FAKE_ECHOES, false, 0, "" },
	{ FAKE_DRIBBLES, false, 0, "" },
	{ FAKE_WAITS_FOR_FIN, false, 0, "" },
	{ FAKE_SPEAKS_LAST, false, 4, "5000 bytes sent, 5003 bytes received" },
	{ FAKE_ENDS_BARE, false, 1, "closed without close_notify, after 5000" },
	{ FAKE_NEVER_HANGS_UP, false, 1, "idle timeout, after 5000 bytes" },
	{ FAKE_CLOSES, true, 1, "closed by the server, after " },
	{ FAKE_CUTS_OFF, true, 1, "closed without close_notify, after " },
	{ FAKE_REFUSES, true, 1, "alert from peer: access_denied, after " },
};

START_TEST(ended)
{
	struct fake_server fake;

	fake_server_start(&fake, endings[_i].kind, "ca/server");
	shell_expect(endings[_i].status, endings[_i].words,
	    "mkfifo in; (head -c 5000 /dev/zero; %s) >in & " PIPE
	    "--timeout 1s %s <in >/dev/null; status=$?;"
	    " kill $! 2>/dev/null; rm in; exit $status",
	    endings[_i].goes_on ? "exec sleep 60" : ":", fake.address);
	fake_server_stop(&fake);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/pipe");

	SUITE_ADD_LOOP(s, exact, sizeof sizes / sizeof *sizes);
	SUITE_ADD_LOOP(
	    s, slow_reader, sizeof slow_readers / sizeof *slow_readers);
	SUITE_ADD_LOOP(s, output_fails, sizeof outputs / sizeof *outputs);
	SUITE_ADD_LOOP(s, ended, sizeof endings / sizeof *endings);
	return fixture_run(s, argc, argv);
}
