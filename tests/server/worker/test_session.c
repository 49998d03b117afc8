/* test_session: one client's connection, and what is said of it. */
#include "server/worker/session.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/stats/table.h"
#include "common/sys/log.h"
#include "common/tls/private.h"
#include "server/worker/balancer.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"
#include "tests/support/tls_pair.h"

static struct stats_slot slot;
static struct balancer balancer;
static struct stats_table table; /* without rows */
static struct session *session;
static struct tls_pair p;
static struct mutual m;
static int fds[2];
static char text[16384];

static void
begin(void)
{
	session = session_new(fds[1], &balancer, &table);
	ck_assert_ptr_nonnull(session);
	session->conn.tls = *p.server.tls; /* whose it stays */
	atomic_store(&slot.load, 3);
}

static void
setup(void)
{
	tcp_pair(fds);
	balancer_init(&balancer, &slot, NULL, 1, 0);
	mutual_init(&m, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	begin();
}

static void
teardown(void)
{
	session_free(session);
	tls_pair_close(&p);
	mutual_fini(&m);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

/* What say() puts on a descriptor, in text. */
static const char *
captured(int fd, void (*say)(void))
{
	int pipe_fds[2], saved = dup(fd);
	ssize_t n;

	ck_assert_int_eq(pipe2(pipe_fds, O_NONBLOCK), 0);
	(void)dup2(pipe_fds[1], fd);
	say();
	(void)dup2(saved, fd);
	n = read(pipe_fds[0], text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	(void)close(pipe_fds[0]);
	(void)close(pipe_fds[1]);
	(void)close(saved);
	return text;
}

static void
open_interactively(void)
{
	session_open(session, true);
}

static void
open_quietly(void)
{
	session_open(session, false);
}

static void
end(void)
{
	session->conn.reason = REASON_IDLE_TIMEOUT;
	session_end(&session->conn);
	ck_assert_uint_eq(atomic_load(&slot.load), 2);
	begin();
}

static void
end_by_alert(void)
{
	session->conn.reason = REASON_PEER_ALERT;
	session->conn.tls.reason = REASON_PEER_ALERT;
	session->conn.tls.peer_alert = GNUTLS_A_UNKNOWN_CA;
	session_end(&session->conn);
	begin();
}

static void
has(const char *words)
{
	ck_assert_msg(strstr(text, words) != NULL, "'%s' in '%s'", words, text);
}

START_TEST(knows_its_peer)
{
	char peer[ADDR_TEXT], own[ADDR_TEXT];
	struct addr addr;

	setup();
	addr_of_socket(&addr, fds[0]);
	ck_assert_str_eq(
	    addr_format_peer(&session->peer, peer), addr_format(&addr, own));
	ck_assert_ptr_eq(session_of(&session->conn), session);
	teardown();
	session_free(NULL);
}
END_TEST

START_TEST(said_on_stdout_when_interactive)
{
	char line[128], peer[ADDR_TEXT];

	setup();
	(void)captured(STDOUT_FILENO, open_interactively);
	(void)snprintf(line, sizeof line,
	    "Client connection %s accepted. 3 clients connected to server\n",
	    addr_format_peer(&session->peer, peer));
	ck_assert_int_eq(strncmp(text, line, strlen(line)), 0);
	has("IsMutuallyAuthenticated: true\n");
	has("RemoteCertificate.Subject: CN=client-0001\n");
	ck_assert_str_eq(captured(STDOUT_FILENO, open_quietly), "");
	teardown();
}
END_TEST

START_TEST(logged_at_debug_only)
{
	setup();
	log_set_level(LOG_INFO);
	ck_assert_str_eq(captured(STDERR_FILENO, open_quietly), "");
	ck_assert_str_eq(captured(STDERR_FILENO, end), "");
	log_set_level(LOG_DEBUG);
	(void)captured(STDERR_FILENO, open_quietly);
	has("3 clients connected to server");
	has("SslProtocol=TLS1.3");
	has("peer=127.0.0.1:");
	(void)captured(STDERR_FILENO, end);
	has("ended=\"idle timeout\"");
	(void)captured(STDERR_FILENO, end_by_alert);
	has("ended=\"alert from peer: unknown_ca\"");
	teardown();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/worker/session");

	SUITE_ADD(s, knows_its_peer);
	SUITE_ADD(s, said_on_stdout_when_interactive);
	SUITE_ADD(s, logged_at_debug_only);
	return suite_run(s, argc, argv);
}
