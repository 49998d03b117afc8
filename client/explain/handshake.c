/* handshake: what was offered, what was agreed on, and why there is none. */
#include <stdio.h>
#include <string.h>

#include "client/explain/advice.h"
#include "client/explain/answer.h"
#include "client/explain/private.h"
#include "client/options.h"
#include "common/base/clock.h"
#include "common/base/printable.h"
#include "common/creds/support.h"
#include "common/tls/alert.h"

enum {
	/* Of an offer from which something was chosen; all of it, if nothing
	 * was. */
	LIST_SHOWN = 3,
	ILLEGAL_PARAMETER = 47, /* alerts: RFC 8446, 6 */
	PROTOCOL_VERSION = 70,
	BYTES_SHOWN = 60 /* of an answer that is not TLS */
};

static void
tell_list(struct explain *x, const char *what, const struct tls_numbers *list,
    enum tls_numbers_kind kind)
{
	struct tls_numbers shown = *list;
	char text[2048];
	char more[32] = "";

	if (x->has_handshake && shown.count > LIST_SHOWN) {
		shown.count = LIST_SHOWN;
		(void)snprintf(more, sizeof more, " and %u more",
		    list->count - LIST_SHOWN);
	}
	steps_detail(&x->steps, STEP_HANDSHAKE, "offered %s: %s%s", what,
	    tls_numbers_format(&shown, kind, text, sizeof text), more);
}

static void
tell_offer(struct explain *x)
{
	const struct tls_hello *hello = &x->first.watch.hello;
	char text[TLS_HELLO_ALPN + 1];

	if (hello->size == 0)
		return;
	tell_list(x, "versions", &hello->versions, TLS_NUMBERS_VERSIONS);
	tell_list(x, "groups", &hello->groups, TLS_NUMBERS_GROUPS);
	tell_list(x, "suites", &hello->suites, TLS_NUMBERS_SUITES);
	tell_list(x, "signatures", &hello->schemes, TLS_NUMBERS_SCHEMES);
	(void)printable_append(
	    text, sizeof text, 0, hello->alpn, strlen(hello->alpn), "");
	steps_detail(&x->steps, STEP_HANDSHAKE,
	    "offered name (SNI): %s; ALPN: %s; a ClientHello of %u bytes",
	    hello->name[0] != '\0' ? hello->name : "none",
	    hello->alpn[0] != '\0' ? text : "none", hello->size);
}

static void
tell_agreed(struct explain *x, int64_t took_ns)
{
	const struct tls_names *n = &x->agreed;
	char protocol[TLS_PROTOCOL_TEXT];

	(void)printable_append(protocol, sizeof protocol, 0,
	    x->first.watch.protocol, strlen(x->first.watch.protocol), "");
	steps_end(&x->steps, STEP_HANDSHAKE, VERDICT_OK, took_ns,
	    "%s, %s, group %s (%spost-quantum), signature %s, ALPN %s",
	    n->version, n->suite, n->group, n->is_post_quantum ? "" : "not ",
	    n->signature,
	    x->first.watch.protocol[0] != '\0' ? protocol : "none");
}

/* Bytes that are not TLS, as far as one line has room for them. */
static void
tell_received(struct explain *x)
{
	const struct wire *w = &x->first.wire;
	size_t n = w->received < BYTES_SHOWN ? w->received : BYTES_SHOWN;
	char text[4 * BYTES_SHOWN];

	(void)printable_append(text, sizeof text, 0, w->first_received, n, "");
	steps_detail(&x->steps, STEP_HANDSHAKE, "received: \"%s\"", text);
}

/* The kernel of the server, or of a proxy, has acknowledged the hello. */
static const struct advice silence = {
	"the ClientHello has arrived, and nothing answers it: the server "
	"hangs, or waits for another protocol, or its answer is lost on the "
	"way (path MTU), or a proxy does not bear a ClientHello of this size",
	"see whether the server's process is stopped; connect from its own "
	"host; vary the hello with --hello-split and --hello-size 1700, or "
	"make it short with --priority NORMAL:-GROUP-ALL:+GROUP-X25519"
};
static const struct advice lost = {
	"the connection was made, but the ClientHello does not arrive: "
	"something on the way drops packets of its size (path MTU), or for "
	"what they say, or the server's host takes no more connections",
	"let ICMP pass the firewall; make the hello short with --priority "
	"NORMAL:-GROUP-ALL:+GROUP-X25519, or long with --hello-size 1700, and "
	"see from which size on it is lost"
};
static const struct advice stall = {
	"the server began to answer, and then stopped: it hangs, or something "
	"on the way drops packets of full size (path MTU)",
	"connect from the server's own host; let ICMP pass the firewall"
};
static const struct advice hang_up = {
	"the server hung up when it saw the ClientHello, without an alert: it "
	"has reached a limit (of connections, of new ones a second, of "
	"memory), or speaks no TLS, or wants a PROXY header first, or a "
	"request of its own protocol, as PostgreSQL does, or is a proxy whose "
	"own "
	"server does not answer, or something on the way forbids the name",
	"look at the log of the server or proxy, which names a limit that is "
	"reached; connect past what is in between, and make sure that this "
	"port speaks TLS"
};
static const struct advice cut_off = {
	"the connection broke off in the midst of the handshake, without an "
	"alert: the server's process or a proxy on the way ended it",
	"look at the logs of both"
};
static const struct advice version = {
	"the server chose a version of TLS that was not offered",
	"allow it with --priority, or update the server"
};
static const struct advice key = {
	"the server's signature is not that of its certificate's key: the "
	"server has a key that does not belong to its certificate, or "
	"something on the way changes bytes",
	"give the server the key of its certificate"
};
static const struct advice weak = {
	"the server's key or signature is too weak for --priority",
	"give the server a stronger certificate: RSA of at least 2048 bits, or "
	"ECDSA, and SHA-256"
};
static const struct advice usage = {
	"the server's certificate may not be used for what the handshake does "
	"with it (key usage)",
	"issue it with digitalSignature among its key usages"
};
static const struct advice broken = {
	"what the server answered is no handshake that TLS allows: it has a "
	"fault, or something on the way changes bytes",
	"connect past what is in between; try another version with "
	"--priority"
};

