/* session: the life of a GnuTLS session; see the header. */
#include "common/tls/session.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/identity.h"
#include "common/tls/private.h"

static bool
is_ip_address(const char *name)
{
	uint8_t address[16];

	return inet_pton(AF_INET, name, address) == 1 ||
	    inet_pton(AF_INET6, name, address) == 1;
}

static int
set_up_client(struct tls *tls, const char *peer_name)
{
	if (peer_name == NULL)
		return 0;
	tls->peer_name = strdup(peer_name);
	if (tls->peer_name == NULL)
		return -1;
	if (is_ip_address(peer_name))
		return 0; /* RFC 6066, 3: no literal addresses in SNI */
	return gnutls_server_name_set(
	    tls->session, GNUTLS_NAME_DNS, peer_name, strlen(peer_name));
}

static int
set_up(struct tls *tls, const char *peer_name)
{
	const struct tls_creds *creds = tls->creds;

	gnutls_session_set_ptr(tls->session, tls);
	gnutls_session_set_verify_function(tls->session, tls_verify_callback);
	tls_set_up_transport(tls);
	if (gnutls_priority_set(tls->session, creds->priority) < 0 ||
	    gnutls_credentials_set(
		tls->session, GNUTLS_CRD_CERTIFICATE, creds->x509) < 0)
		return -1;
	return creds->settings.role == TLS_SERVER
	    ? tls_set_up_server(tls)
	    : set_up_client(tls, peer_name);
}

struct tls *
tls_new(struct tls_creds *creds, const char *peer_name)
{
	/* A client always shows its certificate, whatever roots the server
	 * names: the server's answer is what an operator wants to see. */
	unsigned flags = GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
	    (creds->settings.role == TLS_SERVER
		    ? GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET
		    : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);
	struct tls *tls = aligned_alloc(TLS_CACHE_LINE, sizeof *tls);

	ASSERT(creds->settings.role == TLS_CLIENT || peer_name == NULL);
	if (tls == NULL)
		return NULL;
	*tls = (struct tls){ .creds = tls_creds_ref(creds),
		.ticket_key = -1,
		.refusal = REASON_NONE,
		.reason = REASON_NONE,
		.sent_max = TLS_PEER_RECORD_MIN };
	if (gnutls_init(&tls->session, flags) < 0 || set_up(tls, peer_name) < 0)
		tls_free(&tls);
	return tls;
}

void
tls_free(struct tls **tls)
{
	struct tls *t = *tls;

	*tls = NULL;
	if (t == NULL)
		return;
	tls_free_data(t);
	if (t->session != NULL)
		gnutls_deinit(t->session);
	tls_identity_unref(&t->peer);
	tls_identity_unref(&t->own);
	tls_creds_unref(&t->creds);
	free(t->peer_name);
	free(t);
}

void
tls_set_output(struct tls *tls, const struct tls_output *output, void *owner)
{
	ASSERT(output != NULL);
	tls->output = output;
	tls->output_owner = owner;
}

enum close_reason
tls_reason(const struct tls *tls)
{
	return tls->reason;
}

const char *
tls_peer_alert(const struct tls *tls)
{
	const char *name = NULL;

	if (tls->reason == REASON_PEER_ALERT)
		name = gnutls_alert_get_name(tls->peer_alert);
	return name != NULL ? name : "";
}

bool
tls_is_resumed(const struct tls *tls)
{
	return gnutls_session_is_resumed(tls->session) != 0;
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
	return tls->refusal != REASON_NONE;
}

const struct tls_ticket_use *
tls_ticket_use(const struct tls *tls)
{
	return &tls->ticket;
}

const struct tls_chain_use *
tls_chain_use(const struct tls *tls)
{
	return &tls->chain;
}
