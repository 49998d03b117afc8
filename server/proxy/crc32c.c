/* crc32c: bit by bit; see the header. */
#include "server/proxy/crc32c.h"

/* The polynomial 0x1edc6f41, its bits in reverse. */
static const uint32_t reversed_polynomial = 0x82f63b78;

/* A header comes once in a connection, and has some 60 bytes: no table. */
uint32_t
crc32c(uint32_t crc, const uint8_t *bytes, size_t n)
{
	crc = ~crc;
	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^
			    ((crc & 1) != 0 ? reversed_polynomial : 0);
	}
	return ~crc;
}
