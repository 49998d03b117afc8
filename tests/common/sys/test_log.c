/* test_log: the form of a line, and what cannot get into one. */
#include "common/sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/sys/fd.h"
#include "tests/support/suite.h"

static char output[1 << 20];
static int ends[2];

/* From now on standard error is a pipe. */
static void
capture(void)
{
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	(void)close(ends[1]);
}

/* What was logged since capture; from now on /dev/full is standard error. */
static const char *
captured(void)
{
	int full = open("/dev/full", O_WRONLY);
	size_t size = 0;
	ssize_t n;

	ck_assert_int_eq(dup2(full, STDERR_FILENO), STDERR_FILENO);
	(void)close(full);
	while ((n = read(ends[0], output + size, sizeof output - 1 - size)) > 0)
		size += (size_t)n;
	output[size] = '\0';
	(void)close(ends[0]);
	return output;
}

/* The text after the prefix of the one line that was captured. */
static const char *
captured_text(void)
{
	const char *line = captured();
	const char *text = strstr(line, "]: ");

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(line[strlen(line) - 1], '\n');
	ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
	output[strlen(line) - 1] = '\0';
	return text + 3;
}

TEST(line_has_its_form)
{
	char pattern[200];
	regex_t regex;

	(void)snprintf(pattern, sizeof pattern,
	    "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:"
	    "[0-6][0-9][.][0-9]{3}Z warn prog\\[%d\\]: worker 7 died\n$",
	    (int)getpid());
	ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	log_open("prog", LOG_INFO);
	capture();
	log_warn("worker %d died", 7);
	ck_assert_int_eq(regexec(&regex, captured(), 0, NULL, 0), 0);
	regfree(&regex);
}

/* Up to the level, each is written with its name; it is set in two ways. */
TEST_LOOP(levels, 2 * LOG_LEVELS)
{
	static const char *const names[] = { " error ", " warn ", " info ",
		" debug " };
	enum log_level level = (enum log_level)(_i % LOG_LEVELS);

	if (_i < LOG_LEVELS) {
		log_open("prog", level);
	} else {
		log_open("prog", LOG_ERROR);
		log_set_level(level);
	}
	capture();
	log_error("x");
	log_warn("x");
	log_info("x");
	log_debug("x");
	captured();
	for (enum log_level l = LOG_ERROR; l < LOG_LEVELS; l++) {
		ck_assert((strstr(output, names[l]) != NULL) == (l <= level));
		ck_assert(log_enabled(l) == (l <= level));
	}
}

TEST_LOOP(level_names, LOG_LEVELS)
{
	static const char *const words[LOG_LEVELS] = { "error", "warn", "info",
		"debug" };
	enum log_level level = LOG_LEVELS;

	ck_assert_int_eq(log_level_parse(words[_i], &level), 0);
	ck_assert_int_eq(level, _i);
}

TEST_LOOP(unknown_level, 6)
{
	static const char *const unknown[] = { "", "ERROR", "warning", "err",
		"info ", "3" };
	enum log_level level = LOG_WARN;

	ck_assert_int_eq(log_level_parse(unknown[_i], &level), -1);
	ck_assert_int_eq(level, LOG_WARN);
}

static const struct {
	const char *text, *logged;
} texts[] = {
	{ "", "" },
	{ "plain %s %n", "plain %s %n" },
	{ "two\nlines", "two?lines" },
	{ "\r\n\t\x01\x1f", "?????" },
	{ "\x1b[31mred\x7f", "?[31mred?" },
	{ " ~", " ~" },
	{ "na\xc3\xafve \xe2\x82\xac", "na\xc3\xafve \xe2\x82\xac" },
	{ "\xc2\x9b"
	  "31m\xc2\x80\xc2\x9f",
	    "??31m????" },
	{ "\xc2\xa0\xc2", "\xc2\xa0\xc2" },
	{ "\xc2\n", "\xc2?" },
};

TEST_EACH(control_characters, texts)
{
	log_open("prog", LOG_INFO);
	capture();
	log_info("%s", texts[_i].text);
	ck_assert_str_eq(captured_text(), texts[_i].logged);
}

/* Around the longest line; a line with its line feed is LOG_LINE_MAX. */
TEST_LOOP(long_text_is_cut, 3)
{
	static char text[LOG_LINE_MAX + 2];
	size_t room;

	memset(text, 'x', LOG_LINE_MAX + 1);
	log_open("prog", LOG_INFO);
	capture();
	log_info("%s", text);
	room = strlen(captured_text());
	ck_assert_uint_eq(strlen(output), LOG_LINE_MAX - 1);
	text[room + (size_t)_i - 1] = '\0';
	capture();
	log_info("%s", text);
	ck_assert_uint_eq(strlen(captured_text()), _i == 0 ? room - 1 : room);
}

