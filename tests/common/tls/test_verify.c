/*
 * test_verify: every judgement on a certificate, in both roles and both
 * versions, and what the judged one is told.
 */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	DAY_S = 86400,
	MANY_ALERTS = 2
};

static struct tls_pair p;
static struct mutual m;

/* A leaf with a flaw, made instead of the good one of either role. */
struct flaw {
	struct pki_options options;
	enum pki_key root_key;
	bool other_root;
	bool damaged;
	bool leaf_as_issuer;
	enum close_reason reason;
	gnutls_alert_description_t alert;
};

static const struct flaw flaws[] = {
	{ .other_root = true,
	    .reason = REASON_UNKNOWN_ISSUER,
	    .alert = GNUTLS_A_UNKNOWN_CA },
	{ .leaf_as_issuer = true,
	    .reason = REASON_UNKNOWN_ISSUER,
	    .alert = GNUTLS_A_UNKNOWN_CA },
	{ .options = { .from_s = -2 * DAY_S, .until_s = -1 },
	    .reason = REASON_EXPIRED,
	    .alert = GNUTLS_A_CERTIFICATE_EXPIRED },
	{ .options = { .from_s = DAY_S, .until_s = 2 * DAY_S },
	    .reason = REASON_NOT_YET_VALID,
	    .alert = GNUTLS_A_CERTIFICATE_EXPIRED },
	{ .options = { .purpose = GNUTLS_KP_CODE_SIGNING },
	    .reason = REASON_WRONG_PURPOSE,
	    .alert = GNUTLS_A_UNSUPPORTED_CERTIFICATE },
	{ .options = { .key = PKI_RSA_1024 },
	    .reason = REASON_WEAK,
	    .alert = GNUTLS_A_BAD_CERTIFICATE },
	{ .options = { .digest = GNUTLS_DIG_SHA1 },
	    .reason = REASON_WEAK,
	    .alert = GNUTLS_A_BAD_CERTIFICATE },
	{ .damaged = true,
	    .reason = REASON_BAD_SIGNATURE,
	    .alert = GNUTLS_A_BAD_CERTIFICATE },
};

enum {
	FLAWS = sizeof flaws / sizeof *flaws
};

static void
make_flawed(struct pki *leaf, const struct flaw *flaw, const char *name,
    const char *purpose)
{
	struct pki_options options = flaw->options;
	struct pki root;

	if (options.name == NULL)
		options.name = name;
	if (options.purpose == NULL)
		options.purpose = purpose;
	if (flaw->other_root)
		pki_make(&root, &(struct pki_options){ .name = "other" }, NULL);
	else if (flaw->leaf_as_issuer)
		pki_make(&root, &PKI_CLIENT("leaf"), &m.root);
	if (!flaw->other_root && !flaw->leaf_as_issuer) {
		pki_make(leaf, &options, &m.root);
	} else {
		pki_make(leaf, &options, &root);
		pki_free(&root);
	}
	if (flaw->damaged)
		pki_damage(leaf);
}

static void
judged(const struct tls_pair_side *judge, const struct tls_pair_side *other,
    const struct flaw *flaw)
{
	ck_assert_int_eq(judge->result, TLS_FAIL);
	ck_assert_str_eq(close_reason_text(tls_reason(judge->tls)),
	    close_reason_text(flaw->reason));
	ck_assert(!judge->established);
	ck_assert_uint_eq(judge->got_size, 0);
	ck_assert_int_eq(other->result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(other->tls), REASON_PEER_ALERT);
	ck_assert_int_eq(tls_peer_alert(other->tls), (int)flaw->alert);
}

/* Data is on its way before the judgement: none of it may be delivered. */
static void
run_with_early_data(void)
{
	bool said = false;

	for (int i = 0; i < 100; i++) {
		tls_pair_step(&p.client, 333);
		if (p.client.established && !said) {
			tls_pair_write(&p.client, "let me in", 9);
			said = true;
		}
		tls_pair_step(&p.server, 333);
	}
}

