/* The connection table and the last offenders of a live server. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/stats/rows.h"
#include "common/sys/addr.h"
#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	PEERS = 5
};

static struct server server;
static struct tlspeer peers[PEERS];
static struct stats_row row;
static struct stats_offender last[STATS_OFFENDERS_SHOWN];

/* Rows in this state, or all that are not free; the last of them is in row. */
static unsigned
rows_in(int state)
{
	struct stats_row copy;
	unsigned n = 0;

	for (unsigned i = 0; i < stats_shm_row_count(server.shm); i++) {
		if (stats_shm_row(server.shm, i, &copy) == STATS_ROW_FREE ||
		    (state >= 0 && copy.state != state))
			continue;
		row = copy;
		n++;
	}
	return n;
}

static unsigned
rows_shown(void)
{
	return rows_in(-1);
}

static void
expect_peer(const uint8_t address[STATS_ROW_ADDRESS], unsigned port, int fd)
{
	static const uint8_t loopback[STATS_ROW_ADDRESS] = {
		[10] = 0xff, 0xff, 127, 0, 0, 1
	};
	struct addr own;

	addr_of_socket(&own, fd);
	ck_assert_mem_eq(address, loopback, sizeof loopback);
	ck_assert_uint_eq(port, (unsigned)addr_port(&own));
}

static const struct {
	const char *priority;
	unsigned version, suite, group;
} sessions[] = {
	{ "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM"
	  ":-GROUP-ALL:+GROUP-X25519",
	    0x0304, 0x1302, 29 },
	{ "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305"
	  ":-GROUP-ALL:+GROUP-SECP384R1",
	    0x0304, 0x1303, 24 },
	{ "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-GCM"
	  ":-GROUP-ALL:+GROUP-SECP256R1",
	    0x0303, 0xc02b, 23 },
};

START_TEST(row_of_a_session)
{
	server_start(&server, NULL);
	tlspeer_connect(&peers[0], server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .priority = sessions[_i].priority });
	AWAIT(rows_in(STATS_ROW_OPEN) == 1);
	ck_assert_int_eq(row.active_ns, 0);
	ck_assert_uint_eq(row.read_operations, 0);
	tlspeer_echo(&peers[0], "hello", 5);
	tlspeer_echo(&peers[0], "again", 5);
	ck_assert_uint_eq(rows_in(STATS_ROW_OPEN), 1);
	expect_peer(row.address, row.port, peers[0].fd);
	ck_assert_str_eq(row.name, "CN=alice");
	ck_assert_uint_eq(row.version, sessions[_i].version);
	ck_assert_uint_eq(row.suite, sessions[_i].suite);
	ck_assert_uint_eq(row.group, sessions[_i].group);
	ck_assert_uint_eq(row.flags, 0);
	ck_assert_uint_eq(row.id, 1);
	ck_assert_uint_eq(row.bytes_received, 10);
	ck_assert_uint_eq(row.bytes_sent, 10);
	ck_assert_uint_eq(row.read_operations, 2);
	ck_assert_int_gt(row.opened_ns, 0);
	ck_assert_int_gt(row.active_ns, row.opened_ns);
	tlspeer_finish(&peers[0]);
	AWAIT(rows_shown() == 0);
	ck_assert_uint_eq(stats_shm_offenders(server.shm, last), 0);
	server_stop_clean(&server);
}
END_TEST

