/*
 * credentials: what the master does with key files and policy files.
 *
 * Nobody else reads them. Contents that pass all checks go into a sealed memfd,
 * which workers read; apart from that memfd the master keeps no copy of a key.
 *
 * Owns:	the memfd, until credentials_close; or until fd is handed to
 *		workers_init or workers_reload: then workers closes it, and the
 *		struct, whose fd stays as it was, must not be closed.
 * Borrows:	the config, which outlives them: dates.files points into it.
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

/* Times in seconds since 1970; 0 if there is no such certificate or CRL. */
struct credentials_dates {
	const char *files[TLS_KEY_PAIRS_MAX];
	int64_t not_after_s[TLS_KEY_PAIRS_MAX];
	int64_t crl_this_update_s; /* of the oldest */
	int64_t crl_next_update_s; /* the first to come */
	char crl_next_issuer[TLS_CRL_NAME];
};

struct credentials {
	int fd; /* a sealed tls_bundle; -1: none */
	struct credentials_dates dates;
	uint64_t crl_entries;
	unsigned key_pair_count;
};

#define CREDENTIALS_INIT \
	{                \
		.fd = -1 \
	}

/*
 * Reads all files and checks them as a worker will: keys belong to
 * certificates; CRLs are signed by a CA; rules can be parsed; a handshake in
 * memory goes well. What is odd is logged as a warning. Ticket keys come from
 * their file or else from previous_fd, a memfd of the same config, so that
 * tickets survive a reload; -1: a new key is made. On failure out->fd is -1.
 */
int credentials_load(struct credentials *out, const struct config *config,
    int previous_fd, struct errmsg *e);

/* Sets fd to -1; does nothing if it is that already. */
void credentials_close(struct credentials *credentials);

#endif
