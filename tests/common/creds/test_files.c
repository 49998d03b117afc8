/* test_files: certificates, keys and PKCS #12 from files. */
#include "common/creds/files.h"

#include <errno.h>
#include <gnutls/pkcs12.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/creds/args.h"
#include "common/creds/bundle.h"
#include "common/creds/creds.h"
#include "common/creds/priority.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct pki root, leaf, other;
static struct errmsg e;
static struct tls_files files = { .cert = { "cert.pem" },
	.key = { "key.pem" },
	.ca = "ca.pem" };
static const struct tls_files pkcs12_files = { .ca = "ca.pem",
	.pkcs12 = "id.pfx",
	.password_file = "password" };

static void
save(const char *path, const void *data, size_t n)
{
	ck_assert_int_eq(
	    file_write_atomically(path, data, n, 0600, true, &e), 0);
}

/* Good files in a directory of their own. */
static void
setup(void)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;

	scratch_enter();
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf, &PKI_SERVER("localhost"), &root);
	pki_make(&other, &PKI_SERVER("localhost"), &root);
	pki_bundle(&b, &leaf, &root);
	save("ca.pem", b.ca.data, b.ca.size);
	save("cert.pem", b.key_pairs[0].cert.data, b.key_pairs[0].cert.size);
	save("key.pem", b.key_pairs[0].key.data, b.key_pairs[0].key.size);
	tls_bundle_free(&b);
}

static void
teardown(void)
{
	pki_free(&leaf);
	pki_free(&other);
	pki_free(&root);
	scratch_leave();
}

static void
load_fails(const struct tls_files *which, const char *file, const char *words)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;

	ck_assert_int_eq(tls_files_load(&b, which, &e), -1);
	ck_assert_msg(strstr(e.text, file) != NULL, "%s", e.text);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
	ck_assert_ptr_null(b.ca.data);
	ck_assert_ptr_null(b.key_pairs[0].cert.data);
	ck_assert_ptr_null(b.key_pairs[0].key.data);
}

TEST(loads_files)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	ck_assert_int_eq(tls_files_load(&b, &files, &e), 0);
	ck_assert_uint_eq(b.ticket_keys.size, 0);
	creds = pki_creds_of(&b, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	tls_creds_unref(&creds);
	tls_bundle_free(&b);
	ck_assert_ptr_null(b.key_pairs[0].key.data);
	tls_bundle_free(&b);
}

/* Missing, empty, garbage, binary, cut in the middle: each of the three. */
TEST_LOOP(bad_files, 3)
{
	static const char *const names[] = { "ca.pem", "cert.pem", "key.pem" };
	static const char *const what[] = { "no certificates",
		"no certificates", "no private key" };
	static const char cut[] = "-----BEGIN CERTIFICATE-----\nMIIBszCCAV";
	const char *name = names[_i];

	save(name, "", 0);
	load_fails(&files, name, what[_i]);
	save(name, "rubbish\n", 8);
	load_fails(&files, name, what[_i]);
	save(name, "\0\1\2\3\0", 5);
	load_fails(&files, name, what[_i]);
	save(name, cut, sizeof cut - 1);
	load_fails(&files, name, what[_i]);
	ck_assert_int_eq(unlink(name), 0);
	load_fails(&files, name, strerror(ENOENT));
	ck_assert_int_eq(mkdir(name, 0700), 0);
	load_fails(&files, name, "is a directory");
}

TEST(encrypted_key)
{
	gnutls_datum_t pem;

	ck_assert_int_eq(
	    gnutls_x509_privkey_export2_pkcs8(leaf.key, GNUTLS_X509_FMT_PEM,
		"secret", GNUTLS_PKCS_PBES2_AES_256, &pem),
	    0);
	save("key.pem", pem.data, pem.size);
	gnutls_free(pem.data);
	load_fails(&files, "key.pem", "encrypted");
}

static void
add_bag(gnutls_pkcs12_t p12, gnutls_pkcs12_bag_type_t type, const void *object,
    const char *password)
{
	gnutls_pkcs12_bag_t bag;
	gnutls_datum_t der;
	int i;

	ck_assert_int_eq(gnutls_pkcs12_bag_init(&bag), 0);
	if (type == GNUTLS_BAG_CERTIFICATE) {
		i = gnutls_pkcs12_bag_set_crt(
		    bag, ((const struct pki *)object)->crt);
	} else {
		ck_assert_int_eq(gnutls_x509_privkey_export2_pkcs8(
				     ((const struct pki *)object)->key,
				     GNUTLS_X509_FMT_DER, password, 0, &der),
		    0);
		i = gnutls_pkcs12_bag_set_data(bag, type, &der);
		gnutls_free(der.data);
	}
	ck_assert_int_ge(i, 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_bag_set_key_id(bag, (unsigned)i,
		&(gnutls_datum_t){ (unsigned char *)(uintptr_t) "k", 1 }),
	    0);
	ck_assert_int_eq(gnutls_pkcs12_set_bag(p12, bag), 0);
	gnutls_pkcs12_bag_deinit(bag);
}

