/* chain_case: sessions, and what the cache did; see the header. */
#include "tests/support/chain_case.h"

#include <check.h>

#include "common/creds/chain_cache.h"
#include "common/tls/private.h"
#include "tests/support/tls_pair.h"

enum chain_case_use
chain_case_use(const struct tls *tls)
{
	const struct tls_chain_use *use = tls_chain_use(tls);

	ck_assert(!use->hit || !use->missed);
	return use->hit   ? CHAIN_HIT
	    : use->missed ? CHAIN_MISS
			  : CHAIN_NOT_ASKED;
}

struct tls_creds *
chain_case_client(
    const struct mutual *m, const struct pki *identity, int version)
{
	return pki_creds(
	    TLS_CLIENT, identity, &m->root, mutual_priorities[version]);
}

void
chain_case_renew(struct mutual *m, size_t chains)
{
	struct tls_creds *creds = m->server_creds;

	tls_chain_cache_free(&creds->chain_cache);
	if (chains == 0)
		return;
	creds->chain_cache =
	    tls_chain_cache_new(chains, creds->x509, creds->crl);
	ck_assert_ptr_nonnull(creds->chain_cache);
}

enum close_reason
chain_case_connect(
    struct mutual *m, struct tls_creds *client, enum chain_case_use expected)
{
	static struct tls_pair p;
	enum close_reason reason = REASON_NONE;

	tls_pair_open(&p, client, m->server_creds, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	if (p.server.established) {
		tls_pair_write(&p.client, "hello", 5);
		tls_pair_run(&p, TLS_PAIR_SIZE);
		ck_assert_uint_eq(p.server.got_size, 5);
	} else {
		ck_assert_int_eq(p.server.result, TLS_FAIL);
		reason = tls_reason(p.server.tls);
	}
	ck_assert_int_eq(chain_case_use(p.server.tls), expected);
	ck_assert_int_eq(chain_case_use(p.client.tls), CHAIN_NOT_ASKED);
	tls_pair_close(&p);
	return reason;
}

void
chain_case_accept(struct mutual *m, enum chain_case_use expected)
{
	ck_assert_int_eq(
	    chain_case_connect(m, m->client_creds, expected), REASON_NONE);
}
