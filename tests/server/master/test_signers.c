/* test_signers: a process with keys is started, asked, replaced, let go. */
#include "server/master/signers.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/creds/bundle.h"
#include "common/creds/key_request.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "server/config.h"
#include "tests/support/pki.h"
#include "tests/support/suite.h"

static const struct config config = { .workers = 2 };
static struct signers signers;
static struct errmsg e;

/* Of a key on P-256, or of this text. */
static struct signer
make(const char *text)
{
	struct tls_bundle b = TLS_BUNDLE_INIT, keys = TLS_BUNDLE_INIT;
	struct signer s = SIGNER_INIT;
	struct pki leaf;

	pki_make(&leaf, &(struct pki_options){ .name = "leaf" }, NULL);
	pki_bundle(&b, &leaf, &leaf);
	if (text != NULL) {
		file_bytes_free(&b.key_pairs[0].key);
		ck_assert_int_eq(
		    file_bytes_append(&b.key_pairs[0].key, text, strlen(text)),
		    0);
	}
	s.keys_id = (uint64_t)clock_now_ns();
	ck_assert_int_eq(tls_bundle_split(&b, &keys, s.keys_id, &e), 0);
	s.keys_fd = tls_bundle_seal(&keys, &e);
	tls_bundle_free(&b);
	tls_bundle_free(&keys);
	pki_free(&leaf);
	return s;
}

static struct signer
start(void)
{
	struct signer s = make(NULL);

	ck_assert_msg(signer_start(&s, &config, &e) == 0, "%s", e.text);
	ck_assert_msg(signer_await_ready(&s, &e) == 0, "%s", e.text);
	return s;
}

static void
expect_signature(int fd)
{
	struct tls_key_request request = { .id = 3,
		.operation = TLS_KEY_SIGN_HASH,
		.algorithm = GNUTLS_SIGN_ECDSA_SHA256 };
	struct tls_key_reply reply;
	const size_t size = TLS_KEY_REQUEST_HEAD + 32;

	ck_assert_int_eq(send(fd, &request, size, 0), (ssize_t)size);
	ck_assert(fd_wait_readable(fd, INT64_MAX));
	ck_assert_int_gt(
	    recv(fd, &reply, sizeof reply, 0), (ssize_t)TLS_KEY_REPLY_HEAD);
	ck_assert_uint_eq(reply.id, 3);
	ck_assert_int_eq(reply.error, 0);
}

/* It goes on for those who are connected, and no longer. */
TEST(leaves_after_the_last)
{
	struct signer first = start(), second;
	int one = signer_connect(&first, &e),
	    other = signer_connect(&first, &e);
	pid_t pid = first.pid;
	int status;

	ck_assert_int_ge(one, 0);
	ck_assert_int_ge(other, 0);
	expect_signature(one);
	expect_signature(other);
	signers_use(&signers, &first);
	second = start();
	signers_use(&signers, &second);
	expect_signature(one);
	(void)close(one);
	expect_signature(other);
	(void)close(other);
	status = child_wait_for(pid);
	ck_assert(child_succeeded(status));
	ck_assert(signers_on_child(&signers, pid, status));
	ck_assert(!signers_on_child(&signers, pid, status));
	ck_assert_int_eq(signers.restart_ns, 0);
	signers_end(&signers);
	ck_assert_int_eq(signers.now.pid, 0);
}

/* What is no request ends a connection, and no other. */
TEST(bad_request)
{
	struct signer s = start();
	int bad = signer_connect(&s, &e), good = signer_connect(&s, &e);
	char byte;

	ck_assert_int_eq(send(bad, "?", 1, 0), 1);
	ck_assert(fd_wait_readable(bad, INT64_MAX));
	ck_assert_int_eq(recv(bad, &byte, 1, 0), 0);
	expect_signature(good);
	(void)close(bad);
	(void)close(good);
	signer_end(&s);
}

/* At once, then later and later. */
TEST(dead_ones_are_replaced)
{
	struct signer s = start();
	int64_t wait_ns, waits_ns[3];

	signers_use(&signers, &s);
	for (int i = 0; i < 3; i++) {
		pid_t pid = signers.now.pid;
		int64_t before_ns = clock_now_ns();
		int status;

		child_kill(pid);
		status = child_wait_for(pid);
		ck_assert(signers_on_child(&signers, pid, status));
		ck_assert_int_eq(signers.now.pid, 0);
		ck_assert_int_ne(signers.restart_ns, 0);
		waits_ns[i] = signers.restart_ns - before_ns;
		ck_assert(signers_restart(
		    &signers, &config, signers.restart_ns, &wait_ns));
		ck_assert_int_eq(wait_ns, -1);
		ck_assert_int_gt(signers.now.pid, 0);
	}
	ck_assert_int_ge(waits_ns[1], 100 * CLOCK_NS_PER_MS);
	ck_assert_int_ge(waits_ns[2], 200 * CLOCK_NS_PER_MS);
	ck_assert_int_eq(signer_await_ready(&signers.now, &e), 0);
	ck_assert(!signers_restart(&signers, &config, 0, &wait_ns));
	signers_end(&signers);
}

/* However long the one before has lived. */
TEST(failed_restarts_wait)
{
	struct rlimit none = { 0, 0 };
	struct signer s = start();
	int64_t wait_ns;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &none), 0);
	none.rlim_cur = 0;
	s.started_ns -= 3600 * CLOCK_NS_PER_S;
	signers_use(&signers, &s);
	child_kill(s.pid);
	ck_assert(signers_on_child(&signers, s.pid, child_wait_for(s.pid)));
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert(!signers_restart(
		    &signers, &config, signers.restart_ns, &wait_ns));
		ck_assert_int_eq(wait_ns, (100 << i) * CLOCK_NS_PER_MS);
	}
	none.rlim_cur = none.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	signers_end(&signers);
}

TEST(keys_that_cannot_be_used)
{
	struct signer s = make("no key at all");

	ck_assert_int_eq(signer_start(&s, &config, &e), 0);
	ck_assert_int_eq(signer_await_ready(&s, &e), -1);
	ck_assert_msg(strstr(e.text, "key 1: ") == e.text, "%s", e.text);
	signer_end(&s);
	ck_assert_int_eq(s.keys_fd, -1);
}

SUITE("server/master/signers")
