/* cert_subject: certificates with names of all kinds; see the header. */
#include "tests/support/cert_subject.h"

#include <check.h>
#include <gnutls/x509-ext.h>
#include <string.h>

void
cert_subject_must(int result)
{
	ck_assert_msg(result >= 0, "%s", gnutls_strerror(result));
}

void
cert_subject_begin(struct pki *subject)
{
	cert_subject_must(gnutls_x509_privkey_init(&subject->key));
	cert_subject_must(gnutls_x509_privkey_generate(
	    subject->key, GNUTLS_PK_EDDSA_ED25519, 256, 0));
	cert_subject_must(gnutls_x509_crt_init(&subject->crt));
	cert_subject_must(gnutls_x509_crt_set_version(subject->crt, 3));
	cert_subject_must(gnutls_x509_crt_set_serial(subject->crt, "\1", 1));
	cert_subject_must(gnutls_x509_crt_set_key(subject->crt, subject->key));
	cert_subject_must(gnutls_x509_crt_set_activation_time(subject->crt, 1));
	cert_subject_must(
	    gnutls_x509_crt_set_expiration_time(subject->crt, INT32_MAX));
}

void
cert_subject_add_cn(struct pki *subject, const char *name, size_t size)
{
	cert_subject_must(gnutls_x509_crt_set_dn_by_oid(subject->crt,
	    GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)size));
}

/* DER's tag and length (X.690, 8.1) in front of bytes already in place. */
static size_t
wrap(uint8_t *bytes, size_t size, uint8_t tag)
{
	size_t head = size < 0x80 ? 2 : 4;

	memmove(bytes + head, bytes, size);
	bytes[0] = tag;
	bytes[1] = (uint8_t)size;
	if (head == 4) {
		ck_assert_uint_ge(size, 0x100);
		bytes[1] = 0x82;
		bytes[2] = (uint8_t)(size >> 8);
		bytes[3] = (uint8_t)size;
	}
	return size + head;
}

/* By hand, since GnuTLS cuts names at a NUL when it writes them. */
void
cert_subject_set_sans(
    struct pki *subject, const struct cert_subject_san *sans, size_t count)
{
	static const uint8_t tags[] = { [GNUTLS_SAN_RFC822NAME] = 0x81,
		[GNUTLS_SAN_DNSNAME] = 0x82,
		[GNUTLS_SAN_URI] = 0x86,
		[GNUTLS_SAN_IPADDRESS] = 0x87 };
	static uint8_t der[16384];
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		memcpy(der + size, sans[i].text, sans[i].size);
		size += wrap(der + size, sans[i].size, tags[sans[i].type]);
	}
	size = wrap(der, size, 0x30);
	cert_subject_must(gnutls_x509_crt_set_extension_by_oid(
	    subject->crt, GNUTLS_X509EXT_OID_SAN, der, size, 0));
}

/* Signs it and reads it back, as if a peer had sent it. */
void
cert_subject_end(struct pki *subject)
{
	gnutls_datum_t der;

	cert_subject_must(gnutls_x509_crt_sign2(
	    subject->crt, subject->crt, subject->key, GNUTLS_DIG_SHA512, 0));
	cert_subject_must(
	    gnutls_x509_crt_export2(subject->crt, GNUTLS_X509_FMT_DER, &der));
	gnutls_x509_crt_deinit(subject->crt);
	cert_subject_must(gnutls_x509_crt_init(&subject->crt));
	cert_subject_must(
	    gnutls_x509_crt_import(subject->crt, &der, GNUTLS_X509_FMT_DER));
	gnutls_free(der.data);
}
