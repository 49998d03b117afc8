/*
 * close_reason: the ways in which a connection ends, from
 * base/close_reason.def.
 *
 * Use:
 *	log_debug("%s", ends_text(END_RESET));
 */
#ifndef COMMON_BASE_CLOSE_REASON_H
#define COMMON_BASE_CLOSE_REASON_H

enum end {
#define END(name, text, during, after) END_##name,
#include "common/base/close_reason.def"
#undef END
	END_COUNT
};

/* A few words for a log line or a report, such as "handshake timeout". */
const char *ends_text(enum end end);

enum {
	ENDS_WORD = 32
};

/* A word for JSON and logfmt, such as "handshake_timeout". */
const char *ends_word(enum end end, char word[static ENDS_WORD]);

#endif
