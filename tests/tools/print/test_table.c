/* Tests of tools/print/table: alignment, widths, cutting. */
#include "tools/print/table.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static struct table *
small_table(void)
{
	static const char *const cells[] = { "name", "total", "w", "a", "1",
		"22", "longer", "333333", "" };
	struct table *t = table_new(3);

	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		table_add(t, cells[i]);
	return t;
}

static void
expect(unsigned width, unsigned left_out, const char *expected)
{
	struct table *t = small_table();
	unsigned got_left_out;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(table_print(t, out, width, &got_left_out), 0);
	(void)fclose(out);
	ck_assert_str_eq(text, expected);
	ck_assert_uint_eq(got_left_out, left_out);
	free(text);
	table_free(&t);
	ck_assert_ptr_null(t);
}

TEST(columns_are_aligned)
{
	expect(0, 0,
	    "name     total   w\n"
	    "a            1  22\n"
	    "longer  333333    \n");
}

TEST(columns_that_do_not_fit_are_left_out)
{
	static const char two[] = "name     total\n"
				  "a            1\n"
				  "longer  333333\n";

	expect(18, 0,
	    "name     total   w\n"
	    "a            1  22\n"
	    "longer  333333    \n");
	expect(17, 1, two);
	expect(14, 1, two);
	expect(13, 2, "name  \na     \nlonger\n");
	expect(1, 2, "name  \na     \nlonger\n");
}

TEST(long_cells_are_cut)
{
	struct table *t = table_new(1);
	char long_cell[2 * TABLE_CELL];
	unsigned left_out;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	memset(long_cell, 'x', sizeof long_cell);
	long_cell[sizeof long_cell - 1] = '\0';
	table_add(t, long_cell);
	ck_assert_int_eq(table_print(t, out, 0, &left_out), 0);
	(void)fclose(out);
	ck_assert_uint_eq(size, TABLE_CELL);
	free(text);
	table_free(&t);
}

TEST(many_rows_are_kept)
{
	struct table *t = table_new(2);
	unsigned left_out;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; i < 2000; i++)
		table_add(t, i % 2 == 0 ? "row" : "7");
	ck_assert_int_eq(table_print(t, out, 0, &left_out), 0);
	(void)fclose(out);
	ck_assert_uint_eq(size, 1000 * strlen("row  7\n"));
	free(text);
	table_free(&t);
}

TEST(no_table_is_an_error)
{
	unsigned left_out;
	struct table *t = NULL;

	table_add(t, "x");
	ck_assert_int_eq(table_print(t, stdout, 0, &left_out), -1);
	table_free(&t);
}

SUITE("tools/print/table")
