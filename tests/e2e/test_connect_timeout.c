/* --connect-timeout holds for TCP and TLS together, whatever connects. */
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static const struct {
	const char *options;
	int status;
	const char *words;
} clients[] = {
	{ "-c 1 -n 1", 1, "handshake timeout" },
	{ "--ping -n 1 --interval 1ms", 1, "no connection: handshake timeout" },
	{ "--pipe </dev/null", 1, "handshake timeout, after 0 bytes sent" },
	{ "--explain", 12, "handshake timeout" },
};

/* They take the connection, and then nothing, or little, comes from them. */
static const enum fake_kind kinds[] = { FAKE_IS_SILENT, FAKE_DRIPS };

TEST_LOOP(ends_the_handshake, 2 * TEST_ROWS(clients))
{
	struct fake_server fake;

	fake_server_start(&fake, kinds[_i % 2], "ca/server");
	shell_expect(clients[_i / 2].status, clients[_i / 2].words,
	    "timeout 8 tlsecho-client --connect-timeout 300ms"
	    " --handshake-timeout 1h --ca ca/ca.pem --server-name localhost"
	    " %s %s",
	    fake.address, clients[_i / 2].options);
	fake_server_stop(&fake);
}

FIXTURE_SUITE("e2e/connect_timeout")
