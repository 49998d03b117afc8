/* key_holder: keys of a bundle, and what is done with them; see the header. */
#include "common/creds/key_holder.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/creds/key_request.h"
#include "common/creds/token.h"
#include "common/x509/chain.h"
#include "common/x509/datum.h"

static int
open_file(gnutls_privkey_t *key, const struct file_bytes *pem, struct errmsg *e)
{
	gnutls_datum_t datum = tls_datum_of(pem);
	int error = gnutls_privkey_init(key);

	if (error < 0)
		return errmsg_set(e, "out of memory");
	error = gnutls_privkey_import_x509_raw(
	    *key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (error >= 0)
		return 0;
	gnutls_privkey_deinit(*key);
	return errmsg_set(e, "%s", gnutls_strerror(error));
}

/* By a signature: a token does not always tell the public half. */
static bool
belong(gnutls_privkey_t key, gnutls_pubkey_t pubkey)
{
	uint8_t text[] = "tlsecho";
	const gnutls_datum_t data = { text, sizeof text };
	gnutls_datum_t signature = { NULL, 0 };
	gnutls_digest_algorithm_t hash;
	gnutls_sign_algorithm_t algorithm;
	int error;

	if (gnutls_pubkey_get_preferred_hash_algorithm(pubkey, &hash, NULL) < 0)
		return false;
	algorithm = gnutls_pk_to_sign(
	    (gnutls_pk_algorithm_t)gnutls_pubkey_get_pk_algorithm(pubkey, NULL),
	    hash);
	error = gnutls_privkey_sign_data2(key, algorithm, 0, &data, &signature);
	if (error >= 0)
		error = gnutls_pubkey_verify_data2(
		    pubkey, algorithm, 0, &data, &signature);
	gnutls_free(signature.data);
	return error >= 0;
}

static bool
belongs_to(gnutls_privkey_t key, const struct file_bytes *cert)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	gnutls_pubkey_t pubkey = NULL;
	bool does = false;

	if (tls_chain_import(&chain, cert, GNUTLS_X509_FMT_PEM) >= 0 &&
	    chain.count > 0 && gnutls_pubkey_init(&pubkey) >= 0)
		does =
		    gnutls_pubkey_import_x509(pubkey, chain.crts[0], 0) >= 0 &&
		    belong(key, pubkey);
	if (pubkey != NULL)
		gnutls_pubkey_deinit(pubkey);
	tls_chain_free(&chain);
	return does;
}

/* The bytes become the holder's. */
static int
open_token(struct tls_key_holder *h, unsigned i, struct tls_key_pair *pair,
    struct errmsg *e)
{
	struct file_bytes *bytes = &h->tokens[i];
	char name[TLS_TOKEN_TEXT];
	int result;

	*bytes = pair->key;
	pair->key = (struct file_bytes)FILE_BYTES_INIT;
	h->has_tokens = true;
	result = tls_token_open_key(&h->keys[i], bytes, e);
	if (result == 0 && !belongs_to(h->keys[i], &pair->cert)) {
		gnutls_privkey_deinit(h->keys[i]);
		result = errmsg_set(e,
		    "the private key cannot sign, or does not belong to the "
		    "certificate");
	}
	return result == 0 ? 0
			   : errmsg_prepend(e, "%s",
				 tls_token_name((char *)bytes->data, name));
}

static int
open_one(struct tls_key_holder *h, unsigned i, struct tls_key_pair *pair,
    struct errmsg *e)
{
	if (tls_token_is_described(&pair->key))
		return open_token(h, i, pair, e);
	if (open_file(&h->keys[i], &pair->key, e) == 0)
		return 0;
	return errmsg_prepend(e, "key %u", i + 1);
}

int
tls_key_holder_open(
    struct tls_key_holder *holder, int keys_fd, struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	int result = 0;

	*holder = (struct tls_key_holder){ .count = 0 };
	if (tls_bundle_open(&bundle, keys_fd, e) < 0)
		return -1;
	for (int i = 0; result == 0 && i < bundle.key_pair_count; i++) {
		result = open_one(holder, (unsigned)i, &bundle.key_pairs[i], e);
		holder->count += result == 0;
	}
	tls_bundle_free(&bundle);
	if (result < 0)
		tls_key_holder_close(holder);
	return result;
}

