/* mutual: a root, a server and a client; see the header. */
#include "tests/support/mutual.h"

#include <check.h>

#define ONLY(cipher) ":-CIPHER-ALL:+" cipher

const char *const mutual_priorities[MUTUAL_SUITES] = {
	MUTUAL_TLS13,
	MUTUAL_TLS12,
	MUTUAL_TLS13 ONLY("CHACHA20-POLY1305"),
	MUTUAL_TLS12 ONLY("CHACHA20-POLY1305"),
	MUTUAL_TLS13 ONLY("AES-256-GCM"),
	MUTUAL_TLS12 ONLY("AES-256-GCM"),
	MUTUAL_TLS13 ONLY("AES-128-CCM"),
	MUTUAL_TLS12 ONLY("AES-128-CBC"),
};

static void
make_identities(struct mutual *m)
{
	pki_make(&m->root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&m->server, &PKI_SERVER(MUTUAL_NAME), &m->root);
	pki_make(&m->client, &PKI_CLIENT("client-0001"), &m->root);
}

void
mutual_init(struct mutual *m, const char *priority)
{
	make_identities(m);
	m->server_creds = pki_creds(TLS_SERVER, &m->server, &m->root, priority);
	m->client_creds = pki_creds(TLS_CLIENT, &m->client, &m->root, priority);
}

void
mutual_init_with_tickets(struct mutual *m, const char *priority)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct errmsg e;

	make_identities(m);
	pki_bundle(&bundle, &m->server, &m->root);
	ck_assert_int_eq(tls_bundle_new_ticket_key(&bundle, &e), 0);
	m->server_creds = pki_creds_of(&bundle, TLS_SERVER, priority);
	tls_bundle_free(&bundle);
	m->client_creds = pki_creds(TLS_CLIENT, &m->client, &m->root, priority);
}

void
mutual_fini(struct mutual *m)
{
	tls_creds_unref(&m->server_creds);
	tls_creds_unref(&m->client_creds);
	pki_free(&m->server);
	pki_free(&m->client);
	pki_free(&m->root);
}

void
mutual_behind_one(const struct mutual *m, const char *priority,
    struct tls_creds **whole, struct tls_creds **cut)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct pki middle, leaf;

	pki_make(&middle, &(struct pki_options){ .name = "middle" }, &m->root);
	pki_make(&leaf, &PKI_CLIENT("client"), &middle);
	*cut = pki_creds(TLS_CLIENT, &leaf, &m->root, priority);
	pki_bundle(&bundle, &leaf, &m->root);
	pki_append_cert(&bundle.key_pairs[0].cert, &middle);
	*whole = pki_creds_of(&bundle, TLS_CLIENT, priority);
	tls_bundle_free(&bundle);
	pki_free(&leaf);
	pki_free(&middle);
}
