/* server_cert: each certificate that the server has shown, and what is wrong
 * with it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/explain/private.h"
#include "client/options.h"
#include "common/base/utc.h"
#include "common/creds/identity.h"
#include "common/x509/describe.h"
#include "common/x509/faults.h"

/* All that the sentences name. */
struct described {
	gnutls_x509_crt_t crt;
	unsigned faults;
	char subject[TLS_NAME_TEXT], issuer[TLS_NAME_TEXT];
	char names[TLS_NAMES_TEXT], purposes[TLS_PURPOSES_TEXT];
	char from[UTC_TEXT], until[UTC_TEXT], now[UTC_TEXT];
	char kind[TLS_KIND_TEXT];
};

static void
describe(struct described *d, const struct explain *x, unsigned i)
{
	const struct tls_faults_query query = { .roots = &x->roots,
		.name = x->options->peer_name,
		.now = time(NULL) };

	d->crt = x->chain.crts[i];
	d->faults = tls_faults_find(&x->chain, i, &query);
	(void)tls_describe_subject(d->crt, d->subject);
	(void)tls_describe_issuer(d->crt, d->issuer);
	(void)tls_describe_names(d->crt, d->names);
	(void)tls_describe_purposes(d->crt, d->purposes);
	(void)tls_describe_kind(d->crt, d->kind);
	(void)tls_describe_from(d->crt, d->from);
	(void)tls_describe_until(d->crt, d->until);
	(void)utc_format(query.now, d->now);
}

static void
tell(struct explain *x, const struct described *d, unsigned i)
{
	steps_detail(&x->steps, STEP_SERVER, "%u: %s, issued by %s", i + 1,
	    d->subject, d->issuer);
	steps_detail(&x->steps, STEP_SERVER, "   %s to %s; %s; for %s", d->from,
	    d->until, d->kind, d->purposes);
	if (d->names[0] != '\0')
		steps_detail(&x->steps, STEP_SERVER, "   names: %s", d->names);
	for (int f = 0; f < TLS_FAULTS; f++)
		if (d->faults & 1U << f)
			steps_detail(&x->steps, STEP_SERVER, "   WRONG: %s",
			    tls_fault_text((enum tls_fault)f));
	if (d->faults == 0)
		steps_detail(&x->steps, STEP_SERVER, "   good");
}

/* The faults that can be behind what the verification says. */
static unsigned
faults_behind(enum close_reason verdict)
{
	switch (verdict) {
	case REASON_BAD_SIGNATURE:
	case REASON_UNKNOWN_ISSUER:
		return 1U << TLS_FAULT_DAMAGED | 1U << TLS_FAULT_NAMESAKE |
		    1U << TLS_FAULT_SELF_SIGNED | 1U << TLS_FAULT_NO_ISSUER |
		    1U << TLS_FAULT_NOT_CA;
	case REASON_EXPIRED:
		return 1U << TLS_FAULT_EXPIRED;
	case REASON_NOT_YET_VALID:
		return 1U << TLS_FAULT_NOT_YET_VALID;
	case REASON_WRONG_PURPOSE:
		return 1U << TLS_FAULT_PURPOSE;
	case REASON_WRONG_NAME:
		return 1U << TLS_FAULT_NAME;
	case REASON_WEAK:
		return 1U << TLS_FAULT_WEAK_KEY | 1U << TLS_FAULT_WEAK_DIGEST;
	case REASON_BAD_CERTIFICATE:
		return 1U << TLS_FAULT_CRITICAL | 1U << TLS_FAULT_CONSTRAINT;
	default:
		return 0;
	}
}

/* With one certificate it may be the certificate; with all roots, too, it is
 * the clock. */
static bool
is_clock(const struct explain *x, enum tls_fault fault)
{
	const struct tls_faults_query query = { .roots = &x->roots,
		.now = time(NULL) };
	unsigned wrong = 0;

	for (unsigned i = 0; i < x->roots.count; i++)
		if (tls_faults_find(&x->roots, i, &query) & 1U << fault)
			wrong++;
	return wrong > 0 && wrong == x->roots.count;
}

