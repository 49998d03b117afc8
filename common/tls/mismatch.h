/*
 * mismatch: a client and a server that have nothing in common, and what each of
 * them offered.
 *
 * Of most such hellos GnuTLS says that there is no cipher suite in common, even
 * where what is missing is a group or a signature scheme.
 *
 * Use:		in on_fail of a connection (conn/conn.h):
 *	if (tls_mismatch_read(&mismatch, tls))
 *		log_debug("client=\"%s\" server=\"%s\"", mismatch.client, ...
 */
#ifndef COMMON_TLS_MISMATCH_H
#define COMMON_TLS_MISMATCH_H

#include <stdbool.h>

#include "common/base/close_reason.h"

struct tls;

enum {
	TLS_MISMATCH_TEXT = 512
};

/* Of the one thing that they lack, separated by commas, cut if it is long. */
struct tls_mismatch {
	char client[TLS_MISMATCH_TEXT];
	char server[TLS_MISMATCH_TEXT];
};

/* At a server whose handshake GnuTLS has ended with this error: which one was
 * missing, or REASON_NONE if that is not why. */
enum close_reason tls_mismatch_reason(const struct tls *tls, int error);

/* After TLS_FAIL of a handshake; false: there is nothing to tell. */
bool tls_mismatch_read(struct tls_mismatch *mismatch, const struct tls *tls);

#endif
