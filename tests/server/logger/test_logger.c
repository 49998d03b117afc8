/* test_logger: lines get through, or are counted, and nobody waits. */
#include "server/logger/logger.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

#include "common/sys/child.h"
#include "common/sys/log.h"
#include "tests/support/await.h"
#include "tests/support/process.h"
#include "tests/support/suite.h"

static struct logger logger;

/* This program again, when it follows a process that was killed. */
__attribute__((constructor)) static void
become_logger(void)
{
	struct errmsg e;

	if (logger_is_wanted())
		_exit(logger_run(&e));
}

static char text[1 << 20];
static size_t size;
static int ends[2];

static void
begin_on(int fd)
{
	struct errmsg e;

	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	(void)close(fd);
	log_open("prog", LOG_INFO);
	ck_assert_msg(logger_open(&logger, &e) == 0, "%s", e.text);
}

/* Standard error is a pipe of a page. */
static void
begin(void)
{
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_ge(fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
	begin_on(ends[1]);
}

static bool
has_come(const char *words)
{
	ssize_t n = read(ends[0], text + size, sizeof text - 1 - size);

	size += n > 0 ? (size_t)n : 0;
	text[size] = '\0';
	return strstr(text, words) != NULL;
}

static unsigned
count(const char *word)
{
	unsigned n = 0;

	for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
		n++;
	return n;
}

TEST(lines_get_through_in_order)
{
	begin();
	for (int i = 0; i < 10; i++)
		log_info("line %d.", i);
	logger_close(&logger);
	AWAIT(has_come("line 9.\n"));
	ck_assert_uint_eq(count("line "), 10);
	for (int i = 1; i < 10; i++) {
		char before[32], after[32];

		(void)snprintf(before, sizeof before, "line %d.", i - 1);
		(void)snprintf(after, sizeof after, "line %d.", i);
		ck_assert(strstr(text, before) < strstr(text, after));
	}
}

/* The sum of what all "N lines of the log were dropped" say. */
static uint64_t
sum_told(void)
{
	uint64_t sum = 0;

	for (const char *p = text; (p = strstr(p, "]: ")) != NULL; p++)
		sum += strtoull(p + 3, NULL, 10); /* 0 of other words */
	return sum;
}

/* What is not read in time is counted, and the number is told afterwards. */
TEST(nobody_reads)
{
	unsigned written = 0;

	begin();
	while (logger_dropped(&logger) < 100)
		log_info("line %u.", written++);
	AWAIT((has_come("x"), sum_told() == logger_dropped(&logger)));
	log_info("and on");
	AWAIT(has_come("and on\n"));
	ck_assert_uint_ge(sum_told(), 100);
	ck_assert_uint_eq(sum_told() + count("line "), written);
	logger_close(&logger);
}

/* It does not wait for a reader for ever. */
TEST(nobody_reads_at_the_end)
{
	begin();
	while (logger_dropped(&logger) == 0)
		log_info("line");
	logger_close(&logger);
	log_info("to the pipe, which is full and does not block");
}

TEST(reader_is_gone)
{
	begin();
	(void)close(ends[0]);
	log_info("line");
	AWAIT(logger_dropped(&logger) == 1);
	logger_close(&logger);
}

TEST(disk_is_full)
{
	begin_on(open("/dev/full", O_WRONLY));
	log_info("line");
	log_info("line");
	AWAIT(logger_dropped(&logger) == 2);
	logger_close(&logger);
}

/* What waited for the one before is written by its successor. */
TEST(another_one_takes_over)
{
	begin();
	log_info("one");
	AWAIT(has_come("one\n"));
	ck_assert_int_eq(pidfd_send_signal(logger.pid_fd, SIGKILL, NULL, 0), 0);
	log_info("two");
	AWAIT((logger_look(&logger), has_come("replaced\n")));
	ck_assert(strstr(text, "two\n") != NULL);
	logger_close(&logger);
}

/* What logger.pid_fd says of it (proc(5)). */
static pid_t
pid_of_logger(void)
{
	char path[64], line[128];
	FILE *file;
	int pid = 0;

	(void)snprintf(
	    path, sizeof path, "/proc/self/fdinfo/%d", logger.pid_fd);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "Pid:", 4) == 0)
			pid = (int)strtol(line + 4, NULL, 10);
	(void)fclose(file);
	ck_assert_int_gt(pid, 0);
	return pid;
}

