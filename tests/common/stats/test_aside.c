/* test_aside: whether a successor could have a name. */
#include <stdio.h>
#include <unistd.h>

#include "common/stats/shm.h"
#include "tests/support/in_child.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

enum {
	DRAINING = 99
};

static struct shm_case c;
static struct stats_shm *shm;
static struct errmsg e;

static void
setup(const char *label)
{
	shm_case_init(&c, label);
	shm = shm_case_create(&c);
}

/* In another process: this one must not open its own segment twice. */
static void
expect_no_obstacle(void)
{
	ck_assert_msg(stats_shm_check_successor(shm, &e) == 0, "%s", e.text);
}

static void
expect_obstacle(void)
{
	ck_assert_int_eq(stats_shm_check_successor(shm, &e), -1);
}

static void
put_aside(int number, bool exists)
{
	char path[STATS_SHM_NAME + 64], end[16] = "";
	FILE *file;

	if (number > 1)
		(void)snprintf(end, sizeof end, ".%d", number);
	(void)snprintf(path, sizeof path, "%s.draining%s", c.path, end);
	if (!exists) {
		(void)unlink(path);
		return;
	}
	/* Nothing that could be taken, even by root. */
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	(void)fclose(file);
	ck_assert_int_eq(chown(path, 65533, 65533), 0);
}

/* One of the names that follow the segment's is free, or none. */
TEST(names_beside_it)
{
	if (geteuid() != 0)
		return;
	setup("beside");
	ck_assert_int_eq(in_child_status(expect_no_obstacle), 0);
	for (int i = 1; i <= DRAINING; i++)
		put_aside(i, true);
	ck_assert_int_eq(in_child_status(expect_obstacle), 0);
	put_aside(DRAINING, false);
	ck_assert_int_eq(in_child_status(expect_no_obstacle), 0);
	for (int i = 1; i < DRAINING; i++)
		put_aside(i, false);
	stats_shm_close(&shm);
}

/* Its file was removed; then another server has come. */
TEST(name_was_lost)
{
	struct stats_shm *other;

	setup("lost");
	ck_assert_int_eq(unlink(c.path), 0);
	ck_assert_int_eq(in_child_status(expect_no_obstacle), 0);
	other = shm_case_create(&c);
	ck_assert_int_eq(in_child_status(expect_obstacle), 0);
	stats_shm_close(&other);
	ck_assert_int_eq(in_child_status(expect_no_obstacle), 0);
	stats_shm_close(&shm);
}

SUITE("common/stats/aside")
