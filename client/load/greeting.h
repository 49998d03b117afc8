/*
 * greeting: the line of JSON with which a server that has --whoami begins each
 * connection. It is shown as one line, whatever the server sends.
 *
 * Owns:	the bytes of a line that is not complete.
 * Use:
 *	greeting_init(&greeting, fd);
 *	while (greeting.state == GREETING_AWAITED && n > 0)
 *		if ((taken = greeting_take(&greeting, bytes, n)) == 0)
 *			... greeting_hint(&greeting) says what is wrong ...
 *	greeting_clear(&greeting);
 */
#ifndef CLIENT_LOAD_GREETING_H
#define CLIENT_LOAD_GREETING_H

#include <stddef.h>
#include <stdint.h>

enum {
	GREETING_MAX = 8192 /* bytes, with the line feed at the end */
};

enum greeting_state {
	GREETING_NONE,    /* the user expects none */
	GREETING_UNASKED, /* and the server has sent one */
	GREETING_AWAITED,
	GREETING_SHOWN,
	GREETING_TOO_LONG,
	GREETING_NO_MEMORY,
	GREETING_STATES
};

struct greeting {
	uint8_t *bytes; /* of GREETING_MAX; NULL: none has come so far */
	uint16_t n;     /* how many of them have come */
	int fd;
	enum greeting_state state;
};

/* fd: gets the line, in one write; -1: the user expects none. */
void greeting_init(struct greeting *greeting, int fd);

/*
 * While it is AWAITED: takes bytes up to the end of the line, and returns how
 * many, at least 1. 0: they do not belong to a line that begins with { and ends
 * with }, or the line is too long. Control characters are shown as \XX.
 */
size_t greeting_take(struct greeting *greeting, const uint8_t *bytes, size_t n);

/* What the user can do when the connection has failed; "" when no greeting is
 * the reason. Shorter than TALLY_DETAIL. */
const char *greeting_hint(const struct greeting *greeting);

/* The connection has ended. The state stays as it is. */
void greeting_clear(struct greeting *greeting);

#endif