/* id.pfx: a key, or none, and certificates up to the first NULL. */
static void
save_pkcs12(
    const char *password, const struct pki *key, const struct pki *const *certs)
{
	gnutls_pkcs12_t p12;
	gnutls_datum_t der;

	ck_assert_int_eq(gnutls_pkcs12_init(&p12), 0);
	for (; *certs != NULL; certs++)
		add_bag(p12, GNUTLS_BAG_CERTIFICATE, *certs, password);
	if (key != NULL)
		add_bag(p12, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, key, password);
	ck_assert_int_eq(gnutls_pkcs12_generate_mac(p12, password), 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_export2(p12, GNUTLS_X509_FMT_DER, &der), 0);
	save("id.pfx", der.data, der.size);
	gnutls_free(der.data);
	gnutls_pkcs12_deinit(p12);
}

static unsigned
certificates_in(const struct file_bytes *pem)
{
	unsigned n = 0;

	for (const char *at = (const char *)pem->data;
	     (at = strstr(at, "BEGIN CERTIFICATE")) != NULL; at++)
		n++;
	return n;
}

static void
load_pkcs12(unsigned certificates)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct tls_creds *creds;
	int result = tls_files_load(&b, &pkcs12_files, &e);

	ck_assert_msg(result == 0, "%s", e.text);
	ck_assert_uint_eq(certificates_in(&b.key_pairs[0].cert), certificates);
	creds = pki_creds_of(&b, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	tls_creds_unref(&creds);
	tls_bundle_free(&b);
}

TEST(pkcs12)
{
	save_pkcs12(
	    "secret", &leaf, (const struct pki *const[]){ &leaf, NULL });
	save("password", "secret\n", 7);
	load_pkcs12(1);
	save("password", "secret\r\nmore\n", 13);
	load_pkcs12(1);
	save("password", "secre\n", 6);
	load_fails(&pkcs12_files, "id.pfx", "password");
	save("password", "\n", 1);
	load_fails(&pkcs12_files, "id.pfx", "password");
	ck_assert_int_eq(unlink("password"), 0);
	load_fails(&pkcs12_files, "password", strerror(ENOENT));
}

TEST(pkcs12_with_an_empty_password)
{
	save_pkcs12("", &leaf, (const struct pki *const[]){ &leaf, NULL });
	save("password", "\n", 1);
	load_pkcs12(1);
	save("password", "", 0);
	load_pkcs12(1);
	save("password", "x\n", 2);
	load_fails(&pkcs12_files, "id.pfx", "password");
}

/* The leaf comes first, whatever the order in the file, and no root. */
TEST(pkcs12_with_a_chain)
{
	struct pki middle, end;

	pki_make(&middle, &(struct pki_options){ .name = "middle" }, &root);
	pki_make(&end, &PKI_SERVER("localhost"), &middle);
	save_pkcs12("secret", &end,
	    (const struct pki *const[]){ &root, &middle, &end, NULL });
	save("password", "secret\n", 7);
	load_pkcs12(2);
	pki_free(&end);
	pki_free(&middle);
}

TEST(pkcs12_that_is_incomplete)
{
	save("password", "secret\n", 7);
	save_pkcs12("secret", NULL, (const struct pki *const[]){ &leaf, NULL });
	load_fails(&pkcs12_files, "id.pfx", "no private key");
	save_pkcs12("secret", &leaf, (const struct pki *const[]){ NULL });
	load_fails(&pkcs12_files, "id.pfx", "no private key");
	save("id.pfx", "rubbish", 7);
	load_fails(&pkcs12_files, "id.pfx", "not PKCS#12");
	save("id.pfx", "", 0);
	load_fails(&pkcs12_files, "id.pfx", "not PKCS#12");
}

TEST(several_identities)
{
	const struct tls_files two = { .cert = { "cert.pem", "other.pem" },
		.key = { "key.pem", "other.key" },
		.ca = "ca.pem" };
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	pki_bundle(&b, &other, &root);
	save("other.pem", b.key_pairs[0].cert.data, b.key_pairs[0].cert.size);
	save("other.key", b.key_pairs[0].key.data, b.key_pairs[0].key.size);
	tls_bundle_free(&b);
	ck_assert_int_eq(tls_files_load(&b, &two, &e), 0);
	ck_assert_int_eq(b.key_pair_count, 2);
	creds = pki_creds_of(&b, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	ck_assert_int_gt(tls_creds_not_after(creds, 1), 0);
	ck_assert_int_eq(tls_creds_not_after(creds, 2), 0);
	tls_creds_unref(&creds);
	tls_bundle_free(&b);
	save("other.key", "rubbish", 7);
	load_fails(&two, "other.key", "no private key");
}

TEST(keys_for_their_owner_only)
{
	struct tls_files strict = files;
	struct tls_bundle b = TLS_BUNDLE_INIT;

	strict.private_keys_only = true;
	ck_assert_int_eq(tls_files_load(&b, &strict, &e), 0);
	tls_bundle_free(&b);
	ck_assert_int_eq(chmod("key.pem", 0604), 0);
	load_fails(&strict, "key.pem", "chmod 600");
	ck_assert_int_eq(tls_files_load(&b, &files, &e), 0);
	tls_bundle_free(&b);
}

SUITE_BETWEEN("common/creds/files", setup, teardown)
