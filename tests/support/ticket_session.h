/*
 * ticket_session: one session at a server that has several master keys for
 * tickets: the library and tls_tickets together, in the order that works.
 *
 * Owns:	the keys, and the sessions of the pair that it is given.
 * Errors:	fail the test.
 * Use:
 *	visit_open(&v, &pair, "BA", RAW_TLS_13);
 *	raw_tls_resume(&pair, &kept);
 *	visit_run(&v);
 *	ck_assert_int_eq(v.found, 1);
 *	visit_close(&v);
 */
#ifndef TESTS_SUPPORT_TICKET_SESSION_H
#define TESTS_SUPPORT_TICKET_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sys/file.h"
#include "tests/support/raw_tls.h"

struct visit {
	struct raw_tls *r;
	struct file_bytes keys;
	int64_t now_s;
	bool speaks_tls13;
	unsigned hellos;
	bool is_offered;
	int found; /* the index of the ticket's key, or -1 */
	int64_t made_at_ns;
	bool is_enabled;
	int key; /* the index of the one that is set */
};

/* Each letter makes a master key. */
void visit_keys(struct file_bytes *keys, const char *letters);

/* gnutls_session_ticket_enable_server with one of them. */
int visit_enable(
    gnutls_session_t session, const struct file_bytes *keys, int i);

/* Opens the pair; the server has these keys. */
void visit_open(struct visit *v, struct raw_tls *r, const char *letters,
    const char *priority);

/* Handshake, and what a server does after it. */
void visit_run(struct visit *v);

/* As many as told, if this is TLS 1.3. */
void visit_send_tickets(struct visit *v, unsigned count);

void visit_close(struct visit *v);

#endif
