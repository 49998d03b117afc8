/*
 * assertion: stops the process where the program contradicts itself.
 *
 * For bugs only, never for input: a peer, a file or an operator must not be
 * able to make one fail. It is compiled in always; the master replaces a worker
 * that aborts, and counts it.
 *
 * Use:
 *	ASSERT(conn->state == CONN_OPEN);
 */
#ifndef COMMON_BASE_ASSERTION_H
#define COMMON_BASE_ASSERTION_H

#define ASSERT(expression)      \
	((expression) ? (void)0 \
		      : assertion_failed(__FILE__, __LINE__, #expression))

/* Writes "file:line: assertion failed: expression" to stderr and aborts. */
_Noreturn void assertion_failed(
    const char *file, int line, const char *expression);

#endif
