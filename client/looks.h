/*
 * looks: what bytes look like that stand where an echo or an answer of TLS was
 * to come, from a table of first bytes.
 *
 * Use:
 *	enum looks looks = looks_of(bytes, n);
 *	if (looks != LOOKS_UNKNOWN)
 *		printf("It looks like %s.\n", looks_text(looks));
 */
#ifndef CLIENT_LOOKS_H
#define CLIENT_LOOKS_H

#include <stddef.h>
#include <stdint.h>

enum looks {
	LOOKS_UNKNOWN,
	LOOKS_HTTP,
	LOOKS_PROXY_1, /* a header of the PROXY protocol, as haproxy has it */
	LOOKS_PROXY_2,
	LOOKS_SSH,  /* RFC 4253, 4.2 */
	LOOKS_MAIL, /* RFC 5321, 4.2; RFC 959, 4.2 */
	LOOKS_IMAP, /* RFC 9051, 7.1 */
	LOOKS_POP3, /* RFC 1939, 4 */
	LOOKS_REDIS,
	LOOKS_MYSQL, /* a packet of its protocol, version 10: Handshake */
	LOOKS_HTML,
	LOOKS_XML,
	LOOKS_JSON,
	LOOKS_ALERT,  /* of TLS, not encrypted: RFC 8446, 6 */
	LOOKS_RECORD, /* another record of TLS: RFC 8446, 5.1 */
	LOOKS_HTTP2,  /* RFC 9113, 6.5: with SETTINGS a server begins */
	LOOKS_ZEROS,
	LOOKS_TEXT,
	LOOKS
};

enum {
	LOOKS_ALERT_SIZE = 7, /* bytes; the last is the alert's number */
	LOOKS_CHANCE = 8      /* so many bytes are hardly right by chance */
};

enum looks looks_of(const uint8_t *bytes, size_t n);

/*
 * Of n bytes of which the first same ones are what was wanted: what the rest
 * looks like. If those are fewer than LOOKS_CHANCE, they may be right by
 * chance, and what all bytes look like goes before.
 */
enum looks looks_behind(const uint8_t *bytes, size_t n, size_t same);

/* With its article, "an HTTP response"; NULL for UNKNOWN. */
const char *looks_text(enum looks looks);

#endif
