/* Messages of a server, as they are on the wire, and observers of a client. */
#include "common/tls/request.h"

#include <check.h>
#include <string.h>

#include "common/tls/observer.h"
#include "tests/support/pki.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static gnutls_datum_t
datum(const char *bytes, size_t n)
{
	return (
	    gnutls_datum_t){ (unsigned char *)(uintptr_t)bytes, (unsigned)n };
}

#define DATUM(text) datum(text, sizeof text - 1)

static const struct {
	const char *bytes;
	size_t size;
	bool is_tls13;
	unsigned schemes, names;
} requests[] = {
#define BODY(text) text, sizeof text - 1
	/* Types, schemes, names of 2 and 3 bytes. */
	{ BODY("\1\100\0\4\4\3\10\7\0\11\0\2ab\0\3cde"), false, 2, 2 },
	{ BODY("\1\100\0\2\4\3\0\0"), false, 1, 0 },
	/* The list is longer than the message. */
	{ BODY("\1\100\0\2\4\3\0\11\0\2ab"), false, 1, 0 },
	/* A name is longer than the list. */
	{ BODY("\1\100\0\2\4\3\0\4\0\3ab"), false, 1, 0 },
	{ BODY(""), false, 0, 0 },
	/* A context; signature_algorithms, certificate_authorities. */
	{ BODY("\0\0\22\0\15\0\4\0\2\4\3\0\57\0\6\0\4\0\2ab"), true, 1, 1 },
	{ BODY("\1x\0\10\0\15\0\4\0\2\4\3"), true, 1, 0 },
	{ BODY("\0\0\0"), true, 0, 0 },
	{ BODY("\0"), true, 0, 0 },
};

TEST_EACH(certificate_requests, requests)
{
	gnutls_datum_t body = datum(requests[_i].bytes, requests[_i].size);
	struct tls_request request;
	gnutls_datum_t name;
	unsigned names = 0;

	tls_request_read(&request, &body, requests[_i].is_tls13);
	ck_assert_uint_eq(request.schemes.count, requests[_i].schemes);
	while (tls_request_next(&request, &name))
		if (names++ == 0)
			ck_assert_mem_eq(name.data, "ab", 2);
	ck_assert_uint_eq(names, requests[_i].names);
}

/* Version, random, no session, choices; then extensions. */
#define HELLO(extensions) \
	"\3\3"            \
	"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr\0\23\1\0" extensions

TEST(chosen_version)
{
	gnutls_datum_t none = DATUM("\3");
	gnutls_datum_t bare = DATUM(HELLO(""));
	gnutls_datum_t tls13 = DATUM(HELLO("\0\6\0\53\0\2\3\4"));

	ck_assert_uint_eq(tls_version_read(&none), 0);
	ck_assert_uint_eq(tls_version_read(&bare), 0x0303);
	ck_assert_uint_eq(tls_version_read(&tls13), 0x0304);
}

TEST(chosen_protocol)
{
	gnutls_datum_t encrypted = DATUM("\0\11\0\20\0\5\0\3\2h2");
	gnutls_datum_t hello = DATUM(HELLO("\0\11\0\20\0\5\0\3\2h2"));
	gnutls_datum_t other = DATUM("\0\4\0\12\0\0");
	char text[TLS_PROTOCOL_TEXT];

	ck_assert_str_eq(tls_protocol_read(&encrypted, false, text), "h2");
	ck_assert_str_eq(tls_protocol_read(&hello, true, text), "h2");
	ck_assert_str_eq(tls_protocol_read(&other, false, text), "");
	ck_assert_str_eq(tls_protocol_read(&other, true, text), "");
}

struct seen {
	unsigned sent, received;
	bool is_asked;
	unsigned verdicts;
	enum close_reason verdict;
};

static void
on_message(
    void *owner, unsigned type, bool is_incoming, const gnutls_datum_t *body)
{
	struct seen *s = owner;

	(void)body;
	if (is_incoming)
		s->received++;
	else
		s->sent++;
	if (is_incoming && type == GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST)
		s->is_asked = true;
}

static void
on_verdict(void *owner, enum close_reason reason)
{
	struct seen *s = owner;

	s->verdicts++;
	s->verdict = reason;
}

/* By another name than the certificate's the handshake would fail. */
static const struct {
	const char *name;
	enum close_reason verdict;
} names[] = {
	{ "localhost", REASON_NONE },
	{ "elsewhere", REASON_WRONG_NAME },
};

TEST_EACH(observed_client_goes_on, names)
{
	static const struct tls_observer observer = { on_message, on_verdict };
	static struct tls_pair pair;
	struct seen seen = { .sent = 0 };
	struct pki root, server, client;
	struct tls_creds *creds[2];

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&server, &PKI_SERVER("localhost"), &root);
	pki_make(&client, &PKI_CLIENT("alice"), &root);
	creds[0] =
	    pki_creds(TLS_CLIENT, &client, &root, tls_priority_default());
	creds[1] =
	    pki_creds(TLS_SERVER, &server, &root, tls_priority_default());
	tls_pair_open(&pair, creds[0], creds[1], names[_i].name);
	tls_observe(pair.client.tls, &observer, &seen);
	tls_pair_run(&pair, SIZE_MAX);
	ck_assert(pair.client.established && pair.server.established);
	ck_assert_uint_eq(seen.verdicts, 1);
	ck_assert_int_eq(seen.verdict, names[_i].verdict);
	ck_assert(seen.is_asked);
	ck_assert_uint_ge(seen.sent, 4);
	ck_assert_uint_ge(seen.received, 6);
	tls_pair_close(&pair);
	for (int i = 0; i < 2; i++)
		tls_creds_unref(&creds[i]);
	pki_free(&client);
	pki_free(&server);
	pki_free(&root);
}

SUITE("common/tls/request")
