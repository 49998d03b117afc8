/*
 * log: one line a message, as log_line.h forms it, on standard error, one
 * write(2) a line, so that the lines of several processes and threads never
 * mix.
 *
 * A line is "2026-01-31T12:34:56.789Z level who[pid]: text", and is cut to
 * LOG_LINE_MAX bytes; line feeds and other control characters in the text are
 * replaced by '?', so that a peer's certificate cannot forge a line. Errors of
 * the write are ignored: a full disk must not stop a server. errno stays as it
 * was.
 *
 * A reader of standard error that reads no more makes that write(2) wait. With
 * log_set_queue lines are sent to a process that does the waiting.
 *
 * Use:
 *	log_open("tlsecho-server", LOG_INFO);
 *	log_warn("worker %d: died, replaced", slot);
 */
#ifndef COMMON_SYS_LOG_H
#define COMMON_SYS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LOG_LINE_MAX = 4096
};

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
	LOG_LEVELS
};

enum log_format {
	LOG_LOGFMT,
	LOG_JSON,
	LOG_JOURNAL, /* logfmt, with priorities for systemd's journal */
	LOG_TEXT     /* no more than the text */
};

/* Sets the name in front of each line and the level; call before threads. */
void log_open(const char *who, enum log_level level);

/* The same; LOG_LOGFMT becomes LOG_JOURNAL where log_is_journal(). */
void log_set_format(enum log_format format);
enum log_format log_format(void);

/* Whether JOURNAL_STREAM names standard error (systemd.exec(5)). */
bool log_is_journal(void);

/* Which worker this process is: for lines about connections. */
void log_set_worker(unsigned worker);

/*
 * From now on lines are messages to this socket, which must keep them apart
 * (SOCK_SEQPACKET); never waits for it, but adds 1 to *dropped, which outlives
 * this, for each line that does not fit. -1: to standard error again.
 */
void log_set_queue(int fd, _Atomic uint64_t *dropped);

/* The socket, or -1. */
int log_queue_fd(void);

/* May be called at any time, from any thread. */
void log_set_level(enum log_level level);
enum log_level log_level(void);
bool log_enabled(enum log_level level);

/*
 * For what may go on and on: whether a line about it may be written now, and if
 * so, the next one in 10 s. *quiet_until_ns is 0 at first. Monotonic times.
 */
bool log_is_due(int64_t *quiet_until_ns, int64_t now_ns);

/* By its name as in --log-level; -1 for an unknown one. */
int log_level_parse(const char *name, enum log_level *level);

/* Of lines that others can cause; zeroed at first. */
struct log_limit {
	_Atomic int64_t until_ns;        /* of the second that is counted */
	_Atomic unsigned lines, dropped; /* in it */
};

/*
 * Whether one more line may be written, of at most max in a second, which
 * begins with its first line. *dropped is how many were not, since the last one
 * that was. A monotonic time. Any thread; each process counts for itself.
 */
bool log_limit_allows(
    struct log_limit *limit, unsigned max, int64_t now_ns, unsigned *dropped);

void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* About a connection, by its number in this worker, from 1. */
void log_connection(enum log_level level, uint64_t connection,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Forms a line of the level LOG_WARN, but writes it nowhere; its size. */
size_t log_compose(char bytes[static LOG_LINE_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* In lower case, as they are used like functions. */
/* NOLINTBEGIN(readability-identifier-naming) */
#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)
/* NOLINTEND(readability-identifier-naming) */

#endif
