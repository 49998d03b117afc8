/* test_groups: which key exchange group two sessions agree on, and how soon. */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/creds/priority.h"
#include "common/tls/params.h"
#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;
static unsigned hellos;

static int
count_hello(gnutls_session_t session, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	(void)session;
	(void)type;
	(void)when;
	(void)incoming;
	(void)message;
	hellos++;
	return 0;
}

/* The name of the group that comes of it. */
static const char *
agree(const char *client_priority, const char *server_priority)
{
	struct tls_creds *client, *server;
	const char *group;

	client = pki_creds(TLS_CLIENT, &m.client, &m.root, client_priority);
	server = pki_creds(TLS_SERVER, &m.server, &m.root, server_priority);
	tls_pair_open(&p, client, server, MUTUAL_NAME);
	hellos = 0;
	gnutls_handshake_set_hook_function(p.client.tls->gnutls->session,
	    GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_POST, count_hello);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	group = tls_params_names(p.server.tls).group;
	tls_pair_close(&p);
	tls_creds_unref(&client);
	tls_creds_unref(&server);
	return group;
}

/* A second hello follows a HelloRetryRequest (RFC 8446, 4.1.4). */
TEST(default_takes_one_hello)
{
	mutual_init(&m, TLS_PRIORITY_DEFAULT);
	(void)agree(tls_priority_default(), TLS_PRIORITY_DEFAULT);
	ck_assert_uint_eq(hellos, 1);
	(void)agree(TLS_PRIORITY_DEFAULT, tls_priority_default());
	ck_assert_uint_eq(hellos, 1);
	(void)agree(tls_priority_default(), tls_priority_default());
	ck_assert_uint_eq(hellos, 1);
	mutual_fini(&m);
}

TEST(retry_takes_two)
{
	mutual_init(&m, TLS_PRIORITY_DEFAULT);
	ck_assert_str_eq(agree(MUTUAL_TLS13 ":-GROUP-ALL:+GROUP-X25519"
					    ":+GROUP-X448",
			     MUTUAL_TLS13 ":-GROUP-ALL:+GROUP-X448"),
	    "X448");
	ck_assert_uint_eq(hellos, 2);
	mutual_fini(&m);
}

#define ONLY(groups) TLS_PRIORITY_DEFAULT ":-GROUP-ALL" groups

/* Where GnuTLS has the hybrid: what a client offers, and gets. */
static const struct {
	const char *client, *group;
} offers[] = {
	{ ONLY(":+GROUP-X25519-MLKEM768:+GROUP-X25519"), "X25519-MLKEM768" },
	{ ONLY(":+GROUP-X25519-MLKEM768"), "X25519-MLKEM768" },
	/* A share that does not come at once is asked for. */
	{ ONLY(":+GROUP-SECP384R1-MLKEM1024:+GROUP-X25519-MLKEM768"
	       ":+GROUP-SECP384R1"),
	    "X25519-MLKEM768" },
	/* GnuTLS lists hybrids first, wherever a string has them. */
	{ ONLY(":+GROUP-X25519:+GROUP-X25519-MLKEM768"), "X25519-MLKEM768" },
	{ ONLY(":+GROUP-SECP256R1"), "SECP256R1" },
	/* TLS 1.2 has no hybrids. */
	{ ONLY(":-VERS-TLS1.3:+GROUP-X25519-MLKEM768:+GROUP-X25519"),
	    "X25519" },
};

TEST_EACH(hybrid_without_ffdhe, offers)
{
	if (strcmp(tls_priority_default(), TLS_PRIORITY_HYBRID) != 0) {
		suite_skip("this GnuTLS has no X25519MLKEM768");
		return;
	}
	mutual_init(&m, TLS_PRIORITY_DEFAULT);
	ck_assert_str_eq(
	    agree(offers[_i].client, tls_priority_default()), offers[_i].group);
	mutual_fini(&m);
}

SUITE("common/tls/groups")
