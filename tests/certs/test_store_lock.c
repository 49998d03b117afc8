/* test_store_lock: who may write to an authority's directory, and when. */
#include "certs/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/in_child.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct errmsg e;
static struct store *store;

static const struct file_bytes small = { .data = (uint8_t[]){ "small" },
	.size = 5 };
static const struct store_file files[] = { { "a", &small, 0600 } };

/* A writer keeps others out until it closes; readers do not wait. */
START_TEST(writers_exclude_each_other)
{
	struct store *reader;
	int fd;

	scratch_enter();
	ck_assert_int_eq(store_open(&store, "d", STORE_CREATE, &e), 0);
	fd = open("d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(flock(fd, LOCK_EX | LOCK_NB), -1);
	ck_assert_int_eq(store_open(&reader, "d", STORE_READ, &e), 0);
	store_close(&reader);
	store_close(&store);
	(void)mkdir("d", 0700);
	ck_assert_int_eq(store_open(&store, "d", STORE_READ, &e), 0);
	(void)close(fd);
	fd = open("d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_EX | LOCK_NB), 0);
	(void)close(fd);
	store_close(&store);
	scratch_leave();
}
END_TEST

static void
write_without_the_lock(void)
{
	struct store *reader;

	ck_assert_int_eq(store_open(&reader, "d", STORE_READ, &e), 0);
	(void)store_write(reader, files, 1, false, &e);
}

static void
write_outside(void)
{
	const struct store_file outside[] = { { "../a", &small, 0600 } };

	ck_assert_int_eq(store_open(&store, "d", STORE_CREATE, &e), 0);
	(void)store_write(store, outside, 1, false, &e);
}

START_TEST(misuse_aborts)
{
	scratch_enter();
	ck_assert_int_eq(store_open(&store, "d", STORE_CREATE, &e), 0);
	ck_assert_int_eq(in_child_status(write_without_the_lock), -1);
	store_close(&store);
	ck_assert_int_eq(in_child_status(write_outside), -1);
	ck_assert_int_eq(access("a", F_OK), -1);
	store_close(&store);
	scratch_leave();
}
END_TEST

static char
state_of(pid_t pid)
{
	char path[64], state = '?';
	FILE *f;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%*d (%*[^)]) %c", &state), 1);
	(void)fclose(f);
	return state;
}

/* Two make the directory; the first gives up, while the second waits for it. */
START_TEST(waiter_outlives_an_unused_directory)
{
	char byte = 0;
	int ends[2];
	pid_t pid;

	scratch_enter();
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	pid = fork(); /* before it could inherit the lock */
	if (pid == 0) {
		_exit(read(ends[1], &byte, 1) != 1 ||
		    write(ends[1], &byte, 1) != 1 ||
		    store_open(&store, "d", STORE_CREATE, &e) < 0 ||
		    store_write(store, files, 1, false, &e) < 0);
	}
	ck_assert_int_eq(store_open(&store, "d", STORE_CREATE, &e), 0);
	ck_assert_int_eq(write(ends[0], &byte, 1), 1);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	AWAIT(state_of(pid) == 'S');
	store_close(&store);
	ck_assert_int_eq(in_child_wait(pid), 0);
	ck_assert_int_eq(store_open(&store, "d", STORE_READ, &e), 0);
	ck_assert(store_has(store, "a"));
	store_close(&store);
	scratch_leave();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("certs/store_lock");

	SUITE_ADD(s, writers_exclude_each_other);
	SUITE_ADD(s, misuse_aborts);
	SUITE_ADD(s, waiter_outlives_an_unused_directory);
	return suite_run(s, argc, argv);
}
