/*
 * piece: how to write much without a deadlock. A peer may stop reading until we
 * read what it sends back, and above CONN_TX_HIGH a connection does not read.
 * So whoever has much to write does so in pieces, while there is room.
 *
 * Use:		at the beginning, and again in on_drained:
 *	while (at < size && conn_has_room(conn))
 *		... conn_write at most CONN_PIECE bytes ...
 */
#ifndef COMMON_CONN_PIECE_H
#define COMMON_CONN_PIECE_H

#include <stdbool.h>

#include "common/conn/conn.h"
#include "common/tls/session.h"

enum {
	CONN_PIECE = TLS_RECORD_MAX /* bytes */
};

_Static_assert(CONN_TX_HIGH > 2 * CONN_PIECE, "room for pieces");

/* One piece more, and what TLS adds to it, leave the connection reading. */
static inline bool
conn_has_room(const struct conn *conn)
{
	return io_tx_queued(&conn->sock) < CONN_TX_HIGH - 2 * CONN_PIECE;
}

#endif
