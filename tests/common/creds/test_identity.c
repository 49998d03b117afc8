/*
 * test_identity: chains are kept once, for as long as somebody holds them, and
 * judged all at once.
 */
#include "common/creds/identity.h"

#include <pthread.h>
#include <string.h>

#include "common/creds/chain_table.h"
#include "common/creds/private.h"
#include "tests/support/crl_case.h"
#include "tests/support/suite.h"

enum {
	THREADS = 4,
	ROUNDS = 1000
};

static gnutls_datum_t
piece(const char *text)
{
	return (gnutls_datum_t){ (uint8_t *)(uintptr_t)text,
		(unsigned)strlen(text) };
}

/* Credentials of a server that asks nothing. */
static struct tls_creds lenient;

TEST(boundaries_count)
{
	const gnutls_datum_t chains[][3] = {
		{ piece("ab"), piece("c") },
		{ piece("a"), piece("bc") },
		{ piece("abc"), piece("") },
		{ piece("c"), piece("ab") },
		{ piece("ab"), piece("c"), piece("") },
		{ piece("abc") },
	};
	const unsigned counts[] = { 2, 2, 2, 2, 3, 1 };
	struct tls_identity *ids[6], *again;

	for (int i = 0; i < 6; i++) {
		ids[i] = tls_identity_new(chains[i], counts[i]);
		for (int k = 0; k < i; k++)
			ck_assert_mem_ne(tls_identity_key(ids[i]),
			    tls_identity_key(ids[k]), TLS_CHAIN_KEY);
	}
	again = tls_identity_new(chains[1], 2);
	ck_assert_ptr_eq(again, ids[1]);
	tls_identity_unref(&again);
	for (int i = 0; i < 6; i++)
		tls_identity_unref(&ids[i]);
	ck_assert_uint_eq(tls_identities_judge(&lenient), 0);
}

