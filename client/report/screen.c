/* screen: lines up, and over them; see the header. */
#include "client/report/screen.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/sys/file.h"

enum {
	MIN_COLUMNS = 72, /* for a number and a sparkline */
	TEXT_SIZE = SCREEN_LINES * (SCREEN_LINE + 8) + 32
};

/* A terminal that does not know its size is taken for the usual one. */
static struct winsize
size_of_terminal(void)
{
	struct winsize size = { .ws_row = 0 };

	(void)ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	if (size.ws_col < 2)
		size.ws_col = 80;
	if (size.ws_row < 2)
		size.ws_row = 24;
	return size;
}

bool
screen_has_room(unsigned lines)
{
	struct winsize size = size_of_terminal();

	return size.ws_col >= MIN_COLUMNS && size.ws_row > lines;
}

/* As many bytes as have so many characters; and how many there are. */
static unsigned
cut(const char *line, unsigned columns, unsigned *cells)
{
	unsigned n = 0;

	*cells = 0;
	for (; line[n] != '\0'; n++) {
		bool begins = ((unsigned char)line[n] & 0xc0) != 0x80;

		if (begins && *cells == columns)
			break;
		*cells += begins;
	}
	return n;
}

/* Rows from the first line to the cursor, as wide as the terminal is now. */
static unsigned
rows_up(const struct screen *s, unsigned columns)
{
	unsigned rows = 0;

	for (unsigned i = 0; i < s->count; i++)
		rows += i + 1 < s->count
		    ? 1 + (s->cells[i] > 0 ? (s->cells[i] - 1) / columns : 0)
		    : s->cells[i] / columns;
	return rows;
}

static size_t
put_home(const struct screen *s, unsigned columns, char *text)
{
	unsigned up = rows_up(s, columns);
	size_t n = (size_t)sprintf(text, "\r");

	if (up > 0)
		n += (size_t)sprintf(text + n, "\033[%uA", up);
	return n;
}

/* A line that wraps could not be rewritten, so it is cut. */
void
screen_print(struct screen *s, const char *const *lines, unsigned count)
{
	unsigned columns = size_of_terminal().ws_col;
	unsigned before = s->count;
	char text[TEXT_SIZE];
	size_t n = put_home(s, columns, text);

	ASSERT(count >= 1 && count <= SCREEN_LINES);
	for (unsigned i = 0; i < count; i++) {
		unsigned bytes = cut(lines[i], columns - 1, &s->cells[i]);

		n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s\033[K",
		    i > 0 ? "\n" : "", (int)bytes, lines[i]);
	}
	if (before > count)
		n += (size_t)snprintf(text + n, sizeof text - n, "\033[J");
	s->count = count;
	(void)file_write_all(STDERR_FILENO, text, n);
}

void
screen_clear(struct screen *s)
{
	char text[32];
	size_t n;

	if (s->count == 0)
		return;
	n = put_home(s, size_of_terminal().ws_col, text);
	n += (size_t)sprintf(text + n, s->count > 1 ? "\033[J" : "\033[K");
	s->count = 0;
	(void)file_write_all(STDERR_FILENO, text, n);
}
