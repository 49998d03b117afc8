/* test_authority: what opening an authority's directory checks. */
#include "certs/authority.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/certs/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct errmsg e;
static struct fixture f;
static struct authority *a;

static void
write_cert(const char *path, gnutls_x509_crt_t cert)
{
	struct file_bytes pem = FILE_BYTES_INIT;

	ck_assert_int_eq(cert_export_pem(&pem, cert, &e), 0);
	ck_assert_msg(file_write_atomically(
			  path, pem.data, pem.size, 0644, true, &e) == 0,
	    "%s", e.text);
	file_bytes_free(&pem);
}

static void
write_key(const char *path, gnutls_x509_privkey_t key)
{
	struct file_bytes pem = FILE_BYTES_INIT;

	ck_assert_int_eq(key_export_pem(&pem, key, NULL, &e), 0);
	ck_assert_int_eq(
	    file_write_atomically(path, pem.data, pem.size, 0600, true, &e), 0);
	file_bytes_free(&pem);
}

static void
setup(void)
{
	scratch_enter();
	fixture_init(&f, "ecdsa-p256");
	ck_assert_int_eq(mkdir("d", 0700), 0);
	write_cert("d/ca.pem", f.root);
	write_key("d/ca.key", f.root_key);
}

static void
teardown(void)
{
	authority_close(&a);
	fixture_fini(&f);
	scratch_leave();
}

static void
expect_refusal(enum authority_use use, const char *words)
{
	ck_assert_int_eq(authority_open(&a, "d", use, NULL, &e), -1);
	ck_assert_ptr_null(a);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

TEST(open_and_sign)
{
	ck_assert_msg(authority_open(&a, "d", AUTHORITY_SIGN, NULL, &e) == 0,
	    "%s", e.text);
	ck_assert_str_eq(store_dir(authority_store(a)), "d");
	ck_assert_uint_eq(authority_chain(a)->count, 1);
	ck_assert_int_ne(gnutls_x509_crt_equals(authority_cert(a), f.root), 0);
	ck_assert_int_eq(
	    gnutls_privkey_get_pk_algorithm(authority_key(a), NULL),
	    GNUTLS_PK_ECDSA);
}

TEST(reading_needs_no_key)
{
	ck_assert_int_eq(unlink("d/ca.key"), 0);
	ck_assert_int_eq(authority_open(&a, "d", AUTHORITY_READ, NULL, &e), 0);
	authority_close(&a);
	expect_refusal(AUTHORITY_SIGN, "d/ca.key: No such file or directory");
}

TEST(no_directory_and_no_certificate)
{
	ck_assert_int_eq(unlink("d/ca.pem"), 0);
	expect_refusal(AUTHORITY_READ,
	    "make an authority with 'tlsecho-certs"
	    " init'");
	ck_assert_int_eq(
	    authority_open(&a, "nowhere", AUTHORITY_SIGN, NULL, &e), -1);
	ck_assert_str_eq(e.text, "nowhere: No such file or directory");
}

TEST(broken_files)
{
	scratch_write("d/ca.key",
	    "-----BEGIN PRIVATE KEY-----\nAAAA\n"
	    "-----END PRIVATE KEY-----\n");
	expect_refusal(AUTHORITY_SIGN, "ca.key: ");
	scratch_write("d/ca.key", "");
	expect_refusal(AUTHORITY_SIGN, "ca.key: ");
	scratch_write("d/ca.pem", "");
	expect_refusal(AUTHORITY_READ, "ca.pem: no certificate in it");
	scratch_write("d/ca.pem",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n"
	    "-----END CERTIFICATE-----\n");
	expect_refusal(AUTHORITY_READ, "ca.pem: ");
}

TEST(key_of_another)
{
	write_key("d/ca.key", f.leaf_key);
	expect_refusal(AUTHORITY_SIGN, "ca.key: does not belong to ca.pem");
}

TEST(leaf_is_no_authority)
{
	write_cert("d/ca.pem", f.leaf);
	expect_refusal(AUTHORITY_READ, "is not an authority's");
}

/* Same name, other key: told apart by the key identifier or the signature. */
TEST(issued)
{
	struct fixture other;

	fixture_init(&other, "ecdsa-p256");
	ck_assert_int_eq(authority_open(&a, "d", AUTHORITY_READ, NULL, &e), 0);
	ck_assert(authority_issued(a, f.leaf));
	ck_assert(authority_issued(a, f.root));
	ck_assert(!authority_issued(a, other.leaf));
	ck_assert(!authority_issued(a, other.root));
	fixture_fini(&other);
}

/* The issuer's name and key identifier, but not its signature. */
TEST(forged)
{
	struct fixture other;
	struct cert_leaf leaf = { .names_count = 1,
		.validity = fixture_validity() };
	gnutls_x509_crt_t cert;
	struct name name;

	fixture_init(&other, "ecdsa-p256");
	ck_assert_int_eq(name_parse_client(&name, "x", &e), 0);
	leaf.key = f.leaf_key;
	leaf.names = &name;
	ck_assert_msg(
	    cert_make_leaf(&cert, &leaf, f.root, other.signer, &e) == 0, "%s",
	    e.text);
	cert = fixture_read_again(cert);
	ck_assert_int_eq(authority_open(&a, "d", AUTHORITY_READ, NULL, &e), 0);
	ck_assert(!authority_issued(a, cert));
	gnutls_x509_crt_deinit(cert);
	fixture_fini(&other);
}

/* Dates are the business of those who ask for the status. */
TEST(expired_is_still_issued)
{
	struct cert_leaf leaf = { .names_count = 1, .validity = { 1, 2 } };
	gnutls_x509_crt_t cert;
	struct name name;

	ck_assert_int_eq(name_parse_client(&name, "x", &e), 0);
	leaf.key = f.leaf_key;
	leaf.names = &name;
	ck_assert_int_eq(cert_make_leaf(&cert, &leaf, f.root, f.signer, &e), 0);
	cert = fixture_read_again(cert);
	ck_assert_int_eq(authority_open(&a, "d", AUTHORITY_READ, NULL, &e), 0);
	ck_assert(authority_issued(a, cert));
	gnutls_x509_crt_deinit(cert);
}

SUITE_BETWEEN("certs/authority", setup, teardown)
