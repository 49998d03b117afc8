/* judge: from the reason to the tally; see the header. */
#include "client/load/judge.h"

#include <stdio.h>
#include <string.h>

#include "client/identities/outcome.h"
#include "client/identities/outcomes.h"
#include "client/load/flow.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "common/tls/alert.h"
#include "common/tls/session.h"

/* True if it is what was expected. */
static bool
count_outcome(const struct flow *f, unsigned outcome)
{
	struct outcomes *outcomes = f->group->outcomes;

	return outcomes != NULL &&
	    outcomes_count(outcomes, f->identity, outcome);
}

void
judge_made(struct flow *f)
{
	f->made = true;
	(void)count_outcome(f, OUTCOME_ACCEPTED);
	tally_add(f->group->tally, TALLY_MADE, 1);
}

/* Of one that was accepted, what comes later is no outcome. */
static bool
is_as_expected(const struct flow *f, enum close_reason reason, int alert)
{
	return !f->made &&
	    count_outcome(f,
		reason == REASON_PEER_ALERT && alert > 0
		    ? outcome_of_alert((uint8_t)alert)
		    : outcome_of_reason(reason));
}

void
judge_failed(struct flow *f, enum close_reason reason, int error)
{
	struct tally_failure failure = { .time_ns = clock_now_ns(),
		.connection = f->index,
		.worker = f->group->worker,
		.reason = reason };
	int alert = tls_peer_alert(&f->conn.tls);
	const char *detail = "";
	char name[TLS_ALERT_TEXT];

	f->failed = true;
	f->no_address_accepted = close_reason_is_connect_failure(reason);
	if (is_as_expected(f, reason, alert)) {
		f->as_expected = true;
		tally_add(f->group->tally, TALLY_REFUSED, 1);
		return;
	}
	if (reason == REASON_PEER_ALERT && alert != TLS_ALERT_NONE) {
		failure.alert = (uint8_t)alert;
		detail = tls_alert_name(failure.alert, name);
	} else if (reason == REASON_MISMATCH ||
	    reason == REASON_ROUND_TRIP_TIMEOUT)
		detail = greeting_hint(&f->greeting);
	else if (error != 0)
		detail = strerror(error);
	(void)snprintf(failure.detail, sizeof failure.detail, "%s", detail);
	tally_fail(f->group->tally, &failure, f->made);
}

/*
 * A server that refuses our certificate says so after our handshake is complete
 * (RFC 8446, 4.4.2.4), so only an echo proves that a connection was made; or,
 * if there was nothing to echo, a close_notify in answer to ours: whoever
 * answers has read our certificate, which came before it. After all its echoes
 * a server may hang up in any way; many that are no echo send FIN alone.
 */
static bool
ended_well(const struct flow *f)
{
	bool has_all = f->state == FLOW_DONE ||
	    (f->state == FLOW_IDLE && f->satisfied && f->made);

	switch (f->conn.reason) {
	case REASON_CLOSED:
		return has_all;
	case REASON_EOF:
		return has_all && (f->made || f->group->no_echo);
	case REASON_RESET: /* may have overtaken the alert of a refusal */
	case REASON_IDLE_TIMEOUT:
		return has_all && f->made;
	case REASON_DRAINED: /* flow_stop aborted it: neither made nor failed */
		return true;
	default:
		return false;
	}
}

void
judge_end(struct flow *f)
{
	if (!ended_well(f)) {
		judge_failed(f, f->conn.reason, 0);
		return;
	}
	if (f->state == FLOW_DONE && !f->made)
		judge_made(f);
	if (f->conn.reason == REASON_IDLE_TIMEOUT)
		tally_add(f->group->tally, TALLY_UNANSWERED, 1);
	else if (f->conn.hurried)
		tally_add(f->group->tally, TALLY_HURRIED, 1);
}
