/* test_tickets: last in, first out, each once, no more than there is room. */
#include "client/load/tickets.h"

#include "common/tls/resume.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct mutual m;

/* What a session leaves behind. */
static struct tls_resume *
make(void)
{
	static struct tls_pair p;
	struct tls_resume *kept;

	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_resume_want(p.client.tls);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	kept = tls_resume_take(p.client.tls);
	tls_pair_close(&p);
	return kept;
}

TEST(newest_first_and_once)
{
	struct tickets t;
	struct tls_resume *first;
	struct tls_resume *second;

	mutual_init_with_tickets(&m, MUTUAL_TLS12);
	ck_assert_int_eq(tickets_init(&t, 2), 0);
	ck_assert_ptr_null(tickets_get(&t));
	first = make();
	second = make();
	ck_assert_ptr_nonnull(second);
	tickets_put(&t, NULL);
	tickets_put(&t, first);
	tickets_put(&t, second);
	tickets_put(&t, make()); /* no room */
	ck_assert_ptr_eq(tickets_get(&t), second);
	ck_assert_ptr_eq(tickets_get(&t), first);
	ck_assert_ptr_null(tickets_get(&t));
	tls_resume_free(&first);
	tickets_put(&t, second);
	tickets_fini(&t);
	tickets_fini(&t);
	mutual_fini(&m);
}

SUITE("client/load/tickets")