/* Of a handshake that ended without an alert from the server. */
static const struct advice *
advice_of(const struct explain *x)
{
	const struct dialogue *d = &x->first;
	bool has_answered = d->wire.received > 0;

	switch (d->reason) {
	case REASON_HANDSHAKE_TIMEOUT:
		if (has_answered)
			return &stall;
		return wire_is_acknowledged(&d->wire) ? &silence : &lost;
	case REASON_EOF:
	case REASON_RESET:
		return has_answered ? &cut_off : &hang_up;
	case REASON_BAD_SIGNATURE:
		return &key;
	case REASON_WEAK:
		return &weak;
	case REASON_WRONG_PURPOSE:
		return &usage;
	default:
		return tls_sent_alert(&d->tls) == PROTOCOL_VERSION ? &version
								   : &broken;
	}
}

static const char *
reason_of(const struct dialogue *d, char text[static STEP_TEXT])
{
	char name[TLS_ALERT_TEXT];
	int alert = dialogue_alert(d);

	if (alert == TLS_ALERT_NONE)
		return close_reason_text(d->reason);
	(void)snprintf(text, STEP_TEXT, "alert %d %s from the server", alert,
	    tls_alert_name((uint8_t)alert, name));
	return text;
}

/* What lacks in the offer is to be offered; else the server lacks it. */
static const struct advice old_server = {
	"the server speaks neither TLS 1.2 nor TLS 1.3, which are offered",
	"allow one of them at the server"
};

static const struct advice *
advice_on_refusal(const struct explain *x)
{
	const struct tls_numbers *offered = &x->first.watch.hello.versions;

	return x->alert == PROTOCOL_VERSION &&
		tls_numbers_have(offered, TLS_NUMBER_TLS12) &&
		tls_numbers_have(offered, TLS_NUMBER_TLS13)
	    ? &old_server
	    : advice_on_alert(x->alert, ADVICE_HELLO);
}

/* GnuTLS refuses a name with other characters, whatever certificates say. */
static bool
blame_name(struct explain *x)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
	const char *name = x->first.watch.hello.name;
	char text[TLS_HELLO_NAME];

	if (x->alert != ILLEGAL_PARAMETER || name[strspn(name, plain)] == '\0')
		return false;
	(void)printable_append(text, sizeof text, 0, name, strlen(name), "");
	steps_blame_cause(&x->steps,
	    "give the server another name, and a certificate for it, and "
	    "connect by that one; to servers on OpenSSL this one is fine",
	    "the name that was asked for (SNI), %s, has a character that "
	    "servers on GnuTLS refuse: they take letters, digits, - and dots",
	    text);
	return true;
}

static void
tell_failure(struct explain *x, int64_t took_ns)
{
	const struct dialogue *d = &x->first;
	const struct wire *w = &d->wire;
	const struct advice *advice = NULL;
	char text[STEP_TEXT];

	if (x->alert == TLS_ALERT_NONE)
		advice =
		    answer_advice(w->first_received, wire_first(w->received),
			w->first_sent, wire_first(w->sent));
	if (advice != NULL)
		tell_received(x);
	else if (x->alert != TLS_ALERT_NONE)
		advice = advice_on_refusal(x);
	else
		advice = advice_of(x);
	steps_end(&x->steps, STEP_HANDSHAKE, VERDICT_FAILED, took_ns, "%s",
	    reason_of(d, text));
	if (!blame_name(x))
		steps_blame(&x->steps, advice->cause, advice->remedy);
}

/* Under TLS 1.2 the server looks at the client's certificate before its own
 * last message, so a refusal of it ends the handshake. */
static void
tell_refusal(struct explain *x, int64_t took_ns)
{
	char text[STEP_TEXT];

	steps_end(&x->steps, STEP_HANDSHAKE, VERDICT_WARNING, took_ns,
	    "not completed: %s, see the client's certificate",
	    reason_of(&x->first, text));
}

bool
explain_handshake(struct explain *x)
{
	struct dialogue *d = &x->first;
	int64_t began_ns = clock_now_ns();
	bool done = dialogue_handshake(d, x->creds, NULL, x->open_by_ns);
	int64_t took_ns = clock_now_ns() - began_ns;

	x->alert = dialogue_alert(d);
	x->has_handshake = done;
	tell_offer(x);
	if (done) {
		x->agreed = tls_params_names(&d->tls);
		tell_agreed(x, took_ns);
	} else if (d->watch.has_answered &&
	    (d->reason == REASON_PEER_ALERT || d->reason == REASON_EOF ||
		d->reason == REASON_RESET)) {
		tell_refusal(x, took_ns);
	} else {
		tell_failure(x, took_ns);
	}
	return done;
}
