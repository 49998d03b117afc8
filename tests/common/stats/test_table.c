/* test_table: which rows are free, who gets them, which offender is oldest. */
#include "common/stats/table.h"

#include <check.h>

#include "common/stats/entry.h"
#include "common/stats/rows.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct shm_case c;
static struct stats_shm *shm;
static struct stats_table table;
static struct stats_row row;

enum {
	ROWS = 3,
	OFFENDERS = 4
};

static const struct stats_row image = { .state = STATS_ROW_HANDSHAKE };

static void
init(void)
{
	struct errmsg e;

	ck_assert_int_eq(stats_table_init(&table, shm, 2, &e), 0);
}

static void
set_up(void)
{
	shm_case_init(&c, "table");
	c.options.rows = ROWS;
	c.options.offenders = OFFENDERS;
	shm = shm_case_create(&c);
	init();
}

static void
tear_down(void)
{
	stats_table_fini(&table);
	stats_shm_close(&shm);
}

static unsigned
shown(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < stats_shm_row_count(shm); i++) {
		bool is_free = stats_shm_row(shm, i, &row) == STATS_ROW_FREE;

		ck_assert(is_free || stats_shm_row_slot(shm, i) == 2);
		n += !is_free;
	}
	return n;
}

TEST(rows_are_taken_and_given_back)
{
	struct stats_row *rows[ROWS];

	for (unsigned i = 0; i < ROWS; i++) {
		rows[i] = stats_table_take(&table, &image);
		ck_assert_ptr_nonnull(rows[i]);
		ck_assert_uint_eq(shown(), i + 1);
	}
	ck_assert_ptr_null(stats_table_take(&table, &image));
	ck_assert_uint_eq(shown(), ROWS);
	stats_table_give(&table, NULL);
	stats_table_give(&table, rows[1]);
	ck_assert_uint_eq(shown(), ROWS - 1);
	ck_assert_ptr_eq(stats_table_take(&table, &image), rows[1]);
	ck_assert_ptr_null(stats_table_take(&table, &image));
}

TEST(connections_have_numbers)
{
	ck_assert_uint_eq(stats_table_next_id(&table), 1);
	ck_assert_uint_eq(stats_table_next_id(&table), 2);
}

TEST(counters_begin_anew)
{
	struct stats_row *taken = stats_table_take(&table, &image);

	counter_add(&taken->bytes_sent, 9);
	stats_table_give(&table, taken);
	taken = stats_table_take(&table, &image);
	ck_assert_uint_eq(taken->bytes_sent, 0);
}

static void
add_offender(int64_t wall_ns)
{
	stats_table_add_offender(
	    &table, &(struct stats_offender){ .wall_ns = wall_ns });
}

/* A successor goes on where the one before has stopped. */
TEST_LOOP(oldest_offender_is_replaced, 2 * OFFENDERS + 1)
{
	static struct stats_offender last[STATS_OFFENDERS_SHOWN];
	int64_t now = 0;
	unsigned count;

	for (int i = 0; i < _i; i++)
		add_offender(++now);
	stats_table_fini(&table);
	init();
	add_offender(++now);
	count = stats_shm_offenders(shm, last);
	ck_assert_uint_eq(count, now < OFFENDERS ? (unsigned)now : OFFENDERS);
	for (unsigned i = 0; i < count; i++)
		ck_assert_int_eq(last[i].wall_ns, now - i);
}

/* The writer has died in the middle of its third one. */
TEST(torn_offender_counts_as_written)
{
	static struct stats_offender last[STATS_OFFENDERS_SHOWN];

	for (int i = 0; i < 3; i++)
		add_offender(1 + i);
	table.ring[2].sequence = 1;
	stats_shm_clear_rows(shm, 2);
	stats_table_fini(&table);
	init();
	add_offender(4);
	ck_assert_ptr_eq(&table.ring[table.next], &table.ring[0]);
	ck_assert_uint_eq(stats_shm_offenders(shm, last), 3);
}

TEST(without_rows_there_is_nothing_to_take)
{
	stats_table_fini(&table);
	stats_shm_close(&shm);
	c.options.rows = c.options.offenders = 0;
	shm = shm_case_create(&c);
	init();
	ck_assert_ptr_null(stats_table_take(&table, &image));
	add_offender(1);
}

SUITE_BETWEEN("common/stats/table", set_up, tear_down)