TEST(copies_what_it_is_given)
{
	char text[] = "leaf";
	gnutls_datum_t ders[] = { piece(text), piece("issuer") };
	struct tls_identity *id = tls_identity_new(ders, 2);
	const gnutls_datum_t *kept;
	unsigned count;

	memset(text, '!', 4);
	kept = tls_identity_chain(id, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_uint_eq(kept[0].size, 4);
	ck_assert_mem_eq(kept[0].data, "leaf", 4);
	ck_assert_uint_eq(kept[1].size, 6);
	ck_assert_mem_eq(kept[1].data, "issuer", 6);
	tls_identity_unref(&id);
	ck_assert_ptr_null(id);
	tls_identity_unref(&id);
}

TEST(stays_until_the_last_reference)
{
	const gnutls_datum_t der = piece("leaf");
	struct tls_identity *first = tls_identity_new(&der, 1);
	struct tls_identity *second = tls_identity_new(&der, 1);
	struct tls_identity *third = tls_identity_ref(first);

	ck_assert_ptr_eq(first, second);
	tls_identity_unref(&first);
	ck_assert_uint_eq(tls_identities_judge(&lenient), 1);
	tls_identity_unref(&second);
	tls_identity_unref(&third);
	ck_assert_uint_eq(tls_identities_judge(&lenient), 0);
}

TEST(of_nobody)
{
	struct tls_identity *nobody = tls_identity_new(NULL, 0);
	unsigned count = 1;

	ck_assert_ptr_null(tls_identity_chain(nobody, &count));
	ck_assert_uint_eq(count, 0);
	ck_assert_ptr_null(tls_identity_chain(NULL, NULL));
	ck_assert_int_eq(tls_identity_refusal(NULL), REASON_NONE);
	tls_identity_unref(&nobody);
}

/* What the policy is, and whom it refuses for what: alice, bob, nobody. */
static const struct {
	const char *rules;
	bool has_list, required;
	enum close_reason expected[3];
} policies[] = {
	{ .rules = "" },
	{ .rules = "", .has_list = true, .expected = { REASON_REVOKED } },
	{ .rules = "cn alice\n",
	    .expected = { REASON_NONE, REASON_NOT_ALLOWED,
		REASON_NOT_ALLOWED } },
	{ .rules = "cn bob\n",
	    .has_list = true,
	    .expected = { REASON_REVOKED, REASON_NONE, REASON_NOT_ALLOWED } },
	{ .rules = "",
	    .required = true,
	    .expected = { REASON_NO_CRL, REASON_NO_CRL, REASON_NONE } },
};

static struct tls_identity *
identity_of(const struct pki *pki)
{
	struct tls_identity *id;
	gnutls_datum_t der;

	ck_assert_int_eq(
	    gnutls_x509_crt_export2(pki->crt, GNUTLS_X509_FMT_DER, &der), 0);
	id = tls_identity_new(&der, 1);
	gnutls_free(der.data);
	return id;
}

static struct crl_case c;
static struct pki alice, bob;

static void
set_serial(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(gnutls_x509_crt_set_serial(crt, "\x7a\x7a", 2), 0);
}

static struct tls_creds *
make_creds(int policy)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	const char *rules = policies[policy].rules;
	struct tls_creds *creds;

	pki_bundle(&bundle, &bob, &c.root);
	ck_assert_int_eq(
	    file_bytes_append(&bundle.rules, rules, strlen(rules)), 0);
	if (policies[policy].has_list)
		ck_assert_int_eq(
		    file_bytes_append(&bundle.crl, c.table.data, c.table.size),
		    0);
	creds = pki_creds_of(&bundle, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	tls_bundle_free(&bundle);
	creds->settings.crl_required = policies[policy].required;
	return creds;
}

/* Each policy after each other one: verdicts of before are forgotten. */
TEST_LOOP(judged_by_lists_and_rules, TEST_ROWS(policies) * TEST_ROWS(policies))
{
	struct pki_options options = PKI_CLIENT("alice");
	struct tls_identity *ids[3];
	const int rows = (int)TEST_ROWS(policies);

	options.adorn = set_serial;
	crl_case_begin(&c);
	pki_make(&alice, &options, &c.root);
	pki_make(&bob, &PKI_CLIENT("bob"), &c.root);
	crl_case_write("f",
	    &(struct revocation_options){
		.number = 1, REVOCATION_SERIALS("\x7a\x7a", 2) },
	    &c.root);
	crl_case_build(&c, (const char *[]){ "f" }, 1);
	ids[0] = identity_of(&alice);
	ids[1] = identity_of(&bob);
	ids[2] = tls_identity_new(NULL, 0);
	for (int i = 0; i < 2; i++) {
		int row = i == 0 ? _i / rows : _i % rows;
		struct tls_creds *creds = make_creds(row);

		ck_assert_uint_eq(tls_identities_judge(creds), 3);
		for (int k = 0; k < 3; k++)
			ck_assert_int_eq(tls_identity_refusal(ids[k]),
			    policies[row].expected[k]);
		tls_creds_unref(&creds);
	}
	for (int i = 0; i < 3; i++)
		tls_identity_unref(&ids[i]);
	pki_free(&alice);
	pki_free(&bob);
	crl_case_end(&c);
}

/* What cannot be read is not let in. */
TEST(garbage_is_refused)
{
	const gnutls_datum_t ders[] = { piece("no"), piece("DER") };
	struct tls_identity *id = tls_identity_new(ders, 2);

	ck_assert_uint_eq(tls_identities_judge(&lenient), 1);
	ck_assert_int_eq(tls_identity_refusal(id), REASON_BAD_CERTIFICATE);
	tls_identity_unref(&id);
}

/* Come and go in several threads, while one judges. */
static void *
come_and_go(void *unused)
{
	const gnutls_datum_t ders[] = { piece("a"), piece("b") };

	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		struct tls_identity *one = tls_identity_new(ders, 1);
		struct tls_identity *two = tls_identity_new(&ders[i % 2], 1);

		ck_assert(i % 2 != 0 || one == two);
		tls_identity_unref(&one);
		tls_identity_unref(&two);
	}
	return NULL;
}

TEST(many_threads)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, come_and_go, NULL), 0);
	for (int i = 0; i < ROUNDS; i++)
		ck_assert_uint_le(tls_identities_judge(&lenient), 2);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(tls_identities_judge(&lenient), 0);
}

SUITE("common/creds/identity")
