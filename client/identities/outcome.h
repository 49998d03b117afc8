/*
 * outcome: how a connection of an identity came out, as a number: it was
 * accepted, refused by an alert, or it ended in another way before either.
 *
 * Use:
 *	outcome_format(outcome_of_alert(44), text);	"refused
 *						 certificate_revoked"
 */
#ifndef CLIENT_IDENTITIES_OUTCOME_H
#define CLIENT_IDENTITIES_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/tls/alert.h"

/* An alert's number stands for itself: 0 is none that refuses. */
enum {
	OUTCOME_ACCEPTED = 0,
	OUTCOME_REASON = TLS_ALERTS, /* plus a close_reason */
	OUTCOMES = OUTCOME_REASON + REASON_COUNT,
	OUTCOME_REFUSED, /* by whatever alert: can be expected only */
	OUTCOME_TEXT = 64
};

static inline unsigned
outcome_of_alert(uint8_t number)
{
	return number;
}

static inline unsigned
outcome_of_reason(enum close_reason reason)
{
	return OUTCOME_REASON + (unsigned)reason;
}

/* By an alert. */
static inline bool
outcome_is_refusal(unsigned outcome)
{
	return outcome > OUTCOME_ACCEPTED && outcome < OUTCOME_REASON;
}

static inline bool
outcome_is_as(unsigned outcome, unsigned expected)
{
	return outcome == expected ||
	    (expected == OUTCOME_REFUSED && outcome_is_refusal(outcome));
}

/* "accepted", "refused", "refused unknown_ca", as they are written when they
 * are expected, or the reason, such as "handshake_timeout". Returns text. */
const char *outcome_format(unsigned outcome, char text[static OUTCOME_TEXT]);

#endif
