/* output_json: one object, made with jansson; see the header. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/explain/output.h"
#include "client/explain/private.h"
#include "client/options.h"
#include "client/report/json_maker.h"
#include "client/report/report_file.h"
#include "common/base/printable.h"
#include "common/base/utc.h"
#include "common/base/version.h"
#include "common/tls/alert.h"
#include "common/x509/describe.h"
#include "common/x509/faults.h"

enum {
	FORMAT_VERSION = 1
};

/* "a,b,c" or lines as a list of strings. */
static json_t *
list_of(const char *text, size_t size, char between)
{
	json_t *list = json_array();
	const char *end = text + size;

	while (text < end) {
		const char *stop = memchr(text, between, (size_t)(end - text));
		size_t n = (size_t)((stop != NULL ? stop : end) - text);

		(void)json_array_append_new(list, maker_text_of(text, n));
		text += n + 1;
	}
	return list;
}

static json_t *
make_steps(const struct steps *steps)
{
	json_t *list = json_array();

	for (int i = 0; i < STEPS; i++) {
		const struct step_result *r = &steps->of[i];
		bool timed = r->verdict != VERDICT_SKIPPED && r->took_ns >= 0;

		(void)json_array_append_new(list,
		    json_pack("{s:s, s:s, s:o, s:o, s:o}", "step",
			step_word((enum step)i), "verdict",
			verdict_word(r->verdict), "took_ns",
			timed ? json_integer(r->took_ns) : json_null(), "text",
			maker_text(r->text), "details",
			list_of((const char *)r->details.data, r->details.size,
			    '\n')));
	}
	return list;
}

static json_t *
make_addresses(const struct explain *x)
{
	json_t *list = json_array();
	char text[ADDR_TEXT];
	char word[CLOSE_REASON_WORD];

	for (int i = 0; i < x->addrs.count; i++) {
		const char *result = "not_tried";

		if (i < x->tries)
			result = x->tried[i] == REASON_NONE
			    ? "connected"
			    : close_reason_word(x->tried[i], word);
		(void)json_array_append_new(list,
		    json_pack("{s:s, s:s}", "address",
			addr_format(&x->addrs.of[i], text), "result", result));
	}
	return list;
}

static json_t *
make_numbers(const struct tls_numbers *numbers, enum tls_numbers_kind kind)
{
	char text[4096];

	(void)tls_numbers_format(numbers, kind, text, sizeof text);
	return list_of(text, strlen(text), ',');
}

static json_t *
make_protocol(const char *name)
{
	char text[4 * TLS_PROTOCOL_TEXT];

	if (name[0] == '\0')
		return json_null();
	(void)printable_append(text, sizeof text, 0, name, strlen(name), "");
	return json_string(text);
}

static json_t *
make_offered(const struct explain *x)
{
	const struct tls_hello *h = &x->first.watch.hello;
	char alpn[4 * TLS_HELLO_ALPN];

	if (h->size == 0)
		return json_null();
	(void)printable_append(
	    alpn, sizeof alpn, 0, h->alpn, strlen(h->alpn), "");
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i}", "versions",
	    make_numbers(&h->versions, TLS_NUMBERS_VERSIONS), "groups",
	    make_numbers(&h->groups, TLS_NUMBERS_GROUPS), "suites",
	    make_numbers(&h->suites, TLS_NUMBERS_SUITES), "signatures",
	    make_numbers(&h->schemes, TLS_NUMBERS_SCHEMES), "alpn",
	    list_of(alpn, strlen(alpn), ','), "server_name",
	    make_protocol(h->name), "hello_bytes", (int)h->size);
}

static json_t *
make_agreed(const struct explain *x)
{
	const struct tls_names *n = &x->agreed;

	if (!x->has_handshake)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "version",
	    n->version, "suite", n->suite, "group", n->group, "post_quantum",
	    (int)n->is_post_quantum, "signature", n->signature, "alpn",
	    make_protocol(x->first.watch.protocol));
}

static json_t *
make_faults(unsigned faults)
{
	json_t *list = json_array();

	for (int f = 0; f < TLS_FAULTS; f++)
		if (faults & 1U << f)
			(void)json_array_append_new(list,
			    json_string(tls_fault_word((enum tls_fault)f)));
	return list;
}

