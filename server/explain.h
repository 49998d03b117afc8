/*
 * explain: what options and files come to, for --test.
 *
 * Use:
 *	if (config->test)
 *		return explain(config, &e);
 */
#ifndef SERVER_EXPLAIN_H
#define SERVER_EXPLAIN_H

#include "common/base/errmsg.h"

struct config;

/*
 * Reads all files, as a start would, and prints the policy on standard output;
 * warnings go to the log. -1 if the server would not start; but an address or
 * a name of statistics may be in use, as by the server that is to be reloaded.
 */
int explain(const struct config *config, struct errmsg *e);

#endif
