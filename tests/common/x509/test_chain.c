/* test_chain: certificates of a text, and bytes from GnuTLS's memory. */
#include "common/x509/chain.h"

#include <stdio.h>
#include <string.h>

#include "common/x509/datum.h"
#include "tests/support/pki.h"
#include "tests/support/suite.h"

static struct pki root, leaf;

TEST(order_is_kept)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf, &PKI_SERVER("localhost"), &root);
	pki_append_cert(&pem, &leaf);
	pki_append_cert(&pem, &root);
	ck_assert_int_eq(
	    tls_chain_import(&chain, &pem, GNUTLS_X509_FMT_PEM), 0);
	ck_assert_uint_eq(chain.count, 2);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[0], leaf.crt), 0);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[1], root.crt), 0);
	tls_chain_free(&chain);
	ck_assert_uint_eq(chain.count, 0);
	tls_chain_free(&chain);
	file_bytes_free(&pem);
	pki_free(&leaf);
	pki_free(&root);
}

/* One certificate is good, the next is not. */
TEST(empty_after_an_error)
{
	static const char bad[] = "-----BEGIN CERTIFICATE-----\nMAA=\n"
				  "-----END CERTIFICATE-----\n";
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_lt(
		    tls_chain_import(&chain, &pem, GNUTLS_X509_FMT_PEM), 0);
		ck_assert_uint_eq(chain.count, 0);
		ck_assert_ptr_null(chain.crts);
		pki_append_cert(&pem, &root);
		ck_assert_int_eq(
		    file_bytes_append(&pem, bad, sizeof bad - 1), 0);
	}
	file_bytes_free(&pem);
	pki_free(&root);
}

/* Three, of which the second is damaged; then cut off; then whole. */
TEST(damage_has_a_place)
{
	static const char bad[] = "-----BEGIN CERTIFICATE-----\nMAA=\n"
				  "-----END CERTIFICATE-----\n";
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;
	char expected[64];
	unsigned lines = 1;
	struct errmsg e;

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_append_cert(&pem, &root);
	for (size_t i = 0; i < pem.size; i++)
		lines += pem.data[i] == '\n';
	ck_assert_int_eq(tls_chain_read_pem(&chain, &pem, &e), 0);
	ck_assert_uint_eq(chain.count, 1);
	tls_chain_free(&chain);
	ck_assert_int_eq(file_bytes_append(&pem, bad, sizeof bad - 1), 0);
	pki_append_cert(&pem, &root);
	ck_assert_int_eq(tls_chain_read_pem(&chain, &pem, &e), -1);
	(void)snprintf(expected, sizeof expected,
	    "certificate 2 of 3, in line %u, is damaged: ", lines);
	ck_assert_msg(strncmp(e.text, expected, strlen(expected)) == 0,
	    "'%s', not '%s'", e.text, expected);
	ck_assert_uint_eq(chain.count, 0);
	file_bytes_free(&pem);
	pki_append_cert(&pem, &root);
	ck_assert_int_eq(file_bytes_append(&pem, bad, 12), 0);
	ck_assert_int_eq(tls_chain_read_pem(&chain, &pem, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "is cut off"));
	file_bytes_free(&pem);
	pki_free(&root);
}

/* Of one name and key; of the name alone, and of the key alone. */
TEST(replaced)
{
	struct tls_chain all;
	struct pki old, other;
	time_t now = time(NULL);

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&old,
	    &(struct pki_options){ .name = "root",
		.from_s = -2 * PKI_DAY_S,
		.until_s = -PKI_DAY_S,
		.key_of = &root },
	    NULL);
	pki_make(&other,
	    &(struct pki_options){ .name = "other", .key_of = &root }, NULL);
	pki_make(&leaf, &(struct pki_options){ .name = "root" }, NULL);
	all = (struct tls_chain){ (gnutls_x509_crt_t[]){
				      leaf.crt, old.crt, other.crt, root.crt },
		4 };
	ck_assert(!tls_chain_is_replaced(&all, 0, now));
	ck_assert(tls_chain_is_replaced(&all, 1, now));
	ck_assert(!tls_chain_is_replaced(&all, 2, now));
	ck_assert(!tls_chain_is_replaced(&all, 3, now));
	/* Then none is valid; then there is none of its name and key. */
	ck_assert(!tls_chain_is_replaced(&all, 1, now + 2 * PKI_HOUR_S));
	all.count = 3;
	ck_assert(!tls_chain_is_replaced(&all, 1, now));
	pki_free(&old);
	pki_free(&other);
	pki_free(&leaf);
	pki_free(&root);
}

TEST(bytes_are_moved)
{
	struct file_bytes to = FILE_BYTES_INIT;

	for (int i = 0; i < 2; i++) {
		gnutls_datum_t from = { gnutls_malloc(3), 3 };

		memcpy(from.data, "abc", 3);
		ck_assert_int_eq(tls_datum_move(&to, &from), 0);
		ck_assert_ptr_null(from.data);
		ck_assert_uint_eq(from.size, 0);
	}
	ck_assert_str_eq((char *)to.data, "abcabc");
	ck_assert_ptr_eq(tls_datum_of(&to).data, to.data);
	ck_assert_uint_eq(tls_datum_of(&to).size, 6);
	file_bytes_free(&to);
}

SUITE("common/x509/chain")
