/* setup: credentials, addresses and limits; see the header. */
#include "client/setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/identities/expect.h"
#include "client/identities/outcomes.h"
#include "client/options.h"
#include "client/quota.h"
#include "common/creds/creds.h"
#include "common/creds/files.h"
#include "common/creds/keylog_file.h"
#include "common/sys/limits.h"

void
setup_warn(const char *text)
{
	fprintf(stderr, "%s: warning: %s\n", options_program.name, text);
}

/*
 * Files are read once, before any process is forked, and the bytes of the key
 * are cleared again. A certificate of ours that is out of date is not refused:
 * what the server says to it may be what the user wants to see.
 */
static int
load_credentials(struct setup *s, const struct options *o, struct errmsg *e)
{
	struct tls_creds **creds = &s->creds;
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_settings settings = { .role = TLS_CLIENT,
		.shows_by_session = o->identities != NULL,
		.priority = o->priority,
		.keylog_fd = s->keylog_fd };
	struct errmsg date;
	unsigned which;
	int result = tls_files_load(&bundle, &o->files, e);

	memcpy(settings.alpn, o->alpn, sizeof settings.alpn);
	if (result == 0)
		result = tls_creds_new(creds, &bundle, &settings, e);
	tls_bundle_free(&bundle);
	if (result == 0 && tls_creds_check_dates(*creds, &which, &date) < 0)
		setup_warn(date.text);
	return result;
}

/* With fewer tries than identities, some of these would never be tried. */
static int
check_enough(const struct options *o, unsigned identities, struct errmsg *e)
{
	bool has_few_trips = o->round_trips > 0 && o->round_trips < identities;
	bool is_once = !o->handshakes && o->reconnect == 0;

	if (has_few_trips)
		return errmsg_set(e,
		    "--expect: --round-trips %" PRIu64
		    " cannot try %u identities: raise it",
		    o->round_trips, identities);
	if (is_once && o->connections < identities)
		return errmsg_set(e,
		    "--expect: --connections %" PRIu64
		    " cannot try %u identities: raise it, or use --handshakes "
		    "or --reconnect",
		    (uint64_t)o->connections, identities);
	return 0;
}

static int
load_identities(struct setup *s, const struct options *o, struct errmsg *e)
{
	if (o->identities == NULL)
		return 0;
	if (identities_load(&s->identities, o->identities, o->part.index,
		part_count(&o->part), e) < 0)
		return errmsg_prepend(e, "--identities");
	s->outcomes = outcomes_map(s->identities.count, e);
	if (s->outcomes == NULL)
		return -1;
	if (o->expect == NULL)
		return 0;
	if (expect_load(
		outcomes_expect(s->outcomes), &s->identities, o->expect, e) < 0)
		return errmsg_prepend(e, "--expect");
	return check_enough(o, s->identities.count, e);
}

/* For its owner's eyes only, as at the server. */
static int
open_keylog(struct setup *s, const char *path, struct errmsg *e)
{
	char *text;

	if (path == NULL)
		return 0;
	if (keylog_open(path, &s->keylog_fd, e) < 0)
		return -1;
	if (asprintf(&text, "whoever reads %s can decrypt all sessions", path) <
	    0)
		return errmsg_set(e, "out of memory");
	setup_warn(text);
	free(text);
	return 0;
}

static int
prepare(struct setup *s, const struct options *o, struct errmsg *e)
{
	const struct sources *sources = &o->sources;
	struct addr_list *addrs = &s->addrs;

	if (limits_reserve_files(quota_of(o->connections, o->workers, 0), e) <
		0 ||
	    open_keylog(s, o->keylog, e) < 0 || load_credentials(s, o, e) < 0 ||
	    load_identities(s, o, e) < 0)
		return -1;
	if (addr_resolve(addrs, o->target, ADDR_TO_CONNECT, e) < 0)
		return -1;
	if (sources_match(sources, addrs, e) < 0 ||
	    sources_check(sources, e) < 0)
		return errmsg_prepend(e, "--bind");
	return limits_check_ports(o->connections,
	    (unsigned)addrs->count * (sources->count > 0 ? sources->count : 1),
	    e);
}

int
setup_open(struct setup *s, const struct options *o, struct errmsg *e)
{
	int result;

	*s = (struct setup){ .keylog_fd = -1 };
	result = prepare(s, o, e);
	if (result < 0)
		setup_close(s);
	return result;
}

void
setup_close(struct setup *s)
{
	tls_creds_unref(&s->creds);
	identities_free(&s->identities);
	outcomes_unmap(&s->outcomes);
	if (s->keylog_fd >= 0)
		(void)close(s->keylog_fd);
	s->keylog_fd = -1;
}