void
tls_key_holder_close(struct tls_key_holder *holder)
{
	while (holder->count > 0)
		gnutls_privkey_deinit(holder->keys[--holder->count]);
	for (int i = 0; i < TLS_KEY_PAIRS_MAX; i++)
		file_bytes_free(&holder->tokens[i]);
}

static size_t
sign(gnutls_privkey_t key, struct tls_key_request *request, size_t n,
    struct tls_key_reply *reply)
{
	gnutls_sign_algorithm_t algorithm =
	    (gnutls_sign_algorithm_t)request->algorithm;
	gnutls_datum_t in = { request->data, (unsigned)n };
	gnutls_datum_t out = { NULL, 0 };

	reply->error = request->operation == TLS_KEY_SIGN_DATA
	    ? gnutls_privkey_sign_data2(key, algorithm, 0, &in, &out)
	    : gnutls_privkey_sign_hash2(key, algorithm, 0, &in, &out);
	if (reply->error == 0 && out.size > sizeof reply->data)
		reply->error = GNUTLS_E_SHORT_MEMORY_BUFFER;
	if (reply->error == 0)
		memcpy(reply->data, out.data, out.size);
	gnutls_free(out.data);
	return reply->error == 0 ? out.size : 0;
}

/* A token may say so of a secret that is wrong, which a client may send. */
static bool
is_of_secret(int error)
{
	return error == GNUTLS_E_PKCS11_ERROR ||
	    error == GNUTLS_E_PKCS11_DATA_ERROR;
}

/* In the same steps whether or not it could be decrypted. */
static size_t
decrypt(gnutls_privkey_t key, struct tls_key_request *request, size_t n,
    struct tls_key_reply *reply, int *error)
{
	uint8_t plain[TLS_KEY_PREMASTER], chance[TLS_KEY_PREMASTER], mask;
	gnutls_datum_t in = { request->data, (unsigned)n };

	reply->error = gnutls_rnd(GNUTLS_RND_KEY, chance, sizeof chance);
	memcpy(plain, chance, sizeof plain);
	*error = gnutls_privkey_decrypt_data2(key, 0, &in, plain, sizeof plain);
	mask = (uint8_t) - (*error == 0);
	for (size_t i = 0; i < sizeof plain; i++)
		reply->data[i] =
		    (uint8_t)((plain[i] & mask) | (chance[i] & ~mask));
	explicit_bzero(plain, sizeof plain);
	explicit_bzero(chance, sizeof chance);
	return reply->error == 0 ? sizeof plain : 0;
}

size_t
tls_key_holder_answer(const struct tls_key_holder *holder,
    struct tls_key_request *request, size_t n, struct tls_key_reply *reply,
    int *error)
{
	gnutls_privkey_t key;
	size_t size;
	int secret_error = 0;

	*error = 0;
	if (n < TLS_KEY_REQUEST_HEAD || request->key >= holder->count ||
	    request->operation > TLS_KEY_DECRYPT)
		return 0;
	key = holder->keys[request->key];
	n -= TLS_KEY_REQUEST_HEAD;
	reply->id = request->id;
	size = request->operation == TLS_KEY_DECRYPT
	    ? decrypt(key, request, n, reply, &secret_error)
	    : sign(key, request, n, reply);
	if (reply->error != 0)
		*error = reply->error;
	else if (!is_of_secret(secret_error) &&
	    tls_key_is_lost(holder, request->key, secret_error))
		*error = secret_error;
	return TLS_KEY_REPLY_HEAD + size;
}

const char *
tls_key_error_text(int error)
{
	return gnutls_strerror(error);
}

bool
tls_key_is_lost(const struct tls_key_holder *holder, unsigned key, int error)
{
	return key < holder->count && holder->tokens[key].size > 0 &&
	    tls_token_has_failed(error);
}
