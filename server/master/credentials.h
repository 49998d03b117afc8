/*
 * credentials: what the master does with key files and policy files.
 *
 * A child reads them, and nobody else: contents that pass all checks go into
 * sealed memfds, one of what workers read, and one of the keys, of which the
 * signing process is made (master/signers.h). So no key is ever in the master's
 * memory. With --keys-in-workers there is one memfd, and no such process.
 *
 * Owns:	the memfd and the signing process, until credentials_close; or
 *		until they are handed to workers_init or workers_reload: then
 *		workers has them, and the struct, which stays as it was, must
 *		not be closed.
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
#include "server/master/signers.h"

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
	struct signer signer;
	struct credentials_dates dates;
	uint64_t crl_entries;
	unsigned key_pair_count;
};

#define CREDENTIALS_INIT                         \
	{                                        \
		.fd = -1, .signer = SIGNER_INIT, \
	}

/*
 * Reads all files and checks them as a worker will: keys belong to
 * certificates; CRLs are signed by a CA; rules can be parsed; a handshake in
 * memory goes well. What is odd is logged as a warning. Ticket keys come from
 * their file or else from previous_fd, a memfd of the same config, so that
 * tickets survive a reload; -1: a new key is made. The signing process serves
 * then, and has been asked. On failure there is nothing to close.
 */
int credentials_load(struct credentials *out, const struct config *config,
    int previous_fd, struct errmsg *e);

/* Ends the signing process; does nothing if there is nothing to close. */
void credentials_close(struct credentials *credentials);

#endif
