/*
 * advice: what alerts of a server probably come of, and what to do about them.
 *
 * The alerts are those of RFC 8446, 6.2, and of RFC 5246, 7.2.2; what servers
 * mean by them is known from the programs that the tests run.
 *
 * Use:
 *	const struct advice *a = advice_on_alert(number, ADVICE_CLIENT);
 *	steps_blame(&steps, a->cause, a->remedy);
 */
#ifndef CLIENT_EXPLAIN_ADVICE_H
#define CLIENT_EXPLAIN_ADVICE_H

#include "common/base/close_reason.h"

struct advice {
	const char *cause;  /* sentences without the last full stop */
	const char *remedy; /* the same, in the imperative */
};

/* What the server had seen of the client when it said so. */
enum advice_about {
	ADVICE_HELLO, /* no more than the offer of its ClientHello */
	ADVICE_CLIENT /* its certificate, or that it has none */
};

/* Never NULL: there is one for alerts without a name, too. */
const struct advice *advice_on_alert(int alert, enum advice_about about);

/* Of a connect that failed: CONNECT_...; never NULL. */
const struct advice *advice_on_connect(enum close_reason reason);

#endif
