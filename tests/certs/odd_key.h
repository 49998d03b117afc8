/*
 * odd_key: EC keys as GnuTLS before 3.8.13 writes half of them: with a scalar
 * that has a zero too many in front.
 *
 * Use:
 *	odd_key_rewrite("pki/alice.key");
 */
#ifndef TESTS_CERTS_ODD_KEY_H
#define TESTS_CERTS_ODD_KEY_H

#include <check.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "certs/der.h"
#include "certs/key.h"
#include "common/x509/datum.h"

enum {
	ODD_KEY_SCALAR = 32 /* of P-256 */
};

/* The numbers of a key in PEM; each has at most one zero in front. */
static inline void
odd_key_read(const char *path, gnutls_datum_t numbers[static 3])
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_x509_privkey_t key;
	gnutls_datum_t view;
	struct errmsg e = { "" };

	ck_assert_msg(file_read(&pem, path, FILE_MAX, &e) == 0, "%s", e.text);
	view = tls_datum_of(&pem);
	ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
	ck_assert_int_eq(
	    gnutls_x509_privkey_import(key, &view, GNUTLS_X509_FMT_PEM), 0);
	ck_assert_int_eq(gnutls_x509_privkey_export_ecc_raw(
			     key, NULL, &numbers[0], &numbers[1], &numbers[2]),
	    0);
	gnutls_x509_privkey_deinit(key);
	file_bytes_free(&pem);
}

/* Right-aligned, as wide as wanted. */
static inline void
odd_key_append(struct der *d, const gnutls_datum_t *number, size_t width)
{
	uint8_t bytes[ODD_KEY_SCALAR + 1] = { 0 };
	size_t size = number->size < width ? number->size : width;

	memcpy(bytes + width - size, number->data + number->size - size, size);
	der_append(d, bytes, width);
}

/* Replaces a P-256 key by itself, with a scalar of 33 bytes. */
static inline void
odd_key_rewrite(const char *path)
{
	gnutls_datum_t numbers[3];
	gnutls_datum_t pem;
	gnutls_datum_t view;
	struct der d = DER_INIT;
	struct errmsg e = { "" };

	odd_key_read(path, numbers);
	der_open(&d, DER_SEQUENCE);
	der_put_uint(&d, 1);
	der_open(&d, DER_OCTET_STRING);
	odd_key_append(&d, &numbers[2], ODD_KEY_SCALAR + 1);
	der_close(&d);
	der_open(&d, DER_EXPLICIT_0);
	DER_PUT_OID(&d, "\x2a\x86\x48\xce\x3d\x03\x01\x07");
	der_close(&d);
	der_open(&d, DER_EXPLICIT_1);
	der_open(&d, DER_BIT_STRING);
	der_append(&d, "\0\4", 2);
	odd_key_append(&d, &numbers[0], ODD_KEY_SCALAR);
	odd_key_append(&d, &numbers[1], ODD_KEY_SCALAR);
	der_close_many(&d, 3);
	view = tls_datum_of(&d.bytes);
	ck_assert_int_eq(
	    gnutls_pem_base64_encode2("EC PRIVATE KEY", &view, &pem), 0);
	ck_assert_int_eq(
	    file_write_atomically(path, pem.data, pem.size, 0600, true, &e), 0);
	gnutls_free(pem.data);
	file_bytes_free(&d.bytes);
	for (int i = 0; i < 3; i++)
		gnutls_free(numbers[i].data);
}

#endif
