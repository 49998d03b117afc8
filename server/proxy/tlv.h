/*
 * tlv: the fields behind the addresses of a header of version 2: type, length,
 * value (proxy-protocol.txt, 2.2).
 *
 * Use:
 *	proxy_tlv_parse(&header, bytes, size, 16 + 12);
 */
#ifndef SERVER_PROXY_TLV_H
#define SERVER_PROXY_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proxy_header;

/*
 * Reads those from offset on, of a whole header of size bytes; types that are
 * not known are passed over. False: header->fault says what is wrong.
 */
bool proxy_tlv_parse(struct proxy_header *header, const uint8_t *bytes,
    size_t size, size_t offset);

/* Whether a header that proxy_tlv_parse has read has a wrong checksum. */
bool proxy_tlv_has_wrong_checksum(
    const uint8_t *bytes, size_t size, size_t offset);

#endif
