/*
 * terminfo: whether TERM is known here (terminfo(5)). It stands apart, since
 * term.h takes many short words for itself.
 *
 * Use:
 *	if (!terminfo_knows_term()) ...
 */
#ifndef TOOLS_TERM_TERMINFO_H
#define TOOLS_TERM_TERMINFO_H

#include <stdbool.h>

/* Of standard output. */
bool terminfo_knows_term(void);

#endif
