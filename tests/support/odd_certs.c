/* odd_certs: makes client certificates, good and bad ones; see the header. */
#include "tests/support/odd_certs.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/hex.h"
#include "tests/support/pki_file.h"
#include "tests/support/revocation.h"

static void
must(int result)
{
	ck_assert_msg(result >= 0, "%s", gnutls_strerror(result));
}

const struct pki_options odd_certs_alice = { .name = "alice",
	.purpose = GNUTLS_KP_TLS_WWW_CLIENT };

/* Adds a certificate to what the client shows. */
static void
show(struct odd_certs *odd, const struct pki *certificate)
{
	odd->chain[odd->count++] = certificate;
}

static void
show_leaf(struct odd_certs *odd, const struct pki_options *leaf,
    const struct pki *issuer)
{
	pki_make(&odd->leaf, leaf, issuer);
	odd->key = &odd->leaf;
	show(odd, &odd->leaf);
}

void
odd_certs_of_root(struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, &odd->root);
}

void
odd_certs_nothing(struct odd_certs *odd, const struct pki_options *leaf)
{
	(void)odd;
	(void)leaf;
}

void
odd_certs_of_stranger(struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, &odd->stranger);
}

/* An issuer with the root's name, and another key. */
void
odd_certs_of_namesake(struct odd_certs *odd, const struct pki_options *leaf)
{
	pki_make(
	    &odd->middle[0], &(struct pki_options){ .name = "root" }, NULL);
	show_leaf(odd, leaf, &odd->middle[0]);
}

void
odd_certs_self_signed(struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, NULL);
}

void
odd_certs_damaged(struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, &odd->root);
	pki_damage(&odd->leaf);
}

void
odd_certs_with_key_of_another(
    struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, &odd->root);
	pki_make(&odd->middle[0], leaf, &odd->root);
	odd->key = &odd->middle[0];
}

/* Behind one intermediate of these options, of the root. */
static void
behind(struct odd_certs *odd, const struct pki_options *leaf,
    const struct pki_options *middle)
{
	pki_make(&odd->middle[0], middle, &odd->root);
	show_leaf(odd, leaf, &odd->middle[0]);
	show(odd, &odd->middle[0]);
}

void
odd_certs_behind_one(struct odd_certs *odd, const struct pki_options *leaf)
{
	behind(odd, leaf, &(struct pki_options){ .name = "middle" });
}

void
odd_certs_behind_one_twice(
    struct odd_certs *odd, const struct pki_options *leaf)
{
	odd_certs_behind_one(odd, leaf);
	show(odd, &odd->middle[0]);
}

void
odd_certs_behind_one_unseen(
    struct odd_certs *odd, const struct pki_options *leaf)
{
	odd_certs_behind_one(odd, leaf);
	odd->count = 1;
}

void
odd_certs_behind_ten(struct odd_certs *odd, const struct pki_options *leaf)
{
	char name[24];

	for (int i = 0; i < 10; i++) {
		(void)snprintf(name, sizeof name, "middle %d", i);
		pki_make(&odd->middle[i], &(struct pki_options){ .name = name },
		    i == 0 ? &odd->root : &odd->middle[i - 1]);
	}
	show_leaf(odd, leaf, &odd->middle[9]);
	for (int i = 9; i >= 0; i--)
		show(odd, &odd->middle[i]);
}

void
odd_certs_behind_expired(struct odd_certs *odd, const struct pki_options *leaf)
{
	behind(odd, leaf,
	    &(struct pki_options){ .name = "middle",
		.from_s = -2 * PKI_DAY_S,
		.until_s = -PKI_DAY_S });
}

void
odd_certs_behind_client(struct odd_certs *odd, const struct pki_options *leaf)
{
	behind(odd, leaf, &PKI_CLIENT("bob"));
}

void
odd_certs_behind_weak(struct odd_certs *odd, const struct pki_options *leaf)
{
	behind(odd, leaf,
	    &(struct pki_options){ .name = "middle", .key = PKI_RSA_1024 });
}

/* A path length of 0. */
static void
no_more_authorities(gnutls_x509_crt_t crt)
{
	must(gnutls_x509_crt_set_basic_constraints(crt, 1, 0));
}

void
odd_certs_behind_one_too_many(
    struct odd_certs *odd, const struct pki_options *leaf)
{
	pki_make(&odd->middle[0],
	    &(struct pki_options){
		.name = "last", .adorn = no_more_authorities },
	    &odd->root);
	pki_make(&odd->middle[1], &(struct pki_options){ .name = "middle" },
	    &odd->middle[0]);
	show_leaf(odd, leaf, &odd->middle[1]);
	show(odd, &odd->middle[1]);
	show(odd, &odd->middle[0]);
}

/* Permits names of this type within that name alone, or excludes them. */
static void
constrain(gnutls_x509_crt_t crt, bool permits,
    gnutls_x509_subject_alt_name_t type, const char *name)
{
	const gnutls_datum_t datum = { (unsigned char *)(uintptr_t)name,
		(unsigned)strlen(name) };
	gnutls_x509_name_constraints_t constraints;

	must(gnutls_x509_name_constraints_init(&constraints));
	must(permits ? gnutls_x509_name_constraints_add_permitted(
			   constraints, type, &datum)
		     : gnutls_x509_name_constraints_add_excluded(
			   constraints, type, &datum));
	must(gnutls_x509_crt_set_name_constraints(crt, constraints, 1));
	gnutls_x509_name_constraints_deinit(constraints);
}

