/* header: both versions of the PROXY protocol; see the header. */
#include "server/proxy/header.h"

#include <arpa/inet.h>
#include <string.h>

#include "server/proxy/tlv.h"

enum {
	V1_TEXT = 48, /* an address with its NUL: INET6_ADDRSTRLEN is 46 */
	V1_PORT_DIGITS = 5,
	TLS_HANDSHAKE_RECORD = 22, /* RFC 8446, 5.1: how a client begins */

	V2_VERSION = 2, /* the upper half of byte 13; below it the command */
	V2_LOCAL = 0,
	V2_PROXY = 1,
	/* The upper half of byte 14 is the family, the lower one the transport:
	 * a stream, or datagrams, as of a client of HTTP/3. */
	V2_UNSPEC = 0,
	V2_INET = 1,
	V2_INET6 = 2,
	V2_UNIX = 3,
	V2_TRANSPORT_MAX = 2,

	INET_SIZE = 12, /* two addresses, two ports */
	INET6_SIZE = 36,
	UNIX_SIZE = 216
};

static const uint8_t v1_signature[] = { 'P', 'R', 'O', 'X', 'Y', ' ' };
static const uint8_t v2_signature[] = { '\r', '\n', '\r', '\n', '\0', '\r',
	'\n', 'Q', 'U', 'I', 'T', '\n' };

static enum proxy_result
bad(struct proxy_header *header, const char *fault)
{
	header->fault = fault;
	return PROXY_BAD;
}

static bool
begins_with(const uint8_t *bytes, size_t n, const uint8_t *signature, size_t m)
{
	return memcmp(bytes, signature, n < m ? n : m) == 0;
}

/* What is left of a line. */
struct words {
	const uint8_t *bytes;
	size_t n;
};

/* Up to the next blank, as a string; false: none, empty, or too long. */
static bool
next_word(struct words *left, char word[static V1_TEXT])
{
	const uint8_t *blank = memchr(left->bytes, ' ', left->n);
	size_t n = blank != NULL ? (size_t)(blank - left->bytes) : left->n;

	if (n == 0 || n >= V1_TEXT || memchr(left->bytes, '\0', n) != NULL)
		return false;
	memcpy(word, left->bytes, n);
	word[n] = '\0';
	n += blank != NULL ? 1 : 0;
	left->bytes += n;
	left->n -= n;
	return true;
}

static bool
next_address(struct words *left, union addr_peer *addr, int family)
{
	char word[V1_TEXT];
	void *to = family == AF_INET ? (void *)&addr->v4.sin_addr
				     : (void *)&addr->v6.sin6_addr;

	addr->any.sa_family = (sa_family_t)family;
	return next_word(left, word) && inet_pton(family, word, to) == 1;
}

/* In decimal, without leading zeros (section 2.1). */
static bool
next_port(struct words *left, in_port_t *port)
{
	char word[V1_TEXT];
	size_t digits;
	unsigned number = 0;

	if (!next_word(left, word))
		return false;
	digits = strspn(word, "0123456789");
	if (word[digits] != '\0' || digits > V1_PORT_DIGITS ||
	    (word[0] == '0' && digits > 1))
		return false;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (unsigned)(word[i] - '0');
	*port = htons((uint16_t)number);
	return number <= UINT16_MAX;
}

/* Both structs have the port in the same place: behind the family. */
_Static_assert(offsetof(struct sockaddr_in, sin_port) ==
	offsetof(struct sockaddr_in6, sin6_port),
    "one name for the port of both");

static bool
parse_addresses(struct proxy_header *header, struct words *left, int family)
{
	return next_address(left, &header->source, family) &&
	    next_address(left, &header->destination, family) &&
	    next_port(left, &header->source.v4.sin_port) &&
	    next_port(left, &header->destination.v4.sin_port) && left->n == 0;
}

/* The line without its CR LF. Behind UNKNOWN there may be anything. */
static enum proxy_result
parse_line(struct proxy_header *header, struct words left)
{
	const char *fault = "an address or port in its line is wrong";
	/* A blank at the end begins an empty word. */
	bool ends = left.n > 0 && left.bytes[left.n - 1] == ' ';
	char word[V1_TEXT];

	if (!next_word(&left, word))
		return bad(header, "its line names no protocol");
	if (strcmp(word, "UNKNOWN") == 0)
		return PROXY_OK;
	if (strcmp(word, "TCP4") == 0)
		return !ends && parse_addresses(header, &left, AF_INET)
		    ? PROXY_OK
		    : bad(header, fault);
	if (strcmp(word, "TCP6") == 0)
		return !ends && parse_addresses(header, &left, AF_INET6)
		    ? PROXY_OK
		    : bad(header, fault);
	return bad(header, "its line is not of TCP4, TCP6 or UNKNOWN");
}

static enum proxy_result
parse_v1(
    struct proxy_header *header, const uint8_t *bytes, size_t n, size_t *used)
{
	size_t most = n < PROXY_V1_MAX ? n : PROXY_V1_MAX;
	const uint8_t *end = memchr(bytes, '\n', most);
	struct words left = { bytes + sizeof v1_signature, 0 };

	header->version = 1;
	if (end == NULL)
		return n < PROXY_V1_MAX
		    ? PROXY_MORE
		    : bad(header, "its line has more than 107 bytes");
	if (end[-1] != '\r')
		return bad(header, "its line does not end in CR LF");
	left.n = (size_t)(end - 1 - left.bytes);
	*used = (size_t)(end + 1 - bytes);
	return parse_line(header, left);
}

