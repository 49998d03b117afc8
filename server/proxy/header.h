/*
 * header: what a proxy says of a connection in front of its first byte: the
 * PROXY protocol, versions 1 and 2, of haproxy's proxy-protocol.txt, whose
 * sections are cited here.
 *
 * Nothing in a header is proven: whoever can connect can write one. The fields
 * are for logs, never for a decision on whom to trust.
 *
 * Owns:	nothing: slices point into the bytes that were parsed.
 * Errors:	PROXY_BAD, and header->fault says why in words that can follow
 *		"PROXY header: ".
 * Use:
 *	switch (proxy_header_parse(&header, bytes, n, &used)) {
 *	case PROXY_MORE: ... call again with these bytes and those behind ...
 *	case PROXY_OK: ... bytes + used is the first byte of TLS ...
 */
#ifndef SERVER_PROXY_HEADER_H
#define SERVER_PROXY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sys/addr.h"

enum {
	PROXY_V1_MAX = 107,       /* with its CR LF (section 2.1) */
	PROXY_V2_FIXED = 16,      /* signature, command, family, length (2.2) */
	PROXY_V2_LENGTH = 4096,   /* most that may follow; ours, not theirs */
	PROXY_UNIQUE_ID_MAX = 128 /* section 2.2.5 */
};
/* The longest header that is taken, in bytes. */
#define PROXY_HEADER_MAX (PROXY_V2_FIXED + PROXY_V2_LENGTH)

/* Bytes of others: any values; not a string. NULL: it was not there. */
struct proxy_slice {
	const uint8_t *bytes;
	size_t n;
};

/* What the client has shown the proxy (section 2.2.6). */
enum proxy_certificate {
	PROXY_CERTIFICATE_NONE,
	PROXY_CERTIFICATE_FAILED, /* the proxy could not verify it */
	PROXY_CERTIFICATE_VERIFIED,
};

struct proxy_ssl {
	bool present; /* the client has spoken TLS to the proxy */
	enum proxy_certificate certificate;
	struct proxy_slice version, cipher, common_name;
};

struct proxy_header {
	uint8_t version; /* 1 or 2 */
	bool is_local; /* the proxy's own connection: a health check, mostly */
	/* Of the client's connection to the proxy. any.sa_family is 0 where the
	 * header has no IP address, and IPv6 where it has ::ffff:a.b.c.d. */
	union addr_peer source, destination;
	struct proxy_slice authority, unique_id, alpn;
	struct proxy_ssl ssl;
	const char *fault; /* after PROXY_BAD; a constant */
};

enum proxy_result {
	PROXY_MORE, /* so far it is the beginning of a header */
	PROXY_OK,
	PROXY_BAD,
};

/*
 * Looks at the first n bytes of a connection. The same bytes give the same
 * result, and PROXY_MORE for a beginning of a header, however short. *used is
 * set with PROXY_OK: 8 to PROXY_HEADER_MAX. With PROXY_HEADER_MAX bytes the
 * result is not PROXY_MORE.
 */
enum proxy_result proxy_header_parse(
    struct proxy_header *header, const uint8_t *bytes, size_t n, size_t *used);

#endif
