/* test_files: certificates, keys and PKCS #12 from files. */
#include "common/creds/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/creds/args.h"
#include "common/creds/bundle.h"
#include "common/creds/certified_key.h"
#include "common/creds/creds.h"
#include "common/creds/priority.h"
#include "common/x509/chain.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct pki root, leaf, other;
static struct errmsg e;
static struct tls_files files = { .cert = { "cert.pem" },
	.key = { "key.pem" },
	.ca = { "ca.pem" } };

static void
save(const char *path, const void *data, size_t n)
{
	ck_assert_int_eq(
	    file_write_atomically(path, data, n, 0600, true, &e), 0);
}

static void
setup_files(void)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;

	pki_bundle(&b, &leaf, &root);
	save("ca.pem", b.ca.data, b.ca.size);
	save("cert.pem", b.key_pairs[0].cert.data, b.key_pairs[0].cert.size);
	save("key.pem", b.key_pairs[0].key.data, b.key_pairs[0].key.size);
	tls_bundle_free(&b);
}

/* Good files in a directory of their own. */
static void
setup(void)
{
	scratch_enter();
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf, &PKI_SERVER("localhost"), &root);
	pki_make(&other, &PKI_SERVER("localhost"), &root);
	setup_files();
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
	static const char *const damage[] = { "certificate 1 of 1, in line 1",
		"certificate 1 of 1, in line 1", "no private key" };
	static const char cut[] = "-----BEGIN CERTIFICATE-----\nMIIBszCCAV";
	const char *name = names[_i];

	save(name, "", 0);
	load_fails(&files, name, what[_i]);
	save(name, "rubbish\n", 8);
	load_fails(&files, name, what[_i]);
	save(name, "\0\1\2\3\0", 5);
	load_fails(&files, name, what[_i]);
	save(name, cut, sizeof cut - 1);
	load_fails(&files, name, damage[_i]);
	ck_assert_int_eq(unlink(name), 0);
	load_fails(&files, name, strerror(ENOENT));
	ck_assert_int_eq(mkdir(name, 0700), 0);
	load_fails(&files, name, "is a directory");
}

/* In the bundle it is decrypted: who opens that needs no password. */
TEST(encrypted_key)
{
	struct tls_files with_password = files;
	struct tls_bundle b = TLS_BUNDLE_INIT;
	gnutls_datum_t pem;

	ck_assert_int_eq(
	    gnutls_x509_privkey_export2_pkcs8(leaf.key, GNUTLS_X509_FMT_PEM,
		"secret", GNUTLS_PKCS_PBES2_AES_256, &pem),
	    0);
	with_password.password_file = "password";
	save("key.pem", pem.data, pem.size);
	gnutls_free(pem.data);
	load_fails(&files, "key.pem", "encrypted: give --password-file");
	load_fails(&with_password, "password", strerror(ENOENT));
	save("password", "p\xe4ss\n", 5);
	load_fails(&with_password, "password", "not in UTF-8");
	save("password", "wrong\n", 6);
	load_fails(&with_password, "key.pem", "wrong password");
	save("password", "secret\n", 7);
	with_password.private_keys_only = true;
	ck_assert_int_eq(chmod("password", 0644), 0);
	load_fails(&with_password, "password", "chmod 6");
	with_password.private_keys_only = false;
	ck_assert_msg(
	    tls_files_load(&b, &with_password, &e) == 0, "%s", e.text);
	ck_assert_ptr_null(
	    strstr((const char *)b.key_pairs[0].key.data, "ENCRYPTED"));
	tls_bundle_free(&b);
}

/* Each root in a file of its own, one of which lacks its last line feed. */
TEST(several_roots)
{
	const struct tls_files two = { .cert = { "cert.pem" },
		.key = { "key.pem" },
		.ca = { "ca.pem", "other-ca.pem" } };
	struct file_bytes pem = FILE_BYTES_INIT;
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct tls_chain chain = TLS_CHAIN_INIT;

	pki_append_cert(&pem, &root);
	save("ca.pem", pem.data, pem.size - 1);
	file_bytes_free(&pem);
	pki_append_cert(&pem, &other);
	save("other-ca.pem", pem.data, pem.size);
	file_bytes_free(&pem);
	ck_assert_msg(tls_files_load(&b, &two, &e) == 0, "%s", e.text);
	ck_assert_int_eq(tls_chain_read_pem(&chain, &b.ca, &e), 0);
	ck_assert_uint_eq(chain.count, 2);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[0], root.crt), 0);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[1], other.crt), 0);
	tls_chain_free(&chain);
	tls_bundle_free(&b);
	save("other-ca.pem", "rubbish", 7);
	load_fails(&two, "other-ca.pem", "no certificates");
}

