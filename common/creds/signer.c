/* signer: keys of GnuTLS's whose operations are messages; see the header. */
#include "common/creds/signer.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/creds/key_request.h"
#include "common/sys/fd.h"

struct tls_signer {
	const struct tls_signer_source *source;
	uint64_t keys_id;
	int fd;         /* -1: lost */
	uint32_t id;    /* of the last request */
	bool owed;      /* its answer has not come in time */
	bool is_missed; /* nor has a new connection */
	bool has_failed;
};

/* What a key of GnuTLS's points to. */
struct remote_key {
	struct tls_signer *signer;
	uint16_t number;
	gnutls_pk_algorithm_t kind;
	unsigned bits;
};

int
tls_signer_new(struct tls_signer **signer, uint64_t keys_id,
    const struct tls_signer_source *source)
{
	struct tls_signer *s = malloc(sizeof *s);

	if (s == NULL)
		return -1;
	*s = (struct tls_signer){
		.source = source, .keys_id = keys_id, .fd = -1
	};
	/* As early as can be: it keeps the process from leaving. */
	if (source != NULL)
		s->fd = source->connect(source->owner, keys_id, 0);
	*signer = s;
	return 0;
}

static void
hang_up(struct tls_signer *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
	s->owed = false;
}

void
tls_signer_free(struct tls_signer **signer)
{
	struct tls_signer *s = *signer;

	*signer = NULL;
	if (s == NULL)
		return;
	hang_up(s);
	free(s);
}

bool
tls_signer_has_failed(struct tls_signer *s)
{
	bool has_failed = s != NULL && s->has_failed;

	if (has_failed)
		s->has_failed = false;
	return has_failed;
}

/* How many bytes of the answer to the last request; 0: none by then, or there
 * is no connection any more. */
static size_t
receive(struct tls_signer *s, struct tls_key_reply *reply, int64_t by_ns)
{
	for (;;) {
		ssize_t n = recv(s->fd, reply, sizeof *reply, 0);

		if (n >= (ssize_t)TLS_KEY_REPLY_HEAD && reply->id == s->id) {
			s->owed = false;
			return (size_t)n;
		}
		/* An answer that came too late was to an older request. */
		if (n > 0 || (n < 0 && errno == EINTR))
			continue;
		if (n == 0 || errno != EAGAIN) {
			hang_up(s);
			return 0;
		}
		if (!fd_wait_readable(s->fd, by_ns)) {
			s->owed = true;
			return 0;
		}
	}
}

/* Whether one can be asked. */
static bool
is_connected(struct tls_signer *s, struct tls_key_reply *late, int64_t by_ns)
{
	if (s->fd >= 0 && s->owed)
		(void)receive(s, late, 0);
	if (s->fd < 0 && s->source != NULL) {
		s->fd = s->source->connect(
		    s->source->owner, s->keys_id, s->is_missed ? 0 : by_ns);
		s->is_missed = s->fd < 0;
	}
	return s->fd >= 0 && !s->owed;
}

/* How many bytes of the answer there are; 0: none. */
static size_t
ask(struct tls_signer *s, struct tls_key_request *request, size_t n,
    struct tls_key_reply *reply)
{
	int64_t by_ns = clock_now_ns() + TLS_SIGNER_PATIENCE_NS;
	size_t got = 0;

	while (got == 0 && is_connected(s, reply, by_ns)) {
		request->id = ++s->id;
		if (send(s->fd, request, n, MSG_NOSIGNAL) == (ssize_t)n)
			got = receive(s, reply, by_ns);
		else
			hang_up(s);
	}
	return got;
}

/* The answer goes to out, which GnuTLS frees. */
static int
operate(const struct remote_key *key, enum tls_key_operation operation,
    unsigned algorithm, const gnutls_datum_t *in, gnutls_datum_t *out)
{
	struct tls_signer *s = key->signer;
	struct tls_key_request request = { .key = key->number,
		.operation = (uint16_t)operation,
		.algorithm = algorithm };
	struct tls_key_reply reply;
	size_t got = 0;

	if (in->size <= sizeof request.data) {
		memcpy(request.data, in->data, in->size);
		got = ask(s, &request, TLS_KEY_REQUEST_HEAD + in->size, &reply);
	}
	out->data = NULL;
	if (got > TLS_KEY_REPLY_HEAD && reply.error == 0) {
		out->size = (unsigned)(got - TLS_KEY_REPLY_HEAD);
		out->data = gnutls_malloc(out->size);
	}
	if (out->data != NULL)
		memcpy(out->data, reply.data, out->size);
	s->has_failed |= out->data == NULL;
	explicit_bzero(&reply, sizeof reply);
	return out->data != NULL ? 0 : GNUTLS_E_INTERNAL_ERROR;
}

static int
on_sign_data(gnutls_privkey_t key, gnutls_sign_algorithm_t algorithm,
    void *remote, unsigned flags, const gnutls_datum_t *data,
    gnutls_datum_t *signature)
{
	(void)key;
	(void)flags;
	return operate(remote, TLS_KEY_SIGN_DATA, algorithm, data, signature);
}

static int
on_sign_hash(gnutls_privkey_t key, gnutls_sign_algorithm_t algorithm,
    void *remote, unsigned flags, const gnutls_datum_t *hash,
    gnutls_datum_t *signature)
{
	(void)key;
	(void)flags;
	return operate(remote, TLS_KEY_SIGN_HASH, algorithm, hash, signature);
}

static int
on_decrypt(gnutls_privkey_t key, void *remote, const gnutls_datum_t *ciphertext,
    gnutls_datum_t *plaintext)
{
	(void)key;
	return operate(remote, TLS_KEY_DECRYPT, 0, ciphertext, plaintext);
}

static int
on_info(gnutls_privkey_t key, unsigned flags, void *remote)
{
	const struct remote_key *k = remote;

	(void)key;
	if ((flags & GNUTLS_PRIVKEY_INFO_PK_ALGO) != 0)
		return (int)k->kind;
	if ((flags & GNUTLS_PRIVKEY_INFO_PK_ALGO_BITS) != 0)
		return (int)k->bits;
	if ((flags & GNUTLS_PRIVKEY_INFO_HAVE_SIGN_ALGO) != 0)
		return (int)gnutls_sign_supports_pk_algorithm(
		    GNUTLS_FLAGS_TO_SIGN_ALGO(flags), k->kind);
	return -1;
}

static void
on_deinit(gnutls_privkey_t key, void *remote)
{
	(void)key;
	free(remote);
}

int
tls_signer_key(struct tls_signer *signer, unsigned number,
    gnutls_pubkey_t pubkey, gnutls_privkey_t *key)
{
	struct remote_key *remote = malloc(sizeof *remote);
	int error = gnutls_privkey_init(key);

	ASSERT(number <= UINT16_MAX);
	if (error < 0 || remote == NULL) {
		free(remote);
		if (error == 0)
			gnutls_privkey_deinit(*key);
		*key = NULL;
		return GNUTLS_E_MEMORY_ERROR;
	}
	*remote =
	    (struct remote_key){ .signer = signer, .number = (uint16_t)number };
	remote->kind = (gnutls_pk_algorithm_t)gnutls_pubkey_get_pk_algorithm(
	    pubkey, &remote->bits);
	error = gnutls_privkey_import_ext4(*key, remote, on_sign_data,
	    on_sign_hash, on_decrypt, on_deinit, on_info, 0);
	if (error == 0)
		return 0;
	free(remote);
	gnutls_privkey_deinit(*key);
	*key = NULL;
	return error;
}
