/* support: tables of numbers, and lists of them; see the header. */
#include "common/creds/support.h"

#include <gnutls/abstract.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* IANA's registry of TLS parameters: "TLS Supported Groups". */
static const struct {
	uint16_t number;
	const char *name;
	const char *gnutls; /* its name there; NULL: unknown */
} groups[] = {
	{ 19, "secp192r1", "SECP192R1" },
	{ 21, "secp224r1", "SECP224R1" },
	{ 23, "secp256r1", "SECP256R1" },
	{ 24, "secp384r1", "SECP384R1" },
	{ 25, "secp521r1", "SECP521R1" },
	{ 26, "brainpoolP256r1", NULL },
	{ 27, "brainpoolP384r1", NULL },
	{ 28, "brainpoolP512r1", NULL },
	{ 29, "x25519", "X25519" },
	{ 30, "x448", "X448" },
	{ 256, "ffdhe2048", "FFDHE2048" },
	{ 257, "ffdhe3072", "FFDHE3072" },
	{ 258, "ffdhe4096", "FFDHE4096" },
	{ 259, "ffdhe6144", "FFDHE6144" },
	{ 260, "ffdhe8192", "FFDHE8192" },
	{ 512, "MLKEM512", "MLKEM512" },
	{ 513, "MLKEM768", "MLKEM768" },
	{ 514, "MLKEM1024", "MLKEM1024" },
	{ 0x11eb, "SecP256r1MLKEM768", "SECP256R1-MLKEM768" },
	{ TLS_NUMBER_X25519_MLKEM768, "X25519MLKEM768", "X25519-MLKEM768" },
	{ 0x11ed, "SecP384r1MLKEM1024", "SECP384R1-MLKEM1024" },
	{ 0x6399, "X25519Kyber768Draft00", "X25519-KYBER768" },
};