static void
permit_domain(gnutls_x509_crt_t crt)
{
	constrain(crt, true, GNUTLS_SAN_DNSNAME, "good.example");
}

static void
permit_uri(gnutls_x509_crt_t crt)
{
	constrain(crt, true, GNUTLS_SAN_URI, "good.example");
}

static void
exclude_uri(gnutls_x509_crt_t crt)
{
	constrain(crt, false, GNUTLS_SAN_URI, "evil.example");
}

void
odd_certs_within_domain(struct odd_certs *odd, const struct pki_options *leaf)
{
	behind(odd, leaf,
	    &(struct pki_options){ .name = "middle", .adorn = permit_domain });
}

void
odd_certs_within_uri(struct odd_certs *odd, const struct pki_options *leaf)
{
	behind(odd, leaf,
	    &(struct pki_options){ .name = "middle", .adorn = permit_uri });
}

void
odd_certs_without_uri(struct odd_certs *odd, const struct pki_options *leaf)
{
	behind(odd, leaf,
	    &(struct pki_options){ .name = "middle", .adorn = exclude_uri });
}

void
odd_certs_with_uri(gnutls_x509_crt_t crt)
{
	static const char uri[] = "spiffe://evil.example/web";

	must(gnutls_x509_crt_set_subject_alt_name(
	    crt, GNUTLS_SAN_URI, uri, sizeof uri - 1, GNUTLS_FSAN_SET));
}

/* "Must staple": status_request is number 5 (RFC 7633, 4.2.3.1). */
void
odd_certs_with_tls_features(gnutls_x509_crt_t crt)
{
	must(gnutls_x509_crt_set_extension_by_oid(
	    crt, "1.3.6.1.5.5.7.1.24", "\x30\x03\x02\x01\x05", 5, 0));
}

void
odd_certs_with_unknown_extension(gnutls_x509_crt_t crt)
{
	must(gnutls_x509_crt_set_extension_by_oid(
	    crt, "1.3.6.1.4.1.55555.1", "\x05", 2, 1));
}

void
odd_certs_for_signing_too(gnutls_x509_crt_t crt)
{
	must(gnutls_x509_crt_set_key_usage(
	    crt, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_CERT_SIGN));
}

void
odd_certs_write_crl(struct odd_certs *odd, uint8_t number, int64_t until_s,
    const struct pki *revoked)
{
	pki_file_write_crl("odd.crl",
	    &(struct revocation_options){ .from_s = -2 * PKI_DAY_S,
		.until_s = until_s,
		.number = number },
	    &odd->root, revoked);
}

void
odd_certs_revoked(struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, &odd->root);
	odd_certs_write_crl(odd, 1, PKI_DAY_S, &odd->leaf);
}

void
odd_certs_behind_revoked(struct odd_certs *odd, const struct pki_options *leaf)
{
	odd_certs_behind_one(odd, leaf);
	odd_certs_write_crl(odd, 1, PKI_DAY_S, &odd->middle[0]);
}

/* By a list whose next update is over, which still counts. */
void
odd_certs_revoked_long_ago(
    struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, &odd->root);
	odd_certs_write_crl(odd, 1, -PKI_DAY_S, &odd->leaf);
}

void
odd_certs_not_revoked(struct odd_certs *odd, const struct pki_options *leaf)
{
	show_leaf(odd, leaf, &odd->root);
	odd_certs_write_crl(odd, 1, PKI_DAY_S, &odd->root);
}

/* A rules file with the leaf's own pin. */
void
odd_certs_pinned(struct odd_certs *odd, const struct pki_options *leaf)
{
	uint8_t id[32];
	char line[128] = "pin sha256:";
	const char *end;
	size_t size = sizeof id;

	show_leaf(odd, leaf, &odd->root);
	must(gnutls_x509_crt_get_key_id(
	    odd->leaf.crt, GNUTLS_KEYID_USE_SHA256, id, &size));
	end = hex_put(line + strlen(line), id, size, HEX_LOWER);
	pki_file_write("odd.rules", line, (size_t)(end - line), 0644);
}

void
odd_certs_make(
    struct odd_certs *odd, odd_certs_kind *kind, const struct pki_options *leaf)
{
	*odd = (struct odd_certs){ .count = 0 };
	pki_make(&odd->root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(
	    &odd->stranger, &(struct pki_options){ .name = "stranger" }, NULL);
	kind(odd, leaf);
	pki_file_write_chain(
	    "odd-ca.pem", (const struct pki *[]){ &odd->root }, 1);
	if (odd->count == 0)
		return;
	pki_file_write_chain("odd.pem", odd->chain, odd->count);
	pki_file_write_key("odd.key", odd->key);
}

static void
free_if_made(struct pki *pki)
{
	if (pki->crt != NULL)
		pki_free(pki);
}

void
odd_certs_free(struct odd_certs *odd)
{
	free_if_made(&odd->root);
	free_if_made(&odd->stranger);
	free_if_made(&odd->leaf);
	for (int i = 0; i < ODD_CERTS_CHAIN_MAX; i++)
		free_if_made(&odd->middle[i]);
}
