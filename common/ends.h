/*
 * ends: the ways in which a connection ends, from ends.def.
 *
 * Use:
 *	log_debug("%s", ends_text(END_RESET));
 */
#ifndef COMMON_ENDS_H
#define COMMON_ENDS_H

enum end {
#define END(name, text, during, after) END_##name,
#include "common/ends.def"
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
