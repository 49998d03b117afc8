/*
 * facts: names and values, as lines or as logfmt.
 *
 * Borrows:	the text.
 * Use:
 *	struct facts facts = facts_in(text, sizeof text, FACTS_LOGFMT);
 *	facts_put(&facts, "subject", "CN=alice");
 */
#ifndef COMMON_BASE_FACTS_H
#define COMMON_BASE_FACTS_H

#include <stddef.h>

enum facts_style {
	FACTS_LOGFMT, /* key=value key="two words", on one line */
	FACTS_LINES   /* "key: value", one a line, each with its '\n' */
};

struct facts {
	char *text; /* a string; cut where it does not fit */
	size_t size, used;
	enum facts_style style;
};

/* An empty text of size bytes, at least 1. */
struct facts facts_in(char *text, size_t size, enum facts_style style);

void facts_put(struct facts *facts, const char *key, const char *value);

#endif
