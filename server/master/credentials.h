/*
 * credentials: what the master does with key files and policy files.
 *
 * Nobody else reads them. What is good goes into a sealed memfd, which workers
 * read; beside that memfd the master keeps no copy of a key.
 *
 * Owns:	the memfd, until credentials_close, or until workers has it.
 * Borrows:	names of files, from the config.
 * Use:
 *	if (credentials_load(&new, &config, old.fd, &e) < 0)
 *		... the old ones stay ...
 */
#ifndef SERVER_MASTER_CREDENTIALS_H
#define SERVER_MASTER_CREDENTIALS_H

#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/creds/bundle.h"
#include "common/x509/crl.h"

struct config;

/* Seconds since 1970; 0: there is no such certificate, no CRL. */
struct credentials_dates {
	const char *files[TLS_IDENTITIES_MAX];
	int64_t not_after_s[TLS_IDENTITIES_MAX];
	int64_t crl_next_update_s;
	char crl_next_issuer[TLS_CRL_NAME];
};

struct credentials {
	int fd; /* a sealed tls_bundle; -1: none */
	struct credentials_dates dates;
	uint64_t crl_entries;
	unsigned identity_count;
};

/*
 * Reads all files and checks them together, by the same steps as a worker: keys
 * belong to certificates, today is within their dates, lists are signed by a
 * CA, rules can be read. Ticket keys come from their file or else from
 * previous_fd, so that tickets survive a reload; -1: a new key is made.
 */
int credentials_load(struct credentials *out, const struct config *config,
    int previous_fd, struct errmsg *e);

void credentials_close(struct credentials *credentials);

#endif
