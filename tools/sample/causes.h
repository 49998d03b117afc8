/*
 * causes: what each counter of failures means, and what to do about it, from
 * sample/causes.def: a sentence or two each.
 *
 * Use:
 *	const struct cause *cause = cause_find("handshake_expired");
 */
#ifndef TOOLS_SAMPLE_CAUSES_H
#define TOOLS_SAMPLE_CAUSES_H

#include <stddef.h>

enum cause_kind {
	CAUSE_HANDSHAKE, /* handshakes that failed */
	CAUSE_END,       /* open connections that ended other than in order */
	CAUSE_REFUSAL,   /* connections that were not taken */
	CAUSE_WORKER,    /* the server's own processes and credentials */
};

struct cause {
	const char *counter; /* its name in the segment */
	const char *sum;     /* the counter that counts it as well, or NULL */
	enum cause_kind kind;
	const char *meaning;
	const char *advice;
};

/* All of them, in the order of the file. */
extern const struct cause causes[];
extern const size_t causes_count;

/* NULL when the counter counts no failure, or is not known here. */
const struct cause *cause_find(const char *counter);

#endif
