/*
 * close_reason: the ways in which a connection ends, from
 * base/close_reason.def.
 *
 * Use:
 *	log_debug("%s", close_reason_text(REASON_RESET));
 */
#ifndef COMMON_BASE_CLOSE_REASON_H
#define COMMON_BASE_CLOSE_REASON_H

#include <stdbool.h>

enum close_reason {
	REASON_NONE = 0, /* it goes on */
#define REASON(name, text, during, after) REASON_##name,
#include "common/base/close_reason.def"
#undef REASON
	REASON_COUNT
};

/* Whether the peer was refused for its certificate, or for having none. */
bool close_reason_is_refusal(enum close_reason reason);

/* Whether a client's TCP did not connect, so that the peer received nothing. */
bool close_reason_is_connect_failure(enum close_reason reason);

/* What a connect(2) that failed with this (positive) errno comes to: one of
 * CONNECT_..., of which CONNECT_ERROR is for those without a name here. */
enum close_reason close_reason_of_connect(int error);

/* Whether a limit refused it, before there was a handshake. */
bool close_reason_is_limit(enum close_reason reason);

/* Whether a handshake that ends so has failed: neither a health check has, nor
 * a connection that a limit refused. */
bool close_reason_is_failure(enum close_reason reason);

/* A few words for a log line or a report, such as "handshake timeout". */
const char *close_reason_text(enum close_reason reason);

enum {
	CLOSE_REASON_WORD = 32
};

/* A word for JSON and logfmt, such as "handshake_timeout". */
const char *close_reason_word(
    enum close_reason reason, char word[static CLOSE_REASON_WORD]);

#endif
