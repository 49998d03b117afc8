/*
 * http: a small HTTP/1.1 client, which says what it is told to.
 *
 * Errors:	all fail the test, and so does waiting for longer than 8 s.
 * Use:
 *	ck_assert_int_eq(http_ask(port, "GET", "/healthz", NULL), 200);
 *	ck_assert_ptr_nonnull(strstr(http_reply(), "ok"));
 */
#ifndef TESTS_SUPPORT_HTTP_H
#define TESTS_SUPPORT_HTTP_H

#include <stdbool.h>

/*
 * Sends a request to 127.0.0.1 and reads to the end of the connection; the
 * status. fields, each ending with \r\n, take the place of "Host:"; NULL: the
 * usual one.
 */
int http_ask(
    int port, const char *method, const char *path, const char *fields);

/* The last reply, its head and what follows, cut at 1 MiB. */
const char *http_reply(void);
/* What follows the head. */
const char *http_body(void);
/* Whether the head has this line. */
bool http_has(const char *line);

/* A connection to 127.0.0.1 and bytes on it; nothing of either is read. */
int http_connect(int port);
void http_send(int fd, const char *text);
/* Reads until this text comes, into the last reply; false when the connection
 * ends before. NULL: until it ends. */
bool http_read_until(int fd, const char *text);

#endif
