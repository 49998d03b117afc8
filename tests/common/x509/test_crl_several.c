/* test_crl_several: which of several revocation lists count. */
#include "common/x509/crl.h"

#include <gnutls/gnutls.h>
#include <string.h>
#include <time.h>

#include "tests/support/crl_case.h"
#include "tests/support/suite.h"

static struct crl_case c;

/* Lists of two issuers in one file, with other text; then a bad third one. */
TEST(pem_of_several)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	struct file_bytes a = FILE_BYTES_INIT;
	struct file_bytes b = FILE_BYTES_INIT;
	struct pki other;

	crl_case_begin(&c);
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	pki_append_cert(&c.ca, &other);
	revocation_make(&a,
	    &(struct revocation_options){ REVOCATION_SERIALS("a", 1) },
	    &c.root);
	revocation_make(&b,
	    &(struct revocation_options){ REVOCATION_SERIALS("b", 1) }, &other);
	pki_append_cert(&pem, &c.root);
	revocation_append_pem(&pem, &a);
	pki_append_cert(&pem, &c.root);
	revocation_append_pem(&pem, &b);
	crl_case_write_bytes("f", &pem);
	crl_case_expect(&c, NULL);
	ck_assert_uint_eq(crl_case_lists(&c), 2);
	ck_assert(
	    crl_case_has(&c, &c.root, 'a') && crl_case_has(&c, &other, 'b'));
	ck_assert(
	    !crl_case_has(&c, &c.root, 'b') && !crl_case_has(&c, &other, 'a'));
	file_bytes_free(&c.table);
	a.data[a.size - 1] ^= 1;
	revocation_append_pem(&pem, &a);
	crl_case_write_bytes("f", &pem);
	ck_assert_int_eq(
	    tls_crl_build(&c.table, (const char *[]){ "f" }, 1, &c.ca, &c.e),
	    -1);
	ck_assert_int_eq(strncmp(c.e.text, "f: list 3 of 3, in line ", 24), 0);
	ck_assert_ptr_nonnull(
	    strstr(c.e.text, ": list of CN=root: its signature is wrong"));
	file_bytes_free(&a);
	file_bytes_free(&b);
	file_bytes_free(&pem);
	pki_free(&other);
	crl_case_end(&c);
}

/* Two lists of one key, in both orders: a date before a number. */
static const struct {
	struct revocation_options winner, loser;
} rivals[] = {
	{ { .from_s = -10, .until_s = 9 }, { .from_s = -20, .until_s = 9 } },
	{ { .from_s = -10, .until_s = 9, .number = 1 },
	    { .from_s = -20, .until_s = 9, .number = 2 } },
	{ { .from_s = -10, .until_s = 9, .number = 3 },
	    { .from_s = -10, .until_s = 9, .number = 2 } },
	{ { .from_s = -10, .until_s = 9, .number = 1 },
	    { .from_s = -10, .until_s = 9 } },
};

TEST_EACH(newest_of_one_key, rivals)
{
	const char *paths[] = { "new", "old", "new" };
	struct revocation_options winner = rivals[_i].winner;
	struct revocation_options loser = rivals[_i].loser;

	crl_case_begin(&c);
	winner.serials = "ab";
	loser.serials = "xy";
	winner.serial_size = loser.serial_size = 1;
	winner.serial_count = loser.serial_count = 2;
	crl_case_write("new", &winner, &c.root);
	crl_case_write("old", &loser, &c.root);
	for (int i = 0; i < 2; i++) {
		crl_case_build(&c, paths + i, 2);
		ck_assert_uint_eq(crl_case_lists(&c), 1);
		ck_assert(crl_case_has(&c, &c.root, 'a') &&
		    crl_case_has(&c, &c.root, 'b'));
		ck_assert(!crl_case_has(&c, &c.root, 'x') &&
		    !crl_case_has(&c, &c.root, 'y'));
		file_bytes_free(&c.table);
	}
	crl_case_end(&c);
}

