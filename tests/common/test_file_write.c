/* test_file_write: files replaced as a whole, or not at all. */
#include "common/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum {
	LIMIT = 1000 /* largest file, for want of a full disk */
};

static struct errmsg e;
static char dir[256];
static char path[300];

/* An empty directory, and a path in it that does not exist. */
static void
setup(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(
	    dir, sizeof dir, "%s/file.XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof path, "%s/f", dir);
}

static int
entries(void)
{
	DIR *d = opendir(dir);
	int count = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d) != NULL)
		count++;
	(void)closedir(d);
	return count - 2; /* . and .. */
}

static void
teardown(void)
{
	(void)unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

/* What file_write_atomically says to this text. */
static int
write_text(const char *text, bool overwrite)
{
	return file_write_atomically(
	    path, text, strlen(text), 0600, overwrite, &e);
}

/* The only file in the directory holds this text. */
static void
expect_text(const char *text)
{
	struct file_bytes b = FILE_BYTES_INIT;

	ck_assert_msg(file_read(&b, path, FILE_MAX, &e) == 0, "%s", e.text);
	ck_assert_str_eq((char *)b.data, text);
	file_bytes_free(&b);
	ck_assert_int_eq(entries(), 1);
}

static void
expect_error(const char *reason)
{
	char text[600];

	(void)snprintf(text, sizeof text, "%s: %s", path, reason);
	ck_assert_str_eq(e.text, text);
}

/* As asked for, whatever the umask and the mode of what is replaced. */
START_TEST(mode_is_exact)
{
	static const mode_t modes[] = { 0600, 0644, 0400, 0666 };
	struct stat st;

	setup();
	for (int overwrite = 0; overwrite < 2; overwrite++) {
		(void)umask(overwrite != 0 ? 0 : 0777);
		ck_assert_int_eq(file_write_atomically(path, "x", 1, modes[_i],
				     overwrite != 0, &e),
		    0);
		ck_assert_int_eq(stat(path, &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, modes[_i]);
		ck_assert_int_eq(chmod(path, 0640), 0);
	}
	teardown();
}
END_TEST

START_TEST(exists_already)
{
	setup();
	ck_assert_int_eq(write_text("old", false), 0);
	ck_assert_int_eq(write_text("new", false), -1);
	expect_error("exists already");
	expect_text("old");
	ck_assert_int_eq(write_text("new", true), 0);
	expect_text("new");
	teardown();
}
END_TEST

START_TEST(dangling_link_exists)
{
	setup();
	ck_assert_int_eq(symlink("nowhere", path), 0);
	ck_assert_int_eq(write_text("new", false), -1);
	expect_error("exists already");
	ck_assert_int_eq(entries(), 1);
	teardown();
}
END_TEST

/* A reader that has the old file open keeps it. */
START_TEST(old_readers_keep_the_old_file)
{
	char old[4] = "";
	int fd;

	setup();
	ck_assert_int_eq(write_text("old", true), 0);
	fd = open(path, O_RDONLY);
	ck_assert_int_eq(write_text("new", true), 0);
	ck_assert_int_eq(read(fd, old, 3), 3);
	ck_assert_str_eq(old, "old");
	(void)close(fd);
	expect_text("new");
	teardown();
}
END_TEST

/* Such as /dev/null, or /dev/stdout, which is a link. */
START_TEST(only_regular_files_are_replaced)
{
	struct stat before;
	struct stat after;

	setup();
	if (_i == 0)
		ck_assert_int_eq(mkdir(path, 0700), 0);
	else if (_i == 1)
		ck_assert_int_eq(mkfifo(path, 0600), 0);
	else
		ck_assert_int_eq(symlink("nowhere", path), 0);
	ck_assert_int_eq(lstat(path, &before), 0);
	ck_assert_int_eq(write_text("new", true), -1);
	expect_error("not a regular file, so not replaced");
	ck_assert_int_eq(entries(), 1);
	ck_assert_int_eq(lstat(path, &after), 0);
	ck_assert_uint_eq(after.st_mode, before.st_mode);
	(void)remove(path);
	teardown();
}
END_TEST

/* Stands for a full disk: the old file stays, and nothing beside it. */
START_TEST(no_room)
{
	struct rlimit limit = { .rlim_cur = LIMIT, .rlim_max = LIMIT };
	char text[LIMIT + 2];

	setup();
	memset(text, 'x', sizeof text);
	text[LIMIT + 1] = '\0';
	ck_assert_int_eq(write_text("old", true), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(write_text(text, true), -1);
	expect_error("File too large");
	expect_text("old");
	text[LIMIT] = '\0';
	ck_assert_int_eq(write_text(text, true), 0);
	expect_text(text);
	teardown();
}
END_TEST

START_TEST(no_room_for_a_new_file)
{
	struct rlimit limit = { .rlim_cur = 2, .rlim_max = 2 };

	setup();
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(write_text("new", false), -1);
	expect_error("File too large");
	ck_assert_int_eq(entries(), 0);
	teardown();
}
END_TEST

START_TEST(no_such_directory)
{
	setup();
	ck_assert_int_eq(rmdir(dir), 0);
	ck_assert_int_eq(write_text("new", false), -1);
	expect_error("No such file or directory");
	path[0] = '\0';
	ck_assert_int_eq(write_text("new", true), -1);
	expect_error("No such file or directory");
}
END_TEST

/* Longer than a path may be, and as long as a name may be. */
START_TEST(name_too_long)
{
	static const size_t lengths[] = { 5000, 255 };
	char name[5001];

	memset(name, 'x', sizeof name);
	name[lengths[_i]] = '\0';
	ck_assert_int_eq(
	    file_write_atomically(name, "x", 1, 0600, false, &e), -1);
	ck_assert_int_eq(access(name, F_OK), -1);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/file, writing");

	SUITE_ADD_LOOP(s, mode_is_exact, 4);
	SUITE_ADD(s, exists_already);
	SUITE_ADD(s, dangling_link_exists);
	SUITE_ADD(s, old_readers_keep_the_old_file);
	SUITE_ADD_LOOP(s, only_regular_files_are_replaced, 3);
	SUITE_ADD(s, no_room);
	SUITE_ADD(s, no_room_for_a_new_file);
	SUITE_ADD(s, no_such_directory);
	SUITE_ADD_LOOP(s, name_too_long, 2);
	return suite_run(s, argc, argv);
}