/* "TLS SignatureScheme", and whose signatures they are (RFC 8446, 4.2.3). */
static const struct {
	uint16_t number;
	uint8_t keys_13, keys_12;
	const char *name;
	const char *gnutls, *gnutls_12; /* of ECDSA without a curve */
} schemes[] = {
	{ 0x0201, 0, TLS_KEY_RSA, "rsa_pkcs1_sha1", "RSA-SHA1", NULL },
	{ 0x0203, 0, TLS_KEY_ECDSA, "ecdsa_sha1", "ECDSA-SHA1", NULL },
	{ 0x0401, 0, TLS_KEY_RSA, "rsa_pkcs1_sha256", "RSA-SHA256", NULL },
	{ 0x0501, 0, TLS_KEY_RSA, "rsa_pkcs1_sha384", "RSA-SHA384", NULL },
	{ 0x0601, 0, TLS_KEY_RSA, "rsa_pkcs1_sha512", "RSA-SHA512", NULL },
	{ 0x0403, TLS_KEY_P256, TLS_KEY_ECDSA, "ecdsa_secp256r1_sha256",
	    "ECDSA-SECP256R1-SHA256", "ECDSA-SHA256" },
	{ 0x0503, TLS_KEY_P384, TLS_KEY_ECDSA, "ecdsa_secp384r1_sha384",
	    "ECDSA-SECP384R1-SHA384", "ECDSA-SHA384" },
	{ 0x0603, TLS_KEY_P521, TLS_KEY_ECDSA, "ecdsa_secp521r1_sha512",
	    "ECDSA-SECP521R1-SHA512", "ECDSA-SHA512" },
	{ 0x0804, TLS_KEY_RSA, TLS_KEY_RSA, "rsa_pss_rsae_sha256",
	    "RSA-PSS-RSAE-SHA256", NULL },
	{ 0x0805, TLS_KEY_RSA, TLS_KEY_RSA, "rsa_pss_rsae_sha384",
	    "RSA-PSS-RSAE-SHA384", NULL },
	{ 0x0806, TLS_KEY_RSA, TLS_KEY_RSA, "rsa_pss_rsae_sha512",
	    "RSA-PSS-RSAE-SHA512", NULL },
	{ 0x0807, TLS_KEY_ED25519, TLS_KEY_ED25519, "ed25519", "EdDSA-Ed25519",
	    NULL },
	{ 0x0808, TLS_KEY_ED448, TLS_KEY_ED448, "ed448", "EdDSA-Ed448", NULL },
	{ 0x0809, TLS_KEY_RSA_PSS, TLS_KEY_RSA_PSS, "rsa_pss_pss_sha256",
	    "RSA-PSS-SHA256", NULL },
	{ 0x080a, TLS_KEY_RSA_PSS, TLS_KEY_RSA_PSS, "rsa_pss_pss_sha384",
	    "RSA-PSS-SHA384", NULL },
	{ 0x080b, TLS_KEY_RSA_PSS, TLS_KEY_RSA_PSS, "rsa_pss_pss_sha512",
	    "RSA-PSS-SHA512", NULL },
	{ 0x0904, 0, 0, "mldsa44", NULL, NULL },
	{ 0x0905, 0, 0, "mldsa65", NULL, NULL },
	{ 0x0906, 0, 0, "mldsa87", NULL, NULL },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* 0 is no number. */
static void
append(struct tls_numbers *list, uint16_t number)
{
	if (number != 0 && list->count < TLS_NUMBERS &&
	    !tls_numbers_have(list, number))
		list->of[list->count++] = number;
}

static bool
is_called(const char *name, const char *gnutls)
{
	return name != NULL && gnutls != NULL && strcasecmp(name, gnutls) == 0;
}

uint16_t
tls_number_of_version(gnutls_protocol_t version)
{
	return version >= GNUTLS_TLS1_0 && version <= GNUTLS_TLS1_3
	    ? (uint16_t)(0x0301 + version - GNUTLS_TLS1_0)
	    : 0;
}

uint16_t
tls_number_of_group(gnutls_group_t group)
{
	const char *name = gnutls_group_get_name(group);

	for (size_t k = 0; k < COUNT(groups); k++)
		if (is_called(name, groups[k].gnutls))
			return groups[k].number;
	return 0;
}

static void
read_versions(struct tls_support *s, gnutls_priority_t priority)
{
	const unsigned *ids = NULL;
	int count = gnutls_priority_protocol_list(priority, &ids);

	for (int i = 0; i < count; i++)
		append(&s->versions,
		    tls_number_of_version((gnutls_protocol_t)ids[i]));
}

static void
read_groups(struct tls_support *s, gnutls_priority_t priority)
{
	const unsigned *ids = NULL;
	int count = gnutls_priority_group_list(priority, &ids);

	for (int i = 0; i < count; i++)
		append(&s->groups, tls_number_of_group((gnutls_group_t)ids[i]));
}

static void
read_schemes(struct tls_support *s, gnutls_priority_t priority)
{
	const unsigned *ids = NULL;
	int count = gnutls_priority_sign_list(priority, &ids);

	for (int i = 0; i < count; i++) {
		const char *name =
		    gnutls_sign_get_name((gnutls_sign_algorithm_t)ids[i]);

		for (size_t k = 0; k < COUNT(schemes); k++)
			if (is_called(name, schemes[k].gnutls) ||
			    is_called(name, schemes[k].gnutls_12))
				append(&s->schemes, schemes[k].number);
	}
}

/* The suite that was appended last. */
static void
describe_suite(
    struct tls_support *s, gnutls_kx_algorithm_t kx, gnutls_protocol_t since)
{
	unsigned i = s->suites.count - 1;

	s->is_tls13[i] = since == GNUTLS_TLS1_3;
	s->needs_group[i] = kx != GNUTLS_KX_RSA;
	if (s->is_tls13[i])
		s->keys[i] = TLS_KEY_ALL;
	else if (kx == GNUTLS_KX_ECDHE_ECDSA)
		s->keys[i] = TLS_KEY_ECDSA | TLS_KEY_EDDSA;
	else if (kx == GNUTLS_KX_ECDHE_RSA || kx == GNUTLS_KX_DHE_RSA)
		s->keys[i] = TLS_KEY_ANY_RSA;
	else if (kx == GNUTLS_KX_RSA)
		s->keys[i] = TLS_KEY_RSA_ENCRYPTION;
}

/* Those of TLS 1.3 say nothing about the key exchange (RFC 8446, B.4). */
uint16_t
tls_number_of_suite(gnutls_protocol_t version, gnutls_kx_algorithm_t kx,
    gnutls_cipher_algorithm_t cipher, gnutls_mac_algorithm_t mac)
{
	bool is_tls13 = version == GNUTLS_TLS1_3;
	gnutls_cipher_algorithm_t its_cipher;
	gnutls_kx_algorithm_t its_kx;
	gnutls_mac_algorithm_t its_mac;
	gnutls_protocol_t since;
	uint8_t id[2];

	for (size_t i = 0; gnutls_cipher_suite_info(i, id, &its_kx, &its_cipher,
			       &its_mac, &since) != NULL;
	     i++)
		if (its_cipher == cipher && its_mac == mac &&
		    (since == GNUTLS_TLS1_3) == is_tls13 &&
		    (is_tls13 || its_kx == kx))
			return (uint16_t)(id[0] << 8 | id[1]);
	return 0;
}

static void
read_suites(struct tls_support *s, gnutls_priority_t priority)
{
	gnutls_protocol_t since;
	gnutls_kx_algorithm_t kx;
	uint8_t id[2];
	unsigned index;
	int error = 0;

	for (unsigned i = 0; error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE &&
	     s->suites.count < TLS_NUMBERS;
	     i++) {
		error =
		    gnutls_priority_get_cipher_suite_index(priority, i, &index);
		if (error < 0 ||
		    gnutls_cipher_suite_info(
			index, id, &kx, NULL, NULL, &since) == NULL)
			continue;
		append(&s->suites, (uint16_t)(id[0] << 8 | id[1]));
		describe_suite(s, kx, since);
	}
}

void
tls_support_read(struct tls_support *s, gnutls_priority_t priority)
{
	*s = (struct tls_support){ .versions = { .count = 0 } };
	read_versions(s, priority);
	read_suites(s, priority);
	read_groups(s, priority);
	read_schemes(s, priority);
}

bool
tls_numbers_have(const struct tls_numbers *list, uint16_t number)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->of[i] == number)
			return true;
	return false;
}