static size_t
address_size(unsigned family)
{
	static const size_t sizes[] = { [V2_UNSPEC] = 0,
		[V2_INET] = INET_SIZE,
		[V2_INET6] = INET6_SIZE,
		[V2_UNIX] = UNIX_SIZE };

	return sizes[family];
}

static void
take_inet(struct proxy_header *header, const uint8_t *bytes)
{
	struct sockaddr_in *from = &header->source.v4;
	struct sockaddr_in *to = &header->destination.v4;

	from->sin_family = to->sin_family = AF_INET;
	memcpy(&from->sin_addr, bytes, 4);
	memcpy(&to->sin_addr, bytes + 4, 4);
	memcpy(&from->sin_port, bytes + 8, 2);
	memcpy(&to->sin_port, bytes + 10, 2);
}

static void
take_inet6(struct proxy_header *header, const uint8_t *bytes)
{
	struct sockaddr_in6 *from = &header->source.v6;
	struct sockaddr_in6 *to = &header->destination.v6;

	from->sin6_family = to->sin6_family = AF_INET6;
	memcpy(&from->sin6_addr, bytes, 16);
	memcpy(&to->sin6_addr, bytes + 16, 16);
	memcpy(&from->sin6_port, bytes + 32, 2);
	memcpy(&to->sin6_port, bytes + 34, 2);
}

/* Addresses of the file system, and those not said, are none here. */
static enum proxy_result
parse_proxied(struct proxy_header *header, const uint8_t *bytes, size_t size,
    unsigned family)
{
	size_t offset = PROXY_V2_FIXED + address_size(family);

	if (offset > size)
		return bad(header, "its addresses are cut off");
	if (family == V2_INET)
		take_inet(header, bytes + PROXY_V2_FIXED);
	else if (family == V2_INET6)
		take_inet6(header, bytes + PROXY_V2_FIXED);
	if (!proxy_tlv_parse(header, bytes, size, offset))
		return PROXY_BAD;
	if (proxy_tlv_has_wrong_checksum(bytes, size, offset))
		return bad(header, "its CRC32C is wrong");
	return PROXY_OK;
}

/*
 * Of LOCAL nothing but the length counts (section 2.2), so no contents make it
 * bad, but for a checksum. haproxy has fields behind it: a checksum, and those
 * of a client that came through a unix socket.
 */
static enum proxy_result
parse_local(struct proxy_header *header, const uint8_t *bytes, size_t size,
    unsigned family)
{
	size_t offset = PROXY_V2_FIXED + address_size(family);

	if (offset <= size && proxy_tlv_parse(header, bytes, size, offset)) {
		header->is_local = true;
		return proxy_tlv_has_wrong_checksum(bytes, size, offset)
		    ? bad(header, "its CRC32C is wrong")
		    : PROXY_OK;
	}
	*header = (struct proxy_header){ .version = 2, .is_local = true };
	return PROXY_OK;
}

static enum proxy_result
parse_whole(struct proxy_header *header, const uint8_t *bytes, size_t size)
{
	unsigned command = bytes[12] & 0xf;
	unsigned family = bytes[13] >> 4;

	if (command == V2_LOCAL)
		return parse_local(
		    header, bytes, size, family <= V2_UNIX ? family : 0);
	return parse_proxied(header, bytes, size, family);
}

/* What the first 16 bytes say is judged before the rest has come. */
static enum proxy_result
check_fixed(struct proxy_header *header, const uint8_t *bytes, size_t length)
{
	unsigned command = bytes[12] & 0xf;

	if (bytes[12] >> 4 != V2_VERSION)
		return bad(header, "its version is not 2");
	if (command != V2_LOCAL && command != V2_PROXY)
		return bad(header, "its command is neither LOCAL nor PROXY");
	if (length > PROXY_V2_LENGTH)
		return bad(header, "it is longer than 4 KiB");
	if (command == V2_PROXY &&
	    (bytes[13] >> 4 > V2_UNIX || (bytes[13] & 0xf) > V2_TRANSPORT_MAX))
		return bad(header, "its address family is unknown");
	return PROXY_OK;
}

static enum proxy_result
parse_v2(
    struct proxy_header *header, const uint8_t *bytes, size_t n, size_t *used)
{
	size_t length;

	header->version = 2;
	if (n < PROXY_V2_FIXED)
		return PROXY_MORE;
	length = (size_t)bytes[14] << 8 | bytes[15];
	if (check_fixed(header, bytes, length) != PROXY_OK)
		return PROXY_BAD;
	*used = PROXY_V2_FIXED + length;
	return n < *used ? PROXY_MORE : parse_whole(header, bytes, *used);
}

enum proxy_result
proxy_header_parse(
    struct proxy_header *header, const uint8_t *bytes, size_t n, size_t *used)
{
	*header = (struct proxy_header){ .version = 0 };
	if (n == 0)
		return PROXY_MORE;
	if (begins_with(bytes, n, v1_signature, sizeof v1_signature))
		return parse_v1(header, bytes, n, used);
	if (begins_with(bytes, n, v2_signature, sizeof v2_signature))
		return parse_v2(header, bytes, n, used);
	return bad(header,
	    bytes[0] == TLS_HANDSHAKE_RECORD
		? "there is none, TLS begins at once"
		: "there is none");
}