static void
blame_date(struct explain *x, const struct described *d, enum tls_fault fault)
{
	bool expired = fault == TLS_FAULT_EXPIRED;

	if (is_clock(x, fault))
		steps_blame_cause(&x->steps,
		    "set this host's clock, if it is wrong; otherwise make a "
		    "new root and new certificates",
		    "by this host's clock, %s, even the roots of --ca are %s: "
		    "it is probably wrong",
		    d->now, tls_fault_text(fault));
	else
		steps_blame_cause(&x->steps,
		    expired ? "issue a new one (tlsecho-certs renew) and have "
			      "the server read it; or set this host's clock, "
			      "if it is wrong"
			    : "set this host's clock, if it is behind; else "
			      "wait, or issue a new one",
		    "the certificate of %s %s %s; this host's clock says %s",
		    d->subject, expired ? "expired on" : "is not valid before",
		    expired ? d->until : d->from, d->now);
}

static void
blame_issuer(struct explain *x, const struct described *d, enum tls_fault fault,
    bool is_leaf)
{
	if (fault == TLS_FAULT_NO_ISSUER)
		steps_blame_cause(&x->steps,
		    "append the intermediate certificates to the server's "
		    "certificate file, or give --ca the root that has issued "
		    "it",
		    "nobody knows the issuer %s: the server leaves out an "
		    "intermediate certificate, or --ca is not its root",
		    d->issuer);
	else if (fault == TLS_FAULT_NAMESAKE)
		steps_blame_cause(&x->steps,
		    "give --ca the root's present certificate",
		    "--ca has a root of the name %s, but with another key: "
		    "the root was made anew",
		    d->issuer);
	else if (is_leaf)
		steps_blame_cause(&x->steps,
		    "give the server a certificate of an authority that is in "
		    "--ca, or give this one as --ca",
		    "the server's certificate, %s, is self-signed: nobody "
		    "vouches for it",
		    d->subject);
	else
		steps_blame_cause(&x->steps,
		    "give --ca the server's root; if it is a proxy's, connect "
		    "past it",
		    "the chain ends in the root %s, which --ca has not: a "
		    "wrong --ca, or a proxy that shows certificates of its "
		    "own",
		    d->subject);
}

static void
blame_leaf(struct explain *x, const struct described *d, enum tls_fault fault)
{
	if (fault == TLS_FAULT_NAME)
		steps_blame_cause(&x->steps,
		    "connect by a name that it bears, or give one with "
		    "--server-name, or issue it for this name, too",
		    "the certificate is for another server: it bears %s, and "
		    "not %s",
		    d->names[0] != '\0' ? d->names : "no name at all",
		    x->options->peer_name);
	else
		steps_blame_cause(&x->steps,
		    "issue one for servers: tlsecho-certs server",
		    "the server uses a certificate that is not for servers "
		    "but for %s",
		    d->purposes);
}

static void
blame_extension(struct explain *x, const struct described *d)
{
	char oid[TLS_OID_TEXT];

	steps_blame_cause(&x->steps,
	    "issue it without this extension, or with one that is not critical",
	    "the certificate of %s has the critical extension %s, which GnuTLS "
	    "does not know; such a certificate has to be refused",
	    d->subject, tls_describe_critical(d->crt, oid));
}

static void
blame_constraint(struct explain *x, const struct described *d)
{
	steps_blame_cause(&x->steps,
	    "issue it for a name that is permitted, or from an authority "
	    "without such constraints",
	    "an authority above the certificate of %s does not permit it: its "
	    "name constraints leave out one of %s, or its path length allows "
	    "fewer authorities below it",
	    d->subject, d->names[0] != '\0' ? d->names : d->subject);
}

