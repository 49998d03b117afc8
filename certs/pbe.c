/* pbe: encryption and authentication with a password; see the header. */
#include "certs/pbe.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <string.h>

#include "certs/utf16.h"
#include "certs/x509.h"
#include "common/base/assertion.h"

#define OID_PBES2       "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"
#define OID_PBKDF2      "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"
#define OID_HMAC_SHA256 "\x2a\x86\x48\x86\xf7\x0d\x02\x09"
#define OID_AES256_CBC  "\x60\x86\x48\x01\x65\x03\x04\x01\x2a"
#define OID_AES128_CBC  "\x60\x86\x48\x01\x65\x03\x04\x01\x02"
#define OID_SHA256      "\x60\x86\x48\x01\x65\x03\x04\x02\x01"

enum {
	SALT = 16,
	KEY = 32, /* of AES-256, and of HMAC-SHA-256 */
	BLOCK = 16,
	HASH_BLOCK = 64, /* of SHA-256 */
	PURPOSE_MAC = 3  /* RFC 7292, appendix B.3 */
};

/* What is new in each use. */
struct fresh {
	uint8_t salt[SALT], iv[BLOCK];
};

static int
make_fresh(struct fresh *out, struct errmsg *e)
{
	int error = gnutls_rnd(GNUTLS_RND_NONCE, out, sizeof *out);

	return error < 0 ? x509_fail(e, error, "random numbers") : 0;
}

static void
put_algorithm(struct der *d, const struct pbe *pbe, const struct fresh *fresh)
{
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_PBES2);
	der_open(d, DER_SEQUENCE);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_PBKDF2);
	der_open(d, DER_SEQUENCE);
	der_put(d, DER_OCTET_STRING, fresh->salt, sizeof fresh->salt);
	der_put_uint(d, pbe->rounds);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_HMAC_SHA256);
	der_put(d, DER_NULL, NULL, 0);
	der_close_many(d, 3);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_AES256_CBC);
	der_put(d, DER_OCTET_STRING, fresh->iv, sizeof fresh->iv);
	der_close_many(d, 3);
}

/* To whole blocks, each byte the number of those added (RFC 8018, 6.1.1). */
static int
pad(struct file_bytes *out, const struct file_bytes *plain)
{
	uint8_t padding[BLOCK];
	size_t n = BLOCK - plain->size % BLOCK;

	memset(padding, (int)n, n);
	if (file_bytes_append(out, plain->data, plain->size) < 0)
		return -1;
	return file_bytes_append(out, padding, n);
}

/* What makes a key of a password. */
struct derivation {
	gnutls_cipher_algorithm_t cipher;
	gnutls_mac_algorithm_t prf;
	unsigned int rounds;
	gnutls_datum_t salt, iv;
};

static gnutls_datum_t
datum_of(const void *bytes, size_t size)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)bytes,
		(unsigned int)size };
}

static int
open_cipher(gnutls_cipher_hd_t *out, const char *password,
    const struct derivation *derivation)
{
	gnutls_datum_t secret = datum_of(password, strlen(password));
	uint8_t bytes[KEY];
	size_t size = gnutls_cipher_get_key_size(derivation->cipher);
	gnutls_datum_t key = { bytes, (unsigned int)size };
	int error = gnutls_pbkdf2(derivation->prf, &secret, &derivation->salt,
	    derivation->rounds, bytes, size);

	if (error >= 0)
		error = gnutls_cipher_init(
		    out, derivation->cipher, &key, &derivation->iv);
	gnutls_memset(bytes, 0, sizeof bytes);
	return error;
}

static int
encrypt(struct file_bytes *in_place, const struct pbe *pbe,
    const struct fresh *fresh)
{
	const struct derivation derivation = { .cipher =
						   GNUTLS_CIPHER_AES_256_CBC,
		.prf = GNUTLS_MAC_SHA256,
		.rounds = pbe->rounds,
		.salt = datum_of(fresh->salt, sizeof fresh->salt),
		.iv = datum_of(fresh->iv, sizeof fresh->iv) };
	gnutls_cipher_hd_t cipher;
	int error = open_cipher(&cipher, pbe->password, &derivation);

	if (error < 0)
		return error;
	error = gnutls_cipher_encrypt(cipher, in_place->data, in_place->size);
	gnutls_cipher_deinit(cipher);
	return error;
}