bool
tls_numbers_meet(const struct tls_numbers *a, const struct tls_numbers *b)
{
	for (unsigned i = 0; i < a->count; i++)
		if (tls_numbers_have(b, a->of[i]))
			return true;
	return false;
}

unsigned
tls_keys_of_schemes(const struct tls_numbers *own,
    const struct tls_numbers *offered, bool is_tls13)
{
	unsigned keys = 0;

	for (size_t k = 0; k < COUNT(schemes); k++)
		if (tls_numbers_have(own, schemes[k].number) &&
		    tls_numbers_have(offered, schemes[k].number))
			keys |=
			    is_tls13 ? schemes[k].keys_13 : schemes[k].keys_12;
	return keys;
}

void
tls_schemes_of_keys(struct tls_numbers *to, const struct tls_numbers *list,
    unsigned keys, bool is_tls13)
{
	to->count = 0;
	for (unsigned i = 0; i < list->count; i++)
		for (size_t k = 0; k < COUNT(schemes); k++)
			if (schemes[k].number == list->of[i] &&
			    (keys &
				(is_tls13 ? schemes[k].keys_13
					  : schemes[k].keys_12)) != 0)
				append(to, list->of[i]);
}

static unsigned
kind_of_curve(gnutls_pubkey_t key)
{
	gnutls_ecc_curve_t curve;

	if (gnutls_pubkey_export_ecc_raw2(key, &curve, NULL, NULL, 0) < 0)
		return 0;
	switch (curve) {
	case GNUTLS_ECC_CURVE_SECP256R1:
		return TLS_KEY_P256;
	case GNUTLS_ECC_CURVE_SECP384R1:
		return TLS_KEY_P384;
	case GNUTLS_ECC_CURVE_SECP521R1:
		return TLS_KEY_P521;
	default:
		return 0;
	}
}

