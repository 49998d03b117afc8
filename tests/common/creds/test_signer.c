/* test_signer: keys that somebody else has, who answers, or not. */
#include "common/creds/signer.h"

#include <gnutls/abstract.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/creds/key_holder.h"
#include "common/creds/key_request.h"
#include "common/sys/fd.h"
#include "tests/support/pki.h"
#include "tests/support/suite.h"

enum {
	CONNECTIONS = 4
};

/* The other ends, in the order in which they were asked for. */
static int ends[CONNECTIONS];
static atomic_int connections;
static struct pki leaf;
static struct tls_key_holder holder;
static struct tls_signer *signer;
static gnutls_pubkey_t pubkey;
static gnutls_privkey_t key;
static uint8_t digest[32] = { 1, 2, 3 };
static const gnutls_datum_t hash = { digest, sizeof digest };
static gnutls_datum_t signature;
static struct errmsg e;

static int
connect_one(void *owner, uint64_t keys_id, int64_t by_ns)
{
	int own;

	(void)owner;
	(void)by_ns;
	ck_assert_uint_eq(keys_id, 7);
	if (connections == CONNECTIONS)
		return -1;
	ck_assert_int_eq(fd_open_pair(&own, &ends[connections], &e), 0);
	connections++;
	return own;
}

static const struct tls_signer_source source = { connect_one, NULL };

static void
set_up(void)
{
	struct tls_bundle b = TLS_BUNDLE_INIT, keys = TLS_BUNDLE_INIT;
	int fd;

	pki_make(&leaf, &(struct pki_options){ .name = "leaf" }, NULL);
	pki_bundle(&b, &leaf, &leaf);
	ck_assert_int_eq(tls_bundle_split(&b, &keys, 7, &e), 0);
	fd = tls_bundle_seal(&keys, &e);
	ck_assert_int_eq(tls_key_holder_open(&holder, fd, &e), 0);
	(void)close(fd);
	tls_bundle_free(&b);
	tls_bundle_free(&keys);
	ck_assert_int_eq(gnutls_pubkey_init(&pubkey), 0);
	ck_assert_int_eq(gnutls_pubkey_import_x509(pubkey, leaf.crt, 0), 0);
	ck_assert_int_eq(tls_signer_new(&signer, 7, &source), 0);
	ck_assert_int_eq(tls_signer_key(signer, 0, pubkey, &key), 0);
}

static void
tear_down(void)
{
	gnutls_privkey_deinit(key);
	gnutls_pubkey_deinit(pubkey);
	tls_signer_free(&signer);
	tls_key_holder_close(&holder);
	pki_free(&leaf);
}

/* Answers one request on the n-th connection. */
static void *
answer(void *n)
{
	int fd = ends[*(int *)n];
	struct tls_key_request request;
	struct tls_key_reply reply;
	ssize_t got;
	size_t size;

	ck_assert(fd_wait_readable(fd, INT64_MAX));
	got = recv(fd, &request, sizeof request, 0);
	size = tls_key_holder_answer(
	    &holder, &request, (size_t)got, &reply, &(int){ 0 });
	ck_assert_int_eq(send(fd, &reply, size, 0), (ssize_t)size);
	return NULL;
}

static int
sign(void)
{
	return gnutls_privkey_sign_hash2(
	    key, GNUTLS_SIGN_ECDSA_SHA256, 0, &hash, &signature);
}

static void
expect_signed_by(int n)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, answer, &n), 0);
	ck_assert_int_eq(sign(), 0);
	(void)pthread_join(thread, NULL);
	/* 0 in GnuTLS 3.7.9, 1 in 3.8.9. */
	ck_assert_int_ge(gnutls_pubkey_verify_hash2(pubkey,
			     GNUTLS_SIGN_ECDSA_SHA256, 0, &hash, &signature),
	    0);
	ck_assert(!tls_signer_has_failed(signer));
	gnutls_free(signature.data);
}

TEST(signed_elsewhere)
{
	unsigned bits;

	ck_assert_int_eq(
	    gnutls_privkey_get_pk_algorithm(key, &bits), GNUTLS_PK_ECDSA);
	ck_assert_uint_eq(bits, 256);
	expect_signed_by(0);
	expect_signed_by(0);
	ck_assert_int_eq(connections, 1);
}

/* Answers on the connection that comes after the one that breaks off. */
static void *
break_off(void *unused)
{
	int second = 1;
	struct tls_key_request request;

	(void)unused;
	ck_assert(fd_wait_readable(ends[0], INT64_MAX));
	ck_assert_int_gt(recv(ends[0], &request, sizeof request, 0), 0);
	(void)close(ends[0]);
	while (atomic_load(&connections) < 2)
		(void)sched_yield();
	return answer(&second);
}

/* Before the request, or while the answer is waited for: another is asked. */
TEST(connection_is_lost)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, break_off, NULL), 0);
	ck_assert_int_eq(sign(), 0);
	(void)pthread_join(thread, NULL);
	gnutls_free(signature.data);
	ck_assert_int_eq(connections, 2);
	ck_assert(!tls_signer_has_failed(signer));
}

TEST(nobody_is_there)
{
	(void)close(ends[0]);
	connections = CONNECTIONS;
	ck_assert_int_lt(sign(), 0);
	ck_assert(tls_signer_has_failed(signer));
	ck_assert(!tls_signer_has_failed(signer));
}

static int
count_requests(void)
{
	struct tls_key_request request;
	int count = 0;

	while (recv(ends[0], &request, sizeof request, MSG_DONTWAIT) > 0)
		count++;
	return count;
}

/* One request waits, the next ones do not; what comes late ends that. */
TEST(answer_comes_late)
{
	int first = 0;

	for (int i = 0; i < 5; i++) {
		ck_assert_int_lt(sign(), 0);
		ck_assert(tls_signer_has_failed(signer));
	}
	(void)answer(&first);
	ck_assert_int_eq(count_requests(), 0);
	expect_signed_by(0);
	ck_assert_int_eq(connections, 1);
}

/* What is wrong with an answer that comes. */
static const struct {
	struct tls_key_reply reply;
	size_t size;
} bad[] = {
	{ { .id = 1, .error = -50 }, TLS_KEY_REPLY_HEAD },
	{ { .id = 1, .error = -50 }, TLS_KEY_REPLY_HEAD + 4 },
	{ { .id = 1 }, TLS_KEY_REPLY_HEAD },
	{ { .id = 2 }, TLS_KEY_REPLY_HEAD + 4 },
	{ { .id = 1 }, 3 },
};

TEST_EACH(bad_answers, bad)
{
	ck_assert_int_eq(send(ends[0], &bad[_i].reply, bad[_i].size, 0),
	    (ssize_t)bad[_i].size);
	ck_assert_int_lt(sign(), 0);
	ck_assert(tls_signer_has_failed(signer));
}

TEST(without_a_source)
{
	struct tls_signer *none;
	gnutls_privkey_t useless;

	ck_assert_int_eq(tls_signer_new(&none, 7, NULL), 0);
	ck_assert_int_eq(tls_signer_key(none, 0, pubkey, &useless), 0);
	ck_assert_int_lt(gnutls_privkey_sign_hash2(useless,
			     GNUTLS_SIGN_ECDSA_SHA256, 0, &hash, &signature),
	    0);
	ck_assert(tls_signer_has_failed(none));
	ck_assert(!tls_signer_has_failed(NULL));
	gnutls_privkey_deinit(useless);
	tls_signer_free(&none);
}

SUITE_BETWEEN("common/creds/signer", set_up, tear_down)
