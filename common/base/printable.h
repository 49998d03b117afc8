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
 * Puts '?' for each byte of control characters: those of ASCII, DEL, and
 * U+0080 to U+009F in UTF-8, of which U+009B opens a terminal's commands.
 */
void printable_mask(char *text);

#endif
