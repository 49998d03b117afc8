/* watch: reads messages of the handshake; see the header. */
#include "client/explain/watch.h"

#include "common/tls/observer.h"

/* A list of none is all that there is: with TLS 1.3 behind an empty context. */
enum {
	EMPTY_CERTIFICATE_MAX = 1 + 3
};

static void
on_sent(struct watch *w, unsigned type, const gnutls_datum_t *body)
{
	if (type == GNUTLS_HANDSHAKE_CLIENT_HELLO) {
		(void)tls_hello_read(&w->hello, body);
		w->hello.ticket =
		    (struct tls_ticket_offer){ NULL, NULL, false };
	} else if (type == GNUTLS_HANDSHAKE_CERTIFICATE_PKT) {
		w->has_answered = true;
		w->has_sent = body->size > EMPTY_CERTIFICATE_MAX;
	}
}

static void
on_request(struct watch *w, const gnutls_datum_t *body)
{
	struct view names;

	w->is_asked = true;
	tls_request_read(&w->request, body, w->version == TLS_NUMBER_TLS13);
	names = w->request.names;
	file_bytes_free(&w->names);
	if (names.left > 0 &&
	    file_bytes_append(&w->names, names.at, names.left) < 0)
		names.left = 0;
	w->request.names = (struct view){ w->names.data, names.left };
}

static void
on_message(
    void *owner, unsigned type, bool is_incoming, const gnutls_datum_t *body)
{
	struct watch *w = owner;

	if (!is_incoming) {
		on_sent(w, type, body);
		return;
	}
	switch (type) {
	case GNUTLS_HANDSHAKE_SERVER_HELLO:
		w->version = tls_version_read(body);
		(void)tls_protocol_read(body, true, w->protocol);
		break;
	case GNUTLS_HANDSHAKE_ENCRYPTED_EXTENSIONS:
		(void)tls_protocol_read(body, false, w->protocol);
		break;
	case GNUTLS_HANDSHAKE_CERTIFICATE_PKT:
		w->has_certificate = true;
		break;
	case GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST:
		on_request(w, body);
		break;
	default:
		break;
	}
}

static void
on_verdict(void *owner, enum close_reason reason)
{
	struct watch *w = owner;

	w->is_judged = true;
	w->verdict = reason;
}

void
watch_attach(struct watch *w, struct tls *tls)
{
	static const struct tls_observer observer = { on_message, on_verdict };

	*w = (struct watch){ .version = 0 };
	tls_observe(tls, &observer, w);
}

void
watch_clear(struct watch *w)
{
	file_bytes_free(&w->names);
	w->request.names = (struct view){ NULL, 0 };
}
