/*
 * test_chain_cache_dates: how long a server knows a client: until something
 * that its verdict has relied on begins or ends.
 */
#include <time.h>

#include "common/tls/private.h"
#include "tests/support/chain_case.h"
#include "tests/support/crl_case.h"
#include "tests/support/fake_time.h"
#include "tests/support/suite.h"

enum {
	HALF_AN_HOUR_S = 1800,
	RUSH_S = 30
};

static struct mutual m;

/* The client's certificate is the first to end, and the last to begin. */
static void
begin_with_dates(int version, int64_t from_s, int64_t until_s)
{
	struct pki_options options = PKI_CLIENT("short-lived");

	options.from_s = from_s;
	options.until_s = until_s;
	mutual_init(&m, mutual_priorities[version]);
	tls_creds_unref(&m.client_creds);
	pki_free(&m.client);
	pki_make(&m.client, &options, &m.root);
	m.client_creds = chain_case_client(&m, &m.client, version);
}

/* Sets the clock so many seconds after a date of the client's certificate. */
static void
set_clock(time_t date, int64_t seconds)
{
	fake_time_shift(0);
	fake_time_shift((int64_t)date - (int64_t)time(NULL) + seconds);
}

TEST_LOOP(expires, MUTUAL_VERSIONS)
{
	time_t end;

	begin_with_dates(_i, -60, HALF_AN_HOUR_S);
	end = gnutls_x509_crt_get_expiration_time(m.client.crt);
	chain_case_accept(&m, CHAIN_MISS);
	set_clock(end, -20);
	chain_case_accept(&m, CHAIN_HIT);
	set_clock(end, 1);
	ck_assert_int_eq(
	    chain_case_connect(&m, m.client_creds, CHAIN_MISS), REASON_EXPIRED);
	ck_assert_int_eq(
	    chain_case_connect(&m, m.client_creds, CHAIN_MISS), REASON_EXPIRED);
	/* Before the end, what was true before it is true again. */
	set_clock(end, -20);
	chain_case_accept(&m, CHAIN_HIT);
	fake_time_shift(0);
	mutual_fini(&m);
}

/*
 * Transactions while the clock runs across a date of the client's certificate;
 * what was good on the one side must not be known on the other.
 */
static void
rush(time_t date, int64_t other_side_s, enum close_reason expected)
{
	unsigned welcomes = 0;

	for (int i = 0; i < RUSH_S; i++) {
		chain_case_renew(&m, 8);
		set_clock(date, -i);
		fake_time_shift_each_call(1);
		if (chain_case_connect(&m, m.client_creds, CHAIN_MISS) ==
		    REASON_NONE)
			welcomes++;
		fake_time_shift_each_call(0);
		set_clock(date, other_side_s);
		ck_assert_int_eq(
		    chain_case_connect(&m, m.client_creds, CHAIN_MISS),
		    expected);
	}
	ck_assert_uint_gt(welcomes, 0);
	ck_assert_uint_lt(welcomes, RUSH_S);
	fake_time_shift(0);
}

TEST_LOOP(begins_while_it_is_verified, MUTUAL_VERSIONS)
{
	begin_with_dates(_i, -600, HALF_AN_HOUR_S);
	rush(gnutls_x509_crt_get_activation_time(m.client.crt), -60,
	    REASON_NOT_YET_VALID);
	mutual_fini(&m);
}

TEST_LOOP(expires_while_it_is_verified, MUTUAL_VERSIONS)
{
	begin_with_dates(_i, -60, HALF_AN_HOUR_S);
	rush(gnutls_x509_crt_get_expiration_time(m.client.crt), 60,
	    REASON_EXPIRED);
	mutual_fini(&m);
}

TEST_LOOP(clock_that_is_set_back, MUTUAL_VERSIONS)
{
	time_t begin;

	begin_with_dates(_i, -600, HALF_AN_HOUR_S);
	begin = gnutls_x509_crt_get_activation_time(m.client.crt);
	chain_case_accept(&m, CHAIN_MISS);
	set_clock(begin, 0);
	chain_case_accept(&m, CHAIN_HIT);
	set_clock(begin, -20);
	ck_assert_int_eq(chain_case_connect(&m, m.client_creds, CHAIN_MISS),
	    REASON_NOT_YET_VALID);
	fake_time_shift(0);
	chain_case_accept(&m, CHAIN_HIT);
	mutual_fini(&m);
}

/* A client of a root that ends before it does, and before the server. */
TEST_LOOP(root_expires, MUTUAL_VERSIONS)
{
	struct pki_options short_lived = { .name = "clients' root",
		.from_s = -60,
		.until_s = HALF_AN_HOUR_S };
	struct tls_creds *client;
	struct pki root, leaf;

	mutual_init(&m, mutual_priorities[_i]);
	pki_make(&root, &short_lived, NULL);
	pki_make(&leaf, &PKI_CLIENT("client"), &root);
	client = chain_case_client(&m, &leaf, _i);
	tls_creds_unref(&m.server_creds);
	m.server_creds =
	    pki_creds(TLS_SERVER, &m.server, &root, mutual_priorities[_i]);
	ck_assert_int_eq(
	    chain_case_connect(&m, client, CHAIN_MISS), REASON_NONE);
	ck_assert_int_eq(
	    chain_case_connect(&m, client, CHAIN_HIT), REASON_NONE);
	fake_time_shift(HALF_AN_HOUR_S + 20);
	ck_assert_int_eq(
	    chain_case_connect(&m, client, CHAIN_MISS), REASON_EXPIRED);
	fake_time_shift(0);
	tls_creds_unref(&client);
	pki_free(&leaf);
	pki_free(&root);
	mutual_fini(&m);
}

/* A server with a list that ends in half an hour. */
static struct tls_creds *
creds_with_list(struct crl_case *c)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	crl_case_write("f",
	    &(struct revocation_options){
		.from_s = -60, .until_s = HALF_AN_HOUR_S, .number = 1 },
	    &m.root);
	crl_case_build(c, (const char *[]){ "f" }, 1);
	pki_bundle(&bundle, &m.server, &m.root);
	bundle.crl = c->table;
	c->table = (struct file_bytes)FILE_BYTES_INIT;
	creds = pki_creds_of(&bundle, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	tls_bundle_free(&bundle);
	return creds;
}

TEST_LOOP(list_goes_out_of_date, 2 * MUTUAL_VERSIONS)
{
	struct crl_case c;

	crl_case_begin(&c);
	mutual_init(&m, mutual_priorities[_i / 2]);
	file_bytes_free(&c.ca);
	pki_append_cert(&c.ca, &m.root);
	tls_creds_unref(&m.server_creds);
	m.server_creds = creds_with_list(&c);
	m.server_creds->settings.crl_required = _i % 2 == 1;
	chain_case_accept(&m, CHAIN_MISS);
	fake_time_shift(HALF_AN_HOUR_S - 20);
	chain_case_accept(&m, CHAIN_HIT);
	fake_time_shift(HALF_AN_HOUR_S + 20);
	if (_i % 2 == 1) {
		ck_assert_int_eq(
		    chain_case_connect(&m, m.client_creds, CHAIN_MISS),
		    REASON_NO_CRL);
		ck_assert_int_eq(
		    chain_case_connect(&m, m.client_creds, CHAIN_MISS),
		    REASON_NO_CRL);
	} else {
		chain_case_accept(&m, CHAIN_MISS);
		chain_case_accept(&m, CHAIN_HIT);
	}
	fake_time_shift(0);
	mutual_fini(&m);
	crl_case_end(&c);
}

SUITE("common/creds/chain_cache_dates")