static void
blame(struct explain *x, const struct described *d, enum tls_fault fault,
    bool is_leaf)
{
	bool is_key = fault == TLS_FAULT_WEAK_KEY;

	switch (fault) {
	case TLS_FAULT_EXPIRED:
	case TLS_FAULT_NOT_YET_VALID:
		blame_date(x, d, fault);
		break;
	case TLS_FAULT_NO_ISSUER:
	case TLS_FAULT_NAMESAKE:
	case TLS_FAULT_SELF_SIGNED:
		blame_issuer(x, d, fault, is_leaf);
		break;
	case TLS_FAULT_NAME:
	case TLS_FAULT_PURPOSE:
		blame_leaf(x, d, fault);
		break;
	case TLS_FAULT_CRITICAL:
		blame_extension(x, d);
		break;
	case TLS_FAULT_CONSTRAINT:
		blame_constraint(x, d);
		break;
	default:
		steps_blame_cause(&x->steps,
		    fault == TLS_FAULT_DAMAGED ? "copy it again"
					       : "issue a new one, as "
						 "tlsecho-certs does",
		    "the certificate of %s has this fault: %s%s%s", d->subject,
		    tls_fault_text(fault), is_key ? ", " : "",
		    is_key ? d->kind : "");
		break;
	}
}

/* The first fault that explains the verdict, of the first certificate. */
static bool
blame_by_verdict(struct explain *x, const struct described *d, bool is_leaf)
{
	unsigned faults = d->faults & faults_behind(x->first.watch.verdict);

	for (int f = 0; f < TLS_FAULTS; f++)
		if (faults & 1U << f) {
			blame(x, d, (enum tls_fault)f, is_leaf);
			return true;
		}
	return false;
}

static unsigned
tell_all(struct explain *x, bool is_bad)
{
	struct described d;
	unsigned faults = 0;
	bool is_blamed = !is_bad;

	for (unsigned i = 0; i < x->chain.count; i++) {
		describe(&d, x, i);
		tell(x, &d, i);
		faults |= d.faults;
		if (!is_blamed)
			is_blamed = blame_by_verdict(x, &d, i == 0);
	}
	if (!is_blamed)
		steps_blame(&x->steps,
		    "the certificate is not what this client can accept, such "
		    "as one with an algorithm that GnuTLS does not know",
		    "issue a plain one, as tlsecho-certs server does");
	return faults;
}

/* GnuTLS takes the common name in place of alternative names; RFC 9525 forbids
 * it. */
static bool
bears_no_name(const struct explain *x)
{
	char names[TLS_NAMES_TEXT] = "";

	return x->chain.count > 0 &&
	    tls_describe_names(x->chain.crts[0], names)[0] == '\0';
}

void
explain_server(struct explain *x)
{
	const struct watch *w = &x->first.watch;
	unsigned count = 0;
	const gnutls_datum_t *ders =
	    tls_identity_chain(tls_peer(&x->first.tls), &count);
	bool is_bad = w->verdict != REASON_NONE;
	unsigned faults;

	if (!w->is_judged || ders == NULL)
		return;
	(void)tls_chain_read(&x->chain, ders, count);
	faults = tell_all(x, is_bad);
	if (is_bad)
		steps_end(&x->steps, STEP_SERVER, VERDICT_FAILED, -1, "%s",
		    close_reason_text(w->verdict));
	else if (faults != 0)
		steps_end(&x->steps, STEP_SERVER, VERDICT_WARNING, -1,
		    "accepted, but see below");
	else if (bears_no_name(x))
		steps_end(&x->steps, STEP_SERVER, VERDICT_WARNING, -1,
		    "accepted for its common name (CN), but it has no "
		    "alternative name (SAN), so browsers and Go refuse it");
	else
		steps_end(&x->steps, STEP_SERVER, VERDICT_OK, -1,
		    "%u certificate%s, for %s, of a root in --ca", count,
		    count == 1 ? "" : "s", x->options->peer_name);
}
