/*
 * server_copy: a copy of the server that tests may replace while it runs:
 * new/tlsecho-server in the directory of the case, and the first in PATH.
 *
 * Errors:	all fail the case.
 * Use:
 *	server_copy_make();
 *	server_start(&s, NULL);
 *	server_copy_replace("cp new/tlsecho-server new/next");
 */
#ifndef TESTS_SUPPORT_SERVER_COPY_H
#define TESTS_SUPPORT_SERVER_COPY_H

/* Before the server starts. */
void server_copy_make(void);

/* From now on this option has another value, as if a file of it changed. */
void server_copy_give(const char *option, const char *value);

/* Runs a command that makes new/next, which then takes the server's place. */
void server_copy_replace(const char *command);

#endif
