/*
 * hello_pad: padding. GnuTLS has an extension for it, which fills up to 512
 * bytes only (%DUMBFW); ours takes its place.
 */
#include "common/tls/hello_pad.h"

#include <gnutls/gnutls.h>
#include <stdint.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"
#include "common/tls/resume.h"

enum {
	EXTENSION = 21,       /* padding: RFC 7685, 3 */
	EXTENSION_HEADER = 4, /* type, length */
};

static int
on_receive(gnutls_session_t session, const unsigned char *bytes, size_t n)
{
	(void)session;
	(void)bytes;
	(void)n;
	return 0; /* a server has no business sending it */
}

static int
on_send(gnutls_session_t session, gnutls_buffer_t hello)
{
	static const uint8_t zeros[TLS_RECORD_MAX];
	const struct tls *tls = gnutls_session_get_ptr(session);
	int n = tls->gnutls->padding;
	int error =
	    n > 0 ? gnutls_buffer_append_data(hello, zeros, (size_t)n) : 0;

	return error < 0 ? error : n;
}

/* An output that counts. */
struct counter {
	size_t n;
	uint8_t scratch[512];
};

static uint8_t *
room(void *owner, size_t *n)
{
	struct counter *c = owner;

	*n = sizeof c->scratch;
	return c->scratch;
}

static void
commit(void *owner, size_t n)
{
	struct counter *c = owner;

	c->n += n;
}

/* Of the record with the ClientHello of such a session; 0: no memory. */
static size_t
measure(const struct tls_gnutls *g, const struct tls_resume *offered)
{
	static const struct tls_output output = { room, commit };
	struct tls_input nothing = { .bytes = NULL };
	struct counter counter = { .n = 0 };
	struct tls tls;

	if (tls_init(&tls, g->creds, g->peer_name) < 0)
		return 0;
	tls_set_output(&tls, &output, &counter);
	if (offered != NULL)
		(void)tls_resume_offer(&tls, offered);
	(void)tls_handshake(&tls, &nothing);
	tls_fini(&tls);
	return counter.n;
}

int
tls_pad_hello(struct tls *tls, const struct tls_resume *offered, size_t size)
{
	struct tls_gnutls *g = tls->gnutls;
	size_t without = measure(g, offered);

	ASSERT(!tls->established && !tls->is_server);
	ASSERT(size <= TLS_RECORD_MAX);
	if (without == 0)
		return -1;
	if (without + EXTENSION_HEADER >= size)
		return 0;
	g->padding = (uint16_t)(size - without - EXTENSION_HEADER);
	return gnutls_session_ext_register(g->session, "padding", EXTENSION,
		   GNUTLS_EXT_TLS, on_receive, on_send, NULL, NULL, NULL,
		   GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_TLS |
		       GNUTLS_EXT_FLAG_OVERRIDE_INTERNAL) < 0
	    ? -1
	    : 0;
}
