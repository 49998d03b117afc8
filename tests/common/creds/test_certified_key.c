/* test_certified_key: the order of a chain, issuers that are shared, and
 * lengths that are refused. */
#include "common/creds/certified_key.h"

#include <gnutls/x509.h>

#include "common/x509/chain.h"
#include "tests/support/pki.h"
#include "tests/support/suite.h"

static struct pki root, ca, other_ca, alice, bob, mallory;

static void
make_all(void)
{
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&ca, &(struct pki_options){ .name = "ca" }, &root);
	pki_make(&other_ca, &(struct pki_options){ .name = "other" }, &root);
	pki_make(&alice, &PKI_CLIENT("alice"), &ca);
	pki_make(&bob, &PKI_CLIENT("bob"), &ca);
	pki_make(&mallory, &PKI_CLIENT("mallory"), &other_ca);
}

static void
free_all(void)
{
	struct pki *all[] = { &root, &ca, &other_ca, &alice, &bob, &mallory };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		pki_free(all[i]);
}

static gnutls_x509_privkey_t
copy_key(const struct pki *of)
{
	gnutls_x509_privkey_t key;

	ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
	ck_assert_int_eq(gnutls_x509_privkey_cpy(key, of->key), 0);
	return key;
}

/* Of the leaf's key, and of these certificates, up to NULL. */
static int
init(struct tls_certified_key *own, const struct pki *leaf,
    const struct tls_certified_key *like, const struct pki *const chain[])
{
	gnutls_x509_crt_t crts[TLS_CHAIN_MAX + 1];
	struct tls_chain of = { .crts = crts };

	while (chain[of.count] != NULL) {
		crts[of.count] = chain[of.count]->crt;
		of.count++;
	}
	return tls_certified_key_init(own, &of, copy_key(leaf), like);
}

#define INIT(own, leaf, like, ...)  \
	init((own), (leaf), (like), \
	    (const struct pki *const[]){ __VA_ARGS__, NULL })

static void
expect_shown(
    const struct tls_certified_key *own, unsigned i, const struct pki *wanted)
{
	gnutls_datum_t der;

	ck_assert_int_eq(
	    gnutls_x509_crt_export2(wanted->crt, GNUTLS_X509_FMT_DER, &der), 0);
	ck_assert_mem_eq(own->chain[i].cert.data, der.data, der.size);
	gnutls_free(der.data);
}

TEST(each_before_its_issuer)
{
	struct tls_certified_key own;

	make_all();
	ck_assert_int_eq(INIT(&own, &alice, NULL, &alice, &root, &ca), 0);
	ck_assert_uint_eq(own.count, 3);
	expect_shown(&own, 1, &ca);
	expect_shown(&own, 2, &root);
	tls_certified_key_free(&own);
	ck_assert_int_eq(INIT(&own, &alice, NULL, &alice, &other_ca), 0);
	ck_assert_uint_eq(own.count, 1);
	tls_certified_key_free(&own);
	ck_assert_ptr_null(own.chain);
	tls_certified_key_free(&own);
	free_all();
}

/* One chain too long, and none at all. */
TEST(lengths)
{
	const struct pki *many[TLS_CHAIN_MAX + 2] = { NULL };
	struct tls_certified_key own;

	make_all();
	ck_assert_int_lt(init(&own, &alice, NULL, many), 0);
	ck_assert_ptr_null(own.key);
	for (int i = 0; i <= TLS_CHAIN_MAX; i++)
		many[i] = &alice;
	many[TLS_CHAIN_MAX + 1] = NULL;
	ck_assert_int_lt(init(&own, &alice, NULL, many), 0);
	ck_assert_ptr_null(own.key);
	free_all();
}

TEST(the_same_issuers_are_borrowed)
{
	struct tls_certified_key first, same, other, alone;

	make_all();
	ck_assert_int_eq(INIT(&first, &alice, NULL, &alice, &ca), 0);
	ck_assert_int_eq(INIT(&same, &bob, &first, &bob, &ca), 0);
	ck_assert_int_eq(
	    INIT(&other, &mallory, &first, &mallory, &other_ca), 0);
	ck_assert_int_eq(INIT(&alone, &bob, &first, &bob), 0);
	ck_assert(!first.borrows_issuers && same.borrows_issuers);
	ck_assert(!other.borrows_issuers && !alone.borrows_issuers);
	ck_assert_ptr_eq(same.chain[1].pubkey, first.chain[1].pubkey);
	ck_assert_ptr_ne(same.chain[0].pubkey, first.chain[0].pubkey);
	tls_certified_key_free(&same);
	tls_certified_key_free(&other);
	tls_certified_key_free(&alone);
	tls_certified_key_free(&first);
	free_all();
}

SUITE("common/creds/certified_key")
