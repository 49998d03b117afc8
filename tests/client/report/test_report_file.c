/* test_report_file: what can be written to, and what becomes of the report. */
#include "client/report/report_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static const char report[] = "{}\n";
static struct report_file file;
static struct errmsg e;

static void
open_file(const char *path)
{
	ck_assert_msg(report_file_open(&file, path, &e) == 0, "%s", e.text);
}

static int
write_report(void)
{
	return report_file_write(&file, report, sizeof report - 1, &e);
}

static void
write_and_close(void)
{
	ck_assert_msg(write_report() == 0, "%s", e.text);
	report_file_close(&file);
	report_file_close(&file);
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void
expect_bytes(int fd, const char *text)
{
	char got[64];
	ssize_t n = read(fd, got, sizeof got);

	ck_assert_int_eq(n, (ssize_t)strlen(text));
	ck_assert_mem_eq(got, text, strlen(text));
}

static void
expect_content(const char *path, const char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	expect_bytes(fd, text);
	(void)close(fd);
}

TEST(new_file)
{
	open_file("run.json");
	ck_assert_int_eq(access("run.json", F_OK), -1);
	write_and_close();
	expect_content("run.json", report);
}

/* Whoever has the old one open keeps it. */
TEST(file_is_replaced)
{
	int fd;

	put("run.json", "old and long\n");
	fd = open("run.json", O_RDONLY | O_CLOEXEC);
	open_file("run.json");
	write_and_close();
	expect_content("run.json", report);
	expect_bytes(fd, "old and long\n");
	(void)close(fd);
}

TEST(link_is_followed)
{
	struct stat status;

	put("target.json", "old and long\n");
	ck_assert_int_eq(symlink("target.json", "run.json"), 0);
	open_file("run.json");
	write_and_close();
	expect_content("target.json", report);
	ck_assert_int_eq(lstat("run.json", &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
}

TEST(link_to_nothing)
{
	ck_assert_int_eq(symlink("target.json", "run.json"), 0);
	open_file("run.json");
	write_and_close();
	expect_content("target.json", report);
}

/* As on a mount point, where rename(2) fails, if not for the same reason. */
TEST(what_cannot_be_replaced_is_written_in_place)
{
	put("run.json", "old and long\n");
	open_file("run.json");
	free(file.replaced);
	file.replaced = strdup("none/run.json");
	write_and_close();
	expect_content("run.json", report);
}

TEST(named_pipe)
{
	int fd;

	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	ck_assert_int_eq(report_file_open(&file, "pipe", &e), -1);
	ck_assert_str_eq(
	    e.text, "pipe: nobody reads this pipe: start its reader first");
	fd = open("pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	open_file("pipe");
	write_and_close();
	expect_bytes(fd, report);
	(void)close(fd);
}

TEST(device)
{
	open_file("/dev/null");
	write_and_close();
}

static void
open_descriptor(const char *folder, int fd)
{
	static char path[64];

	(void)snprintf(path, sizeof path, "%s%d", folder, fd);
	open_file(path);
}

static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };

/* A socket cannot be opened by its path. */
TEST_EACH(descriptor_of_a_socket, folders)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	open_descriptor(folders[_i], pair[0]);
	write_and_close();
	expect_bytes(pair[1], report);
}

/* A file goes on from where it stands. */
TEST_EACH(descriptor_of_a_file, folders)
{
	int fd = open("log", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_eq(write(fd, "before\n", 7), 7);
	open_descriptor(folders[_i], fd);
	write_and_close();
	expect_content("log", "before\n{}\n");
	(void)close(fd);
}

static const struct {
	const char *path, *words;
} bad[] = {
	{ "none/run.json", "none/run.json: No such file or directory" },
	{ ".", ".: is a directory" },
	{ "/dev/fd/999", "/dev/fd/999: Bad file descriptor" },
};

TEST_EACH(refused, bad)
{
	ck_assert_int_eq(report_file_open(&file, bad[_i].path, &e), -1);
	ck_assert_str_eq(e.text, bad[_i].words);
}

TEST(not_open_for_writing)
{
	char path[64];
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)snprintf(path, sizeof path, "/dev/fd/%d", fd);
	ck_assert_int_eq(report_file_open(&file, path, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, ": not open for writing"));
}

TEST(standard_output)
{
	ck_assert(report_file_is_stdout("-"));
	ck_assert(report_file_is_stdout("/dev/stdout"));
	ck_assert(report_file_is_stdout("/dev/fd/1"));
	ck_assert(!report_file_is_stdout("/dev/fd/10"));
	ck_assert(!report_file_is_stdout("run.json"));
}

/* The measurement took an hour, and its folder is gone. */
TEST(last_resort)
{
	int ends[2];
	int out = dup(STDOUT_FILENO);
	int result;

	ck_assert_int_eq(mkdir("folder", 0700), 0);
	open_file("folder/run.json");
	ck_assert_int_eq(rmdir("folder"), 0);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
	result = write_report();
	ck_assert_int_eq(dup2(out, STDOUT_FILENO), STDOUT_FILENO);
	ck_assert_int_eq(result, -1);
	ck_assert_str_eq(e.text,
	    "folder/run.json: No such file or directory; the report went to "
	    "standard output");
	expect_bytes(ends[0], report);
	report_file_close(&file);
}

SUITE_BETWEEN("client/report/report_file", scratch_enter, scratch_leave)
