/*
 * by_session: data through GnuTLS's session, of cipher suites that tls/records
 * lacks, and of clients that wait for a ticket.
 */
#include "common/tls/by_session.h"

#include <gnutls/gnutls.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"
#include "common/tls/resume.h"

void
tls_session_release(struct tls *tls)
{
	struct tls_gnutls *g = tls->gnutls;

	if (g->packet != NULL)
		gnutls_packet_deinit(g->packet);
	g->packet = NULL;
}

/* Only after data is it at a boundary between records, with nothing inside. */
bool
tls_session_is_over(struct tls *tls)
{
	const struct tls_gnutls *g = tls->gnutls;

	if (g->wants_ticket || !g->at_boundary ||
	    gnutls_record_check_pending(g->session) > 0)
		return false;
	tls_hand_over(tls);
	return tls->gnutls == NULL;
}

/*
 * Can a read bring anything? GnuTLS keeps no bytes back beyond the record under
 * way, so the call that would only say AGAIN, one for each echo, can be spared:
 * it allocates 16 KiB for a header that has not come.
 */
static bool
has_more(const struct tls *tls)
{
	const struct tls_gnutls *g = tls->gnutls;

	return g->in->n > 0 || g->in->ended ||
	    gnutls_record_check_pending(g->session) > 0;
}

static ssize_t
receive_packet(struct tls *tls)
{
	struct tls_gnutls *g = tls->gnutls;
	size_t left;
	ssize_t got;

	do {
		left = g->in->n;
		got = gnutls_record_recv_packet(g->session, &g->packet);
		tls_keep_ticket(tls);
	} while (tls_goes_on(tls, got, left));
	g->at_boundary = got > 0;
	if (got > 0)
		g->pulled = 0; /* what comes with data may go on for ever */
	return got;
}

static enum tls_result
read_packet(struct tls *tls, const uint8_t **bytes, size_t *n)
{
	ssize_t got = has_more(tls) ? receive_packet(tls) : GNUTLS_E_AGAIN;
	gnutls_datum_t content;

	if (got == GNUTLS_E_AGAIN)
		return tls_wait_for_more(tls);
	if (got < 0)
		return tls_fail_by_error(tls, (int)got);
	if (got == 0)
		return TLS_EOF;
	gnutls_packet_get(tls->gnutls->packet, &content, NULL);
	*bytes = content.data;
	*n = content.size;
	return TLS_OK;
}

enum tls_result
tls_session_read(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n)
{
	enum tls_result result;

	ASSERT(tls->gnutls->in == NULL && tls->gnutls->packet == NULL);
	tls->gnutls->in = in;
	result = read_packet(tls, bytes, n);
	tls->gnutls->in = NULL;
	return result;
}

ssize_t
tls_session_write(struct tls *tls, const uint8_t *bytes, size_t n)
{
	ssize_t sent;

	ASSERT(tls->gnutls->in == NULL);
	do
		sent = gnutls_record_send(tls->gnutls->session, bytes, n);
	while (sent == GNUTLS_E_INTERRUPTED);
	return sent;
}
