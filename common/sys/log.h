/*
 * log: one line a message on standard error, one write(2) a line, so that the
 * lines of several processes and threads never mix.
 *
 * A line is "2026-01-31T12:34:56.789Z level who[pid]: text", and is cut to
 * LOG_LINE_MAX bytes; line feeds and other control characters in the text are
 * replaced by '?', so that a peer's certificate cannot forge a line. Errors of
 * the write are ignored: a full disk must not stop a server. errno stays as it
 * was.
 *
 * Use:
 *	log_open("tlsecho-server", LOG_INFO);
 *	log_warn("worker %d: died, replaced", slot);
 */
#ifndef COMMON_SYS_LOG_H
#define COMMON_SYS_LOG_H

#include <stdbool.h>
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

/* Sets the name in front of each line and the level; call before threads. */
void log_open(const char *who, enum log_level level);

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
	_Atomic int64_t second;
	_Atomic unsigned lines, dropped; /* in that second */
};

/*
 * Whether one more line may be written in this second, of at most max. *dropped
 * is how many were not, since the last one that was. Any thread.
 */
bool log_limit_allows(
    struct log_limit *limit, unsigned max, int64_t now_s, unsigned *dropped);

void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* In lower case, as they are used like functions. */
/* NOLINTBEGIN(readability-identifier-naming) */
#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)
/* NOLINTEND(readability-identifier-naming) */

#endif