TEST(long_name_is_cut)
{
	static char name[LOG_LINE_MAX + 1];

	memset(name, 'n', LOG_LINE_MAX);
	log_open(name, LOG_INFO);
	capture();
	log_info("%s", "text");
	ck_assert_str_eq(captured_text(), "text");
}

/* Callers may log between a failure and looking at its cause. */
TEST(errno_stays)
{
	log_open("prog", LOG_INFO);
	capture();
	errno = ENOENT;
	log_info("%s", "text");
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(captured_text(), "text");
	errno = EAGAIN;
	log_info("to a full disk");
	ck_assert_int_eq(errno, EAGAIN);
}

/* Only where JOURNAL_STREAM means this very pipe; and never in JSON. */
TEST(journal)
{
	char stream[64];
	struct stat st;

	log_open("prog", LOG_INFO);
	capture();
	ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
	(void)snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	(void)setenv("JOURNAL_STREAM", stream, 1);
	log_set_format(LOG_LOGFMT);
	log_error("x");
	log_set_format(LOG_JSON);
	log_error("x");
	(void)setenv("JOURNAL_STREAM", "1:1", 1);
	log_set_format(LOG_LOGFMT);
	log_error("x");
	captured();
	ck_assert(strncmp(output, "<3>20", 5) == 0);
	ck_assert(strstr(output, "\n{\"time") != NULL);
	ck_assert(strstr(output, "\n20") != NULL);
}

/* Never waits for a queue that is full, and counts. */
TEST(queue)
{
	static _Atomic uint64_t dropped;
	char line[LOG_LINE_MAX];
	int one, other, sent = 0;
	struct errmsg e;
	ssize_t n;

	ck_assert_int_eq(fd_open_pair(&one, &other, &e), 0);
	log_open("prog", LOG_INFO);
	log_set_queue(one, &dropped);
	for (; dropped < 2; sent++)
		log_info("%d", sent);
	while ((n = recv(other, line, sizeof line, 0)) > 0) {
		ck_assert_int_eq(line[n - 1], '\n');
		sent--;
	}
	ck_assert_int_eq(sent, 2);
}

enum {
	WRITERS = 4,
	LINES = 50
};

static void *
log_many(void *arg)
{
	const char *text = arg;

	for (int i = 0; i < LINES; i++)
		log_info("%s", text);
	return NULL;
}

/* Lines of threads and processes that are as long as can be do not mix. */
TEST(lines_do_not_mix)
{
	static char texts_of[WRITERS][LOG_LINE_MAX];
	pthread_t threads[WRITERS];
	int lines = 0;
	char *save = NULL;

	log_open("prog", LOG_INFO);
	capture();
	if (fork() == 0) {
		for (int i = 0; i < WRITERS; i++) {
			memset(texts_of[i], 'a' + i, LOG_LINE_MAX - 1);
			(void)pthread_create(
			    &threads[i], NULL, log_many, texts_of[i]);
		}
		for (int i = 0; i < WRITERS; i++)
			(void)pthread_join(threads[i], NULL);
		_exit(0);
	}
	captured();
	for (char *line = strtok_r(output, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *text = strstr(line, "]: ") + 3;

		ck_assert_uint_eq(strlen(line), LOG_LINE_MAX - 1);
		ck_assert_uint_eq(
		    strspn(text, (char[]){ *text, '\0' }), strlen(text));
		lines++;
	}
	ck_assert_int_eq(lines, WRITERS * LINES);
	(void)wait(NULL);
}

TEST(repeated_lines_are_far_between)
{
	int64_t quiet_until_ns = 0;

	ck_assert(log_is_due(&quiet_until_ns, 1));
	ck_assert(!log_is_due(&quiet_until_ns, 10 * CLOCK_NS_PER_S));
	ck_assert(log_is_due(&quiet_until_ns, 10 * CLOCK_NS_PER_S + 1));
	ck_assert(!log_is_due(&quiet_until_ns, 20 * CLOCK_NS_PER_S));
	ck_assert(log_is_due(&quiet_until_ns, INT64_MAX)); /* the last time */
}

/* At most three a second; what was dropped is told with the next line. */
TEST(lines_of_others)
{
	static struct log_limit limit;
	static const struct {
		int64_t now_ns;
		bool allowed;
		unsigned dropped;
	} calls[] = {
		{ 7900000000, true, 0 },
		{ 7900000000, true, 0 },
		{ 8000000000, true, 0 },
		{ 8000000000, false, 0 },
		{ 8899999999, false, 0 },
		{ 8900000000, true, 2 },
		{ 8900000000, true, 0 },
		{ 9899999999, true, 0 },
		{ 9899999999, false, 0 },
		{ 100000000000, true, 1 },
		{ 101000000000, true, 0 },
	};

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		unsigned dropped = 99;

		ck_assert_int_eq(
		    log_limit_allows(&limit, 3, calls[i].now_ns, &dropped),
		    calls[i].allowed);
		ck_assert_uint_eq(dropped, calls[i].dropped);
	}
}

SUITE("common/sys/log")
