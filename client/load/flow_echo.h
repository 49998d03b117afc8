/*
 * flow_echo: the messages of a flow: they are handed to TLS in pieces, and what
 * comes back is compared with them. It has flow_begin, and these callbacks,
 * which are for flow.c alone.
 *
 * Errors:	a byte that differs ends the connection with REASON_MISMATCH.
 * Use:
 *	static const struct conn_ops ops = {
 *		.on_data = flow_echo_on_data,
 *		.on_drained = flow_echo_on_drained,
 *	};
 */
#ifndef CLIENT_LOAD_FLOW_ECHO_H
#define CLIENT_LOAD_FLOW_ECHO_H

#include <stddef.h>
#include <stdint.h>

struct conn;

/* Those of a connection that is a flow's: see conn.h. */
void flow_echo_on_data(struct conn *conn, const uint8_t *bytes, size_t n);
void flow_echo_on_drained(struct conn *conn);

#endif
