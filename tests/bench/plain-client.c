/*
 * plain-client: tlsecho-client with everything of it but TLS, to drive
 * plain-echo. It is linked from the objects of the client and this file, which
 * stands in for a TLS session and its credentials: what one side writes is what
 * the other reads. So the limit is measured by the load generator that measures
 * the servers: same options, same turns, same counters, same report.
 *
 * Credentials are taken as options and not read. Without close_notify a server
 * does not see that the transactions of --handshakes are over, so they end by
 * their timeout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/explain/explain.h"
#include "common/base/errmsg.h"
#include "common/creds/args.h"
#include "common/creds/bundle.h"
#include "common/creds/creds.h"
#include "common/creds/files.h"
#include "common/creds/priority.h"
#include "common/tls/alert.h"
#include "common/tls/hello_pad.h"
#include "common/tls/info.h"
#include "common/tls/params.h"
#include "common/tls/refusal.h"
#include "common/tls/resume.h"
#include "common/tls/session.h"

int
tls_init(struct tls *tls, struct tls_creds *creds, const char *peer_name)
{
	(void)creds;
	(void)peer_name;
	*tls = (struct tls){ .output = NULL };
	return 0;
}

void
tls_fini(struct tls *tls)
{
	(void)tls;
}

void
tls_set_output(struct tls *tls, const struct tls_output *output, void *owner)
{
	tls->output = output;
	tls->output_owner = owner;
}

enum tls_result
tls_handshake(struct tls *tls, struct tls_input *in)
{
	(void)tls;
	(void)in;
	return TLS_OK;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

enum tls_result
tls_read(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n)
{
	(void)tls;
	if (in->n == 0)
		return in->ended ? TLS_EOF : TLS_AGAIN;
	*bytes = in->bytes;
	*n = smaller(in->n, TLS_RECORD_MAX);
	in->bytes += *n;
	in->n -= *n;
	return TLS_OK;
}

enum tls_result
tls_write(struct tls *tls, const uint8_t *bytes, size_t n, uint64_t *records)
{
	*records = (n + TLS_RECORD_MAX - 1) / TLS_RECORD_MAX;
	while (n > 0) {
		size_t room;
		uint8_t *to = tls->output->room(tls->output_owner, &room);

		if (to == NULL)
			return TLS_FAIL;
		room = smaller(room, n);
		memcpy(to, bytes, room);
		tls->output->commit(tls->output_owner, room);
		bytes += room;
		n -= room;
	}
	return TLS_OK;
}

void
tls_close_notify(struct tls *tls)
{
	(void)tls;
}

/* Nobody is judged. */
void
tls_refuse(struct tls *tls, enum close_reason reason)
{
	(void)tls;
	(void)reason;
}

bool
tls_rest(struct tls *tls)
{
	(void)tls;
	return false;
}

enum close_reason
tls_peer_refusal(const struct tls *tls)
{
	(void)tls;
	return REASON_NONE;
}

/* Nothing fails but for want of memory. */
enum close_reason
tls_reason(const struct tls *tls)
{
	(void)tls;
	return REASON_INTERNAL;
}

int
tls_peer_alert(const struct tls *tls)
{
	(void)tls;
	return TLS_ALERT_NONE;
}

const struct tls_ticket_use *
tls_ticket_use(const struct tls *tls)
{
	static const struct tls_ticket_use none;

	(void)tls;
	return &none;
}

const struct tls_offer *
tls_offer(const struct tls *tls)
{
	static const struct tls_offer none;

	(void)tls;
	return &none;
}

const struct tls_chain_use *
tls_chain_use(const struct tls *tls)
{
	static const struct tls_chain_use none;

	(void)tls;
	return &none;
}

bool
tls_is_resumed(const struct tls *tls)
{
	(void)tls;
	return false;
}

bool
tls_has_refused_peer(const struct tls *tls)
{
	(void)tls;
	return false;
}

struct tls_resume *
tls_resume_take(struct tls *tls)
{
	(void)tls;
	return NULL;
}

void
tls_resume_want(struct tls *tls)
{
	(void)tls;
}

int
tls_resume_offer(struct tls *tls, const struct tls_resume *kept)
{
	(void)tls;
	(void)kept;
	return -1;
}

void
tls_resume_free(struct tls_resume **kept)
{
	*kept = NULL;
}

struct tls_params
tls_params_read(const struct tls *tls)
{
	(void)tls;
	return (struct tls_params){ .version = TLS_VERSION_OTHER,
		.suite = TLS_SUITE_OTHER,
		.group = TLS_GROUP_OTHER };
}

int
tls_pad_hello(struct tls *tls, const struct tls_resume *offered, size_t size)
{
	(void)tls;
	(void)offered;
	(void)size;
	return 0;
}

struct tls_names
tls_params_names(const struct tls *tls)
{
	(void)tls;
	return (
	    struct tls_names){ "none", "none", "none", "none", false, "none" };
}

void
tls_info_read(struct tls_info *facts, const struct tls *tls)
{
	(void)tls;
	*facts = (struct tls_info){ .protocol = "none" };
}

const char *
tls_info_format(const struct tls_info *facts, enum facts_style style,
    char *text, size_t size)
{
	(void)style;
	(void)snprintf(text, size, "SslProtocol: %s\n", facts->protocol);
	return text;
}

const char *
tls_refusal_format_chain(
    const struct tls *tls, char text[static TLS_REFUSAL_CHAIN])
{
	(void)tls;
	return strcpy(text, "");
}

int
tls_files_check(const struct tls_files *files, struct errmsg *e)
{
	(void)files;
	(void)e;
	return 0;
}

int
tls_alpn_add(const char *names[static TLS_ALPN_MAX],
    char text[static TLS_ALPN_MAX][TLS_ALPN_NAME], const char *list,
    struct errmsg *e)
{
	(void)names;
	(void)text;
	(void)list;
	(void)e;
	return 0;
}

int
tls_files_load(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e)
{
	(void)bundle;
	(void)files;
	(void)e;
	return 0;
}

int
tls_files_load_pair(struct tls_certified_key *own,
    const struct tls_files_pair *pair, const struct tls_certified_key *like,
    struct errmsg *e)
{
	(void)own;
	(void)pair;
	(void)like;
	return errmsg_set(e, "--identities: there are none without TLS");
}

void
tls_bundle_free(struct tls_bundle *bundle)
{
	(void)bundle;
}

const char *
tls_priority_default(void)
{
	return "";
}

int
tls_priority_check(const char *priority, struct errmsg *e)
{
	(void)priority;
	(void)e;
	return 0;
}

int
tls_creds_new(struct tls_creds **creds, struct tls_bundle *bundle,
    const struct tls_settings *settings, struct errmsg *e)
{
	(void)bundle;
	(void)settings;
	(void)e;
	*creds = NULL;
	return 0;
}

int
tls_creds_check_dates(
    const struct tls_creds *creds, unsigned *which, struct errmsg *e)
{
	(void)creds;
	(void)which;
	(void)e;
	return 0;
}

void
tls_creds_unref(struct tls_creds **creds)
{
	*creds = NULL;
}

bool
tls_forget_keylog(void)
{
	return false;
}

const char *
tls_library_version(void)
{
	return "none";
}

int
explain(const struct options *options, FILE *text,
    const struct report_file *json, struct errmsg *e)
{
	(void)options;
	(void)text;
	(void)json;
	return errmsg_set(e, "--explain: there is nothing to explain");
}

const char *
tls_version_text(void)
{
	return "Without TLS\n";
}