TEST_LOOP(server_judges, FLAWS *MUTUAL_VERSIONS)
{
	const struct flaw *flaw = &flaws[_i / MUTUAL_VERSIONS];
	const char *priority = mutual_priorities[_i % MUTUAL_VERSIONS];
	struct tls_creds *creds;
	struct pki leaf;

	mutual_init(&m, priority);
	make_flawed(&leaf, flaw, "client", GNUTLS_KP_TLS_WWW_CLIENT);
	/* A client with low standards. */
	creds = pki_creds(TLS_CLIENT, &leaf, &m.root,
	    _i % MUTUAL_VERSIONS == 0 ? "NORMAL:-VERS-ALL:+VERS-TLS1.3"
				      : "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	run_with_early_data();
	judged(&p.server, &p.client, flaw);
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	mutual_fini(&m);
}

TEST_LOOP(client_judges, FLAWS *MUTUAL_VERSIONS)
{
	const struct flaw *flaw = &flaws[_i / MUTUAL_VERSIONS];
	const char *priority = mutual_priorities[_i % MUTUAL_VERSIONS];
	struct tls_creds *creds;
	struct pki leaf;

	mutual_init(&m, priority);
	make_flawed(&leaf, flaw, MUTUAL_NAME, GNUTLS_KP_TLS_WWW_SERVER);
	creds = pki_creds(TLS_SERVER, &leaf, &m.root, "NORMAL");
	tls_pair_open(&p, m.client_creds, creds, MUTUAL_NAME);
	tls_pair_run(&p, 1);
	judged(&p.client, &p.server, flaw);
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	mutual_fini(&m);
}

/* A server's certificate is no client's, and the other way round. */
TEST_LOOP(roles_are_not_swapped, MUTUAL_VERSIONS)
{
	const struct flaw flaw = { .reason = REASON_WRONG_PURPOSE,
		.alert = GNUTLS_A_UNSUPPORTED_CERTIFICATE };
	const char *priority = mutual_priorities[_i];
	struct tls_creds *creds;
	struct pki leaf;

	mutual_init(&m, priority);
	creds = pki_creds(TLS_CLIENT, &m.server, &m.root, priority);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	run_with_early_data();
	judged(&p.server, &p.client, &flaw);
	tls_pair_close(&p);
	tls_creds_unref(&creds);

	pki_make(&leaf, &PKI_CLIENT(MUTUAL_NAME), &m.root);
	creds = pki_creds(TLS_SERVER, &leaf, &m.root, priority);
	tls_pair_open(&p, m.client_creds, creds, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	judged(&p.client, &p.server, &flaw);
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	mutual_fini(&m);
}

struct name_case {
	const char *in_certificate, *wanted;
	bool good;
};

static const struct name_case names[] = {
	{ "localhost", "localhost", true }, { "localhost", "LOCALHOST", true },
	{ "localhost", "localhost.example.org", false },
	{ "localhost", "127.0.0.1", false },
	{ "www.example.org", "example.org", false },
	{ "*.example.org", "www.example.org", true },
	{ "*.example.org", "a.b.example.org", false },
	{ "127.0.0.1", "127.0.0.1", true }, { "127.0.0.1", "127.0.0.2", false },
	{ "127.0.0.1", "localhost", false },
	{ "localhost", NULL, true }, /* any */
};

enum {
	NAMES = sizeof names / sizeof *names
};

TEST_LOOP(name_of_the_server, NAMES *MUTUAL_VERSIONS)
{
	const struct flaw flaw = { .reason = REASON_WRONG_NAME,
		.alert = GNUTLS_A_BAD_CERTIFICATE };
	const struct name_case *c = &names[_i / MUTUAL_VERSIONS];
	struct tls_creds *creds;
	struct pki leaf;

	mutual_init(&m, mutual_priorities[_i % MUTUAL_VERSIONS]);
	pki_make(&leaf, &PKI_SERVER(c->in_certificate), &m.root);
	creds = pki_creds(TLS_SERVER, &leaf, &m.root,
	    mutual_priorities[_i % MUTUAL_VERSIONS]);
	tls_pair_open(&p, m.client_creds, creds, c->wanted);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	if (c->good)
		ck_assert(p.client.established && p.server.established);
	else
		judged(&p.client, &p.server, &flaw);
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	mutual_fini(&m);
}

/* RFC 6066, 3: literal addresses are not sent as names. */
TEST(server_name_that_is_sent)
{
	char name[64];
	size_t size = sizeof name;
	gnutls_session_t server;
	unsigned type;

	mutual_init(&m, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	server = tls_pair_keep_session(&p.server);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(
	    gnutls_server_name_get(server, name, &size, &type, 0), 0);
	ck_assert_str_eq(name, MUTUAL_NAME);
	tls_pair_close(&p);

	tls_pair_open(&p, m.client_creds, m.server_creds, "127.0.0.1");
	server = tls_pair_keep_session(&p.server);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	size = sizeof name;
	ck_assert_int_eq(gnutls_server_name_get(server, name, &size, &type, 0),
	    GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
	tls_pair_close(&p);
	mutual_fini(&m);
}

TEST_LOOP(no_certificate, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;

	mutual_init(&m, mutual_priorities[_i]);
	creds = pki_creds_anonymous(&m.root);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	run_with_early_data();
	judged(&p.server, &p.client,
	    &(struct flaw){ .reason = REASON_NO_CERTIFICATE,
		.alert = _i == 0 ? GNUTLS_A_CERTIFICATE_REQUIRED
				 : GNUTLS_A_HANDSHAKE_FAILURE });
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	mutual_fini(&m);
}

/* A good certificate, shown by somebody who has not its key. */
TEST_LOOP(somebody_elses_certificate, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;
	struct pki own;

	mutual_init(&m, mutual_priorities[_i]);
	pki_make(&own, &PKI_CLIENT("thief"), &m.root);
	creds =
	    pki_creds_impostor(&m.client, &own, &m.root, mutual_priorities[_i]);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	run_with_early_data();
	judged(&p.server, &p.client,
	    &(struct flaw){ .reason = REASON_BAD_SIGNATURE,
		.alert = GNUTLS_A_DECRYPT_ERROR });
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&own);
	mutual_fini(&m);
}

/* A root of the same name, with another key. */
TEST_LOOP(root_of_the_same_name, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;
	struct pki root, leaf;

	mutual_init(&m, mutual_priorities[_i]);
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf, &PKI_CLIENT("client"), &root);
	creds = pki_creds(TLS_CLIENT, &leaf, &m.root, mutual_priorities[_i]);
	tls_pair_open(&p, creds, m.server_creds, MUTUAL_NAME);
	run_with_early_data();
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert(tls_reason(p.server.tls) == REASON_UNKNOWN_ISSUER ||
	    tls_reason(p.server.tls) == REASON_BAD_SIGNATURE);
	ck_assert_uint_eq(p.server.got_size, 0);
	tls_pair_close(&p);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	pki_free(&root);
	mutual_fini(&m);
}

/* Leaf, intermediate; the root is known. */
TEST_LOOP(chain_with_an_intermediate, MUTUAL_VERSIONS)
{
	struct tls_creds *whole, *cut;

	mutual_init(&m, mutual_priorities[_i]);
	mutual_behind_one(&m, mutual_priorities[_i], &whole, &cut);

	tls_pair_open(&p, whole, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, 1);
	tls_pair_close(&p);
	tls_pair_open(&p, cut, m.server_creds, MUTUAL_NAME);
	run_with_early_data();
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_UNKNOWN_ISSUER);
	tls_pair_close(&p);

	tls_creds_unref(&whole);
	tls_creds_unref(&cut);
	mutual_fini(&m);
}

SUITE("common/tls/verify")
