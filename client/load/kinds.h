/*
 * kinds: the kinds of load that the options can ask for.
 *
 * RR and CRR are netperf's and neper's words: request and response, here a
 * message and its echo, on connections that stay; and connect, request and
 * response, where each echo has a connection of its own. A closed loop begins
 * the next one when one is over, an open loop when it is due.
 *
 * Use:
 *	const struct load_kind *kind = kinds_choose(options);
 */
#ifndef CLIENT_LOAD_KINDS_H
#define CLIENT_LOAD_KINDS_H

struct load_kind;
struct options;

extern const struct load_kind load_rr_closed;
extern const struct load_kind load_rr_open;
extern const struct load_kind load_crr_closed;
extern const struct load_kind load_crr_open;
/* Connections are held, and nothing is sent but an echo first and last. */
extern const struct load_kind load_idle;

const struct load_kind *kinds_choose(const struct options *options);

#endif