START_TEST(state_follows_the_connection)
{
	server_start(&server, NULL);
	tlspeer_open(&peers[0], server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	AWAIT(rows_in(STATS_ROW_HANDSHAKE) == 1);
	expect_peer(row.address, row.port, peers[0].fd);
	ck_assert_str_eq(row.name, "");
	ck_assert_int_eq(tlspeer_handshake(&peers[0]), 0);
	AWAIT(rows_in(STATS_ROW_OPEN) == 1);
	/* Its close_notify is answered; its FIN does not come. */
	ck_assert_int_ge(gnutls_bye(peers[0].session, GNUTLS_SHUT_WR), 0);
	AWAIT(rows_in(STATS_ROW_CLOSING) == 1);
	ck_assert_str_eq(row.name, "CN=alice");
	tlspeer_close(&peers[0]);
	AWAIT(rows_shown() == 0);
	server_stop(&server);
}
END_TEST

START_TEST(resumption_is_flagged)
{
	gnutls_datum_t session;

	server_start(&server, NULL);
	resume_take(&session, server.port, "ca/alice", _i);
	AWAIT(rows_shown() == 0);
	resume_open(&peers[0], &session, server.port, "ca/alice", _i);
	ck_assert_int_eq(tlspeer_handshake(&peers[0]), 0);
	AWAIT(rows_in(STATS_ROW_OPEN) == 1);
	ck_assert_uint_eq(row.flags, STATS_ROW_RESUMED);
	ck_assert_str_eq(row.name, "CN=alice");
	tlspeer_finish(&peers[0]);
	gnutls_free(session.data);
	server_stop_idle(&server);
}
END_TEST

START_TEST(what_does_not_fit_is_counted)
{
	server_start(
	    &server, "--workers", "1", "--connection-table", "2", NULL);
	for (int i = 0; i < 4; i++)
		tlspeer_join(&peers[i], server.port);
	ck_assert_uint_eq(rows_shown(), 2);
	ck_assert_uint_eq(server_total(&server, "connections_unlisted"), 2);
	tlspeer_finish(&peers[0]);
	AWAIT(rows_shown() == 1);
	tlspeer_join(&peers[4], server.port);
	ck_assert_uint_eq(rows_shown(), 2);
	ck_assert_uint_eq(server_total(&server, "connections_unlisted"), 2);
	for (int i = 1; i < PEERS; i++)
		tlspeer_finish(&peers[i]);
	server_stop_clean(&server);
}
END_TEST

/* As if the worker of slot 1 were in the middle of a row. */
static void
tear_first_row(void)
{
	const struct stats_header *h = stats_shm_header(server.shm);
	char path[STATS_SHM_NAME + 32];
	struct stats_more more;
	uint32_t odd = 1;
	int fd;

	(void)snprintf(path, sizeof path, "/dev/shm/tlsecho.%s", server.name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(
	    pread(fd, &more, sizeof more, h->more_offset), sizeof more);
	ck_assert_int_eq(
	    pwrite(fd, &odd, sizeof odd, (off_t)more.rows.offset), sizeof odd);
	(void)close(fd);
}

START_TEST(rows_of_a_dead_worker_are_cleared)
{
	server_start(&server, "--workers", "1", NULL);
	for (int i = 0; i < 3; i++)
		tlspeer_join(&peers[i], server.port);
	tear_first_row();
	ck_assert_uint_eq(rows_in(STATS_ROW_TORN), 1);
	ck_assert_uint_eq(row.id, 0);
	ck_assert_uint_eq(rows_in(STATS_ROW_OPEN), 2);
	ck_assert_int_eq(kill(server_worker_pid(&server, 0), SIGKILL), 0);
	AWAIT(server_total(&server, "ended_worker_died") == 3);
	ck_assert_uint_eq(rows_shown(), 0);
	AWAIT(server_worker_is_ready(&server, 0));
	tlspeer_join(&peers[3], server.port);
	ck_assert_uint_eq(rows_in(STATS_ROW_OPEN), 1);
	tlspeer_finish(&peers[3]);
	for (int i = 0; i < 3; i++)
		tlspeer_close(&peers[i]);
	server_stop(&server);
}
END_TEST

START_TEST(refused_client_is_an_offender)
{
	int alert;

	server_start(&server, NULL);
	alert = resume_refusal(NULL, server.port, "ca/expired", _i);
	server_expect_failures(&server, "handshake_expired", 1);
	ck_assert_uint_eq(stats_shm_offenders(server.shm, last), 1);
	ck_assert_str_eq(last[0].cause, "expired");
	ck_assert_str_eq(last[0].name, "CN=expired");
	ck_assert_uint_eq(last[0].has_alert, STATS_ALERT_SENT);
	ck_assert_int_eq(last[0].alert, alert);
	ck_assert_int_gt(
	    last[0].wall_ns, stats_shm_header(server.shm)->start_wall_ns);
	server_stop(&server);
}
END_TEST

START_TEST(client_that_breaks_off_is_an_offender)
{
	struct addr own;

	server_start(&server, NULL);
	tlspeer_open(&peers[0], server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	addr_of_socket(&own, peers[0].fd);
	AWAIT(rows_in(STATS_ROW_HANDSHAKE) == 1); /* else it has no address */
	expect_peer(row.address, row.port, peers[0].fd);
	tlspeer_reset(&peers[0]);
	AWAIT(stats_shm_offenders(server.shm, last) == 1);
	ck_assert_uint_eq(last[0].port, (unsigned)addr_port(&own));
	ck_assert_str_eq(last[0].name, "");
	ck_assert_str_eq(last[0].cause, "reset");
	ck_assert_uint_eq(last[0].has_alert, STATS_ALERT_NONE);
	server_stop(&server);
}
END_TEST

START_TEST(client_that_refuses_us_is_an_offender)
{
	server_start(&server, NULL);
	client_run(1, server_address(&server), "-c 1 -n 1 --ca other/ca.pem");
	server_expect_failures(&server, "handshake_peer_alert", 1);
	ck_assert_uint_eq(stats_shm_offenders(server.shm, last), 1);
	ck_assert_str_eq(last[0].cause, "peer_alert");
	ck_assert_uint_eq(last[0].has_alert, STATS_ALERT_RECEIVED);
	ck_assert_uint_eq(last[0].alert, GNUTLS_A_UNKNOWN_CA);
	server_stop(&server);
}
END_TEST

START_TEST(without_a_table_nobody_is_listed)
{
	server_start(&server, "--connection-table", "off", NULL);
	tlspeer_join(&peers[0], server.port);
	(void)resume_refusal(NULL, server.port, "ca/expired", 0);
	server_expect_failures(&server, "handshake_expired", 1);
	ck_assert_uint_eq(stats_shm_row_count(server.shm), 0);
	ck_assert_uint_eq(stats_shm_offenders(server.shm, last), 0);
	ck_assert_uint_eq(server_total(&server, "connections_unlisted"), 0);
	tlspeer_finish(&peers[0]);
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/connections");

	SUITE_ADD_LOOP(s, row_of_a_session, sizeof sessions / sizeof *sessions);
	SUITE_ADD(s, state_follows_the_connection);
	SUITE_ADD_LOOP(s, resumption_is_flagged, RESUME_VERSIONS);
	SUITE_ADD(s, what_does_not_fit_is_counted);
	SUITE_ADD(s, rows_of_a_dead_worker_are_cleared);
	SUITE_ADD_LOOP(s, refused_client_is_an_offender, RESUME_VERSIONS);
	SUITE_ADD(s, client_that_breaks_off_is_an_offender);
	SUITE_ADD(s, client_that_refuses_us_is_an_offender);
	SUITE_ADD(s, without_a_table_nobody_is_listed);
	return fixture_run(s, argc, argv);
}
