/* identity: a table of chains in use, by their hash; see the header. */
#include "common/creds/identity.h"

#include <gnutls/crypto.h>
#include <pthread.h>
#include <search.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/chain_table.h"
#include "common/creds/private.h"
#include "common/x509/chain.h"

struct tls_identity {
	uint8_t key[TLS_CHAIN_KEY];
	unsigned references;       /* under the mutex */
	_Atomic unsigned refusal;  /* an enum close_reason */
	struct tls_identity *next; /* while all are judged */
	unsigned count;
	gnutls_datum_t ders[]; /* and then their bytes */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *identities; /* a tree of tsearch(3) */

static int
compare(const void *a, const void *b)
{
	const struct tls_identity *x = a, *y = b;

	return memcmp(x->key, y->key, sizeof x->key);
}

/* The length first: two chains of the same bytes are cut differently. */
static bool
hash_one(gnutls_hash_hd_t hash, const gnutls_datum_t *der)
{
	uint64_t size = der->size;

	return gnutls_hash(hash, &size, sizeof size) == 0 &&
	    gnutls_hash(hash, der->data, der->size) == 0;
}

static bool
hash_all(uint8_t key[static TLS_CHAIN_KEY], const gnutls_datum_t *ders,
    unsigned count)
{
	gnutls_hash_hd_t hash;
	bool done = true;

	if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) < 0)
		return false;
	for (unsigned i = 0; i < count && done; i++)
		done = hash_one(hash, &ders[i]);
	gnutls_hash_deinit(hash, key);
	return done;
}

/* Without its key. */
static struct tls_identity *
copy(const gnutls_datum_t *ders, unsigned count)
{
	struct tls_identity *id;
	size_t size = 0;
	uint8_t *to;

	for (unsigned i = 0; i < count; i++)
		size += ders[i].size;
	id = malloc(sizeof *id + count * sizeof *ders + size);
	if (id == NULL)
		return NULL;
	*id = (struct tls_identity){ .references = 1, .count = count };
	atomic_init(&id->refusal, REASON_NONE);
	to = (uint8_t *)&id->ders[count];
	for (unsigned i = 0; i < count; i++) {
		id->ders[i] = (gnutls_datum_t){ to, ders[i].size };
		to = mempcpy(to, ders[i].data, ders[i].size);
	}
	return id;
}

/* Takes over the reference, to this one or to the one that is there. */
static struct tls_identity *
intern(struct tls_identity *id)
{
	struct tls_identity *found = NULL;
	void *node;

	(void)pthread_mutex_lock(&mutex);
	node = tsearch(id, &identities, compare);
	if (node != NULL)
		found = *(struct tls_identity **)node;
	if (found != NULL && found != id)
		found->references++;
	(void)pthread_mutex_unlock(&mutex);
	if (found != id)
		free(id);
	return found;
}

struct tls_identity *
tls_identity_new(const gnutls_datum_t *ders, unsigned count)
{
	struct tls_identity *id = copy(ders, count);

	if (id != NULL && !hash_all(id->key, ders, count)) {
		free(id);
		id = NULL;
	}
	return id != NULL ? intern(id) : NULL;
}

struct tls_identity *
tls_identity_ref(struct tls_identity *id)
{
	(void)pthread_mutex_lock(&mutex);
	ASSERT(id->references > 0);
	id->references++;
	(void)pthread_mutex_unlock(&mutex);
	return id;
}

void
tls_identity_unref(struct tls_identity **identity)
{
	struct tls_identity *id = *identity;
	bool last;

	*identity = NULL;
	if (id == NULL)
		return;
	(void)pthread_mutex_lock(&mutex);
	ASSERT(id->references > 0);
	last = --id->references == 0;
	if (last)
		(void)tdelete(id, &identities, compare);
	(void)pthread_mutex_unlock(&mutex);
	if (last)
		free(id);
}

const gnutls_datum_t *
tls_identity_chain(const struct tls_identity *id, unsigned *count)
{
	unsigned n = id != NULL ? id->count : 0;

	if (count != NULL)
		*count = n;
	return n > 0 ? id->ders : NULL;
}

const uint8_t *
tls_identity_key(const struct tls_identity *id)
{
	return id->key;
}

enum close_reason
tls_identity_judge(const struct tls_identity *id, const struct tls_creds *creds)
{
	struct tls_chain chain;
	enum close_reason reason;

	if (id->count == 0)
		return creds->rules == NULL ? REASON_NONE : REASON_NOT_ALLOWED;
	if (!tls_policy_asks(creds, id->count))
		return REASON_NONE;
	reason = tls_chain_read(&chain, id->ders, id->count);
	if (reason == REASON_NONE)
		reason = tls_check_policy(creds, &chain);
	tls_chain_free(&chain);
	return reason;
}

/* Takes a reference to each, so that it outlives the walk. */
static void
collect(const void *node, VISIT visit, void *list)
{
	struct tls_identity *id = *(struct tls_identity *const *)node;
	struct tls_identity **first = list;

	if (visit != postorder && visit != leaf)
		return; /* an inner node is visited three times */
	id->references++;
	id->next = *first;
	*first = id;
}

/* The mutex is free meanwhile: the other thread's connections come and go. */
unsigned
tls_identities_judge(const struct tls_creds *creds)
{
	struct tls_identity *id = NULL, *next;
	unsigned count = 0;

	(void)pthread_mutex_lock(&mutex);
	twalk_r(identities, collect, &id);
	(void)pthread_mutex_unlock(&mutex);
	for (; id != NULL; id = next, count++) {
		next = id->next;
		atomic_store(&id->refusal, tls_identity_judge(id, creds));
		tls_identity_unref(&id);
	}
	return count;
}

enum close_reason
tls_identity_refusal(const struct tls_identity *id)
{
	return id != NULL ? (enum close_reason)atomic_load_explicit(
				&id->refusal, memory_order_relaxed)
			  : REASON_NONE;
}
