/* test_state: each step from state to state, drawn in conn.h or not. */
#include <stdio.h>
#include <stdlib.h>

#include "common/conn/private.h"
#include "tests/support/in_child.h"
#include "tests/support/suite.h"

enum {
	STATES = CONN_ENDED + 1
};

static struct conn conn;
static enum conn_state next;

static void
step(void)
{
	/* Nobody need read what an ASSERT says. */
	if (freopen("/dev/null", "w", stderr) == NULL)
		exit(2);
	conn_set_state(&conn, next);
	exit(conn.state == next ? 0 : 1);
}

/* A row says where one may go from a state, a column for each state. */
TEST_LOOP(only_steps_that_are_drawn, STATES *STATES)
{
	static const char *const drawn[STATES] = {
		[CONN_CONNECTING] = ".H....E",
		[CONN_HANDSHAKE] = "..O.F.E",
		[CONN_OPEN] = "...CF.E",
		[CONN_HALF_CLOSED] = "....F.E",
		[CONN_FLUSHING] = ".....LE",
		[CONN_LINGERING] = "......E",
		[CONN_ENDED] = ".......",
	};

	conn.state = (enum conn_state)(_i / STATES);
	next = (enum conn_state)(_i % STATES);
	ck_assert_int_eq(in_child_status(step),
	    drawn[_i / STATES][_i % STATES] != '.' ? 0 : -1);
}

SUITE("common/conn/state")
