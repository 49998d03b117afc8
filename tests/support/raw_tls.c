/* raw_tls: two GnuTLS sessions over two arrays; see the header. */
#include "tests/support/raw_tls.h"

#include <check.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "tests/support/pki.h"

enum {
	STEPS_MAX = 64
};

static gnutls_certificate_credentials_t creds;
static time_t told_s;

static void
must(int result)
{
	ck_assert_msg(result >= 0, "%s", gnutls_strerror(result));
}

static ssize_t
pull(gnutls_transport_ptr_t owner, void *to, size_t size)
{
	struct raw_tls_side *side = owner;
	size_t left = side->end - side->begin;
	size_t n = size < left ? size : left;

	if (n == 0) {
		gnutls_transport_set_errno(side->session, EAGAIN);
		return -1;
	}
	memcpy(to, side->inbox + side->begin, n);
	side->begin += n;
	return (ssize_t)n;
}

static int
pull_timeout(gnutls_transport_ptr_t owner, unsigned ms)
{
	const struct raw_tls_side *side = owner;

	(void)ms;
	return side->end > side->begin ? 1 : 0;
}

static ssize_t
push(gnutls_transport_ptr_t owner, const void *bytes, size_t n)
{
	struct raw_tls_side *other = ((struct raw_tls_side *)owner)->other;

	ck_assert_uint_le(n, sizeof other->inbox - other->end);
	memcpy(other->inbox + other->end, bytes, n);
	other->end += n;
	return (ssize_t)n;
}

/* NewSessionTicket: of TLS 1.3 (RFC 8446, 4.6.1) or 1.2 (RFC 5077, 3.3). */
static int
on_ticket(gnutls_session_t session, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	struct raw_tls *r = gnutls_session_get_ptr(session);
	const uint8_t *at = message->data + 4; /* lifetime */

	(void)type;
	(void)when;
	(void)incoming;
	if (gnutls_protocol_get_version(session) == GNUTLS_TLS1_3)
		at += 4 + 1 + at[4]; /* age_add, nonce */
	r->ticket_size = (size_t)at[0] << 8 | at[1];
	at += 2;
	ck_assert_uint_le(r->ticket_size, sizeof r->ticket);
	ck_assert(at + r->ticket_size <= message->data + message->size);
	memcpy(r->ticket, at, r->ticket_size);
	r->tickets++;
	return 0;
}

static void
make_creds(void)
{
	struct pki pki;

	pki_make(&pki, &PKI_SERVER("localhost"), NULL);
	must(gnutls_certificate_allocate_credentials(&creds));
	must(gnutls_certificate_set_x509_key(creds, &pki.crt, 1, pki.key));
	pki_free(&pki);
}

static void
start(struct raw_tls *r, struct raw_tls_side *side, const char *priority,
    unsigned flags)
{
	*side = (struct raw_tls_side){ .other = side->other };
	must(gnutls_init(&side->session, flags | GNUTLS_NONBLOCK));
	gnutls_session_set_ptr(side->session, r);
	must(gnutls_priority_set_direct(side->session, priority, NULL));
	must(gnutls_credentials_set(
	    side->session, GNUTLS_CRD_CERTIFICATE, creds));
	gnutls_transport_set_ptr(side->session, side);
	gnutls_transport_set_pull_function(side->session, pull);
	gnutls_transport_set_pull_timeout_function(side->session, pull_timeout);
	gnutls_transport_set_push_function(side->session, push);
}

void
raw_tls_open(struct raw_tls *r, const char *priority, unsigned server_flags)
{
	if (creds == NULL)
		make_creds();
	r->tickets = 0;
	r->client.other = &r->server;
	r->server.other = &r->client;
	start(
	    r, &r->client, priority, GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);
	start(r, &r->server, priority, GNUTLS_SERVER | server_flags);
	gnutls_certificate_server_set_request(
	    r->server.session, GNUTLS_CERT_REQUIRE);
	gnutls_handshake_set_hook_function(r->client.session,
	    GNUTLS_HANDSHAKE_NEW_SESSION_TICKET, GNUTLS_HOOK_PRE, on_ticket);
}

void
raw_tls_close(struct raw_tls *r)
{
	gnutls_deinit(r->client.session);
	gnutls_deinit(r->server.session);
}

void
raw_tls_resume(struct raw_tls *r, const struct raw_tls_kept *kept)
{
	must(gnutls_session_set_data(
	    r->client.session, kept->session.data, kept->session.size));
}

void
raw_tls_handshake(struct raw_tls *r)
{
	int client = GNUTLS_E_AGAIN;
	int server = GNUTLS_E_AGAIN;

	for (int i = 0; i < STEPS_MAX && (client != 0 || server != 0); i++) {
		if (client != 0)
			client = gnutls_handshake(r->client.session);
		if (server != 0)
			server = gnutls_handshake(r->server.session);
		ck_assert_msg(!gnutls_error_is_fatal(client), "client: %s",
		    gnutls_strerror(client));
		ck_assert_msg(!gnutls_error_is_fatal(server), "server: %s",
		    gnutls_strerror(server));
	}
	ck_assert_int_eq(client, 0);
	ck_assert_int_eq(server, 0);
	raw_tls_read(r);
}

void
raw_tls_read(struct raw_tls *r)
{
	uint8_t byte;

	/* GnuTLS says AGAIN after each ticket. */
	while (r->client.end > r->client.begin)
		ck_assert_int_eq(
		    gnutls_record_recv(r->client.session, &byte, 1),
		    GNUTLS_E_AGAIN);
}

bool
raw_tls_is_resumed(const struct raw_tls *r)
{
	int client = gnutls_session_is_resumed(r->client.session);

	ck_assert_int_eq(client, gnutls_session_is_resumed(r->server.session));
	return client != 0;
}

void
raw_tls_keep(struct raw_tls *r, struct raw_tls_kept *kept)
{
	ck_assert_uint_gt(r->tickets, 0);
	must(gnutls_session_get_data2(r->client.session, &kept->session));
	memcpy(kept->ticket, r->ticket, r->ticket_size);
	kept->ticket_size = r->ticket_size;
}

void
raw_tls_forget(struct raw_tls_kept *kept)
{
	gnutls_free(kept->session.data);
}

void
raw_tls_forge(struct raw_tls_kept *kept, const uint8_t *ticket)
{
	uint8_t *at = memmem(kept->session.data, kept->session.size,
	    kept->ticket, kept->ticket_size);

	ck_assert_ptr_nonnull(at);
	memcpy(at, ticket, kept->ticket_size);
	memcpy(kept->ticket, ticket, kept->ticket_size);
}

static time_t
tell_time(time_t *out)
{
	if (out != NULL)
		*out = told_s;
	return told_s;
}

void
raw_tls_set_time(time_t unix_s)
{
	told_s = unix_s;
	gnutls_global_set_time_function(unix_s != 0 ? tell_time : time);
}
