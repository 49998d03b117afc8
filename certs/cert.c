/* cert: making certificates; see the header. */
#include "certs/cert.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <string.h>

#include "certs/key.h"
#include "certs/x509.h"
#include "common/base/assertion.h"

enum {
	SERIAL_SIZE = 16
};

static const char oid_subject_alt_name[] = "2.5.29.17";

/* The top bits are 01: positive, and always of the same length. */
static int
set_serial(gnutls_x509_crt_t cert)
{
	unsigned char serial[SERIAL_SIZE];
	int error = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);

	if (error < 0)
		return error;
	serial[0] = (unsigned char)((serial[0] & 0x3f) | 0x40);
	return gnutls_x509_crt_set_serial(cert, serial, sizeof serial);
}

static int
set_own_key_id(gnutls_x509_crt_t cert)
{
	unsigned char id[CERT_KEY_ID_MAX];
	size_t size = sizeof id;
	int error =
	    gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA1, id, &size);

	if (error < 0)
		return error;
	return gnutls_x509_crt_set_subject_key_id(cert, id, size);
}

static int
set_common_name(gnutls_x509_crt_t cert, const char *text)
{
	return gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME,
	    0, text, (unsigned int)strlen(text));
}

/* What roots and leaves have in common. */
static int
begin(gnutls_x509_crt_t *out, gnutls_x509_privkey_t key,
    const struct when_validity *validity, struct errmsg *e)
{
	gnutls_x509_crt_t cert = NULL;
	int error;

	ASSERT(validity->not_before < validity->not_after);
	if ((error = gnutls_x509_crt_init(&cert)) < 0 ||
	    (error = gnutls_x509_crt_set_version(cert, 3)) < 0 ||
	    (error = set_serial(cert)) < 0 ||
	    (error = gnutls_x509_crt_set_activation_time(
		 cert, validity->not_before)) < 0 ||
	    (error = gnutls_x509_crt_set_expiration_time(
		 cert, validity->not_after)) < 0 ||
	    (error = gnutls_x509_crt_set_key(cert, key)) < 0 ||
	    (error = set_own_key_id(cert)) < 0) {
		if (cert != NULL)
			gnutls_x509_crt_deinit(cert);
		return x509_fail(e, error, "certificate");
	}
	*out = cert;
	return 0;
}

static int
sign(gnutls_x509_crt_t cert, gnutls_x509_crt_t issuer,
    gnutls_privkey_t issuer_key, struct errmsg *e)
{
	struct cert_issuer by;
	int error;

	if (cert_issuer_read(&by, issuer, e) < 0)
		return -1;
	if ((error = gnutls_x509_crt_set_authority_key_id(
		 cert, by.key_id, by.key_id_size)) < 0 ||
	    (error = gnutls_x509_crt_privkey_sign(
		 cert, issuer, issuer_key, by.digest, 0)) < 0)
		return x509_fail(e, error, "signing the certificate");
	return 0;
}

static int
fill_authority(gnutls_x509_crt_t cert, const struct cert_authority *authority,
    struct errmsg *e)
{
	unsigned int usage = GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN;
	int error;

	if ((error = set_common_name(cert, authority->common_name)) < 0 ||
	    (error = gnutls_x509_crt_set_basic_constraints(
		 cert, 1, authority->path_length)) < 0 ||
	    (error = gnutls_x509_crt_set_key_usage(cert, usage)) < 0)
		return x509_fail(e, error, authority->common_name);
	if (authority->constraints == NULL)
		return 0;
	error = gnutls_x509_crt_set_name_constraints(
	    cert, authority->constraints, 1);
	return error < 0 ? x509_fail(e, error, "name constraints") : 0;
}

static int
sign_self(gnutls_x509_crt_t cert, gnutls_x509_privkey_t key, struct errmsg *e)
{
	gnutls_privkey_t signer;
	int result;

	if (key_signer(&signer, key, e) < 0)
		return -1;
	result = sign(cert, cert, signer, e);
	gnutls_privkey_deinit(signer);
	return result;
}

int
cert_make_root(gnutls_x509_crt_t *out, gnutls_x509_privkey_t key,
    const char *common_name, const struct when_validity *validity,
    struct errmsg *e)
{
	const struct cert_authority root = {
		.common_name = common_name,
		.path_length = -1,
	};
	gnutls_x509_crt_t cert;

	if (begin(&cert, key, validity, e) < 0)
		return -1;
	if (fill_authority(cert, &root, e) < 0 || sign_self(cert, key, e) < 0) {
		gnutls_x509_crt_deinit(cert);
		return -1;
	}
	*out = cert;
	return 0;
}

int
cert_make_authority(gnutls_x509_crt_t *out,
    const struct cert_authority *authority, gnutls_x509_crt_t issuer,
    gnutls_privkey_t issuer_key, struct errmsg *e)
{
	gnutls_x509_crt_t cert;

	if (begin(&cert, authority->key, &authority->validity, e) < 0)
		return -1;
	if (fill_authority(cert, authority, e) < 0 ||
	    sign(cert, issuer, issuer_key, e) < 0) {
		gnutls_x509_crt_deinit(cert);
		return -1;
	}
	*out = cert;
	return 0;
}

