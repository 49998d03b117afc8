/*
 * bundle: credentials as bytes, to be passed between processes.
 *
 * Owns:	the bytes; tls_bundle_free clears them. The table of revoked
 *		certificates may be part of a mapping, shared by all processes
 *		that opened the same sealed descriptor.
 * Errors:	-1 and a line.
 * Use:
 *	struct tls_bundle bundle = TLS_BUNDLE_INIT;
 *	if (tls_files_load(&bundle, &files, &e) < 0 ||
 *	    (fd = tls_bundle_seal(&bundle, &e)) < 0) ...
 *	... elsewhere: tls_bundle_open(&bundle, fd, &e)
 *	tls_bundle_free(&bundle);
 */
#ifndef COMMON_CREDS_BUNDLE_H
#define COMMON_CREDS_BUNDLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

enum {
	TLS_KEY_PAIRS_MAX = 8
};

struct tls_key_pair {
	struct file_bytes cert, key; /* PEM; of a key: empty, see keys_id */
};

struct tls_bundle {
	struct file_bytes ca; /* PEM */
	struct tls_key_pair key_pairs[TLS_KEY_PAIRS_MAX];
	int key_pair_count;
	struct file_bytes
	    ticket_keys;         /* see creds/ticket_keys.h; may be empty */
	struct file_bytes rules; /* see x509/allow.h; may be empty */
	struct file_bytes crl;   /* see x509/crl.h; may be empty */
	void *map;               /* what crl is; NULL: its own memory */
	/* Of the process that has the keys instead (creds/signer.h); 0: they
	 * are here. */
	uint64_t keys_id;
};

#define TLS_BUNDLE_INIT               \
	{                             \
		.ca = FILE_BYTES_INIT \
	}

/* Makes one new key for session tickets (RFC 5077, RFC 8446 4.6.1). */
int tls_bundle_new_ticket_key(struct tls_bundle *bundle, struct errmsg *e);

/*
 * Moves the private keys to an empty one, which gets a copy of their
 * certificates and nothing else. keys_id: not 0, and of no other keys on this
 * machine.
 */
int tls_bundle_split(struct tls_bundle *bundle, struct tls_bundle *keys,
    uint64_t keys_id, struct errmsg *e);

/*
 * Writes the bundle to a new memfd and seals it (memfd_create(2)): nobody can
 * change it any more. The descriptor, close-on-exec, or -1.
 */
int tls_bundle_seal(const struct tls_bundle *bundle, struct errmsg *e);

/* Reads a sealed bundle; the descriptor's offset is neither used nor moved. */
int tls_bundle_open(struct tls_bundle *bundle, int fd, struct errmsg *e);

void tls_bundle_free(struct tls_bundle *bundle);

#endif
