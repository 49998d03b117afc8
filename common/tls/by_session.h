/*
 * by_session: the same as in tls/session.h, through GnuTLS's session. Private
 * to the files of tls.
 */
#ifndef COMMON_TLS_BY_SESSION_H
#define COMMON_TLS_BY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/tls/session.h"

enum tls_result tls_session_read(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n);
ssize_t tls_session_write(struct tls *tls, const uint8_t *bytes, size_t n);

/* Frees what the last read has lent out. */
void tls_session_release(struct tls *tls);

/* The ticket has been taken, and the session could be handed over. */
bool tls_session_is_over(struct tls *tls);

#endif
