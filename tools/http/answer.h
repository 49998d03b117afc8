/*
 * answer: the text for each path that is answered at once; knows no library.
 *
 * Owns:	text is the caller's, for free(3).
 * Use:
 *	answer_make(&answer, REQUEST_HEALTH, servers, &query);
 */
#ifndef TOOLS_HTTP_ANSWER_H
#define TOOLS_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/http/request.h"
#include "tools/http/servers.h"

enum {
	ANSWER_NONCE = 33,  /* with its NUL */
	ANSWER_LIMIT = 1000 /* connections that one answer lists at most */
};

/* Parameters of the query, decoded; NULL: not given. */
struct answer_query {
	const char *server, *sort, *filter, *limit, *reverse;
};

struct answer {
	unsigned status; /* RFC 9110, 15 */
	const char *content_type;
	char *text; /* NULL: there is no memory */
	size_t size;
	char nonce[ANSWER_NONCE]; /* of the page; else "" */
};

/* Of all routes but REQUEST_EVENTS. */
void answer_make(struct answer *answer, enum request_route route,
    struct servers *servers, const struct answer_query *query);

/* A line for people. */
void answer_line(struct answer *answer, unsigned status, const char *line);

#endif
