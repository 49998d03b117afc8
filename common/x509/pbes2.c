/* pbes2: parameters from DER, and GnuTLS for the rest; see the header. */
#include "common/x509/pbes2.h"

#include <gnutls/crypto.h>
#include <stdbool.h>
#include <string.h>

#include "common/x509/der.h"

enum {
	KEY_MAX = 32,
	BLOCK_MAX = 16
};

struct algorithm {
	const char *oid; /* its content in DER */
	int id;
};

#define PKCS "\x2a\x86\x48\x86\xf7\x0d"
#define NIST "\x60\x86\x48\x01\x65\x03\x04"

static const struct algorithm schemes[] = { { PKCS "\x01\x05\x0d", 0 },
	{ NULL, 0 } };
static const struct algorithm derivations[] = { { PKCS "\x01\x05\x0c", 0 },
	{ NULL, 0 } };
/* RFC 8018, B.1.2; the first is the default. */
static const struct algorithm prfs[] = { { PKCS "\x02\x07", GNUTLS_MAC_SHA1 },
	{ PKCS "\x02\x08", GNUTLS_MAC_SHA224 },
	{ PKCS "\x02\x09", GNUTLS_MAC_SHA256 },
	{ PKCS "\x02\x0a", GNUTLS_MAC_SHA384 },
	{ PKCS "\x02\x0b", GNUTLS_MAC_SHA512 }, { NULL, 0 } };
static const struct algorithm ciphers[] = { { NIST "\x01\x02",
						GNUTLS_CIPHER_AES_128_CBC },
	{ NIST "\x01\x16", GNUTLS_CIPHER_AES_192_CBC },
	{ NIST "\x01\x2a", GNUTLS_CIPHER_AES_256_CBC },
	{ PKCS "\x03\x07", GNUTLS_CIPHER_3DES_CBC }, { NULL, 0 } };

/* What the key is derived by, and how the rest is encrypted. */
struct pbes2 {
	gnutls_datum_t salt, iv, data;
	unsigned iterations;
	gnutls_mac_algorithm_t prf;
	gnutls_cipher_algorithm_t cipher;
};

static gnutls_datum_t
datum_of(const struct tls_der *der)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)der->at,
		(unsigned)der->left };
}

/* AlgorithmIdentifier: its number in a table, and what is left of it. */
static bool
take_algorithm(struct tls_der *from, const struct algorithm *table, int *id,
    struct tls_der *parameters)
{
	struct tls_der oid;

	if (!tls_der_take(from, TLS_DER_SEQUENCE, parameters) ||
	    !tls_der_take(parameters, TLS_DER_OBJECT_ID, &oid))
		return false;
	for (; table->oid != NULL; table++) {
		*id = table->id;
		if (strlen(table->oid) == oid.left &&
		    memcmp(table->oid, oid.at, oid.left) == 0)
			return true;
	}
	return false;
}

static bool
take_count(struct tls_der *from, unsigned *count)
{
	struct tls_der integer;

	if (!tls_der_take(from, TLS_DER_INTEGER, &integer) ||
	    integer.left > sizeof *count)
		return false;
	*count = 0;
	for (size_t i = 0; i < integer.left; i++)
		*count = *count << 8 | integer.at[i];
	return *count > 0;
}

/* PBKDF2-params (RFC 8018, A.2). */
static bool
read_derivation(struct pbes2 *p, struct tls_der parameters)
{
	struct tls_der fields, salt, rest;
	int prf = GNUTLS_MAC_SHA1;
	unsigned length;

	if (!tls_der_take(&parameters, TLS_DER_SEQUENCE, &fields) ||
	    !tls_der_take(&fields, TLS_DER_OCTET_STRING, &salt) ||
	    !take_count(&fields, &p->iterations))
		return false;
	(void)take_count(&fields, &length); /* optional; the cipher says it */
	if (fields.left > 0 && !take_algorithm(&fields, prfs, &prf, &rest))
		return false;
	p->salt = datum_of(&salt);
	p->prf = (gnutls_mac_algorithm_t)prf;
	return true;
}

static bool
read_parameters(struct pbes2 *p, const gnutls_datum_t *encrypted)
{
	struct tls_der all = { encrypted->data, encrypted->size };
	struct tls_der info, scheme, both, derivation, encryption, iv, data;
	int id, cipher;

	if (!tls_der_take(&all, TLS_DER_SEQUENCE, &info) ||
	    !take_algorithm(&info, schemes, &id, &scheme) ||
	    !tls_der_take(&info, TLS_DER_OCTET_STRING, &data) ||
	    !tls_der_take(&scheme, TLS_DER_SEQUENCE, &both) ||
	    !take_algorithm(&both, derivations, &id, &derivation) ||
	    !take_algorithm(&both, ciphers, &cipher, &encryption) ||
	    !tls_der_take(&encryption, TLS_DER_OCTET_STRING, &iv) ||
	    !read_derivation(p, derivation))
		return false;
	p->cipher = (gnutls_cipher_algorithm_t)cipher;
	p->iv = datum_of(&iv);
	p->data = datum_of(&data);
	return p->iv.size == gnutls_cipher_get_iv_size(p->cipher) &&
	    p->data.size > 0 &&
	    p->data.size % gnutls_cipher_get_block_size(p->cipher) == 0;
}

static bool
decrypt(const struct pbes2 *p, const char *password, uint8_t *plain)
{
	uint8_t bytes[KEY_MAX];
	gnutls_datum_t words = { (unsigned char *)(uintptr_t)password,
		(unsigned)strlen(password) };
	gnutls_datum_t key = { bytes,
		(unsigned)gnutls_cipher_get_key_size(p->cipher) };
	gnutls_cipher_hd_t cipher;
	bool done = false;

	if (gnutls_pbkdf2(
		p->prf, &words, &p->salt, p->iterations, bytes, key.size) < 0)
		return false;
	if (gnutls_cipher_init(&cipher, p->cipher, &key, &p->iv) == 0) {
		done = gnutls_cipher_decrypt2(cipher, p->data.data,
			   p->data.size, plain, p->data.size) == 0;
		gnutls_cipher_deinit(cipher);
	}
	gnutls_memset(bytes, 0, sizeof bytes);
	return done;
}

/* The last byte says how many there are of it (RFC 8018, 6.1.1). */
static bool
drop_padding(struct file_bytes *plain)
{
	uint8_t n = plain->data[plain->size - 1];

	if (n == 0 || n > BLOCK_MAX || n > plain->size)
		return false;
	for (size_t i = plain->size - n; i < plain->size; i++)
		if (plain->data[i] != n)
			return false;
	plain->size -= n;
	return true;
}

int
tls_pbes2_open(struct file_bytes *plain, const gnutls_datum_t *encrypted,
    const char *password)
{
	struct pbes2 p;

	if (!read_parameters(&p, encrypted) ||
	    file_bytes_append(plain, p.data.data, p.data.size) < 0)
		return -1;
	if (decrypt(&p, password, plain->data) && drop_padding(plain))
		return 0;
	file_bytes_free(plain);
	return -1;
}
