/* key_holder: keys of a bundle, and what is done with them; see the header. */
#include "common/creds/key_holder.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/creds/key_request.h"
#include "common/x509/datum.h"

static int
open_key(gnutls_privkey_t *key, const struct file_bytes *pem)
{
	gnutls_datum_t datum = tls_datum_of(pem);
	int error = gnutls_privkey_init(key);

	if (error < 0)
		return error;
	error = gnutls_privkey_import_x509_raw(
	    *key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (error < 0)
		gnutls_privkey_deinit(*key);
	return error;
}

int
tls_key_holder_open(
    struct tls_key_holder *holder, int keys_fd, struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	int error = 0;

	*holder = (struct tls_key_holder){ .count = 0 };
	if (tls_bundle_open(&bundle, keys_fd, e) < 0)
		return -1;
	for (int i = 0; error >= 0 && i < bundle.key_pair_count; i++) {
		error = open_key(&holder->keys[i], &bundle.key_pairs[i].key);
		holder->count += error >= 0;
	}
	tls_bundle_free(&bundle);
	if (error >= 0)
		return 0;
	(void)errmsg_set(
	    e, "key %u: %s", holder->count + 1, gnutls_strerror(error));
	tls_key_holder_close(holder);
	return -1;
}

void
tls_key_holder_close(struct tls_key_holder *holder)
{
	while (holder->count > 0)
		gnutls_privkey_deinit(holder->keys[--holder->count]);
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

/* In the same steps whether or not it could be decrypted. */
static size_t
decrypt(gnutls_privkey_t key, struct tls_key_request *request, size_t n,
    struct tls_key_reply *reply)
{
	uint8_t plain[TLS_KEY_PREMASTER], chance[TLS_KEY_PREMASTER], mask;
	gnutls_datum_t in = { request->data, (unsigned)n };
	int error;

	reply->error = gnutls_rnd(GNUTLS_RND_KEY, chance, sizeof chance);
	memcpy(plain, chance, sizeof plain);
	error = gnutls_privkey_decrypt_data2(key, 0, &in, plain, sizeof plain);
	mask = (uint8_t) - (error == 0);
	for (size_t i = 0; i < sizeof plain; i++)
		reply->data[i] =
		    (uint8_t)((plain[i] & mask) | (chance[i] & ~mask));
	explicit_bzero(plain, sizeof plain);
	explicit_bzero(chance, sizeof chance);
	return reply->error == 0 ? sizeof plain : 0;
}

size_t
tls_key_holder_answer(const struct tls_key_holder *holder,
    struct tls_key_request *request, size_t n, struct tls_key_reply *reply)
{
	gnutls_privkey_t key;
	size_t size;

	if (n < TLS_KEY_REQUEST_HEAD || request->key >= holder->count ||
	    request->operation > TLS_KEY_DECRYPT)
		return 0;
	key = holder->keys[request->key];
	n -= TLS_KEY_REQUEST_HEAD;
	reply->id = request->id;
	size = request->operation == TLS_KEY_DECRYPT
	    ? decrypt(key, request, n, reply)
	    : sign(key, request, n, reply);
	return TLS_KEY_REPLY_HEAD + size;
}

const char *
tls_key_error_text(int error)
{
	return gnutls_strerror(error);
}
