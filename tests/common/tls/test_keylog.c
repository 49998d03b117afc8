/*
 * test_keylog: the lines for a protocol analyzer, of sessions that are new and
 * of those that are resumed.
 */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/hex.h"
#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;
static gnutls_datum_t ticket;
static char text[4096];

/* A session; what it appends to the log is in text. */
static gnutls_session_t
run(void)
{
	int fd = m.server_creds->settings.keylog_fd;
	gnutls_session_t client;
	ssize_t size;

	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	client = tls_pair_keep_session(&p.client);
	if (ticket.size > 0)
		ck_assert_int_eq(
		    gnutls_session_set_data(client, ticket.data, ticket.size),
		    0);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.server, "x", 1);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	size = pread(fd, text, sizeof text - 1, 0);
	ck_assert_int_ge(size, 0);
	text[size] = '\0';
	return client;
}

/* The line that lets an analyzer decrypt what this client sends and gets. */
static void
expect_line(gnutls_session_t client)
{
	gnutls_datum_t client_random, server_random, secret;
	char line[512], *end = line;

	gnutls_session_get_random(client, &client_random, &server_random);
	gnutls_session_get_master_secret(client, &secret);
	ck_assert_uint_eq(secret.size, 48);
	end += sprintf(end, "CLIENT_RANDOM ");
	end = hex_put(end, client_random.data, client_random.size, HEX_LOWER);
	*end++ = ' ';
	end = hex_put(end, secret.data, secret.size, HEX_LOWER);
	(void)strcpy(end, "\n");
	ck_assert_str_eq(text, line);
}

static void
setup(int version)
{
	mutual_init_with_tickets(&m, mutual_priorities[version]);
	m.server_creds->settings.keylog_fd = memfd_create("keylog", 0);
	ck_assert_int_ge(m.server_creds->settings.keylog_fd, 0);
}

static void
take_ticket(gnutls_session_t client)
{
	gnutls_free(ticket.data);
	ck_assert_int_eq(gnutls_session_get_data2(client, &ticket), 0);
}

static void
teardown(void)
{
	gnutls_free(ticket.data);
	(void)close(m.server_creds->settings.keylog_fd);
	mutual_fini(&m);
}

/* Of TLS 1.2: one line, with the master secret, resumed or not. */
TEST(master_secret)
{
	setup(1);
	for (int i = 0; i < 3; i++) {
		gnutls_session_t client = run();

		ck_assert_int_eq(tls_is_resumed(p.server.tls), i > 0);
		expect_line(client);
		take_ticket(client);
		tls_pair_close(&p);
	}
	teardown();
}

/* Of TLS 1.3 GnuTLS tells all. */
TEST(traffic_secrets)
{
	setup(0);
	for (int i = 0; i < 2; i++) {
		gnutls_session_t client = run();

		ck_assert_int_eq(tls_is_resumed(p.server.tls), i > 0);
		ck_assert_ptr_nonnull(strstr(text, "CLIENT_TRAFFIC_SECRET_0 "));
		ck_assert_ptr_nonnull(strstr(text, "SERVER_TRAFFIC_SECRET_0 "));
		ck_assert_ptr_null(strstr(text, "CLIENT_RANDOM "));
		take_ticket(client);
		tls_pair_close(&p);
	}
	teardown();
}

SUITE("common/tls/keylog")
