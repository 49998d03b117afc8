/*
 * signer: private keys that another process has: what GnuTLS would do with them
 * is asked of it (creds/key_request.h) over a connection of one's own.
 *
 * Whoever asks waits for the answer, but no longer than TLS_SIGNER_PATIENCE_NS
 * together with a new connection, if the old one is lost: then it is asked
 * again. After an answer, or a connection, that did not come in time nobody
 * waits until it has come: a process that stands still costs a loop one wait.
 *
 * Owns:	the connection, until tls_signer_free.
 * Borrows:	the source, which has to live longer.
 * Threads:	one at a time; tls_signer_free in any.
 * Use:
 *	tls_signer_new(&signer, keys_id, &source);
 *	tls_signer_key(signer, 0, pubkey, &key);
 *	... gnutls_handshake(session); tls_signer_has_failed(signer) ...
 */
#ifndef COMMON_CREDS_SIGNER_H
#define COMMON_CREDS_SIGNER_H

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/clock.h"

struct tls_signer;

/* Less than a loop may stand still before it counts as stalled. */
#define TLS_SIGNER_PATIENCE_NS (900 * CLOCK_NS_PER_MS)

struct tls_signer_source {
	/*
	 * A connection to the process that has the keys of this id, which
	 * becomes the signer's: a non-blocking SOCK_SEQPACKET. -1: there is
	 * none by then (of clock_now_ns).
	 */
	int (*connect)(void *owner, uint64_t keys_id, int64_t by_ns);
	void *owner;
};

/* -1 without memory. source: NULL for keys that nobody will use. */
int tls_signer_new(struct tls_signer **signer, uint64_t keys_id,
    const struct tls_signer_source *source);

/* When no key of it is left. NULL may be passed; it becomes NULL. */
void tls_signer_free(struct tls_signer **signer);

/*
 * Makes the private key of this number, which belongs to the public key; to be
 * freed by gnutls_privkey_deinit. 0, or an error of GnuTLS's.
 */
int tls_signer_key(struct tls_signer *signer, unsigned number,
    gnutls_pubkey_t pubkey, gnutls_privkey_t *key);

/*
 * Whether an operation has failed since the last call: there was no answer, or
 * it was an error. GnuTLS does not always tell. NULL: false.
 */
bool tls_signer_has_failed(struct tls_signer *signer);

#endif
