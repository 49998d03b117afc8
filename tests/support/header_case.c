/* header_case: see the header. */
#include "tests/support/header_case.h"

#include <string.h>

/* Another way than that of server/proxy/crc32c.c: high bits first. */
static uint32_t
reverse(uint32_t value, int bits)
{
	uint32_t result = 0;

	for (int i = 0; i < bits; i++)
		result |= (value >> i & 1) << (bits - 1 - i);
	return result;
}

static uint32_t
checksum(const uint8_t *bytes, size_t n)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		crc ^= reverse(bytes[i], 8) << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31) * 0x1edc6f41U;
	}
	return ~reverse(crc, 32);
}

void
header_case_begin(struct header_case *h, uint8_t command, uint8_t family)
{
	memcpy(h->bytes, "\r\n\r\n\0\r\nQUIT\n", 12);
	h->bytes[12] = command;
	h->bytes[13] = family;
	h->n = 16;
	header_case_add(h, "", 0);
}

void
header_case_add(struct header_case *h, const void *bytes, size_t n)
{
	memcpy(h->bytes + h->n, bytes, n);
	h->n += n;
	h->bytes[14] = (uint8_t)((h->n - 16) >> 8);
	h->bytes[15] = (uint8_t)(h->n - 16);
}

void
header_case_tlv(
    struct header_case *h, uint8_t type, const void *bytes, size_t n)
{
	const uint8_t start[] = { type, (uint8_t)(n >> 8), (uint8_t)n };

	header_case_add(h, start, sizeof start);
	header_case_add(h, bytes, n);
}

void
header_case_checksum(struct header_case *h)
{
	uint32_t crc;

	header_case_tlv(h, 3, "\0\0\0\0", 4);
	crc = checksum(h->bytes, h->n);
	for (int i = 0; i < 4; i++)
		h->bytes[h->n - 4 + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
}