static int
add_name(gnutls_subject_alt_names_t names, const struct name *name)
{
	static const gnutls_x509_subject_alt_name_t types[] = {
		[TLS_SAN_DNS_NAME] = GNUTLS_SAN_DNSNAME,
		[TLS_SAN_ADDRESS] = GNUTLS_SAN_IPADDRESS,
		[TLS_SAN_EMAIL] = GNUTLS_SAN_RFC822NAME,
		[TLS_SAN_URI] = GNUTLS_SAN_URI,
	};
	const struct tls_san *san = &name->san;
	const void *value = san->kind == TLS_SAN_ADDRESS
	    ? (const void *)san->address
	    : name->text;
	gnutls_datum_t view = { (unsigned char *)(uintptr_t)value,
		(unsigned int)san->size };

	return gnutls_subject_alt_names_set(
	    names, types[san->kind], &view, NULL);
}

static int
encode_names(gnutls_datum_t *der, const struct cert_leaf *leaf)
{
	gnutls_subject_alt_names_t names;
	int error = gnutls_subject_alt_names_init(&names);

	if (error < 0)
		return error;
	for (size_t i = 0; i < leaf->names_count && error >= 0; i++)
		error = add_name(names, &leaf->names[i]);
	if (error >= 0)
		error = gnutls_x509_ext_export_subject_alt_names(names, der);
	gnutls_subject_alt_names_deinit(names);
	return error;
}

/*
 * A name that is too long for a common name leaves the subject empty; the
 * alternative names are then critical (RFC 5280, section 4.1.2.6).
 */
static int
set_names(gnutls_x509_crt_t cert, const struct cert_leaf *leaf)
{
	const char *first = leaf->names[0].text;
	bool is_common =
	    !leaf->lacks_common_name && strlen(first) <= NAME_COMMON_MAX;
	gnutls_datum_t der = { NULL, 0 };
	int error = is_common ? set_common_name(cert, first) : 0;

	if (error < 0 || (error = encode_names(&der, leaf)) < 0)
		return error;
	error = gnutls_x509_crt_set_extension_by_oid(
	    cert, oid_subject_alt_name, der.data, der.size, !is_common);
	gnutls_free(der.data);
	return error;
}

/* Only RSA keys of servers can take part in key transport (TLS 1.2). */
static unsigned int
leaf_usage(const struct cert_leaf *leaf)
{
	bool is_rsa =
	    gnutls_x509_privkey_get_pk_algorithm(leaf->key) == GNUTLS_PK_RSA;

	if (is_rsa && leaf->purpose == CERT_SERVER)
		return GNUTLS_KEY_DIGITAL_SIGNATURE |
		    GNUTLS_KEY_KEY_ENCIPHERMENT;
	return GNUTLS_KEY_DIGITAL_SIGNATURE;
}

static int
fill_leaf(
    gnutls_x509_crt_t cert, const struct cert_leaf *leaf, struct errmsg *e)
{
	const char *purpose = leaf->purpose == CERT_SERVER
	    ? GNUTLS_KP_TLS_WWW_SERVER
	    : GNUTLS_KP_TLS_WWW_CLIENT;
	int error;

	if ((error = set_names(cert, leaf)) < 0 ||
	    (error = gnutls_x509_crt_set_basic_constraints(cert, 0, -1)) < 0 ||
	    (error = gnutls_x509_crt_set_key_usage(cert, leaf_usage(leaf))) <
		0 ||
	    (error = gnutls_x509_crt_set_key_purpose_oid(cert, purpose, 0)) < 0)
		return x509_fail(e, error, leaf->names[0].text);
	return 0;
}

int
cert_make_leaf(gnutls_x509_crt_t *out, const struct cert_leaf *leaf,
    gnutls_x509_crt_t issuer, gnutls_privkey_t issuer_key, struct errmsg *e)
{
	gnutls_x509_crt_t cert;

	ASSERT(leaf->names_count > 0);
	if (begin(&cert, leaf->key, &leaf->validity, e) < 0)
		return -1;
	if (fill_leaf(cert, leaf, e) < 0 ||
	    sign(cert, issuer, issuer_key, e) < 0) {
		gnutls_x509_crt_deinit(cert);
		return -1;
	}
	*out = cert;
	return 0;
}

static int
read_digest(gnutls_digest_algorithm_t *out, gnutls_x509_crt_t issuer)
{
	gnutls_pubkey_t key;
	int error = gnutls_pubkey_init(&key);

	if (error < 0)
		return error;
	error = gnutls_pubkey_import_x509(key, issuer, 0);
	if (error >= 0)
		error =
		    gnutls_pubkey_get_preferred_hash_algorithm(key, out, NULL);
	gnutls_pubkey_deinit(key);
	return error;
}

static int
read_key_id(struct cert_issuer *out, gnutls_x509_crt_t issuer)
{
	int error;

	out->key_id_size = sizeof out->key_id;
	error = gnutls_x509_crt_get_subject_key_id(
	    issuer, out->key_id, &out->key_id_size, NULL);
	if (error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return error;
	out->key_id_size = sizeof out->key_id;
	return gnutls_x509_crt_get_key_id(
	    issuer, GNUTLS_KEYID_USE_SHA1, out->key_id, &out->key_id_size);
}

int
cert_issuer_read(
    struct cert_issuer *out, gnutls_x509_crt_t issuer, struct errmsg *e)
{
	int error;

	if ((error = read_digest(&out->digest, issuer)) < 0 ||
	    (error = read_key_id(out, issuer)) < 0)
		return x509_fail(e, error, "the authority's key");
	return 0;
}

int
cert_export_pem(
    struct file_bytes *out, gnutls_x509_crt_t cert, struct errmsg *e)
{
	gnutls_datum_t pem = { NULL, 0 };
	int error = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem);

	return x509_take(out, &pem, error, e);
}
