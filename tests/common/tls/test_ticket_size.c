/*
 * test_ticket_size: tickets hold the client's chain, and not every one has room
 * for it, in the ticket or in a record of the client's.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;
static size_t padding;

/* An extension of a private number, of nothing but zeros. */
static void
pad(gnutls_x509_crt_t crt)
{
	static const uint8_t zeros[1 << 17];

	ck_assert_int_eq(gnutls_x509_crt_set_extension_by_oid(
			     crt, "1.3.6.1.4.1.11129.4711", zeros, padding, 0),
	    0);
}

/* A client whose chain, of three, has that many bytes more than others have. */
static struct tls_creds *
large_client(int version, size_t size)
{
	const struct pki_options one = { .name = "one", .adorn = pad };
	const struct pki_options two = { .name = "two", .adorn = pad };
	struct pki_options options = PKI_CLIENT("large");
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct pki upper, lower, leaf;
	struct tls_creds *creds;

	padding = size / 3;
	options.adorn = pad;
	pki_make(&upper, &one, &m.root);
	pki_make(&lower, &two, &upper);
	pki_make(&leaf, &options, &lower);
	pki_bundle(&bundle, &leaf, &m.root);
	pki_append_cert(&bundle.key_pairs[0].cert, &lower);
	pki_append_cert(&bundle.key_pairs[0].cert, &upper);
	creds = pki_creds_of(&bundle, TLS_CLIENT, mutual_priorities[version]);
	tls_bundle_free(&bundle);
	pki_free(&leaf);
	pki_free(&lower);
	pki_free(&upper);
	return creds;
}

static void
echo(void)
{
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.got_size, 5);
	tls_pair_write(&p.server, "world", 5);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.client.got_size, 5);
}

/*
 * Under TLS 1.2 the ticket is part of the handshake, and GnuTLS cannot be told
 * to leave it out: a chain that is too large for it cannot come in.
 */
static const struct {
	size_t padding;
	unsigned tickets; /* under TLS 1.3 */
} chains[] = {
	{ 10000, 2 },
	{ 20000, 2 },
	{ 62000, 2 },
	{ 66000, 0 },
	{ 100000, 0 },
};

TEST_EACH(large_chains, chains)
{
	for (int version = 0; version < MUTUAL_VERSIONS; version++) {
		struct tls_creds *client;

		if (version > 0 && chains[_i].tickets == 0)
			return;

		mutual_init_with_tickets(&m, mutual_priorities[version]);
		client = large_client(version, chains[_i].padding);
		tls_pair_open(&p, client, m.server_creds, MUTUAL_NAME);
		echo();
		if (version == 0)
			ck_assert_uint_eq(tls_ticket_use(p.server.tls)->issued,
			    chains[_i].tickets);
		tls_pair_close(&p);
		tls_creds_unref(&client);
		mutual_fini(&m);
	}
}

/* A client that takes small records only, of whatever version. */
TEST_LOOP(small_records, MUTUAL_VERSIONS)
{
	static const char *const priorities[] = { MUTUAL_TLS13
		":%ALLOW_SMALL_RECORDS",
		MUTUAL_TLS12 ":%ALLOW_SMALL_RECORDS" };

	mutual_init_with_tickets(&m, priorities[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert_int_eq(gnutls_record_set_max_recv_size(
			     tls_pair_keep_session(&p.client), 512),
	    0);
	echo();
	tls_pair_close(&p);
	mutual_fini(&m);
}

SUITE("common/tls/ticket_size")
