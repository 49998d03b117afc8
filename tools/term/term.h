/*
 * term: the terminal view of tlsecho-stat: takes samples of a source, shows
 * them, and lets keys move about in them.
 *
 * Use:
 *	if (term_is_possible())
 *		result = term_run(source, &options, &e);
 */
#ifndef TOOLS_TERM_TERM_H
#define TOOLS_TERM_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "tools/sample/source.h"

struct term_options {
	int64_t interval_ns; /* of a live source */
	bool waits;          /* for a server that is not there, or dead */
	bool shows_all;      /* as the key d */
	bool is_ascii;       /* whatever the locale */
	unsigned view;       /* 1 to 6; 0: the first */
};

enum term_result {
	TERM_FAILED = -1,
	TERM_DONE, /* the user has seen enough, or the terminal has gone */
	TERM_IMPOSSIBLE, /* TERM is unknown: nothing was shown */
};

/* Standard input and output are a terminal on which more can be done than to
 * write lines. */
bool term_is_possible(void);

/*
 * Until the user ends it. A server that dies is marked, and the next one of its
 * name is shown when it comes. FAILED and IMPOSSIBLE with the reason.
 */
enum term_result term_run(struct source *source,
    const struct term_options *options, struct errmsg *e);

#endif
