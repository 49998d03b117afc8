/* exchange: a message, its echo, and the end. Under TLS 1.3 what comes first
 * after the handshake tells whether the client's certificate is accepted. */
#include <stdio.h>
#include <string.h>

#include "client/explain/advice.h"
#include "client/explain/private.h"
#include "client/looks.h"
#include "client/options.h"
#include "common/base/clock.h"
#include "common/base/printable.h"
#include "common/tls/alert.h"
#include "common/tls/resume.h"

enum {
	SHOWN = 40 /* bytes of an answer that is no echo */
};

/* How long a server may take to answer close_notify. */
static const int64_t close_ns = 3 * CLOCK_NS_PER_S;

static bool
is_tls13(const struct explain *x)
{
	return x->first.watch.version == TLS_NUMBER_TLS13;
}

/* A line, for servers that wait for the end of one. */
static void
fill(char message[static EXPLAIN_MESSAGE])
{
	static const char text[] = "tlsecho-client explains this connection ";

	for (size_t i = 0; i < EXPLAIN_MESSAGE; i++)
		message[i] = text[i % (sizeof text - 1)];
	message[EXPLAIN_MESSAGE - 1] = '\n';
}

/*
 * Reads until the echo is there, or what comes in its place. A server that
 * speaks another protocol may send a few bytes and wait: it is not waited for.
 * What the same record holds behind the echo is surplus.
 */
static enum tls_result
collect(struct explain *x, const char *message, uint8_t *to, size_t *have,
    int64_t deadline_ns)
{
	enum tls_result result = TLS_OK;
	const uint8_t *bytes;
	size_t n;

	for (*have = 0; result == TLS_OK && *have < EXPLAIN_MESSAGE &&
	     memcmp(to, message, *have) == 0;) {
		result = dialogue_read(&x->first, &bytes, &n, deadline_ns);
		if (result != TLS_OK)
			break;
		if (n > EXPLAIN_MESSAGE - *have) {
			x->surplus += n - (EXPLAIN_MESSAGE - *have);
			n = EXPLAIN_MESSAGE - *have;
		}
		memcpy(to + *have, bytes, n);
		*have += n;
	}
	return result;
}

static void
tell_alert(struct explain *x, int64_t took_ns)
{
	const struct advice *advice = advice_on_alert(x->alert, ADVICE_HELLO);
	char name[TLS_ALERT_TEXT];

	explain_client_unknown(x, "an alert came after the handshake");
	steps_end(&x->steps, STEP_ECHO, VERDICT_FAILED, took_ns,
	    "alert %d %s from the server", x->alert,
	    tls_alert_name((uint8_t)x->alert, name));
	steps_blame(&x->steps, advice->cause, advice->remedy);
}

/* A session that broke, with something that GnuTLS does not take for it. */
static void
tell_damage(struct explain *x, int64_t took_ns)
{
	explain_client_unknown(x, "the session broke");
	steps_end(&x->steps, STEP_ECHO, VERDICT_FAILED, took_ns, "%s",
	    close_reason_text(x->first.reason));
	steps_blame(&x->steps,
	    "what came after the handshake does not belong to this session: "
	    "something on the way changes bytes or adds some, such as an alert "
	    "in plain text, or the server has a fault",
	    "connect past what is in between, from the server's own host, and "
	    "see whether it goes on there");
}

static void
tell_hang_up(struct explain *x, enum tls_result result, int64_t took_ns)
{
	if (explain_client_suspected(x))
		return;
	explain_client_unknown(x, "the server hung up without an alert");
	steps_end(&x->steps, STEP_ECHO, VERDICT_FAILED, took_ns, "%s",
	    result == TLS_EOF ? "closed by the server"
			      : close_reason_text(x->first.reason));
	if (x->first.watch.has_sent) {
		explain_client_doubt(x);
		return;
	}
	steps_blame(&x->steps,
	    "the server hung up after the handshake, without an alert: what "
	    "answers is a proxy, and what is behind it is down, or it refuses "
	    "the client without saying so, or it knows no echo",
	    "look at the log of the server or proxy; --no-echo tries the "
	    "handshake alone");
}

