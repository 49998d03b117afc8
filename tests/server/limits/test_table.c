/* test_table: what is counted for addresses, and by whom. */
#include "server/limits/table.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/config.h"
#include "tests/support/suite.h"

enum {
	WORKERS = 3
};

static struct limits_table *table;
static int table_fd;

static void
set_up(void)
{
	struct errmsg e;

	ck_assert_int_eq(table_new(&table, &table_fd, WORKERS, 100, &e), 0);
	ck_assert(table_lock(table));
}

static void
tear_down(void)
{
	table_unlock(table);
	table_free(&table);
	ck_assert_ptr_null(table);
	table_free(&table);
	(void)close(table_fd);
}

static void
lock_again(void)
{
	table_unlock(table);
	ck_assert(table_lock(table));
}

static struct table_entry *
find(uint32_t number, int64_t now_ns)
{
	struct table_key key = { .prefix = 128 };

	memcpy(key.address, &number, sizeof number);
	return table_find(table, &key, now_ns);
}

static uint32_t
count(uint32_t number, unsigned worker)
{
	struct table_entry *entry = find(number, 0);

	return entry != NULL ? table_count(table, entry, worker) : 0;
}

static uint64_t
open_of(uint32_t number)
{
	return table_open(table, find(number, 0));
}

TEST(a_column_for_each_slot)
{
	struct errmsg e;

	tear_down();
	ck_assert_int_eq(
	    table_new(&table, &table_fd, CONFIG_SLOTS_MAX, 100, &e), 0);
	table_lock(table);
	ck_assert_uint_gt(count(1, CONFIG_SLOTS_MAX - 1), 0);
	ck_assert_uint_eq(open_of(1), 1);
}

TEST(sums_of_workers)
{
	uint32_t first = count(1, 0), second = count(1, 2);

	ck_assert_uint_ne(first, 0);
	ck_assert_uint_eq(first, second);
	ck_assert_uint_ne(count(2, 1), first);
	ck_assert_uint_eq(open_of(1), 2);
	ck_assert_uint_eq(open_of(2), 1);
	table_release(table, first, 0);
	table_release(table, 0, 0);
	ck_assert_uint_eq(open_of(1), 1);
}

TEST(prefix_is_part_of_the_key)
{
	struct table_key key = { .prefix = 64 };
	struct table_entry *network = table_find(table, &key, 0);

	key.prefix = 128;
	ck_assert_ptr_ne(network, table_find(table, &key, 0));
	key.prefix = 64;
	ck_assert_ptr_eq(network, table_find(table, &key, 0));
}

TEST(dead_workers_count_no_more)
{
	(void)count(1, 0);
	(void)count(1, 1);
	(void)count(2, 1);
	table_forget(table, 1);
	ck_assert_uint_eq(open_of(1), 1);
	ck_assert_uint_eq(open_of(2), 0);
}

/* The places of those that are gone are for others; not of those that wait. */
TEST(places_are_used_again)
{
	atomic_store(&find(7, 10)->next_ns, 20);
	for (uint32_t i = 1000; i < 100000; i++) {
		struct table_entry *entry = find(i, 10);

		ck_assert_ptr_nonnull(entry);
		table_release(table, table_count(table, entry, 0), 0);
		lock_again();
	}
	ck_assert_int_eq(atomic_load(&find(7, 10)->next_ns), 20);
	lock_again();
	for (uint32_t i = 1000; i < 100000; i++) {
		(void)find(i, 20);
		lock_again();
	}
	ck_assert_int_eq(atomic_load(&find(7, 20)->next_ns), 0);
}

/* What a client is judged by is not given to another key meanwhile. */
TEST(found_entries_are_kept)
{
	struct table_entry *found[512];

	for (uint32_t i = 0; i < 512; i++)
		found[i] = find(i, 10);
	for (uint32_t i = 0; i < 512; i++)
		ck_assert_mem_eq(found[i]->key.address, &i, sizeof i);
}

