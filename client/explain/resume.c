/* resume: whether a second connection is spared the full handshake. */
#include "common/tls/resume.h"
#include "client/explain/private.h"
#include "client/options.h"
#include "common/base/clock.h"

static void
warn(struct explain *x, int64_t took_ns, const char *text)
{
	steps_end(
	    &x->steps, STEP_RESUMPTION, VERDICT_WARNING, took_ns, "%s", text);
}

static void
tell(struct explain *x, const struct dialogue *d, bool done, int64_t took_ns)
{
	x->is_resumed = ANSWER_NO;
	if (!done) {
		warn(x, took_ns, close_reason_text(d->reason));
	} else if (!tls_is_resumed(&d->tls)) {
		warn(x, took_ns,
		    "the server made a full handshake in spite of the ticket: "
		    "does it share its ticket keys with the others that answer "
		    "here?");
	} else {
		x->is_resumed = ANSWER_YES;
		steps_end(&x->steps, STEP_RESUMPTION, VERDICT_OK, took_ns,
		    "a second connection has resumed the session");
	}
}

void
explain_resumption(struct explain *x)
{
	static struct dialogue second;
	int64_t began_ns = clock_now_ns();
	int64_t open_by_ns = began_ns + x->options->connect_timeout_ns;
	bool done = false;

	if (x->ticket == NULL) {
		warn(x, -1, "the server gave no session ticket");
		return;
	}
	second.reason = dialogue_open(
	    &second, x->options, &x->addrs.of[x->tries - 1], open_by_ns);
	if (second.reason == REASON_NONE)
		done = dialogue_handshake(
		    &second, x->creds, x->ticket, open_by_ns);
	tell(x, &second, done, clock_now_ns() - began_ns);
	if (done)
		dialogue_say_close(&second, clock_now_ns() + CLOCK_NS_PER_S);
	dialogue_close(&second);
}
