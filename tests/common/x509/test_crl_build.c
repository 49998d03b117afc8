/* test_crl_build: which revocation lists are taken, and which refused. */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/x509/crl.h"
#include "tests/support/crl_case.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	HOUR_S = 3600
};

static struct crl_case c;

/* DER of extensions: OID, TRUE if critical, OCTET STRING. */
#define ONE         "\x04\x03\x02\x01\x01"
#define REASON_1    "\x04\x03\x0a\x01\x01"
#define DELTA_OF_1  "\x30\x0d\x06\x03\x55\x1d\x1b\x01\x01\xff" ONE
#define DELTA_LOOSE "\x30\x0a\x06\x03\x55\x1d\x1b" ONE
#define INDIRECT                                                   \
	"\x30\x0f\x06\x03\x55\x1d\x1c\x01\x01\xff\x04\x05\x30\x03" \
	"\x84\x01\xff"
#define UNKNOWN     "\x30\x0a\x06\x03\x55\x1d\x7f" ONE
#define CRITICAL    "\x30\x0d\x06\x03\x55\x1d\x7f\x01\x01\xff" ONE
#define REASON      "\x30\x0d\x06\x03\x55\x1d\x15\x01\x01\xff" REASON_1
#define REASON_HOLD "\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x06"
#define EXTENSION(text_) \
	.extension = (text_), .extension_size = sizeof(text_) - 1
#define ENTRY_EXTENSION(text_) \
	.entry_extension = (text_), .entry_extension_size = sizeof(text_) - 1

static const struct {
	struct revocation_options options;
	const char *text;
} lists[] = {
	{ { .number = 0 }, NULL },
	{ { .number = 1 }, NULL },
	{ { .from_s = -2 * HOUR_S, .until_s = -HOUR_S }, NULL },
	{ { EXTENSION(UNKNOWN) }, NULL },
	{ { REVOCATION_SERIALS("a", 1), ENTRY_EXTENSION(REASON) }, NULL },
	{ { REVOCATION_SERIALS("a", 1), ENTRY_EXTENSION(REASON_HOLD) }, NULL },
	{ { REVOCATION_SERIALS("a", 1), ENTRY_EXTENSION(UNKNOWN) }, NULL },
	{ { REVOCATION_SERIALS("12345678901234567890123456789012"
			       "12345678901234567890123456789012",
	      64) },
	    NULL },
	{ { EXTENSION(CRITICAL) },
	    "f: list of CN=root: has the critical extension 2.5.29.127, which "
	    "is unknown" },
	{ { EXTENSION(DELTA_OF_1) },
	    "f: list of CN=root: is a delta list; give the complete one" },
	{ { EXTENSION(DELTA_LOOSE) },
	    "f: list of CN=root: is a delta list; give the complete one" },
	{ { EXTENSION(INDIRECT) },
	    "f: list of CN=root: is an indirect list, which holds those of "
	    "other issuers, too; give each issuer's own" },
	{ { REVOCATION_SERIALS("ab", 1), ENTRY_EXTENSION(CRITICAL) },
	    "f: list of CN=root: entry 1 has a critical extension, which is "
	    "unknown" },
	{ { REVOCATION_SERIALS("12345678901234567890123456789012"
			       "12345678901234567890123456789012x",
	      65) },
	    "f: list of CN=root: entry 1 has a serial number of 65 bytes" },
	{ { .is_sha1 = true },
	    "f: list of CN=root: it is signed with an insecure algorithm" },
	{ { .is_endless = true },
	    "f: list of CN=root: has no valid thisUpdate and nextUpdate, "
	    "without which it would never be outdated" },
};

TEST_EACH(one_list, lists)
{
	crl_case_begin(&c);
	crl_case_write("f", &lists[_i].options, &c.root);
	crl_case_expect(&c, lists[_i].text);
	if (lists[_i].text == NULL && lists[_i].options.serial_size == 1)
		ck_assert(crl_case_has(&c, &c.root, 'a'));
	crl_case_end(&c);
}

TEST(from_the_future)
{
	static const char begin[] = "f: list of CN=root: is from the future: 2";

	crl_case_begin(&c);
	crl_case_write("f",
	    &(struct revocation_options){
		.from_s = HOUR_S, .until_s = 2 * HOUR_S },
	    &c.root);
	ck_assert_int_eq(
	    tls_crl_build(&c.table, (const char *[]){ "f" }, 1, &c.ca, &c.e),
	    -1);
	ck_assert_msg(
	    strncmp(c.e.text, begin, sizeof begin - 1) == 0, "%s", c.e.text);
	crl_case_end(&c);
}

