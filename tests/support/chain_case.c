/* chain_case: sessions at a server that knows chains; see the header. */
#include "tests/support/chain_case.h"

#include <check.h>

#include "common/creds/chain_cache.h"
#include "common/tls/private.h"
#include "tests/support/tls_pair.h"

enum known_use
known_use(const struct tls *tls)
{
	const struct tls_chain_use *use = tls_chain_use(tls);

	ck_assert(!use->hit || !use->missed);
	return use->hit   ? KNOWN_HIT
	    : use->missed ? KNOWN_MISS
			  : KNOWN_NOT_ASKED;
}

struct tls_creds *
known_client(const struct mutual *m, const struct pki *identity, int version)
{
	return pki_creds(
	    TLS_CLIENT, identity, &m->root, mutual_versions[version]);
}

void
known_renew(struct mutual *m, size_t chains)
{
	struct tls_creds *creds = m->server_creds;

	tls_known_free(&creds->known);
	if (chains == 0)
		return;
	creds->known = tls_known_new(chains, creds->x509, creds->crl);
	ck_assert_ptr_nonnull(creds->known);
}

enum end
known_visit(struct mutual *m, struct tls_creds *client, enum known_use expected)
{
	static struct pipe p;
	enum end end = END_COUNT;

	pipe_open(&p, client, m->server_creds, MUTUAL_NAME);
	pipe_run(&p, PIPE_SIZE);
	if (p.server.established) {
		pipe_write(&p.client, "hello", 5);
		pipe_run(&p, PIPE_SIZE);
		ck_assert_uint_eq(p.server.got_size, 5);
	} else {
		ck_assert_int_eq(p.server.result, TLS_FAIL);
		end = tls_cause(p.server.tls);
	}
	ck_assert_int_eq(known_use(p.server.tls), expected);
	ck_assert_int_eq(known_use(p.client.tls), KNOWN_NOT_ASKED);
	pipe_close(&p);
	return end;
}

void
known_welcome(struct mutual *m, enum known_use expected)
{
	ck_assert_int_eq(known_visit(m, m->client_creds, expected), END_COUNT);
}
