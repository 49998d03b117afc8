/* rehearsal: GnuTLS's client against our server; see the header. */
#include "common/tls/rehearsal.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/private.h"
#include "common/tls/session.h"

enum {
	ROOM = 4096,
	PRIORITY_TEXT = 1024,
	TURNS_MAX = 16 /* a handshake takes a few */
};

/* Bytes on their way to one side, of which some have been read. */
struct flight {
	struct file_bytes bytes;
	size_t read;
};

struct stage {
	struct tls server;
	enum tls_result server_result;
	gnutls_session_t client;
	int client_result;
	struct flight to_server, to_client;
	uint8_t room[ROOM];
};

static uint8_t *
room(void *owner, size_t *n)
{
	struct stage *s = owner;

	*n = sizeof s->room;
	return s->room;
}

/* Without memory the handshake does not go on, and so fails. */
static void
commit(void *owner, size_t n)
{
	struct stage *s = owner;

	(void)file_bytes_append(&s->to_client.bytes, s->room, n);
}

static const struct tls_output output = { room, commit };

static ssize_t
push(gnutls_transport_ptr_t stage, const void *data, size_t n)
{
	struct stage *s = stage;

	return file_bytes_append(&s->to_server.bytes, data, n) < 0 ? -1
								   : (ssize_t)n;
}

static ssize_t
pull(gnutls_transport_ptr_t stage, void *data, size_t n)
{
	struct stage *s = stage;
	struct flight *f = &s->to_client;
	size_t left = f->bytes.size - f->read;

	if (left == 0) {
		gnutls_transport_set_errno(s->client, EAGAIN);
		return -1;
	}
	n = n < left ? n : left;
	memcpy(data, f->bytes.data + f->read, n);
	f->read += n;
	return (ssize_t)n;
}

static int
open_client(struct stage *s, gnutls_certificate_credentials_t nothing,
    const char *priority)
{
	if (gnutls_init(&s->client,
		GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return -1;
	gnutls_transport_set_ptr(s->client, s);
	gnutls_transport_set_push_function(s->client, push);
	gnutls_transport_set_pull_function(s->client, pull);
	if (gnutls_priority_set_direct(s->client, priority, NULL) < 0 ||
	    gnutls_credentials_set(s->client, GNUTLS_CRD_CERTIFICATE, nothing) <
		0)
		return -1;
	return 0;
}

static void
turn(struct stage *s)
{
	struct flight *f = &s->to_server;
	struct tls_input in;

	do
		s->client_result = gnutls_handshake(s->client);
	while (s->client_result < 0 && s->client_result != GNUTLS_E_AGAIN &&
	    gnutls_error_is_fatal(s->client_result) == 0);
	in = (struct tls_input){ .bytes = f->bytes.data + f->read,
		.n = f->bytes.size - f->read };
	if (in.n == 0)
		return;
	s->server_result = tls_handshake(&s->server, &in);
	f->read = f->bytes.size - in.n;
}

/* It has come to the point at which the client's certificate is judged. */
static bool
has_succeeded(const struct stage *s)
{
	return s->server_result == TLS_OK ||
	    (s->server_result == TLS_FAIL &&
		close_reason_is_refusal(tls_reason(&s->server)));
}

static int
play(struct stage *s, struct errmsg *e)
{
	for (int i = 0; i < TURNS_MAX && s->server_result == TLS_AGAIN &&
	     (s->client_result >= 0 || s->client_result == GNUTLS_E_AGAIN);
	     i++)
		turn(s);
	if (has_succeeded(s))
		return 0;
	if (s->server_result == TLS_FAIL &&
	    tls_reason(&s->server) != REASON_PEER_ALERT)
		return errmsg_set(e, "%s, at the server",
		    close_reason_text(tls_reason(&s->server)));
	return errmsg_set(
	    e, "%s, at the client", gnutls_strerror(s->client_result));
}

static int
rehearse(struct tls_creds *creds, const char *priority, struct errmsg *e)
{
	gnutls_certificate_credentials_t nothing = NULL;
	struct stage s = { .server_result = TLS_AGAIN,
		.client_result = GNUTLS_E_AGAIN };
	int result = errmsg_set(e, "out of memory");

	if (tls_init(&s.server, creds, NULL) < 0)
		return -1;
	tls_set_output(&s.server, &output, &s);
	if (gnutls_certificate_allocate_credentials(&nothing) == 0 &&
	    open_client(&s, nothing, priority) == 0)
		result = play(&s, e);
	if (s.client != NULL)
		gnutls_deinit(s.client);
	if (nothing != NULL)
		gnutls_certificate_free_credentials(nothing);
	tls_fini(&s.server);
	file_bytes_free(&s.to_server.bytes);
	file_bytes_free(&s.to_client.bytes);
	return result;
}

static const struct {
	uint16_t number;
	const char *name, *priority;
} versions[] = {
	{ TLS_NUMBER_TLS13, "TLS 1.3", ":-VERS-ALL:+VERS-TLS1.3" },
	{ TLS_NUMBER_TLS12, "TLS 1.2", ":-VERS-ALL:+VERS-TLS1.2" },
};

int
tls_rehearse(struct tls_creds *creds, struct errmsg *e)
{
	char priority[PRIORITY_TEXT];
	bool failed = false, succeeded = false;
	struct errmsg why;

	ASSERT(creds->settings.role == TLS_SERVER);
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		int n = snprintf(priority, sizeof priority, "%s%s",
		    creds->settings.priority, versions[i].priority);

		if (n < 0 || (size_t)n >= sizeof priority ||
		    !tls_numbers_have(
			&creds->support.versions, versions[i].number))
			continue;
		if (rehearse(creds, priority, &why) == 0) {
			succeeded = true;
		} else if (!failed) {
			(void)errmsg_set(e,
			    "a handshake with these files, tried in %s: %s",
			    versions[i].name, why.text);
			failed = true;
		}
	}
	return !failed ? 0 : succeeded ? 1 : -1;
}
