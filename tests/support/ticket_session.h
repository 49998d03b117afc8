/*
 * ticket_session: one session at a server that has several master keys for
 * tickets: the library and tls/ticket.h together, in the order that works.
 *
 * Owns:	the keys, and the sessions of the pair that it is given.
 * Errors:	fail the test.
 * Use:
 *	ticket_session_open(&v, &pair, "BA", RAW_TLS_13);
 *	raw_tls_resume(&pair, &kept);
 *	ticket_session_run(&v);
 *	ck_assert_int_eq(v.found, 1);
 *	ticket_session_close(&v);
 */
#ifndef TESTS_SUPPORT_TICKET_SESSION_H
#define TESTS_SUPPORT_TICKET_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sys/file.h"
#include "tests/support/raw_tls.h"

struct ticket_session {
	struct raw_tls *r;
	struct file_bytes keys;
	int64_t now_s;
	bool speaks_tls13;
	unsigned hellos;
	bool is_offered;
	int found; /* the index of the ticket's key, or -1 */
	bool is_enabled;
	int key; /* the index of the one that is set */
};

/* Each letter makes a master key. */
void ticket_session_keys(struct file_bytes *keys, const char *letters);

/* gnutls_session_ticket_enable_server with one of them. */
int ticket_session_enable(
    gnutls_session_t session, const struct file_bytes *keys, int i);

/* Opens the pair; the server has these keys. */
void ticket_session_open(struct ticket_session *v, struct raw_tls *r,
    const char *letters, const char *priority);

/* Handshake, and what a server does after it. */
void ticket_session_run(struct ticket_session *v);

/* As many as told, if this is TLS 1.3. */
void ticket_session_send_tickets(struct ticket_session *v, unsigned count);

void ticket_session_close(struct ticket_session *v);

#endif
