/* facts: writes them one after the other; see the header. */
#include "common/base/facts.h"

#include <stdbool.h>
#include <string.h>

struct facts
facts_in(char *text, size_t size, enum facts_style style)
{
	text[0] = '\0';
	return (struct facts){ .text = text, .size = size, .style = style };
}

static void
put_char(struct facts *f, char c)
{
	if (f->used + 1 >= f->size)
		return;
	f->text[f->used++] = c;
	f->text[f->used] = '\0';
}

static void
put_text(struct facts *f, const char *text)
{
	while (*text != '\0')
		put_char(f, *text++);
}

static void
put_quoted(struct facts *f, const char *text)
{
	put_char(f, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			put_char(f, '\\');
		put_char(f, *text);
	}
	put_char(f, '"');
}

/* logfmt wants quotes around what is empty or holds one of these. */
static bool
wants_quotes(const char *value)
{
	return value[0] == '\0' || strpbrk(value, " \"=\\") != NULL;
}

void
facts_put(struct facts *f, const char *key, const char *value)
{
	bool lines = f->style == FACTS_LINES;

	if (!lines && f->used > 0)
		put_char(f, ' ');
	put_text(f, key);
	put_text(f, lines ? ": " : "=");
	if (!lines && wants_quotes(value))
		put_quoted(f, value);
	else
		put_text(f, value);
	if (lines)
		put_char(f, '\n');
}
