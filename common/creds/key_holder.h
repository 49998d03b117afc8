/*
 * key_holder: private keys in the process that signs for others: it answers
 * requests (creds/key_request.h).
 *
 * Owns:	the keys, until tls_key_holder_close.
 * Threads:	immutable in between: any may answer; one, if it has tokens.
 * Use:
 *	if (tls_key_holder_open(&holder, keys_fd, &e) < 0) ...
 *	size = tls_key_holder_answer(&holder, &request, n, &reply, &error);
 */
#ifndef COMMON_CREDS_KEY_HOLDER_H
#define COMMON_CREDS_KEY_HOLDER_H

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/creds/bundle.h"

struct tls_key_reply;
struct tls_key_request;

struct tls_key_holder {
	gnutls_privkey_t keys[TLS_KEY_PAIRS_MAX];
	unsigned count;
	/* What those are made of that are in a token (creds/token.h). */
	struct file_bytes tokens[TLS_KEY_PAIRS_MAX];
	bool has_tokens;
};

/* Of a sealed bundle of keys (tls_bundle_split); the descriptor stays the
 * caller's. -1 with an error: then there is nothing to close. */
int tls_key_holder_open(
    struct tls_key_holder *holder, int keys_fd, struct errmsg *e);
void tls_key_holder_close(struct tls_key_holder *holder);

/*
 * Fills the answer to a request of n bytes, which stays as it is: how many
 * bytes the answer has; 0: this is no request. A premaster secret that cannot
 * be decrypted is answered by chance bytes, so that nobody learns from it (RFC
 * 5246, 7.4.7.1). *error: what went wrong, for this process only; or 0. It has
 * of decryption no more than that the token is lost.
 */
size_t tls_key_holder_answer(const struct tls_key_holder *holder,
    struct tls_key_request *request, size_t n, struct tls_key_reply *reply,
    int *error);

/* Words for the error of a reply. */
const char *tls_key_error_text(int error);

/* Whether a key that had this error can be had again in a new process only. */
bool tls_key_is_lost(
    const struct tls_key_holder *holder, unsigned key, int error);

#endif
