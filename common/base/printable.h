/*
 * printable: text of others, such as names in certificates, made fit for a
 * terminal or a log.
 *
 * Use:
 *	printable_mask(name);
 */
#ifndef COMMON_BASE_PRINTABLE_H
#define COMMON_BASE_PRINTABLE_H

/*
 * Puts '?' for each byte of control characters: those of ASCII, DEL, and in
 * UTF-8 U+0080 to U+009F, of which U+009B opens a terminal's commands; those
 * that turn the direction of writing, so that a name reads as another one:
 * U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069 (UTR #36); and the
 * separators U+2028 and U+2029, which end lines.
 */
void printable_mask(char *text);

#endif
