/* hex: bytes as hexadecimal digits; see the header. */
#include "common/base/hex.h"

#include <stdint.h>

#include "common/base/assertion.h"

char *
hex_put(
    char *text, const void *bytes, size_t size, const char digits[static 16])
{
	const uint8_t *byte = bytes;

	ASSERT(byte != NULL || size == 0);
	for (size_t i = 0; i < size; i++) {
		*text++ = digits[byte[i] >> 4];
		*text++ = digits[byte[i] & 0xf];
	}
	*text = '\0';
	return text;
}
