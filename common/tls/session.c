/* session: from tls_init to tls_fini; see the header. */
#include "common/tls/session.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/identity.h"
#include "common/tls/alert.h"
#include "common/tls/keylog.h"
#include "common/tls/private.h"

static bool
is_ip_address(const char *name)
{
	uint8_t address[16];

	return inet_pton(AF_INET, name, address) == 1 ||
	    inet_pton(AF_INET6, name, address) == 1;
}

static int
on_secret(
    gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
	struct tls *tls = gnutls_session_get_ptr(session);

	tls_keep_secret(tls, label, secret);
	tls_log_secret(tls->gnutls, label, secret);
	return 0;
}

static int
on_message(gnutls_session_t session, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	struct tls *tls = gnutls_session_get_ptr(session);

	(void)when;
	if (tls->gnutls->observer != NULL)
		tls->gnutls->observer->on_message(
		    tls->gnutls->observer_owner, type, incoming != 0, message);
	if (!incoming)
		return 0;
	if (type == GNUTLS_HANDSHAKE_NEW_SESSION_TICKET)
		tls->gnutls->ticket_came = true;
	tls_read_record_limit(tls, type, message);
	return 0;
}

static int
set_up_client(struct tls *tls, const char *peer_name)
{
	struct tls_gnutls *g = tls->gnutls;

	gnutls_handshake_set_hook_function(
	    g->session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_PRE, on_message);
	if (tls_set_alpn(tls, 0) < 0)
		return -1;
	if (peer_name == NULL)
		return 0;
	g->peer_name = strdup(peer_name);
	if (g->peer_name == NULL)
		return -1;
	if (is_ip_address(peer_name))
		return 0; /* RFC 6066, 3: no literal addresses in SNI */
	return gnutls_server_name_set(
	    g->session, GNUTLS_NAME_DNS, peer_name, strlen(peer_name));
}

static int
set_up(struct tls *tls, const char *peer_name)
{
	struct tls_gnutls *g = tls->gnutls;
	/* A client always shows its certificate, whatever roots the server
	 * names: the server's answer is what an operator wants to see. */
	unsigned flags = GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
	    (tls->is_server ? GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET
			    : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);

	if (gnutls_init(&g->session, flags) < 0)
		return -1;
	gnutls_session_set_ptr(g->session, tls);
	gnutls_session_set_verify_function(g->session, tls_verify_callback);
	gnutls_session_set_keylog_function(g->session, on_secret);
	tls_set_up_transport(tls);
	if (gnutls_priority_set(g->session, g->creds->priority) < 0 ||
	    gnutls_credentials_set(
		g->session, GNUTLS_CRD_CERTIFICATE, g->creds->x509) < 0)
		return -1;
	return tls->is_server ? tls_set_up_server(tls)
			      : set_up_client(tls, peer_name);
}

int
tls_init(struct tls *tls, struct tls_creds *creds, const char *peer_name)
{
	struct tls_gnutls *g = calloc(1, sizeof *g);

	*tls = (struct tls){ .gnutls = g,
		.is_server = creds->settings.role == TLS_SERVER,
		.reason = REASON_NONE };
	ASSERT(!tls->is_server || peer_name == NULL);
	if (g == NULL)
		return -1;
	g->creds = tls_creds_ref(creds);
	g->refusal = REASON_NONE;
	g->ticket_key = -1;
	if (set_up(tls, peer_name) == 0)
		return 0;
	tls_fini(tls);
	return -1;
}

void
tls_fini(struct tls *tls)
{
	tls_free_gnutls(tls);
	(void)tls_rest(tls);
	tls_forget_partial(tls);
	tls_identity_unref(&tls->peer);
	tls_identity_unref(&tls->own);
	gnutls_memset(tls->secrets, 0, sizeof tls->secrets);
}

void
tls_set_output(struct tls *tls, const struct tls_output *output, void *owner)
{
	ASSERT(output != NULL);
	tls->output = output;
	tls->output_owner = owner;
}

void
tls_observe(struct tls *tls, const struct tls_observer *observer, void *owner)
{
	ASSERT(!tls->established && !tls->is_server);
	tls->gnutls->observer = observer;
	tls->gnutls->observer_owner = owner;
}

enum close_reason
tls_reason(const struct tls *tls)
{
	return tls->reason;
}

int
tls_peer_alert(const struct tls *tls)
{
	return tls->reason == REASON_PEER_ALERT ? tls->peer_alert
						: TLS_ALERT_NONE;
}

int
tls_sent_alert(const struct tls *tls)
{
	return tls->sent_alert != 0 ? tls->sent_alert : TLS_ALERT_NONE;
}

bool
tls_is_resumed(const struct tls *tls)
{
	return tls->gnutls == NULL
	    ? tls->agreed.resumed
	    : gnutls_session_is_resumed(tls->gnutls->session) != 0;
}

const struct tls_identity *
tls_peer(const struct tls *tls)
{
	return tls->peer;
}

enum close_reason
tls_peer_refusal(const struct tls *tls)
{
	return tls_identity_refusal(tls->peer);
}

bool
tls_has_refused_peer(const struct tls *tls)
{
	return tls->gnutls != NULL && tls->gnutls->refusal != REASON_NONE;
}

const struct tls_ticket_use *
tls_ticket_use(const struct tls *tls)
{
	return &tls->ticket;
}

const struct tls_offer *
tls_offer(const struct tls *tls)
{
	return &tls->offer;
}

const struct tls_chain_use *
tls_chain_use(const struct tls *tls)
{
	return &tls->chain;
}
