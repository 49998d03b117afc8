/* pki: certificates made in memory, with the GnuTLS API; see the header. */
#include "tests/support/pki.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/tls/private.h"

enum {
	HOUR_S = 3600
};

static void
must(int result)
{
	ck_assert_msg(result >= 0, "%s", gnutls_strerror(result));
}

static gnutls_x509_privkey_t
make_key(enum pki_key kind)
{
	static const struct {
		gnutls_pk_algorithm_t algorithm;
		unsigned bits;
	} kinds[] = {
		[PKI_EC_P256] = { GNUTLS_PK_ECDSA,
		    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1) },
		[PKI_RSA_2048] = { GNUTLS_PK_RSA, 2048 },
		[PKI_RSA_1024] = { GNUTLS_PK_RSA, 1024 },
		[PKI_ED25519] = { GNUTLS_PK_EDDSA_ED25519,
		    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519) },
		[PKI_EC_P192] = { GNUTLS_PK_ECDSA,
		    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP192R1) },
	};
	gnutls_x509_privkey_t key;

	must(gnutls_x509_privkey_init(&key));
	must(gnutls_x509_privkey_generate(
	    key, kinds[kind].algorithm, kinds[kind].bits, 0));
	return key;
}

static gnutls_x509_privkey_t
copy_key(const struct pki *of)
{
	gnutls_x509_privkey_t key;

	must(gnutls_x509_privkey_init(&key));
	must(gnutls_x509_privkey_cpy(key, of->key));
	return key;
}

static void
set_validity(gnutls_x509_crt_t crt, const struct pki_options *options)
{
	bool preset = options->from_s != 0 || options->until_s != 0;
	time_t now = time(NULL);

	must(gnutls_x509_crt_set_activation_time(
	    crt, now + (preset ? options->from_s : -HOUR_S)));
	must(gnutls_x509_crt_set_expiration_time(
	    crt, now + (preset ? options->until_s : HOUR_S)));
}

/* Names as alternative names, addresses as addresses. */
static void
set_subject(gnutls_x509_crt_t crt, const char *name)
{
	uint8_t address[4];

	must(gnutls_x509_crt_set_dn_by_oid(
	    crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)));
	if (inet_pton(AF_INET, name, address) == 1)
		must(gnutls_x509_crt_set_subject_alt_name(crt,
		    GNUTLS_SAN_IPADDRESS, address, sizeof address,
		    GNUTLS_FSAN_SET));
	else
		must(gnutls_x509_crt_set_subject_alt_name(crt,
		    GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
		    GNUTLS_FSAN_SET));
}

