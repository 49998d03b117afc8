/*
 * judge: whether a flow's connection ended well, and what is counted of it.
 *
 * Use:
 *	in on_end, unless another address is tried:
 *	judge_end(flow);
 */
#ifndef CLIENT_LOAD_JUDGE_H
#define CLIENT_LOAD_JUDGE_H

#include <stdbool.h>

#include "common/base/close_reason.h"

struct flow;

/* Proven by an echo; or closed well, if none was asked for. */
void judge_made(struct flow *flow);

/* error: a positive errno of a connect that failed at once, or 0. */
void judge_failed(struct flow *flow, enum close_reason reason, int error);

/* It has ended, for flow->conn.reason. */
void judge_end(struct flow *flow);

#endif
