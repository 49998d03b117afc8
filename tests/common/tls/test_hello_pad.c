/* test_hello_pad: how long a padded hello is, and that servers take it. */
#include "common/tls/hello_pad.h"

#include <stdlib.h>

#include "common/tls/resume.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct mutual m;
static struct tls_pair p;

/* A step without any bytes: the client begins, and that is all there is. */
static size_t
hello(void)
{
	(void)tls_pair_step(&p.client, 0);
	return p.server.end - p.server.begin;
}

static const size_t sizes[] = { 512, 1700, 16384 };

TEST_EACH(padded, sizes)
{
	mutual_init(&m, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert_int_eq(tls_pad_hello(p.client.tls, NULL, sizes[_i]), 0);
	ck_assert_uint_eq(hello(), sizes[_i]);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_close(&p);
	mutual_fini(&m);
}

/* A ticket makes it longer, and the padding shorter. */
TEST_LOOP(with_a_ticket, MUTUAL_VERSIONS)
{
	struct tls_resume *kept;

	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_resume_want(p.client.tls);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.server, "echo", 4);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	kept = tls_resume_take(p.client.tls);
	ck_assert_ptr_nonnull(kept);
	tls_pair_close(&p);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert_int_eq(tls_resume_offer(p.client.tls, kept), 0);
	ck_assert_int_eq(tls_pad_hello(p.client.tls, kept, 4000), 0);
	ck_assert_uint_eq(hello(), 4000);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	ck_assert(tls_is_resumed(p.client.tls));
	tls_pair_close(&p);
	tls_resume_free(&kept);
	mutual_fini(&m);
}

TEST(longer_already)
{
	size_t without;

	mutual_init(&m, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	without = hello();
	tls_pair_close(&p);
	for (size_t size = without - 1; size <= without + 4; size++) {
		tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
		ck_assert_int_eq(tls_pad_hello(p.client.tls, NULL, size), 0);
		ck_assert_uint_eq(hello(), without);
		tls_pair_close(&p);
	}
	mutual_fini(&m);
}

SUITE("common/tls/hello_pad")