static void
set_use(gnutls_x509_crt_t crt, const char *purpose)
{
	if (purpose == NULL) {
		must(gnutls_x509_crt_set_basic_constraints(crt, 1, -1));
		must(gnutls_x509_crt_set_key_usage(
		    crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
		return;
	}
	must(gnutls_x509_crt_set_basic_constraints(crt, 0, -1));
	if (purpose[0] != '\0')
		must(gnutls_x509_crt_set_key_purpose_oid(crt, purpose, 0));
	must(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE));
}

/* As a peer sees it: some fields can be read back only when encoded. */
static void
read_der(struct pki *pki, const gnutls_datum_t *der)
{
	gnutls_x509_crt_deinit(pki->crt);
	must(gnutls_x509_crt_init(&pki->crt));
	must(gnutls_x509_crt_import(pki->crt, der, GNUTLS_X509_FMT_DER));
}

void
pki_make(struct pki *pki, const struct pki_options *options,
    const struct pki *issuer)
{
	static uint32_t serial = 1;
	uint32_t number = htonl(serial++);
	gnutls_datum_t der;

	pki->key = options->key_of != NULL ? copy_key(options->key_of)
					   : make_key(options->key);
	must(gnutls_x509_crt_init(&pki->crt));
	must(gnutls_x509_crt_set_version(pki->crt, 3));
	must(gnutls_x509_crt_set_serial(pki->crt, &number, sizeof number));
	must(gnutls_x509_crt_set_key(pki->crt, pki->key));
	set_validity(pki->crt, options);
	set_subject(pki->crt, options->name);
	set_use(pki->crt, options->purpose);
	if (options->adorn != NULL)
		options->adorn(pki->crt);
	if (issuer == NULL)
		issuer = pki;
	must(gnutls_x509_crt_sign2(pki->crt, issuer->crt, issuer->key,
	    options->digest != GNUTLS_DIG_UNKNOWN ? options->digest
						  : GNUTLS_DIG_SHA256,
	    0));
	must(gnutls_x509_crt_export2(pki->crt, GNUTLS_X509_FMT_DER, &der));
	read_der(pki, &der);
	gnutls_free(der.data);
}

void
pki_free(struct pki *pki)
{
	gnutls_x509_crt_deinit(pki->crt);
	gnutls_x509_privkey_deinit(pki->key);
	*pki = (struct pki){ NULL, NULL };
}

void
pki_damage(struct pki *pki)
{
	gnutls_datum_t der;

	must(gnutls_x509_crt_export2(pki->crt, GNUTLS_X509_FMT_DER, &der));
	der.data[der.size - 1] ^= 1;
	read_der(pki, &der);
	gnutls_free(der.data);
}

void
pki_append_cert(struct file_bytes *pem, const struct pki *pki)
{
	gnutls_datum_t one;

	must(gnutls_x509_crt_export2(pki->crt, GNUTLS_X509_FMT_PEM, &one));
	ck_assert_int_eq(file_bytes_append(pem, one.data, one.size), 0);
	gnutls_free(one.data);
}

void
pki_bundle(struct tls_bundle *bundle, const struct pki *identity,
    const struct pki *root)
{
	gnutls_datum_t key;

	pki_append_cert(&bundle->ca, root);
	pki_append_cert(&bundle->key_pairs[0].cert, identity);
	bundle->key_pair_count = 1;
	/* That of Ed25519 has no other form. */
	must(gnutls_x509_privkey_export2_pkcs8(
	    identity->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key));
	ck_assert_int_eq(
	    file_bytes_append(&bundle->key_pairs[0].key, key.data, key.size),
	    0);
	gnutls_free(key.data);
}

struct tls_creds *
pki_creds_of(
    struct tls_bundle *bundle, enum tls_role role, const char *priority)
{
	const struct tls_settings settings = { .role = role,
		.priority = priority,
		.chain_cache = 64,
		.tickets = 2,
		.keylog_fd = -1 };
	struct tls_creds *creds = NULL;
	struct errmsg e = { "" };
	int result = tls_creds_new(&creds, bundle, &settings, &e);

	ck_assert_msg(result == 0, "%s", e.text);
	return creds;
}

struct tls_creds *
pki_creds(enum tls_role role, const struct pki *identity,
    const struct pki *root, const char *priority)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	pki_bundle(&bundle, identity, root);
	creds = pki_creds_of(&bundle, role, priority);
	tls_bundle_free(&bundle);
	return creds;
}

/* Replaces what tls_creds_new would never accept. */
static void
start_anew(struct tls_creds *creds, const struct pki *root)
{
	gnutls_x509_crt_t list[1] = { root->crt };

	gnutls_certificate_free_credentials(creds->x509);
	must(gnutls_certificate_allocate_credentials(&creds->x509));
	must(gnutls_certificate_set_x509_trust(creds->x509, list, 1));
}

struct tls_creds *
pki_creds_anonymous(const struct pki *root)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	pki_append_cert(&bundle.ca, root);
	creds = pki_creds_of(&bundle, TLS_CLIENT, TLS_PRIORITY_DEFAULT);
	tls_bundle_free(&bundle);
	return creds;
}

struct tls_creds *
pki_creds_impostor(const struct pki *shown, const struct pki *own,
    const struct pki *root, const char *priority)
{
	struct tls_creds *creds = pki_creds(TLS_CLIENT, own, root, priority);
	gnutls_x509_crt_t list[1] = { shown->crt };

	start_anew(creds, root);
	gnutls_certificate_set_flags(
	    creds->x509, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
	must(gnutls_certificate_set_x509_key(creds->x509, list, 1, own->key));
	return creds;
}