int
pbe_put_encrypted(struct der *d, enum der_tag tag, const struct pbe *pbe,
    const struct file_bytes *plain, struct errmsg *e)
{
	struct file_bytes bytes = FILE_BYTES_INIT;
	struct fresh fresh;
	int error = GNUTLS_E_MEMORY_ERROR;

	ASSERT(pbe->password[0] != '\0' && pbe->rounds > 0);
	if (make_fresh(&fresh, e) < 0)
		return -1;
	if (pad(&bytes, plain) == 0)
		error = encrypt(&bytes, pbe, &fresh);
	if (error >= 0) {
		put_algorithm(d, pbe, &fresh);
		der_put(d, tag, bytes.data, bytes.size);
	}
	file_bytes_free(&bytes);
	return error < 0 ? x509_fail(e, error, "encryption") : 0;
}

static bool
take_oid(struct der_view *from, const char *oid)
{
	struct der_view contents;

	return der_take(from, DER_OID, &contents) &&
	    contents.size == strlen(oid) &&
	    memcmp(contents.data, oid, contents.size) == 0;
}

static bool
take_datum(struct der_view *from, gnutls_datum_t *out)
{
	struct der_view contents;

	if (!der_take(from, DER_OCTET_STRING, &contents))
		return false;
	*out = datum_of(contents.data, contents.size);
	return true;
}

static bool
take_rounds(struct der_view *from, unsigned int *rounds)
{
	struct der_view number;

	*rounds = 0;
	if (!der_take(from, DER_INTEGER, &number) || number.size > 4)
		return false;
	for (size_t i = 0; i < number.size; i++)
		*rounds = *rounds << 8 | number.data[i];
	return *rounds > 0 && *rounds <= PBE_ROUNDS_MAX;
}

/* RFC 8018, appendix A.2: HMAC-SHA-1 where it is not said. */
static bool
read_pbkdf2(struct der_view from, struct derivation *out)
{
	struct der_view ignored;
	struct der_view prf;

	if (!take_datum(&from, &out->salt) || !take_rounds(&from, &out->rounds))
		return false;
	(void)der_take(&from, DER_INTEGER, &ignored); /* the key's size */
	out->prf = GNUTLS_MAC_SHA1;
	if (!der_take(&from, DER_SEQUENCE, &prf))
		return from.size == 0;
	out->prf = GNUTLS_MAC_SHA256;
	return take_oid(&prf, OID_HMAC_SHA256);
}

static bool
read_cipher(struct der_view from, struct derivation *out)
{
	struct der_view again = from;

	out->cipher = GNUTLS_CIPHER_AES_256_CBC;
	if (!take_oid(&from, OID_AES256_CBC)) {
		out->cipher = GNUTLS_CIPHER_AES_128_CBC;
		from = again;
		if (!take_oid(&from, OID_AES128_CBC))
			return false;
	}
	return take_datum(&from, &out->iv) && out->iv.size == BLOCK;
}

/* RFC 8018, appendix A.4. */
static bool
read_algorithm(struct der_view from, struct derivation *out)
{
	struct der_view parameters;
	struct der_view part;
	struct der_view pbkdf2;

	return take_oid(&from, OID_PBES2) &&
	    der_take(&from, DER_SEQUENCE, &parameters) &&
	    der_take(&parameters, DER_SEQUENCE, &part) &&
	    take_oid(&part, OID_PBKDF2) &&
	    der_take(&part, DER_SEQUENCE, &pbkdf2) &&
	    read_pbkdf2(pbkdf2, out) &&
	    der_take(&parameters, DER_SEQUENCE, &part) &&
	    read_cipher(part, out);
}

/* Decrypts in place, and takes the padding off. */
static int
decrypt(struct file_bytes *bytes, const char *password,
    const struct derivation *derivation)
{
	gnutls_cipher_hd_t cipher;
	uint8_t padding;
	int error;

	if (bytes->size == 0 || bytes->size % BLOCK != 0 ||
	    open_cipher(&cipher, password, derivation) < 0)
		return -1;
	error = gnutls_cipher_decrypt(cipher, bytes->data, bytes->size);
	gnutls_cipher_deinit(cipher);
	padding = bytes->data[bytes->size - 1];
	if (error < 0 || padding == 0 || padding > BLOCK)
		return -1;
	bytes->size -= padding;
	return 0;
}

