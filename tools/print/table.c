/* table: a growing array of cells, measured when printed; see the header. */
#include "tools/print/table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"

enum {
	GAP = 2 /* spaces between columns */
};

struct table {
	char (*cells)[TABLE_CELL];
	size_t count;
	size_t room;
	unsigned columns;
	bool has_failed;
};

struct table *
table_new(unsigned columns)
{
	struct table *t = calloc(1, sizeof *t);

	ASSERT(columns > 0);
	if (t != NULL)
		t->columns = columns;
	return t;
}

void
table_free(struct table **t)
{
	if (*t != NULL)
		free((*t)->cells);
	free(*t);
	*t = NULL;
}

static bool
grow(struct table *t)
{
	size_t room = t->room == 0 ? 64 : 2 * t->room;
	char(*cells)[TABLE_CELL] =
	    reallocarray(t->cells, room, sizeof *t->cells);

	if (cells == NULL)
		return false;
	t->cells = cells;
	t->room = room;
	return true;
}

void
table_add(struct table *t, const char *cell)
{
	size_t length = strnlen(cell, TABLE_CELL - 1);

	if (t == NULL)
		return;
	if (t->count == t->room && !grow(t)) {
		t->has_failed = true;
		return;
	}
	memcpy(t->cells[t->count], cell, length);
	t->cells[t->count][length] = '\0';
	t->count++;
}

static unsigned
column_width(const struct table *t, unsigned column)
{
	size_t width = 0;

	for (size_t i = column; i < t->count; i += t->columns)
		if (strlen(t->cells[i]) > width)
			width = strlen(t->cells[i]);
	return (unsigned)width;
}

/* How many columns, from the left, a line of this width holds. */
static unsigned
columns_in(const struct table *t, unsigned width)
{
	unsigned used = column_width(t, 0);
	unsigned column = 1;

	if (width == 0)
		return t->columns;
	for (; column < t->columns; column++) {
		used += GAP + column_width(t, column);
		if (used > width)
			break;
	}
	return column;
}

static void
print_column(const struct table *t, FILE *out, size_t cell, int width)
{
	unsigned column = (unsigned)(cell % t->columns);

	if (column == 0)
		fprintf(out, "%-*s", width, t->cells[cell]);
	else
		fprintf(out, "%*s%*s", GAP, "", width, t->cells[cell]);
}

int
table_print(
    const struct table *t, FILE *out, unsigned width, unsigned *left_out)
{
	unsigned shown;
	int *widths;

	if (t == NULL || t->has_failed)
		return -1;
	ASSERT(t->count % t->columns == 0);
	shown = columns_in(t, width);
	ASSERT(shown >= 1 && shown <= t->columns);
	widths = calloc(shown, sizeof *widths);
	if (widths == NULL)
		return -1;
	for (unsigned c = 0; c < shown; c++)
		widths[c] = (int)column_width(t, c);
	for (size_t row = 0; row < t->count; row += t->columns) {
		for (unsigned c = 0; c < shown; c++)
			print_column(t, out, row + c, widths[c]);
		fputc('\n', out);
	}
	free(widths);
	*left_out = t->columns - shown;
	return 0;
}
