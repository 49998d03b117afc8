/* test_choose: which of its certificates a server shows to a client. */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/creds/identity.h"
#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	OWN_MAX = 5
};

struct own {
	const char *name;
	enum pki_key key;
};

static struct tls_pair p;
static struct mutual m;

static void
add_identity(struct tls_bundle *bundle, const struct own *own)
{
	struct tls_bundle one = TLS_BUNDLE_INIT;
	struct pki_options options = PKI_SERVER(own->name);
	struct pki leaf;

	options.key = own->key;
	pki_make(&leaf, &options, &m.root);
	pki_bundle(&one, &leaf, &m.root);
	if (bundle->key_pair_count == 0)
		bundle->ca = one.ca;
	else
		file_bytes_free(&one.ca);
	bundle->key_pairs[bundle->key_pair_count++] = one.key_pairs[0];
	pki_free(&leaf);
}

static struct tls_creds *
server_with(const struct own *owns)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	for (int i = 0; i < OWN_MAX && owns[i].name != NULL; i++)
		add_identity(&bundle, &owns[i]);
	creds = pki_creds_of(&bundle, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	tls_bundle_free(&bundle);
	return creds;
}

/* What a client is shown that asks for this name; it does not compare. */
static const struct tls_identity *
shown(struct tls_creds *server, const char *priority, const char *name)
{
	struct tls_creds *client =
	    pki_creds(TLS_CLIENT, &m.client, &m.root, priority);
	const struct tls_identity *own;

	tls_pair_open(&p, client, server, NULL);
	if (name != NULL)
		ck_assert_int_eq(
		    gnutls_server_name_set(p.client.tls->gnutls->session,
			GNUTLS_NAME_DNS, name, strlen(name)),
		    0);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	own = p.server.tls->own;
	tls_pair_close(&p);
	tls_creds_unref(&client);
	return own;
}

static void
expect_shown(
    const struct own *owns, const char *priority, const char *name, int wanted)
{
	struct tls_creds *server;

	mutual_init(&m, MUTUAL_TLS13);
	server = server_with(owns);
	ck_assert_ptr_eq(shown(server, priority, name), server->own[wanted]);
	tls_creds_unref(&server);
	mutual_fini(&m);
}

static const struct own names[OWN_MAX] = {
	{ "localhost", PKI_EC_P256 },
	{ "*.b.example.test", PKI_EC_P256 },
	{ "x.b.example.test", PKI_EC_P256 },
	{ "NAS.example.test", PKI_EC_P256 },
};

static const struct {
	const char *name;
	int wanted;
} asked[] = {
	{ NULL, 0 },
	{ "localhost", 0 },
	{ "LocalHost", 0 },
	{ "y.b.example.test", 1 },
	{ "Y.B.EXAMPLE.TEST", 1 },
	/* An exact name goes before a wildcard, whichever comes first. */
	{ "x.b.example.test", 2 },
	{ "nas.example.test", 3 },
	{ "NAS.EXAMPLE.TEST", 3 },
	/* A wildcard stands for one label, which is the left-most. */
	{ "b.example.test", 0 },
	{ "z.y.b.example.test", 0 },
	{ "yb.example.test", 0 },
	{ "elsewhere.test", 0 },
};

TEST_EACH(by_name, asked)
{
	for (int version = 0; version < MUTUAL_VERSIONS; version++)
		expect_shown(names, mutual_priorities[version], asked[_i].name,
		    asked[_i].wanted);
}

#define SIGN(version, algorithm) version ":-SIGN-ALL:+SIGN-" algorithm

static const struct own kinds[OWN_MAX] = {
	{ "rsa.test", PKI_RSA_2048 },
	{ "ed.test", PKI_ED25519 },
	{ "both.test", PKI_RSA_2048 },
	{ "both.test", PKI_ED25519 },
	{ "both.test", PKI_EC_P256 },
};

static const struct {
	const char *priority, *name;
	int wanted;
} able[] = {
	/* The first that bears the name, if the client can use it. */
	{ MUTUAL_TLS13, "both.test", 2 },
	{ MUTUAL_TLS12, "both.test", 2 },
	{ SIGN(MUTUAL_TLS13, "EDDSA-ED25519"), "both.test", 3 },
	{ SIGN(MUTUAL_TLS12, "EDDSA-ED25519"), "both.test", 3 },
	{ SIGN(MUTUAL_TLS13, "ECDSA-SECP256R1-SHA256"), "both.test", 4 },
	{ SIGN(MUTUAL_TLS12, "ECDSA-SHA256"), "both.test", 4 },
	{ SIGN(MUTUAL_TLS13, "RSA-PSS-RSAE-SHA256"), "both.test", 2 },
	{ SIGN(MUTUAL_TLS12, "RSA-SHA256"), "both.test", 2 },
	/* Under TLS 1.2 its cipher suites count as well. */
	{ MUTUAL_TLS12 ":-KX-ALL:+ECDHE-ECDSA", "both.test", 3 },
	{ MUTUAL_TLS12 ":-KX-ALL:+ECDHE-RSA", "ed.test", 0 },
	/* None of that name will do: another one is better than none. */
	{ SIGN(MUTUAL_TLS13, "EDDSA-ED25519"), "rsa.test", 1 },
	{ SIGN(MUTUAL_TLS13, "ECDSA-SECP256R1-SHA256"), "rsa.test", 4 },
};

TEST_EACH(by_kind_of_key, able)
{
	struct tls_creds *server;

	mutual_init(&m, MUTUAL_TLS13);
	server = server_with(kinds);
	server->settings.client_auth = TLS_CLIENT_AUTH_NONE;
	ck_assert_ptr_eq(shown(server, able[_i].priority, able[_i].name),
	    server->own[able[_i].wanted]);
	tls_creds_unref(&server);
	mutual_fini(&m);
}

SUITE("common/tls/choose")
