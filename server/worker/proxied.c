/* proxied: reads and shows what a proxy says; see the header. */
#include "server/worker/proxied.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/facts.h"
#include "common/base/printable.h"
#include "common/conn/loop.h"
#include "common/sys/log.h"
#include "common/tls/session.h"
#include "server/worker/listing.h"
#include "server/worker/session.h"

enum {
	FACTS_TEXT = 2048,
	REFUSALS_MAX = 10 /* lines in a second */
};

static const char *const certificates[] = {
	[PROXY_CERTIFICATE_NONE] = "none",
	[PROXY_CERTIFICATE_FAILED] = "failed",
	[PROXY_CERTIFICATE_VERIFIED] = "verified",
};

void
proxied_forget(struct proxied *proxied)
{
	if (proxied == NULL)
		return;
	free(proxied->header);
	proxied->header = NULL;
}

void
proxied_free(struct proxied **proxied)
{
	proxied_forget(*proxied);
	free(*proxied);
	*proxied = NULL;
}

/* At the first bytes of a connection. */
static struct proxied *
proxied_new(const union addr_peer *proxy)
{
	struct proxied *p = calloc(1, sizeof *p);

	if (p != NULL)
		p->proxy = *proxy;
	return p;
}

/* Adds what may be of the header; how much there was, or -1 without memory. */
static ssize_t
keep(struct session *session, const struct tls_input *in)
{
	struct proxied *p = session->proxied;
	size_t had = p != NULL && p->header != NULL ? p->header->n : 0;
	size_t n = in->n;
	struct proxied_header *h;

	if (p == NULL)
		p = session->proxied = proxied_new(&session->peer);
	if (n > PROXY_HEADER_MAX - had)
		n = PROXY_HEADER_MAX - had;
	h = p != NULL ? realloc(p->header, sizeof *h + had + n) : NULL;
	if (h == NULL)
		return -1;
	p->header = h;
	h->parsed = (struct proxy_header){ .version = 0 };
	memcpy(h->bytes + had, in->bytes, n);
	h->n = had + n;
	return (ssize_t)had;
}

const char *
proxied_show(struct proxy_slice slice, char text[static PROXIED_VALUE])
{
	(void)printable_append(
	    text, PROXIED_VALUE, 0, slice.bytes, slice.n, "\"\\");
	return text;
}

const char *
proxied_certificate(const struct proxied *p)
{
	return certificates[p->header->parsed.ssl.certificate];
}

static void
put(struct facts *facts, const char *key, struct proxy_slice slice)
{
	char text[PROXIED_VALUE];

	if (slice.bytes != NULL)
		facts_put(facts, key, proxied_show(slice, text));
}

static void
log_header(const struct session *session)
{
	const struct proxy_header *h = &session->proxied->header->parsed;
	char text[FACTS_TEXT], peer[SESSION_PEER_TEXT], addr[ADDR_TEXT];
	struct facts facts = facts_in(text, sizeof text, FACTS_LOGFMT);

	if (!log_enabled(LOG_DEBUG))
		return;
	facts_put(&facts, "proxy_version", h->version == 1 ? "1" : "2");
	facts_put(&facts, "proxy_local", h->is_local ? "true" : "false");
	facts_put(&facts, "proxy_destination",
	    addr_format_peer(&h->destination, addr));
	put(&facts, "proxy_authority", h->authority);
	put(&facts, "proxy_unique_id", h->unique_id);
	put(&facts, "proxy_alpn", h->alpn);
	if (h->ssl.present) {
		put(&facts, "proxy_ssl_version", h->ssl.version);
		put(&facts, "proxy_ssl_cipher", h->ssl.cipher);
		facts_put(&facts, "proxy_ssl_certificate",
		    proxied_certificate(session->proxied));
		put(&facts, "proxy_ssl_cn", h->ssl.common_name);
	}
	log_connection(LOG_DEBUG, session->id, "peer=%s %s",
	    session_format_peer(session, peer), text);
}

static bool
is_same(const union addr_peer *a, const union addr_peer *b)
{
	uint8_t addresses[2][16];
	uint16_t ports[2];

	addr_peer_bytes(a, addresses[0], &ports[0]);
	addr_peer_bytes(b, addresses[1], &ports[1]);
	return ports[0] == ports[1] &&
	    memcmp(addresses[0], addresses[1], sizeof addresses[0]) == 0;
}

/*
 * Version 1 knows no LOCAL: haproxy's checks name the proxy's own end of this
 * very connection as their client. They reset it as soon as it is there, so
 * that the kernel may not know that end any more.
 */
static bool
is_own(const struct proxied *p)
{
	const struct proxy_header *h = &p->header->parsed;

	return h->version == 1 &&
	    (p->proxy.any.sa_family == 0 || is_same(&h->source, &p->proxy));
}

/*
 * False: a limit refuses the client. One that has no address counts for the
 * rate of the whole server; what the proxy does for itself, for none.
 */
static bool
accept_header(struct conn *conn)
{
	struct session *session = session_of(conn);
	struct proxy_header *h = &session->proxied->header->parsed;
	enum close_reason reason;

	if (is_own(session->proxied))
		h->is_local = true;
	conn->is_probe = h->is_local;
	if (h->is_local) {
		log_header(session);
		return true;
	}
	if (h->source.any.sa_family != 0) {
		session->peer = h->source;
		listing_name_peer(session);
	}
	log_header(session);
	reason = session_admit(session, &h->source, conn->loop->now_ns);
	if (reason != REASON_NONE)
		conn_abort(conn, reason);
	return reason == REASON_NONE;
}

static void
refuse(struct conn *conn, const char *fault)
{
	static struct log_limit limit;
	char peer[ADDR_TEXT];
	unsigned dropped;

	conn->is_probe = false;
	conn_abort(conn, REASON_PROXY_HEADER);
	if (!log_enabled(LOG_INFO) ||
	    !log_limit_allows(
		&limit, REFUSALS_MAX, conn->loop->now_ns, &dropped))
		return;
	if (dropped > 0)
		log_info("%u more came without a PROXY header, without a line",
		    dropped);
	log_connection(LOG_INFO, session_of(conn)->id,
	    "peer=%s refused=proxy_header because=\"PROXY header: %s\"",
	    addr_format_peer(&session_of(conn)->peer, peer), fault);
}

static void
ended(struct conn *conn)
{
	if (conn->is_probe)
		conn_abort(conn, REASON_EOF);
	else
		refuse(conn, "it is cut off");
}

bool
proxied_read(struct conn *conn, struct tls_input *in)
{
	struct session *session = session_of(conn);
	struct proxied_header *h;
	ssize_t had;
	size_t used;

	if (in->n == 0) {
		ended(conn);
		return false;
	}
	conn->is_probe = false;
	had = keep(session, in);
	if (had < 0) {
		conn_abort(conn, REASON_INTERNAL);
		return false;
	}
	h = session->proxied->header;
	switch (proxy_header_parse(&h->parsed, h->bytes, h->n, &used)) {
	case PROXY_MORE:
		return false;
	case PROXY_BAD:
		refuse(conn, h->parsed.fault);
		return false;
	case PROXY_OK:
		break;
	}
	in->bytes += used - (size_t)had;
	in->n -= used - (size_t)had;
	return accept_header(conn);
}
