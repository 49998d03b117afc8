/* test_pkcs12: certificate and key in PKCS #12, as programs write it. */
#include "common/creds/pkcs12.h"

#include <errno.h>
#include <gnutls/pkcs12.h>
#include <string.h>
#include <unistd.h>

#include "common/creds/args.h"
#include "common/creds/creds.h"
#include "common/creds/files.h"
#include "common/creds/priority.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct pki root, leaf;
static struct errmsg e;
static const struct tls_files pkcs12_files = { .ca = { "ca.pem" },
	.pkcs12 = "id.pfx",
	.password_file = "password" };

static void
save(const char *path, const void *data, size_t n)
{
	ck_assert_int_eq(
	    file_write_atomically(path, data, n, 0600, true, &e), 0);
}

static void
setup(void)
{
	struct file_bytes pem = FILE_BYTES_INIT;

	scratch_enter();
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf, &PKI_SERVER("localhost"), &root);
	pki_append_cert(&pem, &root);
	save("ca.pem", pem.data, pem.size);
	file_bytes_free(&pem);
	save("password", "secret\n", 7);
}

static void
teardown(void)
{
	pki_free(&leaf);
	pki_free(&root);
	scratch_leave();
}

static void
load_fails(const char *file, const char *words)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;

	ck_assert_int_eq(tls_files_load(&b, &pkcs12_files, &e), -1);
	ck_assert_msg(strstr(e.text, file) != NULL, "%s", e.text);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
	ck_assert_ptr_null(b.key_pairs[0].key.data);
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

/* Goes into the next file, too. */
static const struct pki *second_key;

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
	if (second_key != NULL)
		add_bag(
		    p12, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, second_key, password);
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
	load_pkcs12(1);
	save("password", "secret\r\nmore\n", 13);
	load_pkcs12(1);
	save("password", "secre\n", 6);
	load_fails("id.pfx", "password");
	save("password", "\n", 1);
	load_fails("id.pfx", "password");
	ck_assert_int_eq(unlink("password"), 0);
	load_fails("password", strerror(ENOENT));
}

TEST(pkcs12_with_an_empty_password)
{
	save_pkcs12("", &leaf, (const struct pki *const[]){ &leaf, NULL });
	save("password", "\n", 1);
	load_pkcs12(1);
	save("password", "", 0);
	load_fails("password", "an empty file");
	save("password", "x\n", 2);
	load_fails("id.pfx", "password");
}

/* The leaf comes first, whatever the order in the file, and no root. */
TEST(pkcs12_with_a_chain)
{
	struct pki middle, end;

	pki_make(&middle, &(struct pki_options){ .name = "middle" }, &root);
	pki_make(&end, &PKI_SERVER("localhost"), &middle);
	save_pkcs12("secret", &end,
	    (const struct pki *const[]){ &root, &middle, &end, NULL });
	load_pkcs12(2);
	pki_free(&end);
	pki_free(&middle);
}

TEST(pkcs12_that_is_incomplete)
{
	save_pkcs12("secret", NULL, (const struct pki *const[]){ &leaf, NULL });
	load_fails("id.pfx", "no private key");
	save_pkcs12("secret", &leaf, (const struct pki *const[]){ NULL });
	load_fails("id.pfx", "no private key");
	save("id.pfx", "rubbish", 7);
	load_fails("id.pfx", "not PKCS#12");
	save("id.pfx", "", 0);
	load_fails("id.pfx", "not PKCS#12");
}

/* PKCS#12 has passwords in Unicode: ISO 8859-1 is none of it. */
TEST(password_in_latin_1)
{
	save_pkcs12("gr\xc3\xbc\xc3\x9f"
		    "e",
	    &leaf, (const struct pki *const[]){ &leaf, NULL });
	save("password",
	    "gr\xc3\xbc\xc3\x9f"
	    "e\n",
	    8);
	load_pkcs12(1);
	save("password",
	    "gr\xfc\xdf"
	    "e\n",
	    6);
	load_fails("password", "the password is not in UTF-8");
}

/* Bytes that are known to be in the file are replaced by as many others. */
static void
replace(const void *old, const void *new, size_t size)
{
	struct file_bytes der = FILE_BYTES_INIT;
	uint8_t *at;

	ck_assert_int_eq(file_read(&der, "id.pfx", FILE_MAX, &e), 0);
	at = memmem(der.data, der.size, old, size);
	ck_assert_ptr_nonnull(at);
	while (at != NULL) {
		memcpy(at, new, size);
		at = memmem(der.data, der.size, old, size);
	}
	save("id.pfx", der.data, der.size);
	file_bytes_free(&der);
}

/* SHA-256, as a number, becomes what nobody knows. */
TEST(mac_that_the_library_lacks)
{
	save_pkcs12(
	    "secret", &leaf, (const struct pki *const[]){ &leaf, NULL });
	replace("\x60\x86\x48\x01\x65\x03\x04\x02\x01",
	    "\x60\x86\x48\x01\x65\x03\x04\x02\x7f", 9);
	load_fails("id.pfx", "its MAC cannot be checked by GnuTLS 3.");
}

/* The leaf and its key, for the command line. */
static void
save_pem(void)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;

	pki_bundle(&b, &leaf, &root);
	save("cert.pem", b.key_pairs[0].cert.data, b.key_pairs[0].cert.size);
	save("key.pem", b.key_pairs[0].key.data, b.key_pairs[0].key.size);
	tls_bundle_free(&b);
}

TEST(without_a_mac)
{
	if (!shell_has_program("openssl"))
		return;
	save_pem();
	shell_expect(0, "",
	    "openssl pkcs12 -export -nomac -in cert.pem -inkey key.pem -out "
	    "id.pfx -passout file:password");
	load_pkcs12(1);
	save("password", "wrong\n", 6);
	load_fails("id.pfx", "wrong password");
}

/* Which of them GnuTLS would take is not for us to guess. */
TEST(two_keys)
{
	struct pki other;

	pki_make(&other, &PKI_SERVER("localhost"), &root);
	second_key = &other;
	save_pkcs12("secret", &leaf,
	    (const struct pki *const[]){ &leaf, &other, NULL });
	load_fails("id.pfx", "2 private keys in it");
	pki_free(&other);
}

/* Java writes EC keys without their public half; so does the first line. */
static const char *const writers[] = {
	"openssl ec -in key.pem -no_public -out bare.pem && openssl pkcs12"
	" -export -in cert.pem -inkey bare.pem -certfile ca.pem -out id.pfx"
	" -passout file:password",
	"openssl pkcs12 -export -in cert.pem -inkey key.pem -out first.pfx"
	" -passout file:password && keytool -importkeystore -noprompt"
	" -srckeystore first.pfx -srcstorepass secret -destkeystore id.pfx"
	" -deststoretype PKCS12 -deststorepass secret",
};

TEST_EACH(ec_key_without_its_public_half, writers)
{
	if (!shell_has_program(_i == 0 ? "openssl" : "keytool"))
		return;
	save_pem();
	shell_expect(0, "", "%s && chmod 600 id.pfx", writers[_i]);
	load_pkcs12(1);
	save("password", "wrong\n", 6);
	load_fails("id.pfx", "wrong password");
}

SUITE_BETWEEN("common/creds/pkcs12", setup, teardown)
