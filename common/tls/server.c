/*
 * server: what only a server's session has: whom it asks for a certificate,
 * session tickets, application protocols.
 *
 * GnuTLS takes one ticket key a session. The key that a client's ticket was
 * made with is chosen by its name, before GnuTLS looks at it. New tickets are
 * made with the first key, so that a rotation comes to an end. There is one
 * exception: under TLS 1.2 GnuTLS replaces a ticket that it refuses, such as
 * one past its lifetime, by one of the same key, in the same handshake.
 */
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/assertion.h"
#include "common/creds/identity.h"
#include "common/creds/ticket_keys.h"
#include "common/tls/hello.h"
#include "common/tls/private.h"

enum {
	TICKET_CHAIN_MAX = 64000 /* bytes, and some hundred around them */
};

static gnutls_datum_t
ticket_key(const struct tls_creds *creds, int i)
{
	return (gnutls_datum_t){ creds->kept.ticket_keys.data +
		    (size_t)i * TLS_TICKET_KEY_SIZE,
		TLS_TICKET_KEY_SIZE };
}

/* Of our key i: whether the ticket will be of use is for GnuTLS to say, but it
 * does not say why not. */
static void
on_known_ticket(
    struct tls *tls, const struct tls_ticket_offer *offer, int i, int64_t now_s)
{
	const uint8_t *ticket = tls_ticket_offered(offer);
	struct tls_ticket_secrets secrets;

	tls->ticket.known = tls_ticket_key_is_of(
	    &secrets, ticket_key(tls->gnutls->creds, i).data, ticket, now_s);
	tls->ticket.other_version = tls_ticket_is_of_other_version(
	    ticket, offer->psk_name != NULL, &secrets);
	gnutls_memset(&secrets, 0, sizeof secrets);
}

/*
 * In three cases GnuTLS must not see tickets at all: in its first period of
 * time, which began in 1970, it makes them with a key of zeros; a hello that
 * becomes TLS 1.3 but offers a ticket of TLS 1.2 would fail; and so would a
 * client with max_fragment_length, to which GnuTLS sends a ticket of TLS 1.2 in
 * one record, however large it is.
 */
static bool
may_see_tickets(const struct tls *tls, int64_t now_s)
{
	const struct tls_gnutls *g = tls->gnutls;
	bool is_tls13 = tls_hello_gets_tls13(g->hello, &g->creds->support);

	return now_s >= TLS_TICKET_PERIOD_S &&
	    (is_tls13 ? !g->hello->ticket.is_mixed : g->limits.fragment == 0);
}

/* Before GnuTLS looks at the ticket in a ClientHello: sets the key that made
 * it, or the first one if that is not ours. */
static int
enable_tickets(struct tls *tls, const struct tls_ticket_offer *offer)
{
	const uint8_t *name = tls_ticket_offered(offer);
	int64_t now_s = (int64_t)time(NULL);
	gnutls_datum_t key;
	int i = -1;

	if (tls->gnutls->creds->kept.ticket_keys.size == 0)
		return 0;
	tls->ticket.offered = name != NULL;
	if (name != NULL)
		i = tls_ticket_keys_find(
		    &tls->gnutls->creds->kept.ticket_keys, name, now_s);
	if (i >= 0)
		on_known_ticket(tls, offer, i, now_s);
	if (!may_see_tickets(tls, now_s))
		return 0;
	tls->gnutls->ticket_key = i >= 0 ? i : 0;
	key = ticket_key(tls->gnutls->creds, tls->gnutls->ticket_key);
	return gnutls_session_ticket_enable_server(tls->gnutls->session, &key);
}

/*
 * GnuTLS 3.8.8 to 3.8.13 chooses a hybrid only where both sides list an FFDHE
 * group, too, which clients on Go and browsers do not. It has no other choice
 * when the hybrid is all that is left.
 */
