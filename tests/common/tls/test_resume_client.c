/* test_resume_client: what a client keeps of a session, and offers. */
#include "common/tls/resume.h"

#include <stddef.h>

#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct mutual m;
static struct tls_pair p;

static struct tls_resume *
keep(void)
{
	struct tls_resume *kept = tls_resume_take(p.client.tls);

	tls_pair_close(&p);
	return kept;
}

/* A session, with one echo so that tickets have come; what is left of it. */
static struct tls_resume *
transaction(const struct tls_resume *offered, bool resumed)
{
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_resume_want(p.client.tls);
	if (offered != NULL)
		ck_assert_int_eq(tls_resume_offer(p.client.tls, offered), 0);
	tls_pair_handshake(&p, 1);
	tls_pair_write(&p.server, "echo", 4);
	tls_pair_run(&p, 1);
	ck_assert_int_eq(tls_is_resumed(p.client.tls), resumed);
	ck_assert_int_eq(tls_is_resumed(p.server.tls), resumed);
	return keep();
}

TEST_LOOP(resumes, MUTUAL_VERSIONS)
{
	struct tls_resume *kept;
	struct tls_resume *next;

	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	kept = transaction(NULL, false);
	for (int i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(kept);
		next = transaction(kept, true);
		tls_resume_free(&kept);
		kept = next;
	}
	tls_resume_free(&kept);
	ck_assert_ptr_null(kept);
	tls_resume_free(&kept);
	mutual_fini(&m);
}

/* Each of those that came together is another one, and as good. */
TEST(several_tickets)
{
	struct tls_resume *first;
	struct tls_resume *second;

	mutual_init_with_tickets(&m, MUTUAL_TLS13);
	m.server_creds->settings.tickets = 2;
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_resume_want(p.client.tls);
	tls_pair_handshake(&p, 1);
	tls_pair_write(&p.server, "echo", 4);
	tls_pair_run(&p, 1);
	first = tls_resume_take(p.client.tls);
	second = tls_resume_take(p.client.tls);
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_nonnull(second);
	ck_assert_ptr_null(tls_resume_take(p.client.tls));
	tls_pair_close(&p);
	for (int i = 0; i < 2; i++) {
		struct tls_resume *kept =
		    transaction(i == 0 ? first : second, true);

		tls_resume_free(&kept);
	}
	tls_resume_free(&first);
	tls_resume_free(&second);
	mutual_fini(&m);
}

/* In TLS 1.2 one comes with the handshake, and there is no other. */
TEST(taken_once)
{
	struct tls_resume *kept;

	mutual_init_with_tickets(&m, MUTUAL_TLS12);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_resume_want(p.client.tls);
	tls_pair_handshake(&p, 1);
	kept = tls_resume_take(p.client.tls);
	ck_assert_ptr_nonnull(kept);
	ck_assert_ptr_null(tls_resume_take(p.client.tls));
	tls_pair_close(&p);
	tls_resume_free(&kept);
	mutual_fini(&m);
}

TEST(server_without_tickets)
{
	mutual_init(&m, MUTUAL_TLS13);
	ck_assert_ptr_null(transaction(NULL, false));
	mutual_fini(&m);
}

/* It has been taken while more data comes: then GnuTLS's session is gone. */
TEST_LOOP(goes_on_without_the_session, MUTUAL_SUITES)
{
	struct tls_resume *kept;

	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_resume_want(p.client.tls);
	tls_pair_handshake(&p, 1);
	tls_pair_write(&p.server, "echo", 4);
	tls_pair_run(&p, 1);
	kept = tls_resume_take(p.client.tls);
	ck_assert_ptr_nonnull(kept);
	tls_resume_free(&kept);
	ck_assert_ptr_nonnull(p.client.tls->gnutls);
	for (int i = 0; i < 3; i++) {
		tls_pair_write(&p.client, "there", 5);
		tls_pair_write(&p.server, "here", 4);
		tls_pair_run(&p, i == 0 ? 1 : TLS_PAIR_SIZE);
	}
	ck_assert_uint_eq(p.server.got_size, 15);
	ck_assert_mem_eq(p.client.got, "echohereherehere", 16);
	ck_assert_uint_eq(p.client.got_size, 16);
	ck_assert((p.client.tls->gnutls == NULL) == (_i < MUTUAL_CCM));
	if (p.client.tls->gnutls == NULL)
		ck_assert_ptr_null(tls_resume_take(p.client.tls));
	tls_pair_close(&p);
	mutual_fini(&m);
}

TEST_LOOP(before_the_handshake, MUTUAL_VERSIONS)
{
	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert_ptr_null(keep());
	mutual_fini(&m);
}

/* Its keys are others: a full handshake, and all is well. */
TEST_LOOP(server_that_does_not_know_it, MUTUAL_VERSIONS)
{
	struct tls_resume *kept;

	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	kept = transaction(NULL, false);
	mutual_fini(&m);
	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert_int_eq(tls_resume_offer(p.client.tls, kept), 0);
	tls_pair_handshake(&p, 1);
	ck_assert(!tls_is_resumed(p.client.tls));
	tls_pair_close(&p);
	tls_resume_free(&kept);
	mutual_fini(&m);
}

SUITE("common/tls/resume_client")
