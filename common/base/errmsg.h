/*
 * errmsg: one line of text that says what went wrong while setting up.
 *
 * Owns:	nothing; the struct lives in the caller's frame.
 * Errors:	text that does not fit is cut. Arguments may not point into e.
 * Rule:	the lowest level that can explain calls errmsg_set and returns
 *		-1; callers may prepend, never overwrite; only main() prints.
 * Use:
 *	if (addr_check(text, ADDR_TO_LISTEN, e) < 0)
 *		return errmsg_prepend(e, "--listen");
 */
#ifndef COMMON_BASE_ERRMSG_H
#define COMMON_BASE_ERRMSG_H

struct errmsg {
	char text[512];
};

/* Replaces the text; returns -1, so that it can be returned at once. */
int errmsg_set(struct errmsg *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Like errmsg_set, with ": " and strerror(error) after it; error > 0. */
int errmsg_set_errno(struct errmsg *e, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "format: " in front of the text; returns -1. */
int errmsg_prepend(struct errmsg *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