/* At half of its places each finds one; in a full one nobody loses his. */
TEST(full_table)
{
	uint32_t counted = 0;

	for (uint32_t i = 0; i < 512; i++)
		ck_assert_uint_ne(count(i, 0), 0);
	for (uint32_t i = 512; i < 5000; i++)
		counted += count(i, 0) != 0;
	ck_assert_uint_le(counted, 512);
	for (uint32_t i = 0; i < 512; i++)
		ck_assert_uint_eq(open_of(i), 1);
}

#ifndef __SANITIZE_THREAD__ /* gcc's of 12 takes EOWNERDEAD for no lock */
/* A process is killed with the lock in its hand. */
TEST(lock_of_the_dead)
{
	int status;
	pid_t pid;

	table_unlock(table);
	pid = fork();
	if (pid == 0) {
		(void)table_lock(table);
		(void)count(1, 1);
		(void)raise(SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(table_lock(table));
	ck_assert_uint_eq(open_of(1), 1);
	table_forget(table, 1);
	ck_assert_uint_eq(open_of(1), 0);
}
#endif

/* Nobody waits for ever for one that is stopped with it. */
TEST(lock_of_the_stopped)
{
	int status;
	pid_t pid;

	table_unlock(table);
	pid = fork();
	if (pid == 0) {
		(void)table_lock(table);
		(void)raise(SIGSTOP);
		table_unlock(table);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	ck_assert(WIFSTOPPED(status));
	ck_assert(!table_lock(table));
	ck_assert(!table_lock(table));
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(table_lock(table));
}

/* As after execve(2): what is counted, and what has to wait, is there. */
TEST(another_program_goes_on)
{
	struct limits_table *before = table;
	uint32_t id = count(1, 2);

	atomic_store(&find(2, 10)->next_ns, 20);
	table_unlock(table);
	ck_assert_int_eq(table_adopt(&table, table_fd, WORKERS, 100), 0);
	ck_assert_ptr_ne(table, before);
	ck_assert(table_lock(table));
	ck_assert_uint_eq(open_of(1), 1);
	ck_assert_int_eq(atomic_load(&find(2, 10)->next_ns), 20);
	table_release(before, id, 2);
	ck_assert_uint_eq(open_of(1), 0);
	table_free(&before);
}

/* Fewer slots than there are columns do no harm; all else would. */
static const struct {
	unsigned workers;
	uint64_t connections;
	bool fits;
} shapes[] = {
	{ WORKERS - 1, 100, true },
	{ WORKERS, 200, true }, /* as many places */
	{ WORKERS + 1, 100, false },
	{ WORKERS, 100000, false },
};

TEST_EACH(another_shape, shapes)
{
	struct limits_table *next;
	int result = table_adopt(
	    &next, table_fd, shapes[_i].workers, shapes[_i].connections);

	ck_assert_int_eq(result, shapes[_i].fits ? 0 : -1);
	ck_assert((next != NULL) == shapes[_i].fits);
	table_free(&next);
}

/* No table, one of another release, and one that is cut. */
TEST(no_table)
{
	static const off_t sizes[] = { 0, 100, 1 << 20 };
	uint64_t mark = 1;
	struct limits_table *next;
	int fd = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	ck_assert_int_eq(table_adopt(&next, -1, WORKERS, 100), -1);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(ftruncate(fd, sizes[i]), 0);
		ck_assert_int_eq(table_adopt(&next, fd, WORKERS, 100), -1);
		ck_assert_ptr_null(next);
	}
	(void)close(fd);
	ck_assert_int_eq(pwrite(table_fd, &mark, sizeof mark, 0), sizeof mark);
	ck_assert_int_eq(table_adopt(&next, table_fd, WORKERS, 100), -1);
	ck_assert_int_lt(ftruncate(table_fd, 1 << 30), 0); /* sealed */
}

SUITE_BETWEEN("server/limits/table", set_up, tear_down)
