/* explain: one step after the other; see the header. */
#include "client/explain/explain.h"

#include <string.h>

#include "client/explain/output.h"
#include "client/explain/private.h"
#include "client/options.h"
#include "client/report/report_file.h"
#include "common/base/clock.h"
#include "common/creds/bundle.h"
#include "common/creds/creds.h"
#include "common/creds/files.h"
#include "common/tls/alert.h"
#include "common/tls/resume.h"

/* Chains to be described, and credentials to show and to verify by. */
static int
use(struct explain *x, struct tls_bundle *bundle, struct errmsg *e)
{
	struct tls_settings settings = { .role = TLS_CLIENT,
		.priority = x->options->priority,
		.keylog_fd = -1 };

	memcpy(settings.alpn, x->options->alpn, sizeof settings.alpn);
	if (tls_chain_import(&x->roots, &bundle->ca, GNUTLS_X509_FMT_PEM) < 0 ||
	    (bundle->key_pair_count > 0 &&
		tls_chain_import(&x->own, &bundle->key_pairs[0].cert,
		    GNUTLS_X509_FMT_PEM) < 0))
		return errmsg_set(e, "certificates: out of memory");
	return tls_creds_new(&x->creds, bundle, &settings, e);
}

static int
load(struct explain *x, struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	int result = tls_files_load(&bundle, &x->options->files, e);

	if (result == 0)
		result = use(x, &bundle, e);
	tls_bundle_free(&bundle);
	return result;
}

static void
take_steps(struct explain *x)
{
	bool done;

	if (!explain_name(x) || !explain_tcp(x))
		return;
	done = explain_handshake(x);
	explain_server(x);
	explain_client_asked(x);
	if (done)
		explain_exchange(x);
	else if (x->steps.of[STEP_HANDSHAKE].verdict == VERDICT_WARNING)
		explain_client_refused(x);
	if (x->steps.of[STEP_CLOSE].verdict != VERDICT_SKIPPED)
		explain_resumption(x);
}

static void
clear(struct explain *x)
{
	tls_resume_free(&x->ticket);
	dialogue_close(&x->first);
	tls_chain_free(&x->chain);
	tls_chain_free(&x->own);
	tls_chain_free(&x->roots);
	tls_creds_unref(&x->creds);
	steps_free(&x->steps);
}

static int
tell(const struct explain *x, FILE *text, const struct report_file *json,
    struct errmsg *e)
{
	output_text(text, x);
	if (fflush(text) != 0 || ferror(text))
		return errmsg_set(e, "the explanation cannot be written");
	return json->path != NULL ? output_json(json, x, e) : 0;
}

int
explain(const struct options *options, FILE *text,
    const struct report_file *json, struct errmsg *e)
{
	static struct explain x;
	int result;

	x = (struct explain){ .options = options,
		.steps = STEPS_INIT,
		.first = { .wire = { .fd = -1 } },
		.alert = TLS_ALERT_NONE,
		.started_wall_ns = clock_wall_ns() };
	result = load(&x, e);
	if (result == 0) {
		take_steps(&x);
		result = tell(&x, text, json, e);
	}
	if (result == 0)
		result = steps_exit_status(&x.steps);
	clear(&x);
	return result;
}
