/* test_file_write: files replaced as a whole, or not at all. */
#include "common/sys/file.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	LIMIT = 1000 /* largest file, for want of a full disk */
};

static const char path[] = "f";
static struct errmsg e;

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
	ck_assert_int_eq(scratch_entries("."), 1);
}

/* As asked for, whatever the umask and the mode of what is replaced. */
TEST_LOOP(mode_is_exact, 4)
{
	static const mode_t modes[] = { 0600, 0644, 0400, 0666 };
	struct stat st;

	scratch_enter();
	for (int overwrite = 0; overwrite < 2; overwrite++) {
		(void)umask(overwrite != 0 ? 0 : 0777);
		ck_assert_int_eq(file_write_atomically(path, "x", 1, modes[_i],
				     overwrite != 0, &e),
		    0);
		ck_assert_int_eq(stat(path, &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, modes[_i]);
		ck_assert_int_eq(chmod(path, 0640), 0);
	}
	scratch_leave();
}

TEST(exists_already)
{
	scratch_enter();
	ck_assert_int_eq(write_text("old", false), 0);
	ck_assert_int_eq(write_text("new", false), -1);
	ck_assert_str_eq(e.text, "f: exists already");
	expect_text("old");
	ck_assert_int_eq(write_text("new", true), 0);
	expect_text("new");
	scratch_leave();
}

TEST(dangling_link_exists)
{
	scratch_enter();
	ck_assert_int_eq(symlink("nowhere", path), 0);
	ck_assert_int_eq(write_text("new", false), -1);
	ck_assert_str_eq(e.text, "f: exists already");
	ck_assert_int_eq(scratch_entries("."), 1);
	scratch_leave();
}

/* A reader that has the old file open keeps it. */
TEST(old_readers_keep_the_old_file)
{
	char old[4] = "";
	int fd;

	scratch_enter();
	ck_assert_int_eq(write_text("old", true), 0);
	fd = open(path, O_RDONLY);
	ck_assert_int_eq(write_text("new", true), 0);
	ck_assert_int_eq(read(fd, old, 3), 3);
	ck_assert_str_eq(old, "old");
	(void)close(fd);
	expect_text("new");
	scratch_leave();
}

/* Such as /dev/null, or /dev/stdout, which is a link. */
TEST_LOOP(only_regular_files_are_replaced, 3)
{
	struct stat before;
	struct stat after;

	scratch_enter();
	if (_i == 0)
		ck_assert_int_eq(mkdir(path, 0700), 0);
	else if (_i == 1)
		ck_assert_int_eq(mkfifo(path, 0600), 0);
	else
		ck_assert_int_eq(symlink("nowhere", path), 0);
	ck_assert_int_eq(lstat(path, &before), 0);
	ck_assert_int_eq(write_text("new", true), -1);
	ck_assert_str_eq(e.text, "f: not a regular file, so not replaced");
	ck_assert_int_eq(scratch_entries("."), 1);
	ck_assert_int_eq(lstat(path, &after), 0);
	ck_assert_uint_eq(after.st_mode, before.st_mode);
	scratch_leave();
}

/* Stands for a full disk: the old file stays, and nothing beside it. */
TEST(no_room)
{
	struct rlimit limit = { .rlim_cur = LIMIT, .rlim_max = LIMIT };
	char text[LIMIT + 2];

	scratch_enter();
	memset(text, 'x', sizeof text);
	text[LIMIT + 1] = '\0';
	ck_assert_int_eq(write_text("old", true), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(write_text(text, true), -1);
	ck_assert_str_eq(e.text, "f: File too large");
	expect_text("old");
	text[LIMIT] = '\0';
	ck_assert_int_eq(write_text(text, true), 0);
	expect_text(text);
	scratch_leave();
}

TEST(no_room_for_a_new_file)
{
	struct rlimit limit = { .rlim_cur = 2, .rlim_max = 2 };

	scratch_enter();
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(write_text("new", false), -1);
	ck_assert_str_eq(e.text, "f: File too large");
	ck_assert_int_eq(scratch_entries("."), 0);
	scratch_leave();
}

TEST(nowhere_to_write)
{
	scratch_enter();
	ck_assert_int_eq(
	    file_write_atomically("d/f", "x", 1, 0600, false, &e), -1);
	ck_assert_str_eq(e.text, "d/f: No such file or directory");
	ck_assert_int_eq(file_write_atomically("", "x", 1, 0600, true, &e), -1);
	ck_assert_str_eq(e.text, ": No such file or directory");
	ck_assert_int_eq(file_check_replaceable("d/f", &e), -1);
	ck_assert_str_eq(e.text, "d/f: No such file or directory");
	ck_assert_int_eq(file_check_replaceable(".", &e), -1);
	ck_assert_str_eq(e.text, ".: not a regular file, so not replaced");
	ck_assert_int_eq(file_check_replaceable("f", &e), 0);
	ck_assert_int_eq(scratch_entries("."), 0);
	scratch_leave();
}

/* Longer than a path may be, and as long as a name may be. */
TEST_LOOP(name_too_long, 2)
{
	static const size_t lengths[] = { 5000, 255 };
	char name[5001];

	memset(name, 'x', sizeof name);
	name[lengths[_i]] = '\0';
	scratch_enter();
	ck_assert_int_eq(
	    file_write_atomically(name, "x", 1, 0600, false, &e), -1);
	ck_assert_int_eq(scratch_entries("."), 0);
	scratch_leave();
}

SUITE("common/sys/file_write")
