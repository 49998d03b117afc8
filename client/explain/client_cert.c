/* client_cert: whether the server asked for a certificate, what it was given,
 * and whether it took it. */

#include "client/explain/private.h"
#include "client/options.h"
#include "common/base/utc.h"
#include "common/tls/alert.h"
#include "common/x509/describe.h"

enum {
	AUTHORITIES_SHOWN = 10
};

bool
explain_next_authority(
    struct tls_request *request, char text[static TLS_NAME_TEXT])
{
	gnutls_datum_t name;

	if (!tls_request_next(request, &name))
		return false;
	(void)tls_describe_dn(&name, text);
	return true;
}

/* A server may name none, and takes whom it likes then (RFC 8446, 4.2.4). */
static void
match_authorities(struct explain *x)
{
	struct tls_request request = x->first.watch.request;
	gnutls_datum_t name;

	if (x->own.count == 0 || request.names.left == 0)
		return;
	x->names_issuer = ANSWER_NO;
	while (tls_request_next(&request, &name))
		if (tls_chain_is_issued_by(&x->own, &name))
			x->names_issuer = ANSWER_YES;
}

static void
tell_authorities(struct explain *x)
{
	struct tls_request request = x->first.watch.request;
	char text[TLS_NAME_TEXT];
	unsigned count = 0;

	while (explain_next_authority(&request, text))
		if (++count <= AUTHORITIES_SHOWN)
			steps_detail(&x->steps, STEP_CLIENT,
			    "the server takes certificates of: %s", text);
	if (count > AUTHORITIES_SHOWN)
		steps_detail(&x->steps, STEP_CLIENT, "and of %u others",
		    count - AUTHORITIES_SHOWN);
	if (count == 0)
		steps_detail(&x->steps, STEP_CLIENT,
		    "the server does not say whose certificates it takes");
}

static void
tell_own(struct explain *x)
{
	char subject[TLS_NAME_TEXT];
	char issuer[TLS_NAME_TEXT];
	char purposes[TLS_PURPOSES_TEXT];
	char from[UTC_TEXT];
	char until[UTC_TEXT];
	gnutls_x509_crt_t crt;

	if (x->own.count == 0) {
		steps_detail(
		    &x->steps, STEP_CLIENT, "sent: none, there is no --cert");
		return;
	}
	crt = x->own.crts[0];
	steps_detail(&x->steps, STEP_CLIENT, "%s: %s, issued by %s",
	    x->first.watch.has_sent ? "sent" : "not sent",
	    tls_describe_subject(crt, subject),
	    tls_describe_issuer(crt, issuer));
	steps_detail(&x->steps, STEP_CLIENT, "   %s to %s; for %s",
	    tls_describe_from(crt, from), tls_describe_until(crt, until),
	    tls_describe_purposes(crt, purposes));
	if (x->names_issuer != ANSWER_UNKNOWN)
		steps_detail(&x->steps, STEP_CLIENT,
		    "   its issuer is %s those of the server",
		    x->names_issuer == ANSWER_YES ? "among" : "NOT among");
}

void
explain_client_asked(struct explain *x)
{
	const struct watch *w = &x->first.watch;

	if (w->is_asked) {
		match_authorities(x);
		tell_authorities(x);
		tell_own(x);
	} else if (x->has_handshake && x->own.count > 0) {
		steps_end(&x->steps, STEP_CLIENT, VERDICT_WARNING, -1,
		    "not asked for: this is not mutual TLS, anyone may come "
		    "in");
	} else if (x->has_handshake) {
		steps_end(
		    &x->steps, STEP_CLIENT, VERDICT_OK, -1, "not asked for");
	}
}

void
explain_client_refused(struct explain *x)
{
	char name[TLS_ALERT_TEXT];
	const char *when = x->has_handshake
	    ? ", with the first read, as always under TLS 1.3"
	    : "";

	x->is_accepted = ANSWER_NO;
	if (x->alert == TLS_ALERT_NONE)
		steps_end(&x->steps, STEP_CLIENT, VERDICT_FAILED, -1,
		    "refused without an alert: %s",
		    close_reason_text(x->first.reason));
	else
		steps_end(&x->steps, STEP_CLIENT, VERDICT_FAILED, -1,
		    "refused by alert %d %s%s", x->alert,
		    tls_alert_name((uint8_t)x->alert, name), when);
	explain_client_blame(x);
}

/* What a server would have reason to refuse, as far as it is seen from here. */
static bool
is_suspect(const struct explain *x)
{
	return x->first.watch.is_asked &&
	    (!x->first.watch.has_sent || x->names_issuer == ANSWER_NO ||
		explain_own_faults(x) != 0);
}

bool
explain_client_suspected(struct explain *x)
{
	if (!is_suspect(x))
		return false;
	x->is_accepted = ANSWER_UNKNOWN;
	steps_end(&x->steps, STEP_CLIENT, VERDICT_FAILED, -1,
	    "asked for, %s; then the server hung up without an alert: it is "
	    "probably refused",
	    x->first.watch.has_sent ? "sent" : "not sent");
	explain_client_blame(x);
	return true;
}

/* What is strange about a client that was let in; "": nothing. */
static const char *
doubt(const struct explain *x)
{
	if (x->first.watch.has_sent && x->names_issuer == ANSWER_NO)
		return ", though the server does not name its issuer: it may "
		       "not check certificates";
	if (!x->first.watch.has_sent && x->own.count > 0)
		return "; --cert was not sent, since its kind of key makes "
		       "none of the signatures that the server takes";
	return "";
}

void
explain_client_accepted(struct explain *x, const char *how)
{
	const struct watch *w = &x->first.watch;
	const char *strange = doubt(x);

	if (!w->is_asked)
		return;
	x->is_accepted = ANSWER_YES;
	steps_end(&x->steps, STEP_CLIENT,
	    strange[0] != '\0' ? VERDICT_WARNING : VERDICT_OK, -1, "%s: %s%s",
	    w->has_sent ? "asked for, sent, accepted"
			: "asked for, not sent, and let in without",
	    how, strange);
}

void
explain_client_unknown(struct explain *x, const char *why)
{
	if (x->first.watch.is_asked)
		steps_end(&x->steps, STEP_CLIENT, VERDICT_WARNING, -1,
		    "asked for, %s; whether it is accepted is not known: %s",
		    x->first.watch.has_sent ? "sent" : "not sent", why);
}
