/* test_file: whole files and lines, read under adverse conditions. */
#include "common/sys/file.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	BIG = 300000 /* more than a pipe holds, and than two growths */
};

static const char path[] = "f";
static struct errmsg e;
static uint8_t big[BIG];

static void
setup(void)
{
	scratch_enter();
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (uint8_t)(i * 7 + i / 256);
}

static void
write_file(const void *data, size_t size)
{
	ck_assert_msg(
	    file_write_atomically(path, data, size, 0600, true, &e) == 0, "%s",
	    e.text);
}

static void
expect_file(const void *data, size_t size)
{
	struct file_bytes b = FILE_BYTES_INIT;

	ck_assert_msg(file_read(&b, path, FILE_MAX, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(b.size, size);
	ck_assert_int_eq(memcmp(b.data, data, size), 0);
	ck_assert_int_eq(b.data[size], '\0');
	file_bytes_free(&b);
	ck_assert_ptr_null(b.data);
	ck_assert_uint_eq(b.size, 0);
	file_bytes_free(&b);
}

TEST_LOOP(round_trip, 8)
{
	static const size_t sizes[] = { 0, 1, 16383, 16384, 16385, 32768, 32769,
		BIG };

	setup();
	write_file(big, sizes[_i]);
	expect_file(big, sizes[_i]);
	scratch_leave();
}

TEST(read_limit)
{
	struct file_bytes b = FILE_BYTES_INIT;

	setup();
	write_file(big, 20000);
	ck_assert_int_eq(file_read(&b, path, 20000, &e), 0);
	file_bytes_free(&b);
	ck_assert_int_eq(file_read(&b, path, 19999, &e), -1);
	ck_assert_str_eq(e.text, "f: larger than 19999 bytes");
	ck_assert_ptr_null(b.data);
	ck_assert_int_eq(file_read(&b, path, 0, &e), -1);
	ck_assert_int_eq(file_read(&b, "/dev/zero", 1 << 20, &e), -1);
	ck_assert_int_eq(file_read(&b, "/dev/null", 0, &e), 0);
	ck_assert_uint_eq(b.size, 0);
	file_bytes_free(&b);
	scratch_leave();
}

TEST(read_errors)
{
	struct file_bytes b = FILE_BYTES_INIT;

	setup();
	ck_assert_int_eq(file_read(&b, path, FILE_MAX, &e), -1);
	ck_assert_str_eq(e.text, "f: No such file or directory");
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(file_read(&b, path, FILE_MAX, &e), -1);
	ck_assert_str_eq(e.text, "f: is a directory");
	ck_assert_int_eq(file_read(&b, "/proc/self/mem", FILE_MAX, &e), -1);
	ck_assert_str_eq(e.text, "/proc/self/mem: Input/output error");
	ck_assert_ptr_null(b.data);
	ck_assert_int_eq(file_read_line(&b, path, &e), -1);
	ck_assert_ptr_null(b.data);
	scratch_leave();
}

static const struct {
	const char *content, *line;
} lines[] = {
	{ "", "" },
	{ "\n", "" },
	{ "\r\n", "" },
	{ "\nsecond", "" },
	{ "secret", "secret" },
	{ "secret\n", "secret" },
	{ "secret\r\n", "secret" },
	{ "secret\nmore\n", "secret" },
	{ " a b ", " a b " },
	{ "a\rb\r\r\n", "a\rb\r" },
	{ "a\r", "a" },
};

/* What follows the line is cleared, too: it may be another secret. */
TEST_EACH(read_line, lines)
{
	struct file_bytes b = FILE_BYTES_INIT;
	size_t size = strlen(lines[_i].content);

	setup();
	write_file(lines[_i].content, size);
	ck_assert_int_eq(file_read_line(&b, path, &e), size > 0 ? 0 : 1);
	ck_assert_uint_eq(b.size, strlen(lines[_i].line));
	ck_assert_str_eq((char *)b.data, lines[_i].line);
	for (size_t i = b.size; i <= size; i++)
		ck_assert_int_eq(b.data[i], '\0');
	file_bytes_free(&b);
	scratch_leave();
}

TEST(longest_line)
{
	struct file_bytes b = FILE_BYTES_INIT;

	setup();
	memset(big, 'x', sizeof big);
	write_file(big, 65536);
	ck_assert_int_eq(file_read_line(&b, path, &e), 0);
	ck_assert_uint_eq(b.size, 65536);
	file_bytes_free(&b);
	write_file(big, 65537);
	ck_assert_int_eq(file_read_line(&b, path, &e), -1);
	ck_assert_str_eq(e.text, "f: larger than 65536 bytes");
	scratch_leave();
}

TEST(read_line_with_nul)
{
	struct file_bytes b = FILE_BYTES_INIT;

	setup();
	write_file("a\0b\nc", 5);
	ck_assert_int_eq(file_read_line(&b, path, &e), 0);
	ck_assert_uint_eq(b.size, 3);
	ck_assert_mem_eq(b.data, "a\0b\0\0", 6);
	file_bytes_free(&b);
	scratch_leave();
}

TEST(bytes_append)
{
	struct file_bytes b = FILE_BYTES_INIT;

	ck_assert_int_eq(file_bytes_append(&b, NULL, 0), 0);
	ck_assert_uint_eq(b.size, 0);
	ck_assert_int_eq(b.data[0], '\0');
	ck_assert_int_eq(file_bytes_append(&b, "a\0b", 3), 0);
	ck_assert_uint_eq(b.size, 3);
	ck_assert_mem_eq(b.data, "a\0b", 4);
	ck_assert_int_eq(file_bytes_append(&b, "cd", 2), 0);
	ck_assert_int_eq(file_bytes_append(&b, NULL, 0), 0);
	ck_assert_uint_eq(b.size, 5);
	ck_assert_mem_eq(b.data, "a\0bcd", 6);
	file_bytes_free(&b);
}

static int
open_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

TEST(no_descriptor_stays)
{
	struct file_bytes b = FILE_BYTES_INIT;
	int before = open_descriptors();

	setup();
	write_file("text", 4);
	expect_file("text", 4);
	ck_assert_int_eq(file_read(&b, path, 3, &e), -1);
	ck_assert_int_eq(file_read(&b, ".", 3, &e), -1);
	ck_assert_int_eq(
	    file_write_atomically(path, "x", 1, 0600, false, &e), -1);
	ck_assert_int_eq(open_descriptors(), before);
	scratch_leave();
}

/* Sanitizers take memory of their own, and end the process without any. */
TEST(no_memory)
{
	struct rlimit limit = { .rlim_cur = 128 << 20, .rlim_max = 128 << 20 };
	struct file_bytes b = FILE_BYTES_INIT;

	if (SUITE_IS_SANITIZED)
		return;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
	ck_assert_int_eq(file_read(&b, "/dev/zero", SIZE_MAX, &e), -1);
	ck_assert_str_eq(e.text, "/dev/zero: out of memory");
	ck_assert_ptr_null(b.data);
	ck_assert_int_eq(file_bytes_append(&b, "a", 1), 0);
	ck_assert_int_eq(file_bytes_append(&b, big, (size_t)256 << 20), -1);
	ck_assert_str_eq((char *)b.data, "a");
	file_bytes_free(&b);
}

SUITE("common/sys/file")
