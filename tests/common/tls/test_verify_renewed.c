/*
 * test_verify_renewed: a peer that shows an old certificate of an authority
 * beside a valid one of the same name and key (RFC 4158, 2.4.2), as servers do
 * that send a file as it is. GnuTLS itself would send one of the two.
 */
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	SHOWN = 3
};

static struct tls_pair p;
static struct mutual m;
static struct pki middle[2], leaf;
static gnutls_pcert_st shown[SHOWN];
static gnutls_privkey_t key;

static int
show(gnutls_session_t session, const gnutls_datum_t *names, int name_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
    gnutls_pcert_st **chain, unsigned *count, gnutls_privkey_t *its_key)
{
	(void)session;
	(void)names;
	(void)name_count;
	(void)algorithms;
	(void)algorithm_count;
	*chain = shown;
	*count = SHOWN;
	*its_key = key;
	return 0;
}

static struct tls_creds *
make_client(const struct pki *const chain[static SHOWN])
{
	struct tls_creds *creds = pki_creds_anonymous(&m.root);

	for (int i = 0; i < SHOWN; i++)
		ck_assert_int_eq(
		    gnutls_pcert_import_x509(&shown[i], chain[i]->crt, 0), 0);
	ck_assert_int_eq(gnutls_privkey_init(&key), 0);
	ck_assert_int_eq(gnutls_privkey_import_x509(key, chain[0]->key, 0), 0);
	gnutls_certificate_set_retrieve_function2(creds->x509, show);
	return creds;
}

/* What is wrong with the renewed one, and how the server judges. */
static const struct {
	struct pki_options first, second;
	bool other_key, other_root;
	const char *priority;
	enum close_reason reason;
} cases[] = {
	{ .first = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S } },
	{ .first = { .from_s = PKI_DAY_S, .until_s = 2 * PKI_DAY_S } },
	{ .second = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S } },
	{ .first = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    .second = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_HOUR_S },
	    .reason = REASON_EXPIRED },
	{ .first = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    .other_key = true,
	    .reason = REASON_EXPIRED },
	{ .first = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    .other_root = true,
	    .reason = REASON_UNKNOWN_ISSUER },
	{ .first = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    .second = { .digest = GNUTLS_DIG_SHA1 },
	    .reason = REASON_WEAK },
	/* Of a client's kind: no authority. */
	{ .first = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    .second = { .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
	    .reason = REASON_UNKNOWN_ISSUER },
	/* GnuTLS does not tell what a stricter profile would say. */
	{ .first = { .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    .priority = "SECURE192:+SIGN-ALL:-VERS-ALL:+VERS-TLS1.3",
	    .reason = REASON_EXPIRED },
};

static void
make_middles(int row)
{
	struct pki_options first = cases[row].first;
	struct pki_options second = cases[row].second;
	struct pki other;

	first.name = second.name = "middle";
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	pki_make(&middle[0], &first, &m.root);
	if (!cases[row].other_key)
		second.key_of = &middle[0];
	pki_make(&middle[1], &second, cases[row].other_root ? &other : &m.root);
	pki_free(&other);
}

TEST_EACH(two_of_one_name, cases)
{
	const char *priority = cases[_i].priority;
	struct tls_creds *client, *server;

	mutual_init(&m, MUTUAL_TLS13);
	make_middles(_i);
	pki_make(&leaf, &PKI_CLIENT("alice"), &middle[0]);
	client = make_client(
	    (const struct pki *const[]){ &leaf, &middle[0], &middle[1] });
	server = pki_creds(TLS_SERVER, &m.server, &m.root,
	    priority != NULL ? priority : MUTUAL_TLS13);
	tls_pair_open(&p, client, server, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_str_eq(close_reason_text(tls_reason(p.server.tls)),
	    close_reason_text(cases[_i].reason));
	ck_assert_int_eq(p.server.established, cases[_i].reason == REASON_NONE);
	tls_pair_close(&p);
	tls_creds_unref(&server);
	tls_creds_unref(&client);
	pki_free(&leaf);
	pki_free(&middle[0]);
	pki_free(&middle[1]);
	for (int i = 0; i < SHOWN; i++)
		gnutls_pcert_deinit(&shown[i]);
	gnutls_privkey_deinit(key);
	mutual_fini(&m);
}

/* The same of a root in the CA file, in both orders. */
TEST_LOOP(two_roots_of_one_name, 2)
{
	struct pki_options options = {
		.name = "root", .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S
	};
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *server;
	struct pki old;

	mutual_init(&m, MUTUAL_TLS13);
	options.key_of = &m.root;
	pki_make(&old, &options, NULL);
	pki_bundle(&bundle, &m.server, _i == 0 ? &old : &m.root);
	pki_append_cert(&bundle.ca, _i == 0 ? &m.root : &old);
	server = pki_creds_of(&bundle, TLS_SERVER, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, server, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_str_eq(close_reason_text(tls_reason(p.server.tls)), "none");
	ck_assert(p.server.established);
	tls_pair_close(&p);
	tls_creds_unref(&server);
	tls_bundle_free(&bundle);
	pki_free(&old);
	mutual_fini(&m);
}

SUITE("common/tls/verify_renewed")
