/* --max-lifetime, --close-timeout, --max-tx-buffer, with real connections. */
#include <check.h>
#include <stdint.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* With close_notify, while the client goes on. */
START_TEST(lifetime_ends_in_order)
{
	server_start(&server, "--max-lifetime", SUITE_LIMIT, NULL);
	tlspeer_join(&peer, server.port);
	tlspeer_expect_end(&peer);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "ended_lifetime") == 1);
	server_stop_clean(&server);
}
END_TEST

/* A client that was told of the end, and does not hang up. */
START_TEST(close_timeout_cuts_off)
{
	server_start(&server, "--max-lifetime", SUITE_LIMIT, "--close-timeout",
	    _i == 0 ? "50ms" : "1h", NULL);
	tlspeer_join(&peer, server.port);
	AWAIT(server_total(&server, "ended_lifetime") == 1);
	if (_i == 0)
		AWAIT(server_total(&server, "open") == 0);
	else
		ck_assert_uint_eq(server_total(&server, "open"), 1);
	tlspeer_close(&peer);
	server_stop_idle(&server);
}
END_TEST

/* So much is taken from a client that reads nothing; usually far less. */
START_TEST(tx_buffer_takes_it_all)
{
	static const uint8_t data[1 << 20];

	server_start(&server, "--max-tx-buffer", "64M", NULL);
	tlspeer_join(&peer, server.port);
	for (int i = 0; i < 24; i++)
		tlspeer_send(&peer, data, sizeof data);
	AWAIT(server_total(&server, "bytes_received") == (24 << 20) + 5);
	ck_assert_uint_eq(server_total(&server, "backpressure_pauses"), 0);
	tlspeer_reset(&peer);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/timeouts");

	SUITE_ADD(s, lifetime_ends_in_order);
	SUITE_ADD_LOOP(s, close_timeout_cuts_off, 2);
	SUITE_ADD(s, tx_buffer_takes_it_all);
	return fixture_run(s, argc, argv);
}
