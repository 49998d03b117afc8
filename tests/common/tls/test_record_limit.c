/*
 * test_record_limit: what a peer says that it takes is found in its hello, and
 * it gets no more: record_size_limit (RFC 8449), max_fragment_length (RFC 6066,
 * 4).
 */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/hello.h"
#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	ROLES = 2,
};

static struct tls_pair p;
static struct mutual m;

/* From a side whose peer is GnuTLS, which minds records that are too large. */
static void
carry(struct tls_pair_side *from, size_t size, size_t limit)
{
	static uint8_t data[TLS_RECORD_MAX];
	const size_t records = (size + limit - 1) / limit;

	from->other->got_size = from->other->records = 0;
	ck_assert_uint_eq(tls_pair_write(from, data, size), records);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(from->other->got_size, size);
	ck_assert_uint_eq(from->other->records, records);
}

/* GnuTLS adds one for the type of the content under TLS 1.3. */
TEST_LOOP(record_size_limit_of_gnutls, MUTUAL_VERSIONS *ROLES)
{
	static const size_t limits[] = { 64, 512, 1024, 16383 };
	static const char *const priorities[MUTUAL_VERSIONS] = { MUTUAL_TLS13
		":%ALLOW_SMALL_RECORDS",
		MUTUAL_TLS12 ":%ALLOW_SMALL_RECORDS" };

	mutual_init(&m, priorities[_i / ROLES]);
	for (size_t i = 0; i < TEST_ROWS(limits); i++) {
		struct tls_pair_side *peer =
		    _i % ROLES == 0 ? &p.client : &p.server;

		tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
		ck_assert_int_eq(gnutls_record_set_max_recv_size(
				     tls_pair_keep_session(peer), limits[i]),
		    0);
		tls_pair_handshake(&p, TLS_PAIR_SIZE);
		ck_assert_uint_eq(peer->other->tls->sent_max, limits[i]);
		for (size_t n = limits[i] - 1; n <= limits[i] + 1; n++)
			carry(
			    peer->other, n < TLS_RECORD_MAX ? n : 1, limits[i]);
		carry(peer->other, TLS_RECORD_MAX, limits[i]);
		tls_pair_close(&p);
	}
	mutual_fini(&m);
}

#define RANDOM_32        "01234567890123456789012345678901"
#define SERVER_HELLO     "\3\3" RANDOM_32 "\0\xc0\x2b\0"
#define CLIENT_HELLO     "\3\3" RANDOM_32 "\0\0\2\xc0\x2b\1\0"
#define LIMIT(high, low) "\0\x1c\0\2" high low
#define FRAGMENT(code)   "\0\1\0\1" code
#define MESSAGE(bytes)   bytes, sizeof bytes - 1

static const struct {
	unsigned type;
	const char *message;
	unsigned size;
	unsigned limit; /* under TLS 1.2 */
} hellos[] = {
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\6" LIMIT("\2", "\1")), 513 },
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\5" FRAGMENT("\1")), 512 },
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\5" FRAGMENT("\4")), 4096 },
	/* No such code. */
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\5" FRAGMENT("\5")), TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\5" FRAGMENT("\0")), TLS_RECORD_MAX },
	/* RFC 8449, 5: the fragment's is ignored. */
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\xb" LIMIT("\x8", "\0") FRAGMENT("\1")),
	    2048 },
	/* RFC 8449, 4: a limit may be larger than records are. */
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\6" LIMIT("\xff", "\xff")),
	    TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO, MESSAGE(CLIENT_HELLO "\0\0"),
	    TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO, MESSAGE(CLIENT_HELLO),
	    TLS_RECORD_MAX },
	/* Cut off. */
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO,
	    MESSAGE(CLIENT_HELLO "\0\6\0\x1c\0\2\2"), TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_CLIENT_HELLO, MESSAGE("\3"), TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_SERVER_HELLO,
	    MESSAGE(SERVER_HELLO "\0\6" LIMIT("\2", "\1")), 513 },
	{ GNUTLS_HANDSHAKE_SERVER_HELLO,
	    MESSAGE("\3\3" RANDOM_32 "\4abcd\xc0\x2b\0\0\5" FRAGMENT("\2")),
	    1024 },
	{ GNUTLS_HANDSHAKE_SERVER_HELLO, MESSAGE(SERVER_HELLO),
	    TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_SERVER_HELLO, MESSAGE("\3\3" RANDOM_32 "\xff"),
	    TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_SERVER_HELLO, MESSAGE("\3\3"), TLS_RECORD_MAX },
	{ GNUTLS_HANDSHAKE_ENCRYPTED_EXTENSIONS,
	    MESSAGE("\0\6" LIMIT("\0", "\x40")), 64 },
	{ GNUTLS_HANDSHAKE_ENCRYPTED_EXTENSIONS, MESSAGE(""), TLS_RECORD_MAX },
	/* Another message. */
	{ GNUTLS_HANDSHAKE_CERTIFICATE_PKT, MESSAGE("\0\6" LIMIT("\0", "\x40")),
	    TLS_RECORD_MAX },
};

TEST_EACH(in_a_hello, hellos)
{
	const gnutls_datum_t message = {
		(unsigned char *)(uintptr_t)hellos[_i].message, hellos[_i].size
	};
	struct tls_hello hello;
	struct tls *tls;

	mutual_init(&m, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls = p.server.tls;
	if (hellos[_i].type == GNUTLS_HANDSHAKE_CLIENT_HELLO) {
		(void)tls_hello_read(&hello, &message);
		tls_set_record_limit(tls, &hello.limits);
	} else {
		tls_read_record_limit(tls, hellos[_i].type, &message);
	}
	ck_assert_uint_eq(tls_record_limit(tls), hellos[_i].limit);
	/* Which counts the type of the content, too (RFC 8449, 4). */
	tls->is_tls13 = true;
	ck_assert_uint_eq(tls_record_limit(tls),
	    hellos[_i].limit -
		(tls->gnutls->limits.record_size > 0 &&
		    hellos[_i].limit < TLS_RECORD_MAX));
	tls_pair_close(&p);
	mutual_fini(&m);
}

SUITE("common/tls/record_limit")
