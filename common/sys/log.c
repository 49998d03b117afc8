/* log: formats a line in one buffer and hands it on; see the header. */
#include "common/sys/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/sys/log_line.h"

/* At most one line in this time about what goes on and on. */
static const int64_t quiet_ns = 10 * CLOCK_NS_PER_S;

static const char *program = "tlsecho";
static _Atomic int current_level = LOG_INFO;
static enum log_format current_format;
static unsigned current_worker;
static int queue_fd = -1;
static _Atomic uint64_t *queue_dropped;

__attribute__((format(printf, 4, 0))) static size_t
compose(char *bytes, enum log_level level, uint64_t connection,
    const char *format, va_list args)
{
	char text[LOG_LINE_MAX];
	const struct log_line line = { .level = level,
		.wall_ns = clock_wall_ns(),
		.program = program,
		.pid = (int)getpid(),
		.worker = current_worker,
		.connection = connection,
		.text = text };

	if (vsnprintf(text, sizeof text, format, args) < 0)
		text[0] = '\0';
	return log_line_format(bytes, &line, current_format);
}

/* When the write fails, there is no other place to report it. */
static void
hand_on(const char *bytes, size_t n)
{
	if (queue_fd < 0)
		(void)!write(STDERR_FILENO, bytes, n);
	else if (send(queue_fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		(void)atomic_fetch_add(queue_dropped, 1);
}

__attribute__((format(printf, 3, 0))) static void
write_line(
    enum log_level level, uint64_t connection, const char *format, va_list args)
{
	char bytes[LOG_LINE_MAX];
	int error = errno;

	if (!log_enabled(level))
		return;
	hand_on(bytes, compose(bytes, level, connection, format, args));
	errno = error;
}

void
log_write(enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(level, 0, format, args);
	va_end(args);
}

void
log_connection(
    enum log_level level, uint64_t connection, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(level, connection, format, args);
	va_end(args);
}

size_t
log_compose(char bytes[static LOG_LINE_MAX], const char *format, ...)
{
	va_list args;
	size_t n;

	va_start(args, format);
	n = compose(bytes, LOG_WARN, 0, format, args);
	va_end(args);
	return n;
}

void
log_set_queue(int fd, _Atomic uint64_t *dropped)
{
	ASSERT(fd < 0 || dropped != NULL);
	queue_fd = fd;
	queue_dropped = dropped;
}

int
log_queue_fd(void)
{
	return queue_fd;
}

bool
log_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) < 0)
		return false;
	(void)snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(stream, own) == 0;
}

void
log_set_format(enum log_format format)
{
	if (format == LOG_LOGFMT && log_is_journal())
		format = LOG_JOURNAL;
	current_format = format;
}

enum log_format
log_format(void)
{
	return current_format;
}

void
log_set_worker(unsigned worker)
{
	current_worker = worker;
}

bool
log_limit_allows(
    struct log_limit *limit, unsigned max, int64_t now_ns, unsigned *dropped)
{
	int64_t until_ns = atomic_load(&limit->until_ns);

	*dropped = 0;
	if (now_ns >= until_ns &&
	    atomic_compare_exchange_strong(
		&limit->until_ns, &until_ns, now_ns + CLOCK_NS_PER_S))
		atomic_store(&limit->lines, 0);
	if (atomic_fetch_add(&limit->lines, 1) >= max) {
		(void)atomic_fetch_add(&limit->dropped, 1);
		return false;
	}
	*dropped = atomic_exchange(&limit->dropped, 0);
	return true;
}

void
log_open(const char *who, enum log_level level)
{
	program = who;
	log_set_level(level);
}

void
log_set_level(enum log_level level)
{
	ASSERT((unsigned)level < LOG_LEVELS);
	atomic_store_explicit(&current_level, (int)level, memory_order_relaxed);
}

enum log_level
log_level(void)
{
	return (enum log_level)atomic_load_explicit(
	    &current_level, memory_order_relaxed);
}

bool
log_enabled(enum log_level level)
{
	return (int)level <=
	    atomic_load_explicit(&current_level, memory_order_relaxed);
}

bool
log_is_due(int64_t *quiet_until_ns, int64_t now_ns)
{
	if (now_ns < *quiet_until_ns)
		return false;
	*quiet_until_ns =
	    now_ns < INT64_MAX - quiet_ns ? now_ns + quiet_ns : INT64_MAX;
	return true;
}

int
log_level_parse(const char *name, enum log_level *level)
{
	for (int i = 0; i < LOG_LEVELS; i++) {
		if (strcmp(name, log_level_name((enum log_level)i)) == 0) {
			*level = (enum log_level)i;
			return 0;
		}
	}
	return -1;
}
