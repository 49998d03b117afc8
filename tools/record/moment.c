/* moment: files, times, servers; see the header. */
#include "tools/record/moment.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/utc.h"
#include "common/stats/reader.h"
#include "tools/record/replay.h"
#include "tools/sample/take.h"

#define DAY_S  86400
#define FUTURE 300 /* years since 1900: from 2200 on, nanoseconds overflow */

/* What stands behind the last '@' is a time, unless all of it is a file. */
static const char *
find_time(const char *text)
{
	struct stat st;
	const char *at = strrchr(text, '@');

	return at != NULL && stat(text, &st) < 0 ? at : NULL;
}

bool
moment_is_file(const char *text)
{
	struct stat st;

	return strchr(text, '/') != NULL || strchr(text, '@') != NULL ||
	    stat(text, &st) == 0;
}

static bool
parse_as(const char *text, const char *format, struct tm *tm)
{
	const char *end;

	memset(tm, 0, sizeof *tm);
	end = strptime(text, format, tm);
	return end != NULL && *end == '\0' && tm->tm_year < FUTURE &&
	    tm->tm_year >= 0;
}

bool
moment_parse_time(const char *text, int64_t last_ns, int64_t *wall_ns)
{
	int64_t last_s = last_ns / CLOCK_NS_PER_S;
	int64_t day_s = last_s / DAY_S * DAY_S;
	struct tm tm;

	if (parse_as(text, "%Y-%m-%dT%H:%M:%SZ", &tm)) {
		*wall_ns = timegm(&tm) * CLOCK_NS_PER_S;
		return true;
	}
	if (!parse_as(text, "%H:%M:%S", &tm) && !parse_as(text, "%H:%M", &tm))
		return false;
	day_s += tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	if (day_s > last_s)
		day_s -= DAY_S;
	*wall_ns = day_s * CLOCK_NS_PER_S;
	return true;
}

static int
go_to(
    struct source *source, const char *path, const char *when, struct errmsg *e)
{
	char begin[UTC_TEXT];
	int64_t wall_ns;

	if (strcmp(when, "first") == 0)
		return 0;
	if (!moment_parse_time(when, replay_last_ns(source), &wall_ns))
		return errmsg_set(e,
		    "'%s' is not a time: such as 12:30, 12:30:15, "
		    "2026-01-31T12:30:15Z (UTC) or first",
		    when);
	/* What is asked for in seconds means all of that second. */
	wall_ns += CLOCK_NS_PER_S - 1;
	if (wall_ns < replay_first_ns(source))
		return errmsg_set(e, "%s begins at %s, after %s", path,
		    utc_format(replay_first_ns(source) / CLOCK_NS_PER_S, begin),
		    when);
	replay_seek_wall(source, wall_ns);
	return 0;
}

static struct sample *
take_recorded(const char *path, const char *when, struct errmsg *e)
{
	struct source *source = source_open_replay(path, e);
	struct sample *s = NULL;

	if (source == NULL)
		return NULL;
	if (when == NULL)
		replay_seek_wall(source, INT64_MAX);
	if (when == NULL || go_to(source, path, when, e) == 0)
		(void)source_next(source, &s, e);
	source_close(&source);
	return s;
}

static struct sample *
take_live(const char *name, struct errmsg *e)
{
	struct stats_shm *shm;
	struct sample *s;

	if (stats_shm_attach(&shm, name, e) < 0)
		return NULL;
	s = sample_take(shm, clock_now_ns(), clock_wall_ns(), e);
	stats_shm_close(&shm);
	return s;
}

struct sample *
moment_take(const char *text, struct errmsg *e)
{
	const char *at = find_time(text);
	struct sample *s = NULL;
	char *path;

	if (!moment_is_file(text))
		return take_live(text, e);
	if (at == NULL)
		return take_recorded(text, NULL, e);
	path = strndup(text, (size_t)(at - text));
	errmsg_set(e, "out of memory");
	if (path != NULL)
		s = take_recorded(path, at + 1, e);
	free(path);
	return s;
}
