/* proc: the fields of /proc/PID/stat behind the name; see the header. */
#include "tools/sample/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"

/* Numbers behind the state, which is field 3 of proc(5). */
enum {
	USER = 14 - 4,
	SYSTEM = 15 - 4,
	START = 22 - 4,
	PAGES = 24 - 4,
	FIELDS
};

static int64_t
ticks_to_ns(unsigned long long ticks)
{
	return (int64_t)ticks * (CLOCK_NS_PER_S / sysconf(_SC_CLK_TCK));
}

/* Since a moment in ticks of the time since the host was booted. */
static int64_t
age_of(unsigned long long start)
{
	struct timespec now = { 0 };
	int64_t age_ns;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	age_ns = now.tv_sec * CLOCK_NS_PER_S + now.tv_nsec - ticks_to_ns(start);
	return age_ns > 0 ? age_ns : 0;
}

/* All fields behind the state; some of those that are not used are negative. */
static bool
read_values(const char *text, unsigned long long values[static FIELDS])
{
	for (unsigned i = 0; i < FIELDS; i++) {
		char *end;

		values[i] = strtoull(text, &end, 10);
		if (end == text)
			return false;
		text = end;
	}
	return true;
}

/* The name, in brackets, may hold anything, brackets as well. */
static void
parse(const char *text, struct sample_slot *slot)
{
	unsigned long long values[FIELDS];
	const char *state = strrchr(text, ')');

	if (state == NULL || strncmp(state, ") ", 2) != 0)
		return;
	state += 2;
	if (!read_values(state + 1, values))
		return;
	slot->is_stopped = *state == 'T' || *state == 't';
	slot->age_ns = age_of(values[START]);
	slot->cpu_ns = ticks_to_ns(values[USER] + values[SYSTEM]);
	slot->memory_bytes = (int64_t)values[PAGES] * sysconf(_SC_PAGESIZE);
}

void
proc_read(struct sample_slot *slot)
{
	char text[1024];
	char path[32];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", (int)slot->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, text, sizeof text - 1);
	(void)close(fd);
	if (n <= 0)
		return;
	text[n] = '\0';
	parse(text, slot);
}
