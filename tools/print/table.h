/*
 * table: cells of text in aligned columns.
 *
 * The first column is aligned left, the others right; columns are as wide as
 * their widest cell. Cells are given row by row. When one of them finds no
 * memory, nothing is printed, and table_print returns -1.
 *
 * Owns:	copies of the cells.
 * Use:
 *	struct table *t = table_new(2);
 *	table_add(t, "counter");
 *	table_add(t, "total");
 *	if (table_print(t, stdout, 80, &left_out) < 0) ...
 *	table_free(&t);
 */
#ifndef TOOLS_PRINT_TABLE_H
#define TOOLS_PRINT_TABLE_H

#include <stdio.h>

struct table;

enum {
	TABLE_CELL = 96 /* bytes with a NUL; longer text is cut */
};

/* NULL when there is no memory; the other functions may be given that. */
struct table *table_new(unsigned columns);
void table_free(struct table **t);

void table_add(struct table *t, const char *cell);

/*
 * Prints as many columns as fit into width (0: all), but at least one, and puts
 * the number of the others into *left_out. 0, or -1 when there was no memory.
 */
int table_print(
    const struct table *t, FILE *out, unsigned width, unsigned *left_out);

#endif