/* Nothing of the master's memory is in it, such as a key. */
TEST(successor_has_no_secrets)
{
	char *secret = mmap(NULL, sizeof "key", PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char copy[4] = "";
	struct iovec from = { secret, 4 }, to = { copy, 4 };
	int status;

	memcpy(secret, "key", sizeof "key");
	begin();
	ck_assert_int_eq(pidfd_send_signal(logger.pid_fd, SIGKILL, NULL, 0), 0);
	ck_assert_int_gt(child_wait(&status), 0);
	AWAIT((logger_look(&logger), has_come("replaced\n")));
	(void)process_vm_readv(pid_of_logger(), &to, 1, &from, 1, 0);
	ck_assert_str_ne(copy, "key");
	logger_close(&logger);
}

/* One for which the master has no descriptor is none that stays unknown. */
TEST(no_descriptor_for_another_one)
{
	struct rlimit limit, all;
	int status;

	begin();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &all), 0);
	limit = all;
	limit.rlim_cur = (rlim_t)logger.pid_fd;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while (dup(STDERR_FILENO) >= 0)
		; /* no number below is free */
	ck_assert_int_eq(pidfd_send_signal(logger.pid_fd, SIGKILL, NULL, 0), 0);
	ck_assert_int_gt(child_wait(&status), 0);
	logger_look(&logger);
	ck_assert_int_eq(logger.pid_fd, -1);
	ck_assert_int_gt(child_wait(&status), 0);
	ck_assert(child_was_killed(status));
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &all), 0);
	log_info("two");
	logger_look(&logger);
	AWAIT(has_come("replaced\n"));
	ck_assert_uint_eq(count("two"), 1);
	logger_close(&logger);
}

/* The process of the program before goes on, with all that waits for it. */
TEST(another_program_goes_on)
{
	struct errmsg e;
	char words[80];
	uint64_t dropped;
	pid_t pid;

	begin();
	pid = pid_of_logger();
	while (logger_dropped(&logger) < 10)
		log_info("line");
	dropped = logger_take_dropped(&logger);
	ck_assert_uint_ge(dropped, 10);
	logger.lines = NULL;
	log_set_format(LOG_JSON); /* as it is asked for now */
	ck_assert_int_eq(logger_adopt(&logger, &e), 0);
	ck_assert_uint_eq(logger_take_dropped(&logger), 0);
	(void)snprintf(words, sizeof words,
	    "\"%" PRIu64 " lines of the log were dropped\"}", dropped);
	AWAIT(has_come(words));
	ck_assert_int_eq(pid_of_logger(), pid);
	logger_close(&logger);
}

/* Other children are not waited for in its place. */
TEST(reaped_before_it_is_closed)
{
	int status;
	pid_t other;

	begin();
	ck_assert_int_eq(pidfd_send_signal(logger.pid_fd, SIGKILL, NULL, 0), 0);
	ck_assert_int_gt(child_wait(&status), 0);
	other = fork();
	if (other == 0)
		_exit(0);
	logger_close(&logger);
	ck_assert_int_eq(child_wait(&status), other);
}

TEST(has_no_rights)
{
	char status[PROCESS_TEXT];

	begin();
	log_info("one");
	AWAIT(has_come("one\n"));
	ck_assert(process_status(pid_of_logger(), "CapPrm", status));
	ck_assert_str_eq(status, "0000000000000000");
	ck_assert(process_status(pid_of_logger(), "NoNewPrivs", status));
	ck_assert_str_eq(status, "1");
	logger_close(&logger);
}

/* A disk that was full within a line: the next one begins a line. */
TEST(cut_line_is_ended)
{
	struct rlimit limit = { 20, RLIM_INFINITY };
	int file = open(".", O_TMPFILE | O_RDWR, 0600);

	ck_assert_int_ge(file, 0);
	ends[0] = dup(file);
	(void)signal(SIGXFSZ, SIG_IGN);
	begin_on(file);
	ck_assert_int_eq(
	    prlimit(pid_of_logger(), RLIMIT_FSIZE, &limit, NULL), 0);
	log_info("first");
	AWAIT(logger_dropped(&logger) == 1);
	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(
	    prlimit(pid_of_logger(), RLIMIT_FSIZE, &limit, NULL), 0);
	log_info("second");
	logger_close(&logger);
	ck_assert_int_eq(lseek(ends[0], 0, SEEK_SET), 0);
	ck_assert(has_come("second\n"));
	ck_assert_int_eq(text[20], '\n');
	ck_assert(strstr(text, "1 line of the log was dropped\n") != NULL);
	ck_assert(strstr(text, "first") == NULL);
}

SUITE("server/logger")