/* After a change of keys an older list of the old key still counts. */
TEST(union_of_two_keys)
{
	const char *paths[] = { "new", "old" };
	struct pki renewed;

	crl_case_begin(&c);
	pki_make(&renewed, &(struct pki_options){ .name = "root" }, NULL);
	pki_append_cert(&c.ca, &renewed);
	crl_case_write("old",
	    &(struct revocation_options){
		.from_s = -20, .until_s = 9, REVOCATION_SERIALS("ax", 1) },
	    &c.root);
	crl_case_write("new",
	    &(struct revocation_options){ .from_s = -10,
		.until_s = 9,
		.number = 9,
		REVOCATION_SERIALS("bx", 1) },
	    &renewed);
	crl_case_build(&c, paths, 2);
	ck_assert_uint_eq(crl_case_lists(&c), 2);
	ck_assert(crl_case_has(&c, &c.root, 'a') &&
	    crl_case_has(&c, &c.root, 'b') && crl_case_has(&c, &c.root, 'x'));
	pki_free(&renewed);
	crl_case_end(&c);
}

/* A list of the old key that is no longer renewed is missed. */
TEST_LOOP(one_of_two_is_outdated, 2)
{
	const char *paths[] = { "new", "old", "new" };
	struct tls_crl *crl;
	struct pki renewed;
	struct pki leaf;

	crl_case_begin(&c);
	pki_make(&renewed, &(struct pki_options){ .name = "root" }, NULL);
	pki_append_cert(&c.ca, &renewed);
	pki_make(&leaf, &PKI_CLIENT("leaf"), &renewed);
	crl_case_write("old",
	    &(struct revocation_options){ .from_s = -20, .until_s = -10 },
	    &c.root);
	crl_case_write(
	    "new", &(struct revocation_options){ .number = 9 }, &renewed);
	crl_case_build(&c, paths + _i, 2);
	ck_assert_int_eq(
	    tls_crl_open(&crl, c.table.data, c.table.size, &c.e), 0);
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, time(NULL)), TLS_CRL_OUTDATED);
	ck_assert_int_lt(tls_crl_next_update(crl), time(NULL));
	tls_crl_close(&crl);
	pki_free(&leaf);
	pki_free(&renewed);
	crl_case_end(&c);
}

/* Two issuers may share a key: neither's list replaces the other's. */
TEST(one_key_of_two_issuers)
{
	const char *paths[] = { "a", "b" };
	struct pki other;

	crl_case_begin(&c);
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	ck_assert_int_eq(gnutls_x509_crt_set_key(other.crt, c.root.key), 0);
	ck_assert_int_eq(gnutls_x509_crt_sign2(other.crt, other.crt, c.root.key,
			     GNUTLS_DIG_SHA256, 0),
	    0);
	gnutls_x509_privkey_deinit(other.key);
	other.key = c.root.key;
	pki_append_cert(&c.ca, &other);
	crl_case_write("a",
	    &(struct revocation_options){ REVOCATION_SERIALS("a", 1) },
	    &c.root);
	crl_case_write("b",
	    &(struct revocation_options){ REVOCATION_SERIALS("b", 1) }, &other);
	crl_case_build(&c, paths, 2);
	ck_assert_uint_eq(crl_case_lists(&c), 2);
	ck_assert(crl_case_has(&c, &c.root, 'a'));
	ck_assert(crl_case_has(&c, &other, 'b'));
	gnutls_x509_crt_deinit(other.crt);
	crl_case_end(&c);
}

/* Whoever has to issue a list next is named, in whatever order they come. */
TEST_LOOP(who_has_to_issue_next, 2)
{
	const char *paths[] = { "late", "early", "late" };
	struct tls_crl *crl;
	struct pki other;

	crl_case_begin(&c);
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	pki_append_cert(&c.ca, &other);
	crl_case_write(
	    "late", &(struct revocation_options){ .until_s = 90 }, &c.root);
	crl_case_write(
	    "early", &(struct revocation_options){ .until_s = 50 }, &other);
	crl_case_build(&c, paths + _i, 2);
	ck_assert_int_eq(
	    tls_crl_open(&crl, c.table.data, c.table.size, &c.e), 0);
	ck_assert_str_eq(tls_crl_next_issuer(crl), "CN=other");
	ck_assert_int_le(tls_crl_next_update(crl), time(NULL) + 50);
	tls_crl_close(&crl);
	pki_free(&other);
	crl_case_end(&c);
}

SUITE("common/x509/crl_several")
