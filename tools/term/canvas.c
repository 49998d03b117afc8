/* canvas: cells; see the header. */
#include "tools/term/canvas.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"

enum {
	LEVELS = 8,
	FORMATTED = 512
};

static const wchar_t blocks[2][LEVELS + 1] = {
	L" \x2581\x2582\x2583\x2584\x2585\x2586\x2587\x2588",
	L" ..--==##",
};

static const wchar_t bars[2][LEVELS + 1] = {
	L" \x258f\x258e\x258d\x258c\x258b\x258a\x2589\x2588",
	L"        #",
};

int
canvas_init(struct canvas *c, unsigned rows, unsigned columns, bool is_ascii)
{
	c->rows = rows > 0 ? rows : 1;
	c->columns = columns > 0 ? columns : 1;
	c->is_ascii = is_ascii;
	c->cells = calloc((size_t)c->rows * c->columns, sizeof *c->cells);
	if (c->cells == NULL)
		return -1;
	for (size_t i = 0; i < (size_t)c->rows * c->columns; i++)
		c->cells[i].character = L' ';
	return 0;
}

void
canvas_fini(struct canvas *c)
{
	free(c->cells);
	c->cells = NULL;
}

static struct cell *
cell_at(const struct canvas *c, unsigned row, unsigned column)
{
	ASSERT(row < c->rows && column < c->columns);
	return &c->cells[(size_t)row * c->columns + column];
}

const struct cell *
canvas_cell(const struct canvas *c, unsigned row, unsigned column)
{
	return cell_at(c, row, column);
}

static void
put(struct canvas *c, unsigned row, unsigned column, wchar_t character,
    unsigned style)
{
	if (row < c->rows && column < c->columns)
		*cell_at(c, row, column) =
		    (struct cell){ character, (uint8_t)style };
}

/* The next character of *text, which is not at its end, and its width. */
static wchar_t
take(const struct canvas *c, const char **text, unsigned *width)
{
	wchar_t character = (unsigned char)**text;
	mbstate_t state = { 0 };
	size_t n = 1;
	int columns = 1;

	if (character > 126) {
		if (!c->is_ascii)
			n = mbrtowc(&character, *text, strlen(*text), &state);
		if (c->is_ascii || n == (size_t)-1 || n == (size_t)-2) {
			n = 1;
			while (((*text)[n] & 0xc0) == 0x80)
				n++;
			character = L'?';
		}
		columns = wcwidth(character);
	}
	if (columns < 0 || character < L' ') {
		character = L'?';
		columns = 1;
	}
	*text += n;
	*width = (unsigned)columns;
	return character;
}

unsigned
canvas_text(struct canvas *c, unsigned row, unsigned column, unsigned width,
    unsigned style, const char *text)
{
	unsigned used = 0;
	unsigned wide;

	if (row >= c->rows || column >= c->columns)
		return 0;
	if (width > c->columns - column)
		width = c->columns - column;
	while (*text != '\0') {
		wchar_t character = take(c, &text, &wide);

		if (wide == 0) /* combines with the one before: left out */
			continue;
		if (used + wide > width)
			break;
		put(c, row, column + used, character, style);
		if (wide > 1)
			put(c, row, column + used + 1, 0, style);
		used += wide;
	}
	return used;
}

unsigned
canvas_format(struct canvas *c, unsigned row, unsigned column, unsigned width,
    unsigned style, const char *format, ...)
{
	char text[FORMATTED];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return canvas_text(c, row, column, width, style, text);
}

static unsigned
measure(const struct canvas *c, const char *text)
{
	unsigned total = 0;
	unsigned wide;

	while (*text != '\0') {
		(void)take(c, &text, &wide);
		total += wide;
	}
	return total;
}

void
canvas_right(struct canvas *c, unsigned row, unsigned column, unsigned width,
    unsigned style, const char *text)
{
	unsigned used = measure(c, text);

	if (used < width)
		column += width - used;
	(void)canvas_text(
	    c, row, column, used < width ? used : width, style, text);
}

/* How many bytes of text fit into width columns, cut at a blank if there is
 * one. Text here is ASCII. */
static size_t
break_line(const char *text, size_t width)
{
	size_t n = strlen(text);

	if (n <= width)
		return n;
	for (n = width; n > 0 && text[n] != ' '; n--)
		continue;
	return n > 0 ? n : width;
}

unsigned
canvas_paragraph(
    struct canvas *c, struct area area, unsigned style, const char *text)
{
	unsigned used = 0;

	while (*text != '\0' && used < area.rows && area.width > 0) {
		size_t n = break_line(text, area.width);

		(void)canvas_format(c, area.row + used, area.column, area.width,
		    style, "%.*s", (int)n, text);
		used++;
		text += n;
		while (*text == ' ')
			text++;
	}
	return used;
}

/* In eighths of a row; 0 only for what is not above 0. */
static unsigned
height_of(double value, double max, unsigned rows)
{
	unsigned full = rows * LEVELS;
	double height;

	if (isnan(value) || value <= 0 || max <= 0)
		return 0;
	height = value / max * full;
	if (height >= full)
		return full;
	return height < 1 ? 1 : (unsigned)(height + 0.5);
}

void
canvas_graph(
    struct canvas *c, struct area area, const double *values, double max)
{
	for (unsigned i = 0; i < area.width; i++) {
		unsigned height = height_of(values[i], max, area.rows);

		for (unsigned j = 0; j < area.rows; j++) {
			unsigned below = (area.rows - 1 - j) * LEVELS;
			unsigned level = height > below ? height - below : 0;

			if (level > LEVELS)
				level = LEVELS;
			if (level > 0)
				put(c, area.row + j, area.column + i,
				    blocks[c->is_ascii][level], STYLE_GRAPH);
		}
	}
}

void
canvas_bar(struct canvas *c, unsigned row, unsigned column, unsigned width,
    unsigned style, double share)
{
	unsigned length = height_of(share, 1, width);

	if (c->is_ascii && length > 0 && length < LEVELS)
		length = LEVELS;
	for (unsigned i = 0; i * LEVELS < length; i++) {
		unsigned left = length - i * LEVELS;

		put(c, row, column + i,
		    bars[c->is_ascii][left < LEVELS ? left : LEVELS], style);
	}
}

void
canvas_reverse(struct canvas *c, unsigned row)
{
	if (row >= c->rows)
		return;
	for (unsigned i = 0; i < c->columns; i++)
		cell_at(c, row, i)->style |= STYLE_REVERSE;
}
