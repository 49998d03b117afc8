/*
 * flow_state: how far a flow has come.
 *
 *	WAITING -> CONNECTING -> IDLE <--> BUSY
 *	               ^          |         |
 *	               |          +-> DONE <+
 *	               |               |
 *	               +---- OVER <----+
 *
 * An error leads from CONNECTING, IDLE and BUSY to OVER, too.
 *
 * Use:
 *	flow_set_state(flow, FLOW_IDLE);
 */
#ifndef CLIENT_LOAD_FLOW_STATE_H
#define CLIENT_LOAD_FLOW_STATE_H

struct flow;

enum flow_state {
	FLOW_WAITING,    /* not yet connected */
	FLOW_CONNECTING, /* TCP or TLS */
	FLOW_IDLE,       /* open, and nothing is under way */
	FLOW_BUSY,       /* messages are under way */
	FLOW_DONE,       /* all is sent; closing with close_notify */
	FLOW_OVER,       /* ended; may be connected again */
	FLOW_STATES
};

/* One step of the diagram; its group counts those CONNECTING and BUSY. */
void flow_set_state(struct flow *flow, enum flow_state state);

#endif
