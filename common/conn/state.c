/* state: the steps from state to state that conn.h draws, and no others. */
#include "common/base/assertion.h"
#include "common/conn/private.h"
#include "common/stats/entry.h"
#include "common/stats/row.h"

/* A bit for each state that may follow. */
static const unsigned char next_states[] = {
	[CONN_CONNECTING] = 1 << CONN_HANDSHAKE | 1 << CONN_ENDED,
	[CONN_HANDSHAKE] =
	    1 << CONN_OPEN | 1 << CONN_FLUSHING | 1 << CONN_ENDED,
	[CONN_OPEN] =
	    1 << CONN_HALF_CLOSED | 1 << CONN_FLUSHING | 1 << CONN_ENDED,
	[CONN_HALF_CLOSED] = 1 << CONN_FLUSHING | 1 << CONN_ENDED,
	[CONN_FLUSHING] = 1 << CONN_LINGERING | 1 << CONN_ENDED,
	[CONN_LINGERING] = 1 << CONN_ENDED,
	[CONN_ENDED] = 0,
};

void
conn_set_state(struct conn *conn, enum conn_state state)
{
	ASSERT(next_states[conn->state] & 1U << state);
	conn->state = state;
	if (conn->row != NULL && state > CONN_OPEN)
		stats_entry_set_state(conn->row, STATS_ROW_CLOSING);
}
