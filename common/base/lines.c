/* lines: from line feed to line feed; see the header. */
#include "common/base/lines.h"

#include <string.h>

#include "common/base/assertion.h"

static void
take_line(struct lines *l)
{
	const char *end = memchr(l->rest, '\n', l->left);
	size_t used;

	l->line = l->rest;
	l->size = end != NULL ? (size_t)(end - l->rest) : l->left;
	l->number++;
	used = l->size + (end != NULL);
	l->rest += used;
	l->left -= used;
}

static void
trim(struct lines *l)
{
	while (l->size > 0 && lines_is_blank(l->line[l->size - 1]))
		l->size--;
	while (l->size > 0 && lines_is_blank(*l->line)) {
		l->line++;
		l->size--;
	}
}

bool
lines_next(struct lines *l)
{
	ASSERT(l->rest != NULL || l->left == 0);
	while (l->left > 0) {
		take_line(l);
		trim(l);
		if (l->size > 0 && *l->line != '#')
			return true;
	}
	return false;
}

size_t
lines_words(const struct lines *l, struct lines_word *words, size_t max)
{
	const char *end = l->line + l->size;
	const char *at = l->line;
	size_t count = 0;

	while (at < end) {
		const char *start = at;

		while (at < end && !lines_is_blank(*at))
			at++;
		if (count < max)
			words[count] =
			    (struct lines_word){ start, (size_t)(at - start) };
		count++;
		while (at < end && lines_is_blank(*at))
			at++;
	}
	return count;
}
