/*
 * dial: which of the server's addresses a flow connects to: first the one that
 * answered last, then the others in order. One that has not answered for a
 * while gets a rival, a TCP connect to the next one; the first to answer has
 * the flow (RFC 8305, 5). All of them together, and the TLS handshake after
 * them, have the time of --connect-timeout.
 *
 * Owns:	the flow's rival, limit, and, while it is CONNECTING, its timer.
 * Errors:	each connect that was not answered is counted in the tally.
 * Use:
 *	error = dial_begin(flow, &ops);
 *	... flow_group_expire calls dial_race ...
 *	... on_end of a connect: if (dial_next(flow)) dial_try(flow, &ops) ...
 *	dial_end(flow, true);
 */
#ifndef CLIENT_LOAD_DIAL_H
#define CLIENT_LOAD_DIAL_H

#include <stdbool.h>
#include <stdint.h>

struct conn_ops;
struct flow;
struct rival;

/* How long one of so many addresses may keep silent before the next is tried,
 * too: so long that all have their turn within the limit. */
int64_t dial_head_start_ns(int addresses, int64_t limit_ns);

/* Begins with the address that answered last. 0, or a positive errno. */
int dial_begin(struct flow *flow, const struct conn_ops *ops);

/* The connect to flow->address failed; false: that was the last one. */
bool dial_next(struct flow *flow);

/*
 * Connects to flow->address or, if that fails at once, to those after it. 0, or
 * the positive errno of the last one.
 */
int dial_try(struct flow *flow, const struct conn_ops *ops);

/* The flow's timer has expired while it was CONNECTING. */
void dial_race(struct flow *flow);

/* The flow's limit has expired: it is aborted, and tries no other address. */
void dial_give_up(struct flow *flow);

/* The flow connects no more; has_answered: and flow->address is why. */
void dial_end(struct flow *flow, bool has_answered);

/* Of a flow that has ended. */
void dial_free(struct flow *flow);

#endif
