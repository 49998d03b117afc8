/*
 * hex: bytes as hexadecimal digits.
 *
 * Use:
 *	char text[2 * sizeof id + 1];
 *	(void)hex_put(text, id, sizeof id, HEX_LOWER);
 */
#ifndef COMMON_BASE_HEX_H
#define COMMON_BASE_HEX_H

#include <stddef.h>

#define HEX_LOWER "0123456789abcdef"
#define HEX_UPPER "0123456789ABCDEF"

/*
 * Writes 2 * size digits and a NUL, to which the result points, so that more
 * can be put there.
 */
char *hex_put(
    char *text, const void *bytes, size_t size, const char digits[static 16]);

#endif
