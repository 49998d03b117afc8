/* hold: handshakes that wait after the ClientHello; see the header. */
#include "common/conn/hold.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/conn/private.h"
#include "common/tls/session.h"

/* 0, or -1 when there is no memory for them. */
static int
append(struct conn *conn, const struct tls_input *in)
{
	size_t n = conn->pending_len + in->n;
	uint8_t *bytes;

	if (in->n == 0)
		return 0;
	bytes = realloc(conn->pending_bytes, n);
	if (bytes == NULL)
		return -1;
	memcpy(bytes + conn->pending_len, in->bytes, in->n);
	conn->pending_bytes = bytes;
	conn->pending_len = n;
	return 0;
}

void
conn_hold(struct conn *conn, const struct tls_input *in)
{
	ASSERT(conn->state == CONN_HANDSHAKE);
	conn->is_held = true;
	if (in->ended)
		conn_abort(conn, REASON_EOF);
	else if (in->n > CONN_HELD_MAX - conn->pending_len)
		conn_abort(conn, REASON_PROTOCOL);
	else if (append(conn, in) < 0)
		conn_abort(conn, REASON_INTERNAL);
}

void
conn_drop_held(struct conn *conn)
{
	if (!conn->is_held)
		return;
	conn->is_held = false;
	free(conn->pending_bytes);
	conn->pending_bytes = NULL;
	conn->pending_len = 0;
}

void
conn_go_on(struct conn *conn)
{
	uint8_t *bytes = conn->pending_bytes;
	struct tls_input in = { .bytes = bytes, .n = conn->pending_len };

	ASSERT(conn->is_held && conn->state == CONN_HANDSHAKE);
	conn->is_held = false;
	conn->pending_bytes = NULL;
	conn->pending_len = 0;
	conn_handshake(conn, &in); /* it may be another thread's behind this */
	free(bytes);
}
