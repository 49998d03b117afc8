/* pressure: a trigger, and limits that come near; see the header. */
#include "server/master/pressure.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"
#include "server/config.h"

#define MACHINE_FILE "/proc/pressure/memory"

enum {
	/* Parts of a limit: less is left when it begins, more at the end. */
	BEGIN_PARTS = 20,
	END_PARTS = 10
};

/* Two windows of the trigger, which fires once in each at most. */
static const int64_t calm_ns = 4 * CLOCK_NS_PER_S;
static const int64_t limited_each_ns = 100 * CLOCK_NS_PER_MS;
static const int64_t look_each_ns = CLOCK_NS_PER_S;

/*
 * Without privileges windows are multiples of 2 s. The NUL belongs to it: of
 * what is written to /proc the kernel overwrites the last byte with one.
 */
static int
set_trigger(const char *file, const char *trigger)
{
	size_t size = strlen(trigger) + 1;
	int fd = open(file, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && write(fd, trigger, size) != (ssize_t)size) {
		int error = errno;

		(void)close(fd);
		errno = error;
		fd = -1;
	}
	return fd;
}

void
pressure_open(struct pressure *p, const struct config *config)
{
	*p = (struct pressure)PRESSURE_INIT;
	p->is_off = !config->memory_pressure;
	if (p->is_off)
		return;
	if (!cgroup_find("/proc/self", p->dir))
		p->dir[0] = '\0';
	/* The topmost group is the machine; it has no type. */
	if (p->dir[0] != '\0' && cgroup_has(p->dir, "cgroup.type")) {
		(void)snprintf(
		    p->file, sizeof p->file, "%s/memory.pressure", p->dir);
		p->fd = set_trigger(p->file, "some 200000 2000000");
	}
	if (p->fd >= 0)
		return;
	p->machine = "/proc";
	(void)snprintf(p->file, sizeof p->file, MACHINE_FILE);
	p->fd = set_trigger(p->file, "full 200000 2000000");
	p->error = p->fd < 0 ? errno : 0;
}

void
pressure_log(const struct pressure *p)
{
	char text[PRESSURE_TEXT];

	if (!p->is_off && p->fd < 0)
		log_info("memory pressure: %s", pressure_describe(p, text));
}

void
pressure_close(struct pressure *p)
{
	if (p->fd >= 0)
		(void)close(p->fd);
	p->fd = -1;
}

int
pressure_fd(const struct pressure *p)
{
	return p->fd;
}

/* Then tasks wait within limits of their own, which are not the server's. */
static bool
has_enough(const char *machine)
{
	uint64_t total, available;

	return cgroup_entry(machine, "meminfo", "MemTotal:", &total) &&
	    cgroup_entry(machine, "meminfo", "MemAvailable:", &available) &&
	    available > total / END_PARTS;
}

void
pressure_note(struct pressure *p, int events, int64_t now_ns)
{
	if (events & POLLERR)
		pressure_close(p);
	else if (p->machine == NULL || !has_enough(p->machine))
		p->waits_until_ns = now_ns + calm_ns;
}

static const char *const limits[] = { "memory.max", "memory.high" };

/* Whether less than one of so many parts is left, and of what. */
static bool
is_near(const char *dir, const char *limit, unsigned parts,
    char text[static PRESSURE_TEXT])
{
	uint64_t max, used, idle;
	char used_text[UNITS_TEXT], max_text[UNITS_TEXT];

	if (!cgroup_number(dir, limit, &max) ||
	    !cgroup_number(dir, "memory.current", &used))
		return false;
	if (cgroup_entry(dir, "memory.stat", "inactive_file", &idle))
		used -= idle < used ? idle : used;
	if (used <= max - max / parts)
		return false;
	(void)snprintf(text, PRESSURE_TEXT, "%s has %s of its %s %s", dir,
	    units_format_bytes(used, used_text), limit,
	    units_format_bytes(max, max_text));
	return true;
}

/* Of the group and those above it. *has_limit: there is one, near or not. */
static bool
limit_is_near(
    const struct pressure *p, bool *has_limit, char text[static PRESSURE_TEXT])
{
	unsigned parts = p->began_ns == 0 ? BEGIN_PARTS : END_PARTS;
	char dir[CGROUP_PATH];
	uint64_t max;

	*has_limit = false;
	if (p->dir[0] == '\0')
		return false;
	memcpy(dir, p->dir, sizeof dir);
	do {
		for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
			*has_limit |= cgroup_number(dir, limits[i], &max);
			if (is_near(dir, limits[i], parts, text))
				return true;
		}
	} while (cgroup_up(dir));
	return false;
}

static bool
tasks_wait(
    const struct pressure *p, int64_t now_ns, char text[static PRESSURE_TEXT])
{
	if (now_ns >= p->waits_until_ns)
		return false;
	(void)snprintf(text, PRESSURE_TEXT,
	    "tasks wait for it for more than a tenth of the time (%s)",
	    p->file);
	return true;
}

static void
begin(struct pressure *p, const char *why, int64_t now_ns)
{
	p->began_ns = now_ns;
	log_warn("memory is short: %s: new connections are refused", why);
}

static void
end(struct pressure *p, int64_t now_ns)
{
	char text[UNITS_TEXT];

	log_info("memory is no longer short, after %s: new connections are "
		 "served",
	    units_format_duration(now_ns - p->began_ns, text));
	p->began_ns = 0;
}

int64_t
pressure_turn(struct pressure *p, struct stats_shard *shard, int64_t now_ns)
{
	char why[PRESSURE_TEXT];
	bool has_limit = false, is_short;

	if (p->is_off)
		return -1;
	is_short =
	    limit_is_near(p, &has_limit, why) || tasks_wait(p, now_ns, why);
	if (is_short && p->began_ns == 0) {
		begin(p, why, now_ns);
		stats_add(shard, STATS_MEMORY_SHORTAGES, 1);
	} else if (!is_short && p->began_ns != 0) {
		end(p, now_ns);
	}
	stats_set(shard, STATS_MEMORY_PRESSURE, is_short);
	return has_limit ? limited_each_ns : look_each_ns;
}

const char *
pressure_describe(const struct pressure *p, char text[static PRESSURE_TEXT])
{
	char near[PRESSURE_TEXT], waits[CGROUP_PATH + 128];
	bool has_limit;

	(void)limit_is_near(p, &has_limit, near);
	if (p->is_off || p->fd >= 0)
		(void)snprintf(waits, sizeof waits, "%s",
		    p->is_off ? "not watched" : p->file);
	else
		(void)snprintf(waits, sizeof waits,
		    "waits are not watched (%s: %s)", p->file,
		    strerror(p->error));
	(void)snprintf(text, PRESSURE_TEXT, "%s%s%s", waits,
	    has_limit ? ", memory.max or memory.high of " : "",
	    has_limit ? p->dir : "");
	return text;
}