/* An issuer's old certificate in front of its new one: that one is shown. */
TEST(issuer_that_was_renewed)
{
	struct pki_options middle = { .name = "middle",
		.from_s = -2 * PKI_DAY_S,
		.until_s = -PKI_DAY_S };
	struct file_bytes pem = FILE_BYTES_INIT;
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct pki old, new;

	pki_make(&old, &middle, &root);
	middle.until_s = PKI_DAY_S;
	middle.key_of = &old;
	pki_make(&new, &middle, &root);
	pki_append_cert(&pem, &leaf);
	pki_append_cert(&pem, &old);
	pki_append_cert(&pem, &new);
	save("cert.pem", pem.data, pem.size);
	ck_assert_msg(tls_files_load(&b, &files, &e) == 0, "%s", e.text);
	ck_assert_int_eq(
	    tls_chain_read_pem(&chain, &b.key_pairs[0].cert, &e), 0);
	ck_assert_uint_eq(chain.count, 2);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[0], leaf.crt), 0);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[1], new.crt), 0);
	tls_chain_free(&chain);
	tls_bundle_free(&b);
	file_bytes_free(&pem);
	pki_free(&old);
	pki_free(&new);
}

/* The name of the algorithm of its key changed to one that nobody knows. */
static void
save_unknown_kind(const char *path, const struct pki *of, bool add_root)
{
	static const uint8_t ec[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
		0x01 };
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_datum_t der, out;
	uint8_t *at;

	ck_assert_int_eq(
	    gnutls_x509_crt_export2(of->crt, GNUTLS_X509_FMT_DER, &der), 0);
	at = memmem(der.data, der.size, ec, sizeof ec);
	ck_assert_ptr_nonnull(at);
	at[sizeof ec - 1] = 0x7f;
	ck_assert_int_eq(
	    gnutls_pem_base64_encode2("CERTIFICATE", &der, &out), 0);
	ck_assert_int_eq(file_bytes_append(&pem, out.data, out.size), 0);
	if (add_root)
		pki_append_cert(&pem, &root);
	save(path, pem.data, pem.size);
	gnutls_free(der.data);
	gnutls_free(out.data);
	file_bytes_free(&pem);
}

/* A root that can be used beside it is enough. */
TEST(kind_of_key_that_is_unknown)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;

	save_unknown_kind("ca.pem", &root, true);
	ck_assert_msg(tls_files_load(&b, &files, &e) == 0, "%s", e.text);
	tls_bundle_free(&b);
	save_unknown_kind("ca.pem", &root, false);
	load_fails(&files, "ca.pem",
	    "its kind of key (1.2.840.10045.2.127) is not supported by GnuTLS");
	setup_files();
	save_unknown_kind("cert.pem", &leaf, false);
	load_fails(&files, "cert.pem",
	    "its kind of key (1.2.840.10045.2.127) is not supported by GnuTLS");
}

TEST(several_identities)
{
	const struct tls_files two = { .cert = { "cert.pem", "other.pem" },
		.key = { "key.pem", "other.key" },
		.ca = { "ca.pem" } };
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
	load_fails(&strict, "key.pem", "chmod 6");
	ck_assert_int_eq(tls_files_load(&b, &files, &e), 0);
	tls_bundle_free(&b);
}

static int
load_pair(const char *cert, const char *key, bool clients_only)
{
	const struct tls_files_pair pair = {
		.cert = cert, .key = key, .clients_only = clients_only
	};
	struct tls_certified_key own = { .count = 0 };
	int result = tls_files_load_pair(&own, &pair, NULL, &e);

	ck_assert_int_eq(own.key != NULL, result == 0);
	tls_certified_key_free(&own);
	return result;
}

/* No key is read of what is passed over: that of an authority has a password.
 */
TEST(one_pair)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	struct pki client;

	pki_make(&client, &PKI_CLIENT("client"), &root);
	pki_append_cert(&pem, &client);
	save("client.pem", pem.data, pem.size);
	file_bytes_free(&pem);
	ck_assert_int_eq(load_pair("cert.pem", "key.pem", false), 0);
	ck_assert_int_eq(load_pair("cert.pem", "none.key", true), 1);
	ck_assert_int_eq(load_pair("ca.pem", "none.key", true), 1);
	ck_assert_int_eq(load_pair("client.pem", "key.pem", true), -1);
	ck_assert_str_eq(e.text,
	    "client.pem: the private key does not belong to the certificate");
	ck_assert_int_eq(load_pair("client.pem", "none.key", true), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "none.key: "));
	pki_free(&client);
}

SUITE_BETWEEN("common/creds/files", setup, teardown)