static int
narrow_groups(struct tls_gnutls *g)
{
	if (g->creds->hybrid == NULL ||
	    !tls_hello_wants_hybrid(g->hello, &g->creds->support))
		return 0;
	return gnutls_priority_set(g->session, g->creds->hybrid);
}

static int
on_client_hello(struct tls *tls, const gnutls_datum_t *message)
{
	struct tls_gnutls *g = tls->gnutls;

	if (g->hello != NULL)
		return 0; /* after a HelloRetryRequest it is too late */
	g->hello = malloc(sizeof *g->hello);
	if (g->hello == NULL)
		return GNUTLS_E_MEMORY_ERROR;
	(void)tls_hello_read(g->hello, message);
	tls_set_record_limit(tls, &g->hello->limits);
	tls->offer = (struct tls_offer){
		.size = g->hello->size,
		.tls13 =
		    tls_numbers_have(&g->hello->versions, TLS_NUMBER_TLS13),
		.post_quantum = tls_hello_is_post_quantum(g->hello),
	};
	tls_choose(tls);
	if (narrow_groups(g) < 0)
		return GNUTLS_E_MEMORY_ERROR;
	return enable_tickets(tls, &g->hello->ticket);
}

/* A session has one hook: for the hello that comes, and tickets that leave. */
static int
on_message(gnutls_session_t session, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	struct tls *tls = gnutls_session_get_ptr(session);

	(void)when;
	if (incoming && type == GNUTLS_HANDSHAKE_CLIENT_HELLO)
		return on_client_hello(tls, message);
	if (!incoming && type == GNUTLS_HANDSHAKE_NEW_SESSION_TICKET)
		tls->ticket.issued++;
	return 0;
}

/* A ticket holds the client's chain, and says its size in two bytes: GnuTLS
 * makes malformed ones of larger chains. */
static bool
fits_into_ticket(const struct tls_identity *peer)
{
	unsigned count;
	const gnutls_datum_t *ders = tls_identity_chain(peer, &count);
	size_t size = 0;

	for (unsigned i = 0; i < count; i++)
		size += ders[i].size;
	return size <= TICKET_CHAIN_MAX;
}

void
tls_send_tickets(struct tls *tls)
{
	bool resumed = gnutls_session_is_resumed(tls->gnutls->session) != 0;
	unsigned count = resumed ? 1 : tls->gnutls->creds->settings.tickets;

	ASSERT(tls->established);
	/* Of TLS 1.2 the handshake has sent one, if the client wanted it. */
	if (tls->gnutls->ticket_key == 0 && fits_into_ticket(tls->peer) &&
	    gnutls_protocol_get_version(tls->gnutls->session) == GNUTLS_TLS1_3)
		(void)gnutls_session_ticket_send(
		    tls->gnutls->session, count, 0);
}

int
tls_set_up_server(struct tls *tls)
{
	static const gnutls_certificate_request_t requests[] = {
		[TLS_CLIENT_AUTH_REQUIRED] = GNUTLS_CERT_REQUIRE,
		[TLS_CLIENT_AUTH_OPTIONAL] = GNUTLS_CERT_REQUEST,
		[TLS_CLIENT_AUTH_NONE] = GNUTLS_CERT_IGNORE,
	};
	const struct tls_settings *settings = &tls->gnutls->creds->settings;

	gnutls_certificate_server_set_request(
	    tls->gnutls->session, requests[settings->client_auth]);
	if (!tls_creds_name_roots(tls->gnutls->creds))
		gnutls_certificate_send_x509_rdn_sequence(
		    tls->gnutls->session, 1);
	gnutls_handshake_set_hook_function(tls->gnutls->session,
	    GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_PRE, on_message);
	/* A client that offers none of them is refused (RFC 7301, 3.2). */
	return tls_set_alpn(
	    tls, GNUTLS_ALPN_MANDATORY | GNUTLS_ALPN_SERVER_PRECEDENCE);
}
