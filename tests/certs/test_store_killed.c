/* test_store_killed: whenever a writer is killed, its files belong together. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "certs/store.h"
#include "tests/support/in_child.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct errmsg e;
static struct store *store;

static struct file_bytes old = { .data = (uint8_t[]){ "old" }, .size = 3 };
static struct file_bytes new = { .data = (uint8_t[]){ "new" }, .size = 3 };

/* Names may change so often, and then the process is killed; -1: always. */
static int changes_left = -1;

static void
count_change(void)
{
	if (changes_left == 0)
		(void)raise(SIGKILL);
	if (changes_left > 0)
		changes_left--;
}

/* These stand before those of the C library. */
int
renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	count_change();
	return renameat2(from_fd, from, to_fd, to, 0);
}

int
rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int
unlinkat(int fd, const char *name, int flags)
{
	count_change();
	return (int)syscall(SYS_unlinkat, fd, name, flags);
}

static void
write_files(const struct store_file *files, size_t count)
{
	ck_assert_msg(
	    store_open(&store, "d", STORE_CREATE, &e) == 0, "%s", e.text);
	ck_assert_msg(
	    store_write(store, files, count, true, &e) == 0, "%s", e.text);
	store_close(&store);
}

static void
write_old(void)
{
	const struct store_file files[] = { { "a", &old, 0600 },
		{ "b", &old, 0600 }, { "c", &old, 0600 } };

	write_files(files, 3);
}

static void
write_new(void)
{
	const struct store_file files[] = { { "a", &new, 0600 },
		{ "b", &new, 0600 }, { "c", NULL, 0600 } };

	write_files(files, 3);
}

static void
expect_text(const char *name, const char *text)
{
	struct file_bytes bytes = FILE_BYTES_INIT;

	ck_assert_msg(store_read(store, name, &bytes, &e) == 0, "%s", e.text);
	ck_assert_str_eq((char *)bytes.data, text);
	file_bytes_free(&bytes);
}

/* Opens the store as the next writer does; whether the new files are there. */
static bool
expect_set(void)
{
	bool is_new;

	ck_assert_msg(
	    store_open(&store, "d", STORE_WRITE, &e) == 0, "%s", e.text);
	ck_assert(!store_is_unfinished(store));
	is_new = !store_has(store, "c");
	expect_text("a", is_new ? "new" : "old");
	expect_text("b", is_new ? "new" : "old");
	ck_assert_int_eq(scratch_entries("d"), is_new ? 2 : 3);
	store_close(&store);
	return is_new;
}

/* At each change of a name in turn, until there are no more. */
TEST(killed_at_each_change)
{
	int old_sets = 0;
	int new_sets = 0;
	int status;

	scratch_enter();
	do {
		write_old();
		changes_left = old_sets + new_sets;
		status = in_child_status(write_new);
		changes_left = -1;
		if (expect_set())
			new_sets++;
		else
			old_sets++;
	} while (status != 0);
	/* Before the directory is renamed; then a, b and c, which takes two. */
	ck_assert_int_ge(old_sets, 1);
	ck_assert_int_ge(new_sets, 4);
	scratch_leave();
}

/* A reader can tell, and changes nothing. */
TEST(unfinished)
{
	scratch_enter();
	write_old();
	ck_assert_int_eq(mkdir("d/.ready", 0700), 0);
	scratch_write("d/.ready/b", "new");
	scratch_write("d/.ready/c", "");
	ck_assert_int_eq(store_open(&store, "d", STORE_READ, &e), 0);
	ck_assert(store_is_unfinished(store));
	expect_text("b", "old");
	store_close(&store);
	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), 0);
	expect_text("a", "old");
	expect_text("b", "new");
	ck_assert(!store_has(store, "c"));
	ck_assert_int_eq(scratch_entries("d"), 2);
	store_close(&store);
	scratch_leave();
}

/* What cannot be put into place is said, and waits. */
TEST(in_the_way)
{
	scratch_enter();
	write_old();
	ck_assert_int_eq(mkdir("d/.ready", 0700), 0);
	ck_assert_int_eq(mkdir("d/x", 0700), 0);
	scratch_write("d/.ready/x", "new");
	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "d/.ready: "));
	ck_assert_int_eq(rmdir("d/x"), 0);
	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), 0);
	expect_text("x", "new");
	store_close(&store);
	scratch_leave();
}

SUITE("certs/store_killed")
