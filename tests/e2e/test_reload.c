/* SIGHUP: new credentials for new connections, all or nothing. */
#include <check.h>
#include <signal.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* Puts an identity, and the roots of an authority, where the server looks. */
static void
install(const char *identity, const char *authority)
{
	shell_expect(0, "",
	    "cp %s.pem live.pem; cp %s.key live.key; cp %s/ca.pem live-ca.pem",
	    identity, identity, authority);
}

static void
begin(void)
{
	install("ca/server", "ca");
	server_start(&server, "--cert", "live.pem", "--key", "live.key", NULL);
}

static void
connect_one(struct tlspeer *p)
{
	tlspeer_connect(p, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
}

START_TEST(new_certificate)
{
	struct tlspeer later;

	begin();
	connect_one(&peer);
	ck_assert(tlspeer_was_shown(&peer, "ca/server"));
	install("ca/renewed", "ca");
	server_reload(&server);
	for (int i = 0; i < 4; i++) {
		connect_one(&later);
		ck_assert(tlspeer_was_shown(&later, "ca/renewed"));
		tlspeer_echo(&later, "hello", 5);
		tlspeer_finish(&later);
	}
	/* Running sessions keep what they have. */
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}
END_TEST

/* The client's last flight is held back until the server has reloaded. */
START_TEST(handshake_under_way)
{
	struct tlspeer later;

	begin();
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .holds_last_flight = true });
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	ck_assert(tlspeer_was_shown(&peer, "ca/server"));
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 0);
	install("ca/renewed", "ca");
	server_reload(&server);
	tlspeer_release_all(&peer);
	tlspeer_echo(&peer, "hello", 5);
	connect_one(&later);
	ck_assert(tlspeer_was_shown(&later, "ca/renewed"));
	tlspeer_echo(&later, "hello", 5);
	tlspeer_finish(&later);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}
END_TEST

/* Many times, with sessions of all generations open. */
START_TEST(again_and_again)
{
	enum {
		TIMES = 20
	};
	static struct tlspeer peers[TIMES];

	begin();
	for (unsigned i = 0; i < TIMES; i++) {
		install(i % 2 == 0 ? "ca/renewed" : "ca/server", "ca");
		server_reload(&server);
		connect_one(&peers[i]);
		ck_assert(tlspeer_was_shown(
		    &peers[i], i % 2 == 0 ? "ca/renewed" : "ca/server"));
	}
	for (unsigned i = 0; i < TIMES; i++) {
		tlspeer_echo(&peers[i], "hello", 5);
		tlspeer_finish(&peers[i]);
	}
	server_stop_clean(&server);
}
END_TEST

/* A ticket from before is good afterwards, too. */
START_TEST(tickets_survive)
{
	gnutls_datum_t session;

	begin();
	connect_one(&peer);
	tlspeer_session(&peer, &session);
	tlspeer_finish(&peer);
	install("ca/renewed", "ca");
	server_reload(&server);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .resume = &session });
	ck_assert_int_ne(gnutls_session_is_resumed(peer.session), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	gnutls_free(session.data);
	server_stop_clean(&server);
}
END_TEST

/* A worker that comes later has the new credentials as well. */
START_TEST(worker_killed_after_reload)
{
	begin();
	install("ca/renewed", "ca");
	server_reload(&server);
	for (unsigned i = 0; i < 2; i++)
		server_replace_worker(&server, i);
	for (int i = 0; i < 4; i++) {
		connect_one(&peer);
		ck_assert(tlspeer_was_shown(&peer, "ca/renewed"));
		tlspeer_echo(&peer, "hello", 5);
		tlspeer_finish(&peer);
	}
	server_stop_clean(&server);
}
END_TEST

