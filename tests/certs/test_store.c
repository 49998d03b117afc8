/* test_store: files of an authority's directory, written in sets. */
#include "certs/store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/in_child.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	LIMIT = 1000
};

static struct errmsg e;
static struct store *store;

static struct file_bytes small = { .data = (uint8_t[]){ "small" }, .size = 5 };
static struct file_bytes other = { .data = (uint8_t[]){ "other" }, .size = 5 };
static struct file_bytes large = { .data = (uint8_t[LIMIT + 1]){ 0 },
	.size = LIMIT + 1 };

static void
setup(enum store_use use)
{
	scratch_enter();
	ck_assert_msg(store_open(&store, "d", use, &e) == 0, "%s", e.text);
}

static void
teardown(void)
{
	store_close(&store);
	ck_assert_ptr_null(store);
	scratch_leave();
}

static void
expect_text(const char *name, const char *text)
{
	struct file_bytes bytes = FILE_BYTES_INIT;

	ck_assert_msg(store_read(store, name, &bytes, &e) == 0, "%s", e.text);
	ck_assert_str_eq((char *)bytes.data, text);
	file_bytes_free(&bytes);
}

TEST(creates_a_private_directory)
{
	const struct store_file files[] = { { "a", &small, 0644 } };

	(void)umask(0);
	setup(STORE_CREATE);
	ck_assert_uint_eq(scratch_mode("d"), 0700);
	ck_assert_str_eq(store_dir(store), "d");
	ck_assert_int_eq(store_write(store, files, 1, false, &e), 0);
	ck_assert_int_eq(store_sync(store, &e), 0);
	store_close(&store);
	ck_assert_int_eq(scratch_entries("d"), 1);
	ck_assert_int_eq(store_open(&store, "d", STORE_CREATE, &e), 0);
	teardown();
}

TEST(an_unused_new_directory_is_removed)
{
	setup(STORE_CREATE);
	store_close(&store);
	ck_assert_int_eq(access("d", F_OK), -1);
	teardown();
}

TEST(cannot_open)
{
	scratch_enter();
	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), -1);
	ck_assert_str_eq(e.text, "d: No such file or directory");
	ck_assert_ptr_null(store);
	ck_assert_int_eq(store_open(&store, "d/d", STORE_CREATE, &e), -1);
	ck_assert_str_eq(e.text, "d/d: No such file or directory");
	scratch_write("d", "");
	ck_assert_int_eq(store_open(&store, "d", STORE_CREATE, &e), -1);
	ck_assert_str_eq(e.text, "d: Not a directory");
	teardown();
}

TEST(writes_a_set_with_its_modes)
{
	const struct store_file files[] = { { "a.pem", &small, 0644 },
		{ "a.key", &other, 0600 } };

	setup(STORE_CREATE);
	(void)umask(0777);
	ck_assert_int_eq(store_write(store, files, 2, false, &e), 0);
	ck_assert_uint_eq(scratch_mode("d/a.pem"), 0644);
	ck_assert_uint_eq(scratch_mode("d/a.key"), 0600);
	expect_text("a.pem", "small");
	expect_text("a.key", "other");
	ck_assert(store_has(store, "a.pem"));
	ck_assert(!store_has(store, "a.pfx"));
	ck_assert_int_eq(scratch_entries("d"), 2);
	teardown();
}

/* Whichever of them exists, even as a dangling link. */
TEST_LOOP(one_that_exists_protects_all, 3)
{
	const struct store_file olds[] = { { "a", &other, 0600 },
		{ "b", &other, 0600 } };
	const struct store_file *old = &olds[_i == 0 ? 0 : 1];
	const struct store_file files[] = { { "a", &small, 0600 },
		{ "b", _i == 2 ? NULL : &small, 0600 } };

	setup(STORE_CREATE);
	ck_assert_int_eq(store_write(store, old, 1, false, &e), 0);
	ck_assert_int_eq(store_check(store, files, 2, false, &e), -1);
	ck_assert_int_eq(store_write(store, files, 2, false, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "exists already: --force"));
	expect_text(old->name, "other");
	ck_assert_int_eq(scratch_entries("d"), 1);
	ck_assert_int_eq(store_write(store, files, 2, true, &e), 0);
	ck_assert_int_eq(store_write(store, files, 2, true, &e), 0);
	expect_text("a", "small");
	ck_assert_int_eq(scratch_entries("d"), _i == 2 ? 1 : 2);
	teardown();
}

TEST_LOOP(only_regular_files_are_replaced, 2)
{
	const struct store_file files[] = { { "a", &small, 0600 },
		{ "b", &small, 0600 } };

	setup(STORE_CREATE);
	if (_i == 0)
		ck_assert_int_eq(mkdir("d/b", 0700), 0);
	else
		ck_assert_int_eq(symlink("nowhere", "d/b"), 0);
	ck_assert_int_eq(store_write(store, files, 2, _i == 0, &e), -1);
	ck_assert_int_eq(store_write(store, files, 2, true, &e), -1);
	ck_assert_str_eq(e.text, "d/b: not a regular file, so not replaced");
	ck_assert_int_eq(scratch_entries("d"), 1);
	teardown();
}

