/*
 * ticket_session: a server that chooses a master key by the ticket; see the
 * header.
 */
#include "tests/support/ticket_session.h"

#include <check.h>
#include <string.h>
#include <time.h>

#include "common/creds/ticket_keys.h"
#include "common/tls/hello.h"

void
ticket_session_keys(struct file_bytes *keys, const char *letters)
{
	static uint8_t bytes[TLS_TICKET_KEYS_MAX * TLS_TICKET_KEY_SIZE];
	size_t size = strlen(letters) * TLS_TICKET_KEY_SIZE;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)letters[i / TLS_TICKET_KEY_SIZE];
	ck_assert_int_eq(file_bytes_append(keys, bytes, size), 0);
}

int
ticket_session_enable(
    gnutls_session_t session, const struct file_bytes *keys, int i)
{
	gnutls_datum_t key = { keys->data + i * TLS_TICKET_KEY_SIZE,
		TLS_TICKET_KEY_SIZE };

	return gnutls_session_ticket_enable_server(session, &key);
}

static int
on_hello(gnutls_session_t session, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	struct ticket_session *v =
	    ((struct raw_tls *)gnutls_session_get_ptr(session))->owner;
	struct tls_hello hello;
	const uint8_t *name;

	(void)type;
	(void)when;
	(void)incoming;
	/* After a HelloRetryRequest the key stands already. */
	if (v->hellos++ > 0)
		return 0;
	(void)tls_hello_read(&hello, message);
	name = tls_ticket_offered(&hello.ticket);
	v->is_offered = name != NULL;
	if (v->is_offered)
		v->found = tls_ticket_keys_find(&v->keys, name, v->now_s);
	v->key = v->found >= 0 ? v->found : 0;
	/* In its first period the library encrypts under zeros. */
	v->is_enabled = v->now_s >= TLS_TICKET_PERIOD_S &&
	    !(hello.ticket.is_mixed && v->speaks_tls13);
	if (v->is_enabled)
		ck_assert_int_eq(
		    ticket_session_enable(session, &v->keys, v->key), 0);
	return 0;
}

void
ticket_session_open(struct ticket_session *v, struct raw_tls *r,
    const char *letters, const char *priority)
{
	*v = (struct ticket_session){ .r = r,
		.found = -1,
		.now_s = time(NULL),
		.speaks_tls13 = strcmp(priority, RAW_TLS_12) != 0 };
	ticket_session_keys(&v->keys, letters);
	r->owner = v;
	raw_tls_open(r, priority, GNUTLS_NO_AUTO_SEND_TICKET);
	gnutls_handshake_set_hook_function(r->server.session,
	    GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE, on_hello);
}

/* TLS 1.2 sends its ticket within the handshake, and calls this invalid. */
void
ticket_session_send_tickets(struct ticket_session *v, unsigned count)
{
	gnutls_session_t session = v->r->server.session;
	bool is_tls13 = gnutls_protocol_get_version(session) == GNUTLS_TLS1_3;

	ck_assert_int_eq(gnutls_session_ticket_send(session, count, 0),
	    is_tls13 ? 0 : GNUTLS_E_INVALID_REQUEST);
	raw_tls_read(v->r);
}

void
ticket_session_run(struct ticket_session *v)
{
	raw_tls_handshake(v->r);
	if (v->is_enabled && v->key == 0)
		ticket_session_send_tickets(v, 1);
}

void
ticket_session_close(struct ticket_session *v)
{
	raw_tls_close(v->r);
	file_bytes_free(&v->keys);
}
