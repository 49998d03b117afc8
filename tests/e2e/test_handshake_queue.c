/* --max-handshaking: handshakes that may cost CPU, and those that wait. */
#include <check.h>
#include <signal.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"
#include "tests/support/tlspeer.h"

enum {
	SILENT = 20,
	MANY = 40,
	LEASE_NS =
	    100000000 /* how long a place is theirs, with a ClientHello */
};

static struct server server;
static struct tlspeer peer, peers[MANY];

static const struct tlspeer_options alice = { .identity = "ca/alice" };

static void
begin(const char *option, const char *value)
{
	server_start(&server, "--workers", "1", "--max-handshaking", "1",
	    "--handshake-timeout", "1h", option, value, NULL);
}

/* They say nothing, or a part of a ClientHello, and take no place. */
START_TEST(silent_ones_take_no_place)
{
	static const char part[] = "\x16\x03\x01\x02\x00\x01\x00";
	int silent[SILENT];

	begin(NULL, NULL);
	for (unsigned i = 0; i < SILENT; i++) {
		silent[i] = tlspeer_tcp("127.0.0.1", server.port);
		if (i % 2 > 0)
			ck_assert_int_gt(
			    write(silent[i], part, sizeof part - 1), 0);
	}
	tlspeer_join(&peer, server.port);
	ck_assert_uint_eq(server_total(&server, "handshakes_queued"), 0);
	for (unsigned i = 0; i < SILENT; i++)
		(void)close(silent[i]);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}
END_TEST

/* Its ClientHello leaves, and what comes back is left unread. */
static void
say_hello(struct tlspeer *p)
{
	tlspeer_open(p, server.port, &alice);
	tcp_set_nonblocking(p->fd);
	ck_assert_int_lt(gnutls_handshake(p->session), 0);
}

/* If not, one more says hello. */
static bool
somebody_waits(unsigned *count)
{
	if (server_total(&server, "handshakes_queued") > 0)
		return true;
	if (*count < MANY)
		say_hello(&peers[(*count)++]);
	return false;
}

/* Each of those who only say hello has the place for a moment. */
START_TEST(hello_and_no_more)
{
	unsigned count = 0;

	begin(NULL, NULL);
	AWAIT(somebody_waits(&count));
	tlspeer_join(&peer, server.port);
	for (unsigned i = 0; i < count; i++)
		tlspeer_close(&peers[i]);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
	ck_assert(spawn_said(&server.process, "waited: --max-handshaking 1\n"));
}
END_TEST

/* They are gone in one turn, in which there is a place for the next one. */
START_TEST(waiters_hang_up)
{
	unsigned count = 0;
	int64_t frozen_ns;
	pid_t pid;

	begin(NULL, NULL);
	AWAIT(somebody_waits(&count));
	while (count < MANY)
		say_hello(&peers[count++]);
	pid = server_freeze_worker(&server, 0);
	frozen_ns = clock_now_ns();
	for (unsigned i = 0; i < count; i++)
		tlspeer_close(&peers[i]);
	AWAIT(clock_now_ns() - frozen_ns > 2 * LEASE_NS);
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
	ck_assert(!spawn_said(&server.process, "SIGABRT"));
}
END_TEST

static const char *const priorities[] = { TLSPEER_TLS12, TLSPEER_TLS13,
	/* The server asks for another key share: HelloRetryRequest. */
	TLSPEER_TLS13 ":-GROUP-ALL:+GROUP-SECP521R1:+GROUP-SECP384R1" };

START_TEST(every_kind_of_hello)
{
	begin("--priority",
	    "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-GROUP-SECP521R1");
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .priority = priorities[_i] });
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}
END_TEST

/* All are served, in the end. */
START_TEST(many_at_once)
{
	begin(NULL, NULL);
	client_run(0, server_address(&server), "--handshakes -c 32 -n 128");
	ck_assert_uint_ge(server_total(&server, "handshakes_completed"), 128);
	ck_assert_uint_eq(server_total(&server, "handshakes_failed"), 0);
	ck_assert_uint_gt(server_total(&server, "handshakes_queued"), 0);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/handshake_queue");

	SUITE_ADD(s, silent_ones_take_no_place);
	SUITE_ADD(s, hello_and_no_more);
	SUITE_ADD(s, waiters_hang_up);
	SUITE_ADD_LOOP(
	    s, every_kind_of_hello, sizeof priorities / sizeof *priorities);
	SUITE_ADD(s, many_at_once);
	return fixture_run(s, argc, argv);
}
