/* client_blame: why the server did not like the client's certificate. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/explain/advice.h"
#include "client/explain/private.h"
#include "common/base/utc.h"
#include "common/tls/alert.h"
#include "common/x509/describe.h"
#include "common/x509/faults.h"

enum {
	LENGTH_TEXT = 128
};

/* RFC 8446, 6. */
enum {
	CERTIFICATE_REVOKED = 44,
	UNKNOWN_CA = 48,
	DECRYPT_ERROR = 51,
	INTERNAL_ERROR = 80
};

unsigned
explain_own_faults(const struct explain *x)
{
	const unsigned seen_from_here = 1U << TLS_FAULT_EXPIRED |
	    1U << TLS_FAULT_NOT_YET_VALID | 1U << TLS_FAULT_PURPOSE |
	    1U << TLS_FAULT_WEAK_KEY | 1U << TLS_FAULT_WEAK_DIGEST |
	    1U << TLS_FAULT_CRITICAL | 1U << TLS_FAULT_CONSTRAINT |
	    1U << TLS_FAULT_NAMESAKE;
	const struct tls_faults_query query = {
		.roots = &x->roots, .is_client = true, .now = time(NULL)
	};

	return x->own.count == 0
	    ? 0
	    : tls_faults_find(&x->own, 0, &query) & seen_from_here;
}

static bool
has(unsigned faults, enum tls_fault fault)
{
	return (faults & 1U << fault) != 0;
}

/* Dates, in which a clock may be wrong instead. */
static bool
blame_own_date(struct explain *x, unsigned faults)
{
	gnutls_x509_crt_t crt = x->own.crts[0];
	char date[UTC_TEXT];
	char now[UTC_TEXT];

	(void)utc_format(time(NULL), now);
	if (has(faults, TLS_FAULT_EXPIRED))
		steps_blame_cause(&x->steps,
		    "issue a new one: tlsecho-certs renew; or set this host's "
		    "clock, if it is wrong",
		    "the client's certificate expired on %s; this host's clock "
		    "says %s",
		    tls_describe_until(crt, date), now);
	else if (has(faults, TLS_FAULT_NOT_YET_VALID))
		steps_blame_cause(&x->steps,
		    "set this host's clock, if it is behind; else wait, or "
		    "issue a new one",
		    "the client's certificate is not valid before %s; this "
		    "host's clock says %s",
		    tls_describe_from(crt, date), now);
	else
		return false;
	return true;
}

/* What no server takes that looks: purpose, strength, extensions. */
static bool
blame_own_content(struct explain *x, unsigned faults)
{
	gnutls_x509_crt_t crt = x->own.crts[0];
	char purposes[TLS_PURPOSES_TEXT];
	char oid[TLS_OID_TEXT];

	if (has(faults, TLS_FAULT_PURPOSE))
		steps_blame_cause(&x->steps,
		    "issue one for clients from an authority of your own, as "
		    "tlsecho-certs client does, and add that to the server's "
		    "authorities",
		    "the client's certificate is not for clients but for %s; "
		    "public authorities issue none for clients (clientAuth) "
		    "any more",
		    tls_describe_purposes(crt, purposes));
	else if (has(faults, TLS_FAULT_WEAK_KEY) ||
	    has(faults, TLS_FAULT_WEAK_DIGEST))
		steps_blame(&x->steps,
		    "the client's certificate has a weak key or was signed "
		    "with a weak digest",
		    "issue one with RSA of at least 2048 bits, or ECDSA, and "
		    "SHA-256");
	else if (has(faults, TLS_FAULT_CRITICAL))
		steps_blame_cause(&x->steps,
		    "issue it without this extension, or with one that is not "
		    "critical",
		    "the client's certificate has the critical extension %s, "
		    "which servers that do not know it have to refuse",
		    tls_describe_critical(crt, oid));
	else
		return false;
	return true;
}

/* What the authorities above it say, as far as --ca knows them. */
static bool
blame_own_issuers(struct explain *x, unsigned faults)
{
	char issuer[TLS_NAME_TEXT];

	if (has(faults, TLS_FAULT_CONSTRAINT))
		steps_blame(&x->steps,
		    "an authority above the client's certificate does not "
		    "permit it: its name constraints leave out one of its "
		    "names, or its path length allows fewer authorities below "
		    "it",
		    "issue it for a name that is permitted, or from an "
		    "authority without such constraints");
	else if (has(faults, TLS_FAULT_NAMESAKE) &&
	    x->names_issuer != ANSWER_NO)
		steps_blame_cause(&x->steps,
		    "issue a new one from the present root",
		    "the client's certificate was issued by %s, but not with "
		    "the key of the root of that name in --ca: the root was "
		    "made anew",
		    tls_describe_issuer(x->own.crts[0], issuer));
	else
		return false;
	return true;
}

/* What can be seen from here. */
static bool
blame_own_fault(struct explain *x, unsigned faults)
{
	return blame_own_date(x, faults) || blame_own_content(x, faults) ||
	    blame_own_issuers(x, faults);
}

