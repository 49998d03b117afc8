/*
 * header_case: headers of version 2, made piece by piece.
 *
 * Use:
 *	header_case_begin(&h, HEADER_PROXY, HEADER_TCP4);
 *	header_case_add(&h, HEADER_INET, 12);
 *	header_case_tlv(&h, 2, "example.org", 11);
 */
#ifndef TESTS_SUPPORT_HEADER_CASE_H
#define TESTS_SUPPORT_HEADER_CASE_H

#include <stddef.h>
#include <stdint.h>

enum {
	HEADER_LOCAL = 0x20,
	HEADER_PROXY = 0x21,
	HEADER_UNSPEC = 0x00,
	HEADER_TCP4 = 0x11,
	HEADER_UDP4 = 0x12,
	HEADER_TCP6 = 0x21,
	HEADER_UNIX = 0x31
};

/* 192.0.2.1:4660 to 198.51.100.2:443. */
#define HEADER_INET "\xc0\x00\x02\x01\xc6\x33\x64\x02\x12\x34\x01\xbb"

struct header_case {
	uint8_t bytes[16 + 65535];
	size_t n;
};

void header_case_begin(struct header_case *h, uint8_t command, uint8_t family);
/* Adds so many bytes, and says so in the header. */
void header_case_add(struct header_case *h, const void *bytes, size_t n);
void header_case_tlv(
    struct header_case *h, uint8_t type, const void *bytes, size_t n);
/* A PP2_TYPE_CRC32C that is right for all that is there, and comes last. */
void header_case_checksum(struct header_case *h);

#endif
