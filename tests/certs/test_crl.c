/* test_crl: revocation lists as GnuTLS reads them. */
#include "certs/crl.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "certs/print.h"
#include "certs/x509.h"
#include "tests/certs/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	NOW = 1800000000
};

static struct errmsg e;
static struct fixture f;
static struct store *store;
static gnutls_x509_crl_t crl;

/* An authority, and a first list in d/crl.pem. */
static void
setup(const char *key, uint64_t last_number)
{
	scratch_enter();
	fixture_init(&f, key);
	ck_assert_int_eq(store_open(&store, "d", STORE_CREATE, &e), 0);
	ck_assert_int_eq(crl_new(&crl, last_number, &e), 0);
}

static void
teardown(void)
{
	gnutls_x509_crl_deinit(crl);
	store_close(&store);
	fixture_fini(&f);
	scratch_leave();
}

/* Issues the list, writes it, and reads it back into crl. */
static void
issue(void)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	struct store_file file = { "crl.pem", &pem, 0644 };

	ck_assert_msg(crl_issue(crl, f.root, f.signer, NOW, CRL_DAYS, &e) == 0,
	    "%s", e.text);
	ck_assert_int_eq(crl_export_pem(&pem, crl, &e), 0);
	ck_assert_int_eq(store_write(store, &file, 1, true, &e), 0);
	file_bytes_free(&pem);
	gnutls_x509_crl_deinit(crl);
	ck_assert_msg(
	    crl_load(&crl, store, "crl.pem", f.root, &e) == 0, "%s", e.text);
}

static int
find(gnutls_x509_crt_t cert, time_t *when)
{
	struct serial serial;

	ck_assert_int_eq(serial_of(&serial, cert), 0);
	return crl_find(crl, &serial, when, &e);
}

static int
add(gnutls_x509_crt_t cert, time_t when)
{
	struct serial serial;

	ck_assert_int_eq(serial_of(&serial, cert), 0);
	return crl_add(crl, &serial, when, &e);
}

TEST_WITH(empty_list, .limit_s = 60, .loops = FIXTURE_KEYS)
{
	struct cert_issuer root;
	unsigned char of_crl[CERT_KEY_ID_MAX];
	size_t crl_size = sizeof of_crl;
	time_t when;

	setup(fixture_keys[_i].key, 0);
	issue();
	ck_assert_int_eq(gnutls_x509_crl_get_version(crl), 2);
	ck_assert_int_eq(gnutls_x509_crl_get_crt_count(crl), 0);
	ck_assert_int_eq(gnutls_x509_crl_get_signature_algorithm(crl),
	    fixture_keys[_i].signature);
	ck_assert_int_eq(gnutls_x509_crl_get_this_update(crl), NOW);
	ck_assert_int_eq(
	    gnutls_x509_crl_get_next_update(crl), NOW + CRL_DAYS * WHEN_DAY_S);
	ck_assert_int_eq(
	    gnutls_x509_crl_get_authority_key_id(crl, of_crl, &crl_size, NULL),
	    0);
	ck_assert_int_eq(cert_issuer_read(&root, f.root, &e), 0);
	ck_assert_uint_eq(crl_size, root.key_id_size);
	ck_assert_mem_eq(of_crl, root.key_id, crl_size);
	ck_assert_int_eq(find(f.leaf, &when), 0);
	teardown();
}

TEST(entries)
{
	gnutls_x509_crt_t other;
	struct name name;
	time_t when = 0;

	setup("ecdsa-p256", 0);
	ck_assert_int_eq(name_parse_client(&name, "other", &e), 0);
	other = fixture_leaf(&f, &name, 1, CERT_CLIENT);
	issue();
	ck_assert_int_eq(add(f.leaf, NOW - 5), 0);
	ck_assert_int_eq(find(f.leaf, &when), 1);
	issue();
	ck_assert_int_eq(find(other, &when), 0);
	ck_assert_int_eq(add(other, NOW), 0);
	issue();
	ck_assert_int_eq(gnutls_x509_crl_get_crt_count(crl), 2);
	ck_assert_int_eq(find(f.leaf, &when), 1);
	ck_assert_int_eq(when, NOW - 5);
	ck_assert_int_eq(find(other, &when), 1);
	ck_assert_int_eq(when, NOW);
	ck_assert_int_eq(gnutls_x509_crt_check_revocation(other, &crl, 1), 1);
	gnutls_x509_crt_deinit(other);
	teardown();
}

/* The DER of an INTEGER: no zero too many, none missing. */
static const struct {
	uint64_t last;
	const char *text;
	unsigned char der[10];
	size_t size;
} numbers[] = {
	{ 0, "1", { 1 }, 1 },
	{ 0x7e, "127", { 0x7f }, 1 },
	{ 0x7f, "128", { 0, 0x80 }, 2 },
	{ 0xff, "256", { 1, 0 }, 2 },
	{ 0x7fff, "32768", { 0, 0x80, 0 }, 3 },
	{ 1799999999, "1800000000", { 0x6b, 0x49, 0xd2, 0 }, 4 },
	{ UINT64_MAX, "0x010000000000000000", { 1, 0, 0, 0, 0, 0, 0, 0, 0 },
	    9 },
};

TEST_EACH(numbers_count_up, numbers)
{
	char text[PRINT_NUMBER_SIZE];
	unsigned char der[32];
	size_t size = sizeof der;

	setup("ed25519", numbers[_i].last);
	issue();
	ck_assert_str_eq(print_crl_number(crl, text), numbers[_i].text);
	ck_assert_int_eq(gnutls_x509_crl_get_number(crl, der, &size, NULL), 0);
	ck_assert_uint_eq(size, numbers[_i].size);
	ck_assert_mem_eq(der, numbers[_i].der, size);
	teardown();
}

TEST(many_issues)
{
	char text[PRINT_NUMBER_SIZE];
	char wanted[PRINT_NUMBER_SIZE];

	setup("ed25519", 120);
	for (int i = 121; i < 140; i++) {
		issue();
		(void)snprintf(wanted, sizeof wanted, "%d", i);
		ck_assert_str_eq(print_crl_number(crl, text), wanted);
	}
	teardown();
}

TEST(list_of_another)
{
	gnutls_x509_crl_t loaded = NULL;
	struct fixture other;

	setup("ecdsa-p256", 0);
	fixture_init(&other, "ecdsa-p256");
	issue();
	ck_assert_int_eq(
	    crl_load(&loaded, store, "crl.pem", other.root, &e), -1);
	ck_assert_str_eq(e.text, "crl.pem: not signed by this authority");
	fixture_fini(&other);
	teardown();
}

TEST_LOOP(broken_files, 3)
{
	static const char *const texts[] = { "", "x",
		"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n" };
	gnutls_x509_crl_t loaded = NULL;

	setup("ed25519", 0);
	issue();
	scratch_write("d/crl.pem", texts[_i]);
	ck_assert_int_eq(crl_load(&loaded, store, "crl.pem", f.root, &e), -1);
	ck_assert_int_eq(strncmp(e.text, "crl.pem: ", 9), 0);
	ck_assert_int_eq(crl_load(&loaded, store, "none", f.root, &e), -1);
	ck_assert_str_eq(e.text, "d/none: No such file or directory");
	teardown();
}

TEST(wrong_key)
{
	struct fixture other;

	setup("ed25519", 0);
	fixture_init(&other, "rsa-2048");
	ck_assert_int_eq(crl_issue(crl, f.root, other.signer, NOW, 1, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "signing the revocation list"));
	fixture_fini(&other);
	teardown();
}

SUITE("certs/crl")
