/* dialogue: a session and a socket in turn; see the header. */
#include "client/explain/dialogue.h"

#include "client/options.h"
#include "common/base/clock.h"
#include "common/tls/alert.h"
#include "common/tls/hello_pad.h"
#include "common/tls/resume.h"

enum close_reason
dialogue_open(struct dialogue *d, const struct options *options,
    const struct addr *addr, int64_t deadline_ns)
{
	*d = (struct dialogue){ .options = options,
		.wire = { .fd = -1, .splits = options->splits_hello },
		.reason = REASON_NONE };
	return wire_open(
	    &d->wire, addr, sources_turn(&options->sources, 0), deadline_ns);
}

void
dialogue_close(struct dialogue *d)
{
	if (d->has_tls)
		tls_fini(&d->tls);
	d->has_tls = false;
	watch_clear(&d->watch);
	wire_close(&d->wire);
}

static bool
start(struct dialogue *d, struct tls_creds *creds,
    const struct tls_resume *ticket)
{
	size_t hello_size = d->options->hello_size;

	if (tls_init(&d->tls, creds, d->options->peer_name) < 0)
		return false;
	d->has_tls = true;
	watch_attach(&d->watch, &d->tls);
	tls_set_output(&d->tls, &wire_output, &d->wire);
	tls_resume_want(&d->tls);
	if (ticket != NULL)
		(void)tls_resume_offer(&d->tls, ticket);
	return hello_size == 0 ||
	    tls_pad_hello(&d->tls, ticket, hello_size) == 0;
}

/* What the session has to say goes out in any case, such as an alert. */
static bool
turn(struct dialogue *d, enum tls_result result, int64_t deadline_ns)
{
	wire_flush(&d->wire, deadline_ns);
	if (result == TLS_FAIL)
		d->reason = tls_reason(&d->tls);
	else if (result == TLS_AGAIN)
		d->reason = wire_receive(&d->wire, &d->input, deadline_ns);
	return d->reason == REASON_NONE;
}

bool
dialogue_handshake(struct dialogue *d, struct tls_creds *creds,
    const struct tls_resume *ticket, int64_t deadline_ns)
{
	int64_t own_ns = clock_now_ns() + d->options->handshake_timeout_ns;
	enum tls_result result;

	if (own_ns < deadline_ns)
		deadline_ns = own_ns;
	if (!start(d, creds, ticket)) {
		d->reason = REASON_INTERNAL;
		return false;
	}
	do
		result = tls_handshake(&d->tls, &d->input);
	while (turn(d, result, deadline_ns) && result == TLS_AGAIN);
	return result == TLS_OK;
}

bool
dialogue_write(
    struct dialogue *d, const void *bytes, size_t n, int64_t deadline_ns)
{
	uint64_t records;

	if (tls_write(&d->tls, bytes, n, &records) != TLS_OK) {
		d->reason = tls_reason(&d->tls);
		return false;
	}
	wire_flush(&d->wire, deadline_ns);
	return true;
}

enum tls_result
dialogue_read(
    struct dialogue *d, const uint8_t **bytes, size_t *n, int64_t deadline_ns)
{
	enum tls_result result;

	do
		result = tls_read(&d->tls, &d->input, bytes, n);
	while (result == TLS_AGAIN && turn(d, result, deadline_ns));
	if (result == TLS_FAIL)
		(void)turn(d, result, deadline_ns);
	if (result != TLS_AGAIN)
		return result;
	if (d->reason != REASON_HANDSHAKE_TIMEOUT)
		return TLS_FAIL;
	d->reason = REASON_NONE; /* it may go on */
	return TLS_AGAIN;
}

void
dialogue_say_close(struct dialogue *d, int64_t deadline_ns)
{
	tls_close_notify(&d->tls);
	wire_flush(&d->wire, deadline_ns);
}

int
dialogue_alert(const struct dialogue *d)
{
	return d->has_tls && d->reason == REASON_PEER_ALERT
	    ? tls_peer_alert(&d->tls)
	    : TLS_ALERT_NONE;
}