int
pbe_decrypt(struct file_bytes *out, const struct der_view *encrypted,
    const char *password)
{
	struct derivation derivation;
	struct der_view view = *encrypted;
	struct der_view info;
	struct der_view algorithm;
	struct der_view data;

	if (!der_take(&view, DER_SEQUENCE, &info) ||
	    !der_take(&info, DER_SEQUENCE, &algorithm) ||
	    !read_algorithm(algorithm, &derivation) ||
	    !der_take(&info, DER_OCTET_STRING, &data) ||
	    file_bytes_append(out, data.data, data.size) < 0)
		return -1;
	if (decrypt(out, password, &derivation) == 0)
		return 0;
	file_bytes_free(out);
	return -1;
}

/* Appends copies of the bytes until whole blocks of the hash are full. */
static int
append_filling(struct file_bytes *out, const void *bytes, size_t size)
{
	size_t whole = (size + HASH_BLOCK - 1) / HASH_BLOCK * HASH_BLOCK;

	for (size_t left = whole; left > 0;) {
		size_t n = left < size ? left : size;

		if (file_bytes_append(out, bytes, n) < 0)
			return -1;
		left -= n;
	}
	return 0;
}

/* The password is followed by a NUL of two bytes, which counts. */
static int
make_first_input(struct file_bytes *out, const struct pbe *pbe,
    const uint8_t salt[static SALT], struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	uint8_t purpose[HASH_BLOCK];
	int result = utf16_append(&password, pbe->password);

	memset(purpose, PURPOSE_MAC, sizeof purpose);
	if (result < 0)
		(void)errmsg_set(e, "the password is not UTF-8");
	else if (file_bytes_append(&password, "\0", 2) < 0 ||
	    file_bytes_append(out, purpose, sizeof purpose) < 0 ||
	    append_filling(out, salt, SALT) < 0 ||
	    append_filling(out, password.data, password.size) < 0)
		result = errmsg_set(e, "out of memory");
	file_bytes_free(&password);
	return result;
}

/* RFC 7292, appendix B.2, for a key as long as the hash. */
static int
derive_mac_key(uint8_t key[static KEY], const struct pbe *pbe,
    const uint8_t salt[static SALT], struct errmsg *e)
{
	struct file_bytes input = FILE_BYTES_INIT;
	uint8_t last[KEY];
	int error = -1;

	if (make_first_input(&input, pbe, salt, e) == 0) {
		error = gnutls_hash_fast(
		    GNUTLS_DIG_SHA256, input.data, input.size, key);
		for (unsigned int i = 1; i < pbe->rounds && error >= 0; i++) {
			memcpy(last, key, sizeof last);
			error = gnutls_hash_fast(
			    GNUTLS_DIG_SHA256, last, sizeof last, key);
		}
		gnutls_memset(last, 0, sizeof last);
		if (error < 0)
			(void)x509_fail(e, error, "SHA-256");
	}
	file_bytes_free(&input);
	return error < 0 ? -1 : 0;
}

int
pbe_put_mac(struct der *d, const struct pbe *pbe,
    const struct file_bytes *contents, struct errmsg *e)
{
	struct fresh fresh;
	uint8_t key[KEY];
	uint8_t mac[KEY];
	int error;

	if (make_fresh(&fresh, e) < 0 ||
	    derive_mac_key(key, pbe, fresh.salt, e) < 0)
		return -1;
	error = gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, sizeof key,
	    contents->data, contents->size, mac);
	gnutls_memset(key, 0, sizeof key);
	if (error < 0)
		return x509_fail(e, error, "HMAC");
	der_open(d, DER_SEQUENCE);
	der_open(d, DER_SEQUENCE);
	der_open(d, DER_SEQUENCE);
	DER_PUT_OID(d, OID_SHA256);
	der_put(d, DER_NULL, NULL, 0);
	der_close(d);
	der_put(d, DER_OCTET_STRING, mac, sizeof mac);
	der_close(d);
	der_put(d, DER_OCTET_STRING, fresh.salt, sizeof fresh.salt);
	der_put_uint(d, pbe->rounds);
	der_close(d);
	return 0;
}