/* For want of a full disk; libcheck's own file must go on growing later. */
static int
write_with_little_room(const struct store_file *files, size_t count)
{
	struct rlimit before;
	struct rlimit limit;
	int result;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = (struct rlimit){ LIMIT, before.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	result = store_write(store, files, count, true, &e);
	(void)setrlimit(RLIMIT_FSIZE, &before);
	return result;
}

/* The second does not fit, so the first is not replaced either. */
TEST(no_room_changes_nothing)
{
	const struct store_file old[] = { { "a", &small, 0600 },
		{ "b", &small, 0600 } };
	const struct store_file files[] = { { "a", &other, 0600 },
		{ "b", &large, 0600 } };

	setup(STORE_CREATE);
	ck_assert_int_eq(store_write(store, old, 2, false, &e), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(write_with_little_room(files, 2), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "File too large"));
	expect_text("a", "small");
	expect_text("b", "small");
	ck_assert_int_eq(scratch_entries("d"), 2);
	teardown();
}

/* Killed in the middle of the second file, by the limit of its size. */
static void
write_and_be_killed(void)
{
	const struct store_file files[] = { { "a", &other, 0600 },
		{ "b", &large, 0600 } };

	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), 0);
	(void)write_with_little_room(files, 2);
}

TEST(a_killed_writer_leaves_nothing_to_the_next)
{
	const struct store_file files[] = { { "a", &small, 0600 },
		{ "b", &small, 0600 } };

	setup(STORE_CREATE);
	ck_assert_int_eq(store_write(store, files, 1, false, &e), 0);
	store_close(&store);
	ck_assert_int_eq(in_child_status(write_and_be_killed), -1);
	ck_assert_int_eq(store_open(&store, "d", STORE_READ, &e), 0);
	expect_text("a", "small");
	ck_assert(!store_has(store, "b"));
	store_close(&store);
	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), 0);
	ck_assert_int_eq(scratch_entries("d"), 1);
	ck_assert_int_eq(store_write(store, files + 1, 1, false, &e), 0);
	ck_assert_int_eq(scratch_entries("d"), 2);
	teardown();
}

/* What stands where files are staged is removed if it is ours, or named. */
TEST_LOOP(something_else_in_the_way, 3)
{
	scratch_enter();
	ck_assert_int_eq(mkdir("d", 0700), 0);
	if (_i == 0)
		scratch_write("d/.new", "");
	else if (_i == 1)
		ck_assert_int_eq(symlink("..", "d/.new"), 0);
	else
		ck_assert_int_eq(mkdir("d/.new", 0700), 0);
	if (_i == 2)
		ck_assert_int_eq(mkdir("d/.new/d", 0700), 0);
	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "d/.new: cannot remove: "));
	ck_assert_int_eq(scratch_entries("d"), 1);
	teardown();
}

static void
write_as_nobody(void)
{
	const struct store_file files[] = { { "a", &small, 0600 } };

	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), 0);
	ck_assert_int_eq(store_write(store, files, 1, false, &e), -1);
	ck_assert_str_eq(e.text, "d/.new: Permission denied");
	store_close(&store);
}

TEST(read_only_directory)
{
	scratch_enter();
	ck_assert_int_eq(chmod(".", 0755), 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	if (in_child_as_nobody(write_as_nobody))
		ck_assert_int_eq(scratch_entries("d"), 0);
	scratch_leave();
}

static void
replace_as_nobody(void)
{
	const struct store_file files[] = { { "a", &other, 0600 },
		{ "b", &other, 0600 } };

	ck_assert_int_eq(store_open(&store, "d", STORE_WRITE, &e), 0);
	ck_assert_int_eq(store_write(store, files, 2, true, &e), -1);
	ck_assert_str_eq(e.text, "d/a: Operation not permitted");
	store_close(&store);
}

/* Who may add files there may not replace those of others. */
TEST(sticky_directory)
{
	scratch_enter();
	ck_assert_int_eq(chmod(".", 0755), 0);
	ck_assert_int_eq(mkdir("d", 0700), 0);
	ck_assert_int_eq(chmod("d", 01777), 0);
	scratch_write("d/a", "small");
	if (in_child_as_nobody(replace_as_nobody))
		ck_assert_int_eq(scratch_entries("d"), 1);
	scratch_leave();
}

TEST(long_paths)
{
	char dir[STORE_PATH_SIZE] = "d";
	char path[STORE_PATH_SIZE];

	setup(STORE_CREATE);
	store_close(&store);
	ck_assert_int_eq(mkdir("d", 0700), 0);
	for (size_t n = 1; n < sizeof dir - 3; n += 2)
		(void)memcpy(dir + n, "/.", 3);
	ck_assert_int_eq(store_open(&store, dir, STORE_READ, &e), 0);
	ck_assert_int_eq(store_path(store, "a", path, &e), 0);
	ck_assert_int_eq(store_path(store, "aaaa", path, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "path longer than"));
	teardown();
}

SUITE("certs/store")
