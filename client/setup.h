/*
 * setup: what a run needs before its first connection: credentials, the
 * server's addresses, and enough descriptors and ports.
 *
 * Owns:	a reference to the credentials, the identities and the file of
 *		--keylog, from setup_open to setup_close.
 * Errors:	-1 and a line; nothing is owned then.
 * Use:
 *	struct setup setup;
 *	if (setup_open(&setup, &options, &e) < 0) ...
 *	setup_close(&setup);
 */
#ifndef CLIENT_SETUP_H
#define CLIENT_SETUP_H

#include "client/identities/identities.h"
#include "common/base/errmsg.h"
#include "common/sys/addr.h"

struct options;
struct outcomes;
struct tls_creds;

struct setup {
	struct addr_list addrs; /* of the server; tried in order */
	struct tls_creds *creds;
	struct identities identities; /* --identities; or none */
	struct outcomes *outcomes;    /* of them; or NULL */
	int keylog_fd;                /* inherited by workers; -1: none */
};

int setup_open(
    struct setup *setup, const struct options *options, struct errmsg *e);

void setup_close(struct setup *setup);

/* A line on standard error: "tlsecho-client: warning: ...". */
void setup_warn(const char *text);

#endif
