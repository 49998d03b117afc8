/* key: private keys; see the header. */
#include "certs/key.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "certs/der.h"
#include "certs/pkcs8.h"
#include "certs/x509.h"
#include "common/base/assertion.h"
#include "common/x509/private_key.h"

struct key_kind {
	const char *name;
	gnutls_pk_algorithm_t algorithm;
	unsigned int bits; /* of RSA, or GnuTLS's number of a curve */
};

static const struct key_kind kinds[] = {
	{ "ecdsa-p256", GNUTLS_PK_ECDSA,
	    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1) },
	{ "ecdsa-p384", GNUTLS_PK_ECDSA,
	    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP384R1) },
	{ "ed25519", GNUTLS_PK_EDDSA_ED25519,
	    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519) },
	{ "rsa-2048", GNUTLS_PK_RSA, 2048 },
	{ "rsa-3072", GNUTLS_PK_RSA, 3072 },
	{ "rsa-4096", GNUTLS_PK_RSA, 4096 },
};

const struct key_kind *
key_kind_find(const char *name)
{
	if (name == NULL)
		return &kinds[0];
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const struct key_kind *
key_kind_of(gnutls_x509_crt_t cert)
{
	unsigned int bits;
	int algorithm = gnutls_x509_crt_get_pk_algorithm(cert, &bits);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		unsigned int wanted = kinds[i].bits;

		if (GNUTLS_BITS_ARE_CURVE(wanted))
			wanted = 8 *
			    (unsigned int)gnutls_ecc_curve_get_size(
				GNUTLS_BITS_TO_CURVE(wanted));
		if ((int)kinds[i].algorithm == algorithm && wanted == bits)
			return &kinds[i];
	}
	return NULL;
}

const char *
key_kind_names(void)
{
	return "ecdsa-p256, ecdsa-p384, ed25519, rsa-2048, rsa-3072 or "
	       "rsa-4096";
}

int
key_generate(
    gnutls_x509_privkey_t *out, const struct key_kind *kind, struct errmsg *e)
{
	gnutls_x509_privkey_t key;
	int error = gnutls_x509_privkey_init(&key);

	ASSERT(kind != NULL);
	if (error < 0)
		return x509_fail(e, error, "key");
	error = gnutls_x509_privkey_generate2(
	    key, kind->algorithm, kind->bits, 0, NULL, 0);
	if (error < 0) {
		gnutls_x509_privkey_deinit(key);
		return x509_fail(e, error, kind->name);
	}
	*out = key;
	return 0;
}

/*
 * An EncryptedPrivateKeyInfo begins with its algorithm (RFC 5958, section 3),
 * where other keys begin with a version.
 */
static bool
is_encrypted_der(const gnutls_datum_t *der)
{
	struct der_view view = { der->data, der->size };
	struct der_view key;
	struct der_view part;

	return der_take(&view, DER_SEQUENCE, &key) &&
	    der_take(&key, DER_SEQUENCE, &part) &&
	    der_take(&key, DER_OCTET_STRING, &part) && key.size == 0;
}

bool
key_is_encrypted(const gnutls_datum_t *bytes, gnutls_x509_crt_fmt_t format)
{
	return format == GNUTLS_X509_FMT_DER
	    ? is_encrypted_der(bytes)
	    : tls_private_key_is_encrypted(bytes);
}

static int
explain(const struct key_source *source, struct errmsg *e)
{
	if (!key_is_encrypted(&source->bytes, source->format))
		return errmsg_set(e,
		    "%s: the private key in it is damaged, or of an unknown "
		    "kind",
		    source->file);
	if (source->password == NULL)
		return errmsg_set(e, "%s: the key is encrypted: %s",
		    source->file, source->when_encrypted);
	return errmsg_set(e,
	    "%s: the password is wrong, or the key's cipher is unknown",
	    source->file);
}

int
key_import(gnutls_x509_privkey_t *out, const struct key_source *source,
    struct errmsg *e)
{
	bool is_encrypted = key_is_encrypted(&source->bytes, source->format);
	gnutls_x509_privkey_t key;
	int error = gnutls_x509_privkey_init(&key);

	if (error < 0)
		return x509_fail(e, error, source->file);
	/* GnuTLS has no use for a password that is not needed: it fails. */
	if (is_encrypted && source->password != NULL &&
	    source->format == GNUTLS_X509_FMT_PEM)
		error = tls_private_key_decrypt(
		    key, &source->bytes, NULL, source->password);
	else
		error = gnutls_x509_privkey_import2(key, &source->bytes,
		    source->format, is_encrypted ? source->password : NULL, 0);
	if (error < 0) {
		gnutls_x509_privkey_deinit(key);
		return explain(source, e);
	}
	*out = key;
	return 0;
}

int
key_signer(gnutls_privkey_t *out, gnutls_x509_privkey_t key, struct errmsg *e)
{
	gnutls_privkey_t signer;
	int error = gnutls_privkey_init(&signer);

	if (error < 0)
		return x509_fail(e, error, "signing key");
	error = gnutls_privkey_import_x509(signer, key, 0);
	if (error < 0) {
		gnutls_privkey_deinit(signer);
		return x509_fail(e, error, "signing key");
	}
	*out = signer;
	return 0;
}

/* RFC 5958, section 3, in place of what is not encrypted. */
static int
encrypt(struct file_bytes *der, const struct pbe *pbe, struct errmsg *e)
{
	struct der d = DER_INIT;
	int result;

	der_open(&d, DER_SEQUENCE);
	result = pbe_put_encrypted(&d, DER_OCTET_STRING, pbe, der, e);
	der_close(&d);
	if (result == 0 && d.is_failed)
		result = errmsg_set(e, "key: out of memory");
	file_bytes_free(der);
	*der = d.bytes;
	return result;
}

int
key_export_pem(struct file_bytes *out, gnutls_x509_privkey_t key,
    const struct pbe *pbe, struct errmsg *e)
{
	const char *header =
	    pbe != NULL ? "ENCRYPTED PRIVATE KEY" : "PRIVATE KEY";
	struct file_bytes der = FILE_BYTES_INIT;
	gnutls_datum_t pem = { NULL, 0 };
	gnutls_datum_t view;
	int error;
	int result = pkcs8_encode(&der, key, e);

	if (result == 0 && pbe != NULL)
		result = encrypt(&der, pbe, e);
	if (result == 0) {
		view = tls_datum_of(&der);
		error = gnutls_pem_base64_encode2(header, &view, &pem);
		result = x509_take(out, &pem, error, e);
	}
	file_bytes_free(&der);
	return result;
}
