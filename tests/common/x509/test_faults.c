/* What is wrong with each certificate of a chain: all of it, and no more. */
#include "common/x509/faults.h"

#include <check.h>
#include <gnutls/x509.h>
#include <stdlib.h>

#include "tests/support/pki.h"
#include "tests/support/suite.h"

#define BIT(name) (1U << TLS_FAULT_##name)

/* The root that is trusted, its namesake with another key, and a stranger. */
static struct pki root, namesake, stranger, web;

static void
set_up(void)
{
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&namesake, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&stranger, &(struct pki_options){ .name = "stranger" }, NULL);
	pki_make(&web, &(struct pki_options){ .name = "web" }, &root);
}

static void
tear_down(void)
{
	pki_free(&web);
	pki_free(&stranger);
	pki_free(&namesake);
	pki_free(&root);
}

/* Of certificate i of these, leaf first, up to NULL. */
static unsigned
find(unsigned i, const struct pki *const *pkis)
{
	gnutls_x509_crt_t crts[4];
	struct tls_chain chain = { crts, 0 };
	struct tls_chain roots = { &root.crt, 1 };
	const struct tls_faults_query query = {
		.roots = &roots, .name = "localhost", .now = time(NULL)
	};

	for (; pkis[chain.count] != NULL; chain.count++)
		crts[chain.count] = pkis[chain.count]->crt;
	return tls_faults_find(&chain, i, &query);
}

#define FIND(i, ...) find(i, (const struct pki *const[]){ __VA_ARGS__, NULL })

static void
permit_example(gnutls_x509_crt_t crt)
{
	const gnutls_datum_t name = { (unsigned char *)(uintptr_t) "example",
		7 };
	gnutls_x509_name_constraints_t names;

	ck_assert_int_eq(gnutls_x509_name_constraints_init(&names), 0);
	ck_assert_int_eq(gnutls_x509_name_constraints_add_permitted(
			     names, GNUTLS_SAN_DNSNAME, &name),
	    0);
	ck_assert_int_eq(
	    gnutls_x509_crt_set_name_constraints(crt, names, 1), 0);
	gnutls_x509_name_constraints_deinit(names);
}

static void
permit_none_below(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(gnutls_x509_crt_set_basic_constraints(crt, 1, 0), 0);
}

static void
add_critical(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(
	    gnutls_x509_crt_set_extension_by_oid(crt, "1.2.3.4", "\5\0", 2, 1),
	    0);
}

static void
add_uncritical(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(
	    gnutls_x509_crt_set_extension_by_oid(crt, "1.2.3.4", "\5\0", 2, 0),
	    0);
}

static const struct {
	struct pki_options options;
	struct pki *issuer; /* NULL: it signs itself */
	unsigned faults;
} leaves[] = {
#define SERVER .name = "localhost", .purpose = GNUTLS_KP_TLS_WWW_SERVER
	{ { SERVER }, &root, 0 },
	{ { SERVER, .key = PKI_RSA_2048 }, &root, 0 },
	{ { SERVER, .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S }, &root,
	    BIT(EXPIRED) },
	{ { SERVER, .from_s = PKI_DAY_S, .until_s = 2 * PKI_DAY_S }, &root,
	    BIT(NOT_YET_VALID) },
	{ { SERVER, .key = PKI_RSA_1024 }, &root, BIT(WEAK_KEY) },
	{ { SERVER, .digest = GNUTLS_DIG_SHA1 }, &root, BIT(WEAK_DIGEST) },
	{ { .name = "localhost", .purpose = GNUTLS_KP_TLS_WWW_CLIENT }, &root,
	    BIT(PURPOSE) },
	{ { .name = "elsewhere", .purpose = GNUTLS_KP_TLS_WWW_SERVER }, &root,
	    BIT(NAME) },
	{ { .name = "elsewhere", .purpose = GNUTLS_KP_TLS_WWW_CLIENT }, &root,
	    BIT(NAME) | BIT(PURPOSE) },
	{ { SERVER, .adorn = add_critical }, &root, BIT(CRITICAL) },
	{ { SERVER, .adorn = add_uncritical }, &root, 0 },
	{ { SERVER }, &namesake, BIT(NAMESAKE) },
	{ { SERVER }, &stranger, BIT(NO_ISSUER) },
	{ { SERVER }, &web, BIT(NO_ISSUER) },
	{ { SERVER }, NULL, BIT(SELF_SIGNED) },
};

TEST_EACH(of_leaf, leaves)
{
	struct pki leaf;

	pki_make(&leaf, &leaves[_i].options, leaves[_i].issuer);
	ck_assert_uint_eq(FIND(0, &leaf), leaves[_i].faults);
	pki_free(&leaf);
}

TEST(of_chain)
{
	struct pki leaf;

	pki_make(&leaf, &PKI_SERVER("localhost"), &web);
	ck_assert_uint_eq(FIND(0, &leaf, &web), 0);
	ck_assert_uint_eq(FIND(1, &leaf, &web), 0);
	ck_assert_uint_eq(FIND(2, &leaf, &web, &root), 0);
	ck_assert_uint_eq(FIND(0, &leaf, &root, &web), BIT(ORDER));
	ck_assert_uint_eq(FIND(1, &leaf, &leaf), BIT(NO_ISSUER) | BIT(NOT_CA));
	ck_assert_uint_eq(FIND(1, &leaf, &stranger), BIT(SELF_SIGNED));
	pki_damage(&leaf);
	ck_assert_uint_eq(FIND(0, &leaf, &web), BIT(DAMAGED));
	pki_free(&leaf);
}

TEST(of_constraints)
{
	struct pki named, last, below, leaf;

	pki_make(&named,
	    &(struct pki_options){ .name = "n", .adorn = permit_example },
	    &root);
	pki_make(&leaf, &PKI_SERVER("localhost"), &named);
	ck_assert_uint_eq(FIND(0, &leaf, &named), BIT(CONSTRAINT));
	pki_free(&leaf);
	pki_free(&named);
	pki_make(&last,
	    &(struct pki_options){ .name = "l", .adorn = permit_none_below },
	    &root);
	pki_make(&below, &(struct pki_options){ .name = "b" }, &last);
	pki_make(&leaf, &PKI_SERVER("localhost"), &below);
	ck_assert_uint_eq(FIND(0, &leaf, &below, &last), BIT(CONSTRAINT));
	pki_free(&leaf);
	pki_free(&below);
	pki_free(&last);
}

TEST(words)
{
	ck_assert_str_eq(tls_fault_word(TLS_FAULT_NO_ISSUER), "unknown_issuer");
	for (int f = 0; f < TLS_FAULTS; f++)
		ck_assert(tls_fault_text((enum tls_fault)f) != NULL);
}

SUITE_BETWEEN("common/x509/faults", set_up, tear_down)