static unsigned
kind_of_signatures(gnutls_pubkey_t key)
{
	switch (gnutls_pubkey_get_pk_algorithm(key, NULL)) {
	case GNUTLS_PK_RSA:
		return TLS_KEY_RSA;
	case GNUTLS_PK_RSA_PSS:
		return TLS_KEY_RSA_PSS;
	case GNUTLS_PK_ECDSA:
		return kind_of_curve(key);
	case GNUTLS_PK_EDDSA_ED25519:
		return TLS_KEY_ED25519;
	case GNUTLS_PK_EDDSA_ED448:
		return TLS_KEY_ED448;
	default:
		return 0;
	}
}

unsigned
tls_key_kinds(gnutls_pubkey_t key)
{
	unsigned usage = 0, kinds = 0;

	if (gnutls_pubkey_get_key_usage(key, &usage) < 0 || usage == 0)
		usage =
		    GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT;
	if (usage & GNUTLS_KEY_DIGITAL_SIGNATURE)
		kinds = kind_of_signatures(key);
	if (usage & GNUTLS_KEY_KEY_ENCIPHERMENT &&
	    kind_of_signatures(key) == TLS_KEY_RSA)
		kinds |= TLS_KEY_RSA_ENCRYPTION;
	return kinds;
}

static const char *
suite_name(uint16_t number)
{
	const char *name;
	uint8_t id[2];

	for (size_t i = 0; (name = gnutls_cipher_suite_info(
				i, id, NULL, NULL, NULL, NULL)) != NULL;
	     i++)
		if (id[0] == number >> 8 && id[1] == (uint8_t)number)
			return name;
	return NULL;
}

static const char *
version_name(uint16_t number)
{
	static const char *const names[] = { "SSL3.0", "TLS1.0", "TLS1.1",
		"TLS1.2", "TLS1.3" };

	return number >= 0x0300 && number <= TLS_NUMBER_TLS13
	    ? names[number - 0x0300]
	    : NULL;
}

static const char *
name_of(uint16_t number, enum tls_numbers_kind kind)
{
	switch (kind) {
	case TLS_NUMBERS_VERSIONS:
		return version_name(number);
	case TLS_NUMBERS_SUITES:
		return suite_name(number);
	case TLS_NUMBERS_GROUPS:
		for (size_t k = 0; k < COUNT(groups); k++)
			if (groups[k].number == number)
				return groups[k].name;
		return NULL;
	case TLS_NUMBERS_SCHEMES:
		for (size_t k = 0; k < COUNT(schemes); k++)
			if (schemes[k].number == number)
				return schemes[k].name;
		return NULL;
	}
	return NULL;
}

/* RFC 8701: 0x0a0a, 0x1a1a, ... to 0xfafa. */
static bool
is_grease(uint16_t number)
{
	return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff);
}

const char *
tls_numbers_format(const struct tls_numbers *list, enum tls_numbers_kind kind,
    char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < list->count && used < size; i++) {
		const char *name = name_of(list->of[i], kind);
		char hex[8];

		if (is_grease(list->of[i]))
			continue;
		(void)snprintf(hex, sizeof hex, "0x%04x", list->of[i]);
		used += (size_t)snprintf(text + used, size - used, "%s%s",
		    used > 0 ? "," : "", name != NULL ? name : hex);
	}
	return text;
}
