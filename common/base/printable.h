/*
 * printable: text of others, such as names in certificates, made fit for a
 * terminal or a log.
 *
 * Use:
 *	printable_mask(name);
 *	used = printable_append(text, sizeof text, used, bytes, n, " ,");
 */
#ifndef COMMON_BASE_PRINTABLE_H
#define COMMON_BASE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Puts '?' for each byte of control characters: those of ASCII, DEL, and in
 * UTF-8 U+0080 to U+009F, of which U+009B opens a terminal's commands; those
 * that turn the direction of writing, so that a name reads as another one:
 * U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069 (UTR #36); and the
 * separators U+2028 and U+2029, which end lines.
 */
void printable_mask(char *text);

/* Whether the bytes are UTF-8 (RFC 3629, 4). */
bool printable_is_utf8(const void *bytes, size_t n);

/*
 * Copies a text of UTF-8 as far as size bytes have room for whole characters
 * and a NUL. False: the rest was cut off.
 */
bool printable_copy(char *to, size_t size, const char *text);

/*
 * Appends bytes to the first used ones of a text of size bytes, which stays a
 * string. Control characters, what is not UTF-8, and the characters in special
 * become \XX, the bytes' values in hexadecimal (RFC 4514, 2.4). What does not
 * fit is cut off between characters, and "..." marks it. Returns how many are
 * used then; size, if it was cut: nothing can be appended any more.
 */
size_t printable_append(char *text, size_t size, size_t used, const void *bytes,
    size_t n, const char *special);

#endif
