/* log: formats a line in one buffer and writes it at once; see the header. */
#include "common/sys/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/printable.h"
#include "common/base/utc.h"

enum {
	WHO_MAX = 64
};

static const char *const level_names[LOG_LEVELS] = { "error", "warn", "info",
	"debug" };

/* At most one line in this time about what goes on and on. */
static const int64_t quiet_ns = 10 * CLOCK_NS_PER_S;

static const char *program = "tlsecho";
static _Atomic int current_level = LOG_INFO;

static size_t
put_prefix(char *line, size_t size, enum log_level level)
{
	char now[UTC_TEXT];

	return (size_t)snprintf(line, size,
	    "%s %s %.*s[%d]: ", utc_format_ms(clock_wall_ns(), now),
	    level_names[level], WHO_MAX, program, (int)getpid());
}

void
log_write(enum log_level level, const char *format, ...)
{
	char line[LOG_LINE_MAX];
	int error = errno;
	va_list args;
	size_t used;

	if (!log_enabled(level))
		return;
	used = put_prefix(line, sizeof line, level);
	va_start(args, format);
	if (vsnprintf(line + used, sizeof line - used, format, args) < 0)
		line[used] = '\0';
	va_end(args);
	printable_mask(line + used);
	used += strlen(line + used);
	line[used++] = '\n';
	/* When this fails, there is no other place to report it. */
	(void)!write(STDERR_FILENO, line, used);
	errno = error;
}

bool
log_limit_allows(
    struct log_limit *limit, unsigned max, int64_t now_s, unsigned *dropped)
{
	*dropped = 0;
	if (atomic_exchange(&limit->second, now_s) != now_s)
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
		if (strcmp(name, level_names[i]) == 0) {
			*level = (enum log_level)i;
			return 0;
		}
	}
	return -1;
}