/* It sent an alert, or hung up before it sent anything else. */
static void
tell_end(struct explain *x, enum tls_result result, int64_t took_ns)
{
	x->alert =
	    result == TLS_FAIL ? dialogue_alert(&x->first) : TLS_ALERT_NONE;
	if (x->alert != TLS_ALERT_NONE && x->first.watch.is_asked &&
	    is_tls13(x))
		explain_client_refused(x);
	else if (x->alert != TLS_ALERT_NONE)
		tell_alert(x, took_ns);
	else if (result == TLS_EOF || x->first.reason == REASON_EOF ||
	    x->first.reason == REASON_RESET)
		tell_hang_up(x, result, took_ns);
	else
		tell_damage(x, took_ns);
}

static void
tell_silence(struct explain *x, size_t have, int64_t took_ns)
{
	if (have > 0)
		explain_client_accepted(x, "data has come");
	else
		explain_client_unknown(x, "the server is silent");
	steps_end(&x->steps, STEP_ECHO, VERDICT_FAILED, took_ns,
	    "%zu of %d bytes came back, then nothing", have, EXPLAIN_MESSAGE);
	steps_blame(&x->steps,
	    "the server does not send back what it receives: it is no echo "
	    "server, or what is behind it hangs",
	    "connect to the echo server; --no-echo tries the handshake alone");
}

/* What does not know that this connection has TLS already asks for its own. */
static bool
blame_plain_record(struct explain *x, const uint8_t *at, size_t n)
{
	static const char remedy[] =
	    "make the server or proxy speak TLS to what is behind it, or pass "
	    "TCP through";
	char name[TLS_ALERT_TEXT];
	uint8_t alert;

	switch (looks_of(at, n)) {
	case LOOKS_ALERT:
		if (n < LOOKS_ALERT_SIZE)
			break;
		alert = at[LOOKS_ALERT_SIZE - 1];
		steps_blame_cause(&x->steps, remedy,
		    "what is behind the server expects TLS itself and gets "
		    "plain text: inside this session came its TLS alert in "
		    "plain text, %u %s",
		    alert, tls_alert_name(alert, name));
		return true;
	case LOOKS_RECORD:
		break;
	default:
		return false;
	}
	steps_blame(&x->steps,
	    "what is behind the server speaks TLS itself: inside this session "
	    "came a TLS record in plain text",
	    remedy);
	return true;
}

static void
blame_difference(struct explain *x, const uint8_t *got, size_t n, size_t same)
{
	enum looks looks = looks_behind(got, n, same);
	const char *like = looks_text(looks);

	if (blame_plain_record(x, got + same, n - same) ||
	    (same < LOOKS_CHANCE && blame_plain_record(x, got, n)))
		return;
	steps_blame_cause(&x->steps,
	    looks == LOOKS_HTTP
		? "connect to the echo server; --no-echo tries the handshake "
		  "alone; whether an HTTP server lets the client in, the "
		  "status tells that curl -i has with the same --cert and --key"
		: "connect to the echo server; --no-echo tries the handshake "
		  "alone",
	    "what answers inside TLS is no echo server%s%s",
	    like != NULL ? ": its answer looks like " : "",
	    like != NULL ? like : "");
}

static size_t
count_same(const uint8_t *got, const char *message, size_t n)
{
	size_t same = 0;

	while (same < n && got[same] == (uint8_t)message[same])
		same++;
	return same;
}

static void
tell_difference(struct explain *x, const uint8_t *got, size_t n, size_t same,
    int64_t took_ns)
{
	/* What happens to be right belongs to what is wrong. */
	size_t from = same < LOOKS_CHANCE ? 0 : same;
	size_t shown = n - from < SHOWN ? n - from : SHOWN;
	char text[4 * SHOWN];

	(void)printable_append(text, sizeof text, 0, got + from, shown, "");
	if (from > 0)
		steps_detail(&x->steps, STEP_ECHO,
		    "received: %zu right bytes, then \"%s\"", from, text);
	else
		steps_detail(&x->steps, STEP_ECHO, "received: \"%s\"", text);
	if (looks_of(got, n) == LOOKS_HTTP)
		explain_client_unknown(
		    x, "HTTP servers such as nginx tell in their answers only");
	else
		explain_client_accepted(x, "data has come");
	steps_end(&x->steps, STEP_ECHO, VERDICT_FAILED, took_ns,
	    "what came back is not what was sent");
	blame_difference(x, got, n, same);
}

