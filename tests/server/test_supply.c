/* test_supply: which connection a worker gets. */
#include "server/supply.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/sys/fd.h"
#include "tests/support/suite.h"

static struct supply s;
static int tx_fd;

static void
set_up(void)
{
	struct errmsg e;
	int rx_fd;

	ck_assert_int_eq(fd_open_pair(&tx_fd, &rx_fd, &e), 0);
	supply_open(&s, rx_fd);
}

static void
tear_down(void)
{
	(void)close(tx_fd);
	supply_close(&s);
}

static void
give(uint64_t keys_id)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ck_assert_int_eq(supply_send(tx_fd, keys_id, fd), 0);
	(void)close(fd);
}

/* Now, or not at all. */
static int
take(uint64_t keys_id)
{
	return s.source.connect(s.source.owner, keys_id, 0);
}

TEST(newest_one_counts)
{
	int fd;

	ck_assert_int_eq(take(5), -1);
	give(4);
	give(5);
	give(5);
	fd = take(5);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	ck_assert_int_eq(take(5), -1);
	ck_assert_int_eq(take(4), -1);
	/* What comes for the next keys stays for them. */
	give(6);
	ck_assert_int_eq(take(5), -1);
	ck_assert(supply_read(&s));
	fd = take(6);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
}

TEST(master_has_gone)
{
	int fd;

	give(5);
	(void)close(tx_fd);
	ck_assert(!supply_read(&s));
	fd = take(5);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	/* Without a wait, for there is nobody to wait for. */
	ck_assert_int_eq(s.source.connect(s.source.owner, 5, INT64_MAX), -1);
}

TEST(workers_have_the_keys)
{
	struct supply none;

	supply_open(&none, -1);
	ck_assert(!supply_read(&none));
	ck_assert_int_eq(
	    none.source.connect(none.source.owner, 5, INT64_MAX), -1);
	supply_close(&none);
}

/* However many came before it, and none was asked for. */
TEST(no_descriptor_left)
{
	int given[3];

	for (int i = 0; i < 3; i++)
		given[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
		continue;
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(
		    supply_send(tx_fd, (uint64_t)i + 1, given[i]), 0);
		ck_assert(supply_read(&s));
	}
	ck_assert_int_ge(take(3), 0);
}

SUITE_BETWEEN("server/supply", set_up, tear_down)
