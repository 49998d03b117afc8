/*
 * messages: what comes in records after the handshake besides data: alerts, and
 * handshake messages (RFC 8446, 4.6 and 6; RFC 5246, 7.2 and 7.4.1).
 */
#include <gnutls/gnutls.h>

#include "common/tls/keys.h"
#include "common/tls/private.h"
#include "common/tls/records.h"

enum {
	/* Without data among them; each costs about as much as a small one. */
	RECORDS_WITHOUT_DATA_MAX = 1024,
	ALERT_SIZE = 2,
	HELLO_REQUEST = 0,
	CLIENT_HELLO = 1,
	NEW_SESSION_TICKET = 4,
	KEY_UPDATE = 24,
	/* A ticket and its extensions, each of 64 KiB at most (4.6.1). */
	TICKET_MAX = 1 << 18,
};

static enum tls_result
refuse(struct tls *tls, int alert)
{
	return tls_fail(tls, REASON_PROTOCOL, alert);
}

/* Both sides refuse to renegotiate; a server then ends it. */
static enum tls_result
refuse_renegotiation(struct tls *tls)
{
	tls_send_alert(tls, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
	return !tls->is_server && tls_tolerates(tls)
	    ? TLS_AGAIN
	    : refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE);
}

/* The header of a message has come: may it, and is it as long as it must be? */
static enum tls_result
begin_message(struct tls *tls)
{
	struct tls_message *m = &tls->message;
	uint32_t size = (uint32_t)m->header[1] << 16 |
	    (uint32_t)m->header[2] << 8 | m->header[3];
	int type = m->header[0];

	m->left = size;
	if (tls->is_tls13 && type == KEY_UPDATE)
		return size == 1 ? TLS_AGAIN
				 : refuse(tls, GNUTLS_A_DECODE_ERROR);
	if (tls->is_tls13 && !tls->is_server && type == NEW_SESSION_TICKET)
		return size > 0 && size <= TICKET_MAX
		    ? TLS_AGAIN
		    : refuse(tls, GNUTLS_A_DECODE_ERROR);
	if (!tls->is_tls13 && tls->is_server && type == CLIENT_HELLO)
		return refuse_renegotiation(tls);
	if (!tls->is_tls13 && !tls->is_server && type == HELLO_REQUEST &&
	    size == 0) {
		m->header_size = 0;
		return refuse_renegotiation(tls);
	}
	return refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE);
}

/* What follows is under the new key: so nothing else is in this record. */
static enum tls_result
on_key_update(struct tls *tls, uint8_t request, bool is_last)
{
	if (request > 1)
		return refuse(tls, GNUTLS_A_ILLEGAL_PARAMETER);
	if (!is_last)
		return refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE);
	if (!tls_key_update(tls, TLS_IN))
		return tls_fail(tls, REASON_INTERNAL, GNUTLS_A_INTERNAL_ERROR);
	tls->owes_key = tls->owes_key || request == 1;
	return TLS_AGAIN;
}

/* Of a ticket, nothing is kept. */
static enum tls_result
take_body(struct tls *tls, const uint8_t **bytes, size_t *n)
{
	struct tls_message *m = &tls->message;
	size_t taken = *n < m->left ? *n : m->left;
	enum tls_result result = TLS_AGAIN;

	if (m->header[0] == KEY_UPDATE)
		result = on_key_update(tls, **bytes, *n == taken);
	m->left -= (uint32_t)taken;
	*bytes += taken;
	*n -= taken;
	if (m->left == 0)
		m->header_size = 0;
	return result;
}

/* Messages may be cut into records, and several be in one (5.1). */
static enum tls_result
on_handshake(struct tls *tls, const uint8_t *bytes, size_t n)
{
	struct tls_message *m = &tls->message;
	enum tls_result result = TLS_AGAIN;

	while (result == TLS_AGAIN && n > 0) {
		if (m->header_size == sizeof m->header) {
			result = take_body(tls, &bytes, &n);
			continue;
		}
		m->header[m->header_size++] = *bytes++;
		n--;
		if (m->header_size == sizeof m->header)
			result = begin_message(tls);
	}
	return result;
}

/* Under TLS 1.3 the level says nothing (RFC 8446, 6). */
static enum tls_result
on_alert(struct tls *tls, const uint8_t bytes[static ALERT_SIZE])
{
	bool is_warning;

	if (bytes[1] == GNUTLS_A_CLOSE_NOTIFY)
		return TLS_EOF;
	is_warning = tls->is_tls13 ? bytes[1] == GNUTLS_A_USER_CANCELED
				   : bytes[0] == GNUTLS_AL_WARNING;
	if (is_warning)
		return tls_tolerates(tls)
		    ? TLS_AGAIN
		    : refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE);
	tls->peer_alert = bytes[1];
	return tls_fail(tls, REASON_PEER_ALERT, -1);
}

/*
 * Under TLS 1.2 a record may hold several (RFC 5246, 6.2.1), under TLS 1.3 one
 * (RFC 8446, 5.1). Nobody cuts an alert in two: GnuTLS and OpenSSL refuse that
 * as we do.
 */
static enum tls_result
on_alerts(struct tls *tls, const uint8_t *bytes, size_t n)
{
	enum tls_result result = TLS_AGAIN;

	if (tls->is_tls13 && n != ALERT_SIZE)
		return refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE);
	for (; result == TLS_AGAIN && n >= ALERT_SIZE; n -= ALERT_SIZE) {
		result = on_alert(tls, bytes);
		bytes += ALERT_SIZE;
	}
	return result == TLS_AGAIN && n > 0
	    ? refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE)
	    : result;
}

enum tls_result
tls_on_record(struct tls *tls, int type, const uint8_t *content, size_t n)
{
	/* Between the parts of a message nothing else may come, and only data
	 * may be empty (RFC 8446, 5.1 and 5.4). */
	bool fits = (type == TLS_HANDSHAKE || tls->message.header_size == 0) &&
	    (type == TLS_APPLICATION_DATA) == (n == 0);

	if (!fits || ++tls->without_data > RECORDS_WITHOUT_DATA_MAX)
		return refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE);
	switch (type) {
	case TLS_ALERT:
		return on_alerts(tls, content, n);
	case TLS_HANDSHAKE:
		return on_handshake(tls, content, n);
	case TLS_APPLICATION_DATA:
		return TLS_AGAIN;
	default:
		return refuse(tls, GNUTLS_A_UNEXPECTED_MESSAGE);
	}
}
