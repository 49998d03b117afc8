/*
 * canvas: a grid of characters with styles, drawn on before anything is shown.
 * It knows no terminal, so what is drawn can be tested.
 *
 * All positions are valid: what lies outside is cut off. Columns are those of
 * wcwidth(3), so LC_CTYPE must be that of the terminal unless is_ascii is set.
 *
 * Owns:	the cells; the struct is the caller's.
 * Use:
 *	if (canvas_init(&c, 24, 80, false) < 0) ...
 *	canvas_text(&c, 0, 0, 80, STYLE_BOLD, "open");
 *	canvas_fini(&c);
 */
#ifndef TOOLS_TERM_CANVAS_H
#define TOOLS_TERM_CANVAS_H

#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

enum style {
	STYLE_PLAIN,
	STYLE_DIM,
	STYLE_BOLD,
	STYLE_TITLE,
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
	STYLE_GRAPH,
	STYLES,
	STYLE_REVERSE = 1 << 4 /* with one of the others */
};

struct cell {
	wchar_t character; /* 0: the right half of the one before */
	uint8_t style;
};

struct canvas {
	unsigned rows, columns;
	bool is_ascii; /* what is not ASCII becomes '?' */
	struct cell *cells;
};

/* A rectangle; what is outside of the canvas is left out. */
struct area {
	unsigned row, column;
	unsigned rows, width;
};

/* Blank. 0, or -1: no memory. A size of 0 is taken as 1. */
int canvas_init(
    struct canvas *c, unsigned rows, unsigned columns, bool is_ascii);
void canvas_fini(struct canvas *c);

const struct cell *canvas_cell(
    const struct canvas *c, unsigned row, unsigned column);

/* Writes text, in UTF-8, into at most width columns; returns those used. */
unsigned canvas_text(struct canvas *c, unsigned row, unsigned column,
    unsigned width, unsigned style, const char *text);

unsigned canvas_format(struct canvas *c, unsigned row, unsigned column,
    unsigned width, unsigned style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The same at the right end of width columns; too long, it is cut there. */
void canvas_right(struct canvas *c, unsigned row, unsigned column,
    unsigned width, unsigned style, const char *text);

/* Breaks lines between words; returns how many rows of the area it took. */
unsigned canvas_paragraph(
    struct canvas *c, struct area area, unsigned style, const char *text);

/*
 * One column for each value, the last at the right end; NAN leaves it blank.
 * Scaled so that max is full; 0 is blank, and what is above 0 is visible.
 */
void canvas_graph(
    struct canvas *c, struct area area, const double *values, double max);

/* A bar of a share, 0 to 1, of width columns. */
void canvas_bar(struct canvas *c, unsigned row, unsigned column, unsigned width,
    unsigned style, double share);

/* Shows a row in reverse, whole. */
void canvas_reverse(struct canvas *c, unsigned row);

#endif