/* Takes faults. */
static json_t *
make_certificate(gnutls_x509_crt_t crt, json_t *faults)
{
	char subject[TLS_NAME_TEXT];
	char issuer[TLS_NAME_TEXT];
	char names[TLS_NAMES_TEXT];
	char purposes[TLS_PURPOSES_TEXT];
	char kind[TLS_KIND_TEXT];
	char from[UTC_TEXT];
	char until[UTC_TEXT];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "subject",
	    tls_describe_subject(crt, subject), "issuer",
	    tls_describe_issuer(crt, issuer), "names",
	    tls_describe_names(crt, names), "purposes",
	    tls_describe_purposes(crt, purposes), "key",
	    tls_describe_kind(crt, kind), "not_before",
	    tls_describe_from(crt, from), "not_after",
	    tls_describe_until(crt, until), "faults", faults);
}

static json_t *
make_chain(const struct explain *x)
{
	const struct tls_faults_query query = { .roots = &x->roots,
		.name = x->options->peer_name,
		.now = time(NULL) };
	json_t *list = json_array();

	for (unsigned i = 0; i < x->chain.count; i++)
		(void)json_array_append_new(list,
		    make_certificate(x->chain.crts[i],
			make_faults(tls_faults_find(&x->chain, i, &query))));
	return list;
}

static json_t *
make_authorities(const struct explain *x)
{
	struct tls_request request = x->first.watch.request;
	json_t *list = json_array();
	char text[TLS_NAME_TEXT];

	while (explain_next_authority(&request, text))
		(void)json_array_append_new(list, json_string(text));
	return list;
}

static json_t *
make_answer(enum answer answer)
{
	return answer == ANSWER_UNKNOWN ? json_null()
					: json_boolean(answer == ANSWER_YES);
}

static json_t *
make_client(const struct explain *x)
{
	const struct watch *w = &x->first.watch;
	json_t *own = x->own.count == 0
	    ? json_null()
	    : make_certificate(
		  x->own.crts[0], make_faults(explain_own_faults(x)));

	return json_pack("{s:b, s:o, s:b, s:o, s:o, s:o}", "requested",
	    (int)w->is_asked, "authorities", make_authorities(x), "sent",
	    (int)w->has_sent, "certificate", own, "issuer_among_authorities",
	    make_answer(x->names_issuer), "accepted",
	    make_answer(x->is_accepted));
}

static json_t *
make_alert(const struct explain *x)
{
	char name[TLS_ALERT_TEXT];

	return x->alert == TLS_ALERT_NONE
	    ? json_null()
	    : json_pack("{s:i, s:s}", "number", x->alert, "name",
		  tls_alert_name((uint8_t)x->alert, name));
}

static json_t *
make_sentence(const char *text)
{
	return maker_text(text[0] != '\0' ? text : NULL);
}

/* How it came out, apart from what was seen. */
static json_t *
make_outcome(const struct explain *x)
{
	const struct steps *s = &x->steps;
	int status = steps_exit_status(s);
	char started[UTC_TEXT];

	return json_pack("{s:s, s:i, s:s, s:s, s:o, s:o, s:s, s:b, s:i, s:o, "
			 "s:o, s:o, s:o}",
	    "format", "tlsecho-client explain", "format_version",
	    FORMAT_VERSION, "program", options_program.name, "version",
	    TLSECHO_VERSION, "target", maker_text(x->options->target),
	    "server_name", maker_text(x->options->peer_name), "started_at",
	    utc_format_ms(x->started_wall_ns, started), "ok", status == 0,
	    "exit_status", status, "failed_step",
	    status == 0 ? json_null() : json_string(step_word(s->failed)),
	    "cause", make_sentence(s->cause), "remedy",
	    make_sentence(s->remedy), "alert", make_alert(x));
}

static json_t *
make(const struct explain *x)
{
	json_t *root = make_outcome(x);
	const struct {
		const char *key;
		json_t *value;
	} parts[] = {
		{ "steps", make_steps(&x->steps) },
		{ "addresses", make_addresses(x) },
		{ "offered", make_offered(x) },
		{ "agreed", make_agreed(x) },
		{ "server_chain", make_chain(x) },
		{ "client_certificate", make_client(x) },
		{ "resumed", make_answer(x->is_resumed) },
	};
	bool ok = root != NULL;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (json_object_set_new(root, parts[i].key, parts[i].value) < 0)
			ok = false;
	if (ok)
		return root;
	json_decref(root);
	return NULL;
}

int
output_json(
    const struct report_file *file, const struct explain *x, struct errmsg *e)
{
	json_t *root = make(x);
	char *text = root != NULL ? json_dumps(root, JSON_INDENT(2)) : NULL;
	char *line = NULL;
	int result;

	if (text != NULL && asprintf(&line, "%s\n", text) > 0)
		result = report_file_write(file, line, strlen(line), e);
	else
		result = errmsg_set(e, "--json: out of memory");
	free(line);
	free(text);
	json_decref(root);
	return result;
}