/* Of another name; then of the same name and another key. */
TEST(issuers)
{
	struct pki other;
	struct pki impostor;

	crl_case_begin(&c);
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	pki_make(&impostor, &(struct pki_options){ .name = "root" }, NULL);
	crl_case_write(
	    "f", &(struct revocation_options){ .number = 1 }, &other);
	crl_case_expect(&c,
	    "f: list of CN=other: its issuer is not in the CA file: --ca must "
	    "hold the certificate of each list's issuer, an intermediate "
	    "authority's, too");
	crl_case_write(
	    "f", &(struct revocation_options){ .number = 1 }, &impostor);
	crl_case_expect(&c, "f: list of CN=root: its signature is wrong");
	pki_append_cert(&c.ca, &other);
	pki_append_cert(&c.ca, &impostor);
	crl_case_expect(&c, NULL);
	pki_free(&impostor);
	pki_free(&other);
	crl_case_end(&c);
}

/* An issuer that is no authority, and one that may sign certificates only. */
TEST(issuer_without_right)
{
	struct pki leaf;
	struct pki signer;

	crl_case_begin(&c);
	pki_make(&leaf, &PKI_CLIENT("leaf"), NULL);
	pki_append_cert(&c.ca, &leaf);
	crl_case_write("f", &(struct revocation_options){ .number = 1 }, &leaf);
	crl_case_expect(&c,
	    "f: list of CN=leaf: the issuer's certificate is not that "
	    "of a CA");
	pki_make(&signer, &(struct pki_options){ .name = "signer" }, NULL);
	ck_assert_int_eq(
	    gnutls_x509_crt_set_key_usage(signer.crt, GNUTLS_KEY_KEY_CERT_SIGN),
	    0);
	ck_assert_int_eq(gnutls_x509_crt_sign2(signer.crt, signer.crt,
			     signer.key, GNUTLS_DIG_SHA256, 0),
	    0);
	pki_append_cert(&c.ca, &signer);
	crl_case_write(
	    "f", &(struct revocation_options){ .number = 1 }, &signer);
	crl_case_expect(&c,
	    "f: list of CN=signer: the issuer's certificate lacks the "
	    "key usage cRLSign");
	pki_free(&signer);
	pki_free(&leaf);
	crl_case_end(&c);
}

TEST(bad_ca)
{
	crl_case_begin(&c);
	c.ca.data[40] = '!';
	crl_case_write(
	    "f", &(struct revocation_options){ .number = 1 }, &c.root);
	crl_case_expect(&c, "CA: Base64 unexpected header error.");
	crl_case_end(&c);
}

TEST(bad_files)
{
	struct file_bytes der = FILE_BYTES_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;

	crl_case_begin(&c);
	crl_case_expect(&c, "f: No such file or directory");
	scratch_write("f", "");
	crl_case_expect(&c, "f: is empty");
	scratch_write("f", "hello");
	crl_case_expect(
	    &c, "f: is not a revocation list: ASN1 parser: Error in TAG.");
	crl_case_write_bytes("f", &c.ca);
	crl_case_expect(
	    &c, "f: is not a revocation list: ASN1 parser: Error in TAG.");
	scratch_write("f", "-----BEGIN X509 CRL-----\nAAAA\n");
	crl_case_expect(
	    &c, "f: the PEM block is damaged: Base64 decoding error.");
	scratch_write(
	    "f", "-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n");
	crl_case_expect(
	    &c, "f: the PEM block is damaged: Base64 decoding error.");
	revocation_make(
	    &der, &(struct revocation_options){ .number = 1 }, &c.root);
	revocation_append_pem(&pem, &der);
	ck_assert_int_eq(file_bytes_append(&pem, "-----BEGIN X509 CRL", 19), 0);
	crl_case_write_bytes("f", &pem);
	ck_assert_int_eq(
	    tls_crl_build(&c.table, (const char *[]){ "f" }, 1, &c.ca, &c.e),
	    -1);
	ck_assert_ptr_nonnull(strstr(c.e.text, "is cut off within a BEGIN"));
	file_bytes_free(&pem);
	der.data[der.size - 1] ^= 1;
	crl_case_write_bytes("f", &der);
	crl_case_expect(&c, "f: list of CN=root: its signature is wrong");
	file_bytes_free(&der);
	crl_case_end(&c);
}

/* One wrong byte anywhere: an error, but never a list with fewer entries. */
TEST_WITH(damaged, .limit_s = 60)
{
	struct file_bytes der = FILE_BYTES_INIT;

	crl_case_begin(&c);
	revocation_make(&der,
	    &(struct revocation_options){
		.number = 1, REVOCATION_SERIALS("ab", 1) },
	    &c.root);
	for (size_t i = 0; i < der.size; i++) {
		uint8_t was = der.data[i];

		der.data[i] = (uint8_t)(was ^ (1 << i % 8));
		crl_case_write_bytes("f", &der);
		ck_assert_int_eq(tls_crl_build(&c.table,
				     (const char *[]){ "f" }, 1, &c.ca, &c.e),
		    -1);
		der.data[i] = was;
	}
	for (size_t size = 1; size < der.size; size++) {
		struct file_bytes part = { der.data, size };

		crl_case_write_bytes("f", &part);
		ck_assert_int_eq(tls_crl_build(&c.table,
				     (const char *[]){ "f" }, 1, &c.ca, &c.e),
		    -1);
	}
	file_bytes_free(&der);
	crl_case_end(&c);
}

SUITE("common/x509/crl_build")