static bool
echo(struct explain *x)
{
	int64_t began_ns = clock_now_ns();
	int64_t deadline_ns = began_ns + x->options->timeout_ns;
	char message[EXPLAIN_MESSAGE];
	uint8_t got[EXPLAIN_MESSAGE];
	enum tls_result result = TLS_FAIL;
	size_t have = 0;
	size_t same;
	int64_t took_ns;

	fill(message);
	if (dialogue_write(&x->first, message, sizeof message, deadline_ns))
		result = collect(x, message, got, &have, deadline_ns);
	took_ns = clock_now_ns() - began_ns;
	same = count_same(got, message, have);
	if (same < have)
		tell_difference(x, got, have, same, took_ns);
	else if (result == TLS_AGAIN)
		tell_silence(x, have, took_ns);
	else if (result != TLS_OK)
		tell_end(x, result, took_ns);
	else {
		explain_client_accepted(x, "the echo has come");
		steps_end(&x->steps, STEP_ECHO, VERDICT_OK, took_ns,
		    "%d bytes came back as they were sent", EXPLAIN_MESSAGE);
	}
	return result == TLS_OK;
}

/* Nothing is to come before the end, for the echo is there already. */
static enum tls_result
read_to_end(struct explain *x, int64_t deadline_ns)
{
	const uint8_t *bytes;
	enum tls_result result;
	size_t n;

	while ((result = dialogue_read(&x->first, &bytes, &n, deadline_ns)) ==
	    TLS_OK)
		x->surplus += n;
	return result;
}

/* The echo was right so far, and a load would call it wrong. */
static void
tell_surplus(struct explain *x)
{
	steps_end(&x->steps, STEP_ECHO, VERDICT_FAILED,
	    x->steps.of[STEP_ECHO].took_ns,
	    "%d bytes came back as they were sent, and %zu more after them",
	    EXPLAIN_MESSAGE, x->surplus);
	steps_blame(&x->steps,
	    "the server sends more than it receives: it is no plain echo "
	    "server, or it has a fault",
	    "connect to the echo server; --no-echo tries the handshake alone");
}

static void
tell_close(struct explain *x, enum tls_result result, int64_t took_ns)
{
	if (result == TLS_EOF)
		steps_end(&x->steps, STEP_CLOSE, VERDICT_OK, took_ns,
		    "close_notify answered by close_notify");
	else if (result == TLS_AGAIN)
		steps_end(&x->steps, STEP_CLOSE, VERDICT_WARNING, took_ns,
		    "close_notify was not answered");
	else
		steps_end(&x->steps, STEP_CLOSE, VERDICT_WARNING, took_ns, "%s",
		    close_reason_text(x->first.reason));
}

/*
 * The server has judged the client's certificate before it reads close_notify,
 * which comes behind it, so the answer to that tells as well as an echo.
 */
static void
close_session(struct explain *x)
{
	int64_t began_ns = clock_now_ns();
	enum tls_result result;

	dialogue_say_close(&x->first, began_ns + close_ns);
	result = read_to_end(x, began_ns + close_ns);
	if (result == TLS_FAIL && dialogue_alert(&x->first) != TLS_ALERT_NONE &&
	    x->options->no_echo)
		tell_end(x, result, clock_now_ns() - began_ns);
	else
		tell_close(x, result, clock_now_ns() - began_ns);
	if (!x->options->no_echo || x->is_accepted == ANSWER_NO)
		return;
	if (result == TLS_EOF || !is_tls13(x))
		explain_client_accepted(x, "no refusal came");
	else
		explain_client_unknown(x, "the server did not answer");
}

void
explain_exchange(struct explain *x)
{
	if (!is_tls13(x))
		explain_client_accepted(x, "the handshake is complete");
	if (!x->options->no_echo && !echo(x))
		return;
	close_session(x);
	if (!x->options->no_echo && x->surplus > 0)
		tell_surplus(x);
	x->ticket = tls_resume_take(&x->first.tls);
}
