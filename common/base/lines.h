/*
 * lines: the lines of a text, but for blank ones and comments, which begin with
 * #. Blanks and carriage returns are removed from both ends of a line.
 *
 * Borrows:	the text, which need not end with a NUL.
 * Use:
 *	struct lines lines = lines_of(text, size);
 *	while (lines_next(&lines))
 *		printf("line %d: %zu bytes", lines.number, lines.size);
 */
#ifndef COMMON_BASE_LINES_H
#define COMMON_BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct lines {
	const char *rest; /* what follows the line */
	size_t left;
	const char *line; /* size bytes, at least 1 */
	size_t size;
	size_t number; /* of the line in the text, from 1 */
};

static inline struct lines
lines_of(const char *text, size_t size)
{
	return (struct lines){ .rest = text, .left = size };
}

/* False after the last line. */
bool lines_next(struct lines *lines);

/* What stands between blanks; it need not end with a NUL. */
struct lines_word {
	const char *at;
	size_t size; /* at least 1 */
};

/* How many words the line has; the first ones, max at most, are in words. */
size_t lines_words(
    const struct lines *lines, struct lines_word *words, size_t max);

static inline bool
lines_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

#endif