static void
blame_absence(struct explain *x)
{
	if (x->own.count == 0)
		steps_blame(&x->steps,
		    "the server demands a certificate, and none was given to "
		    "this client",
		    "give --cert and --key");
	else
		steps_blame(&x->steps,
		    "the server demands a certificate, and this one was not "
		    "sent: its kind of key makes none of the signatures that "
		    "the server takes",
		    "issue one with another kind of key, such as ECDSA P-256 "
		    "or RSA");
}

/* Names are compared by their bytes, of which what is printed shows a part. */
static bool
names_one_that_reads(const struct explain *x, const char *issuer)
{
	struct tls_request request = x->first.watch.request;
	char text[TLS_NAME_TEXT];

	while (explain_next_authority(&request, text))
		if (strcmp(text, issuer) == 0)
			return true;
	return false;
}

static void
blame_issuer(struct explain *x)
{
	struct tls_request request = x->first.watch.request;
	char issuer[TLS_NAME_TEXT];
	char first[TLS_NAME_TEXT];

	(void)explain_next_authority(&request, first);
	(void)tls_describe_issuer(x->own.crts[x->own.count - 1], issuer);
	if (names_one_that_reads(x, issuer)) {
		steps_blame_cause(&x->steps,
		    "use a certificate of the authority that the server names, "
		    "or add this one's root to the server's authorities",
		    "the client's certificate was issued by %s, and the server "
		    "names an authority whose name reads the same but has "
		    "other bytes, such as another type of string: it is "
		    "another one, made by another tool",
		    issuer);
		return;
	}
	steps_blame_cause(&x->steps,
	    "use a certificate of an authority that the server names, or add "
	    "this one's root to the server's authorities; append intermediate "
	    "certificates to the file of --cert",
	    "the client's certificate was issued by %s, which is none of those "
	    "that the server names, such as %s",
	    issuer, first);
}

/* A chain that is too long is refused as one of an unknown issuer is. */
static const char *
tell_length(const struct explain *x, char text[static LENGTH_TEXT])
{
	text[0] = '\0';
	if (x->own.count > 1)
		(void)snprintf(text, LENGTH_TEXT,
		    ", or a chain of %u certificates is longer than it allows "
		    "(ssl_verify_depth)",
		    x->own.count);
	return text;
}

/* Servers on OpenSSL say so, too, when they lack a revocation list. */
static void
blame_known_issuer(struct explain *x)
{
	char issuer[TLS_NAME_TEXT];
	char length[LENGTH_TEXT];

	steps_blame_cause(&x->steps,
	    "give the server a current revocation list of each authority, or "
	    "switch its check off; compare the root in its file with the one "
	    "in --ca; append intermediate certificates to the file of --cert",
	    "the server names the client's issuer, %s, and still cannot "
	    "verify the certificate: it wants a revocation list that it has "
	    "not (ssl_crl, crl-file, -crl_check), or its root of that name has "
	    "another key, or an intermediate certificate was not sent%s",
	    tls_describe_issuer(x->own.crts[x->own.count - 1], issuer),
	    tell_length(x, length));
}

/* It may be a proxy, which has taken the certificate and has nobody behind it:
 * the step that fails is the echo. */
void
explain_client_doubt(struct explain *x)
{
	char length[LENGTH_TEXT];

	steps_blame_cause(&x->steps,
	    "look at the log of the server or proxy, and at what is behind it; "
	    "--no-echo tries the handshake alone",
	    "the server asked for a certificate, got it, and hung up, without "
	    "an alert: it refuses it, as nginx does without saying so%s, or "
	    "it is a proxy and what is behind it is down, or it knows no echo",
	    tell_length(x, length));
}

/* Alerts for which no other cause is to be looked for in the certificate. */
static bool
is_precise(int alert)
{
	return alert == CERTIFICATE_REVOKED || alert == DECRYPT_ERROR ||
	    alert == INTERNAL_ERROR;
}

void
explain_client_blame(struct explain *x)
{
	const struct watch *w = &x->first.watch;
	const struct advice *advice = advice_on_alert(x->alert, ADVICE_CLIENT);

	if (!w->has_sent)
		blame_absence(x);
	else if (!is_precise(x->alert) &&
	    blame_own_fault(x, explain_own_faults(x)))
		return;
	else if (!is_precise(x->alert) && x->names_issuer == ANSWER_NO)
		blame_issuer(x);
	else if (x->alert == UNKNOWN_CA && x->names_issuer == ANSWER_YES)
		blame_known_issuer(x);
	else if (x->alert == TLS_ALERT_NONE)
		steps_blame(&x->steps,
		    "the server hung up, without an alert, when it had the "
		    "client's certificate: it refuses it, or failed by itself",
		    "read the server's log at this time");
	else
		steps_blame(&x->steps, advice->cause, advice->remedy);
}