/* Descriptors of the master have other numbers then: that of --ready-fd. */
START_TEST(logger_replaced_before_reload)
{
	char name[STATS_SHM_NAME];

	server_new_name(name);
	shell_expect(0, "server 0",
	    "mkfifo ready; tlsecho-server --listen 127.0.0.1:0 -w 1 --cert"
	    " ca/server.pem --key ca/server.key --ca ca/ca.pem --stats %s"
	    " --connection-table 100 --ready-fd 3 3>ready 2>log >totals &"
	    " pid=$!; read -r address <ready; worker=$(pgrep -n -P $pid);"
	    " kill -KILL $(pgrep -o -P $pid);"
	    " until grep -q ': replaced' log; do :; done;"
	    " tlsecho-server --reload --stats %s >answer; kill -KILL $worker;"
	    " until grep -q 'worker 0 killed by SIGKILL' log; do :; done;"
	    " tlsecho-client -q -c 1 -n 1 --cert ca/alice.pem --key"
	    " ca/alice.key --ca ca/ca.pem $address >report || cat log;"
	    " kill $pid; wait $pid; echo server $?",
	    name, name);
}
END_TEST

/* What may be wrong with the files, as shell commands in their directory. */
static const struct {
	const char *command;
	const char *words;
} mistakes[] = {
	{ "echo broken >live.key", "live.key" },
	{ ": >live.key", "live.key" },
	{ "rm live.key", "live.key" },
	{ "cp ca/alice.key live.key", "does not belong" },
	{ "echo broken >live.pem", "live.pem" },
	{ "rm live.pem", "live.pem" },
};

START_TEST(refused)
{
	begin();
	shell_expect(0, "", "%s", mistakes[_i].command);
	spawn_signal(&server.process, SIGHUP);
	AWAIT(server_total(&server, "reloads_refused") == 1);
	spawn_expect(&server.process, "reload refused, nothing changed");
	spawn_expect(&server.process, mistakes[_i].words);
	for (int i = 0; i < 4; i++) {
		connect_one(&peer);
		ck_assert(tlspeer_was_shown(&peer, "ca/server"));
		tlspeer_echo(&peer, "hello", 5);
		tlspeer_finish(&peer);
	}
	ck_assert_uint_eq(server_total(&server, "reloads"), 0);
	/* And it is not resentful. */
	install("ca/renewed", "ca");
	server_reload(&server);
	AWAIT(server_master_value(&server, "reloads") == 1);
	ck_assert_uint_eq(server_total(&server, "reloads"), 1);
	connect_one(&peer);
	ck_assert(tlspeer_was_shown(&peer, "ca/renewed"));
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}
END_TEST

/* What clients must refuse can be served, with a warning. */
static const struct {
	const char *identity, *words;
} dates[] = {
	{ "ca/expired", "live.pem: the certificate expired on 2" },
	{ "ca/future", "certificate CN=future: is not valid before 2" },
};

START_TEST(out_of_date)
{
	begin();
	install(dates[_i].identity, "ca");
	server_reload(&server);
	server_stop_clean(&server);
	ck_assert_msg(spawn_said(&server.process, dates[_i].words), "%s",
	    server.process.text);
}
END_TEST

/* Other roots: whom they do not cover is not served, ticket or not. */
START_TEST(new_roots)
{
	gnutls_datum_t session;
	install("ca/server", "ca");
	server_start(&server, "--cert", "live.pem", "--key", "live.key", "--ca",
	    "live-ca.pem", NULL);
	connect_one(&peer);
	tlspeer_session(&peer, &session);
	tlspeer_finish(&peer);
	install("ca/server", "other");
	server_reload(&server);

	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	ck_assert_int_eq(tlspeer_refusal(&peer), GNUTLS_A_UNKNOWN_CA);
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .resume = &session });
	ck_assert_int_eq(tlspeer_refusal(&peer), GNUTLS_A_UNKNOWN_CA);
	gnutls_free(session.data);
	server_expect_failures(&server, "handshake_unknown_issuer", 2);
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "other/mallory" });
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/reload");

	SUITE_ADD(s, new_certificate);
	SUITE_ADD(s, handshake_under_way);
	SUITE_ADD_SLOW(s, again_and_again, 40);
	SUITE_ADD(s, tickets_survive);
	SUITE_ADD(s, worker_killed_after_reload);
	SUITE_ADD(s, logger_replaced_before_reload);
	SUITE_ADD_LOOP(s, refused, sizeof mistakes / sizeof *mistakes);
	SUITE_ADD_LOOP(s, out_of_date, sizeof dates / sizeof *dates);
	SUITE_ADD(s, new_roots);
	return fixture_run(s, argc, argv);
}
