/* memory: statm of each process; see the header. */
#include "server/master/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/master/workers.h"

enum {
	PATH_SIZE = 32
};

/* With a limit memory may grow fast; without it nobody waits for the gauge. */
static const int64_t limited_each_ns = 100 * CLOCK_NS_PER_MS;
static const int64_t look_each_ns = CLOCK_NS_PER_S;

/* Bytes; -1 with errno when it cannot be read. */
static int64_t
private_bytes(pid_t pid)
{
	char path[PATH_SIZE];
	char text[128];
	char *at = text;
	unsigned long resident, shared;
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text - 1);
	(void)close(fd);
	text[n > 0 ? n : 0] = '\0';
	(void)strtoul(at, &at, 10); /* all that is mapped */
	resident = strtoul(at, &at, 10);
	shared = strtoul(at, &at, 10);
	if (shared > resident)
		return 0;
	return (int64_t)(resident - shared) * sysconf(_SC_PAGESIZE);
}

int
memory_check(const struct config *config, struct errmsg *e)
{
	errno = ENOENT;
	if (config->max_memory > 0 && private_bytes(getpid()) <= 0)
		return errmsg_set_errno(e, errno,
		    "--max-memory: cannot read /proc/%d/statm", (int)getpid());
	return 0;
}

/* A worker is there until the master has waited for it, so it is hidden. */
static void
tell_once(
    struct memory *m, const struct config *config, unsigned index, pid_t pid)
{
	if (!m->told)
		log_write(config->max_memory > 0 ? LOG_WARN : LOG_INFO,
		    "--max-memory and the gauge 'memory' miss the workers:"
		    " worker %u: cannot read /proc/%d/statm: %s: mount"
		    " /proc without hidepid (systemd: ProtectProc=default)",
		    index, (int)pid, strerror(errno));
	m->told = true;
}

int64_t
memory_watch(
    struct memory *m, const struct workers *w, struct stats_shard *shard)
{
	int64_t bytes = private_bytes(getpid());
	int64_t sum = bytes > 0 ? bytes : 0;

	if (w->signers.now.pid != 0) {
		bytes = private_bytes(w->signers.now.pid);
		sum += bytes > 0 ? bytes : 0;
	}
	for (unsigned i = 0; i < w->slot_count; i++) {
		if (w->slots[i].pid == 0)
			continue;
		bytes = private_bytes(w->slots[i].pid);
		if (bytes < 0)
			tell_once(m, w->setup.config, i, w->slots[i].pid);
		else
			sum += bytes;
	}
	stats_set(shard, STATS_MEMORY, (uint64_t)sum);
	return w->setup.config->max_memory > 0 ? limited_each_ns : look_each_ns;
}

void
memory_warn_if_idle_exceeds(const struct config *config, uint64_t bytes)
{
	char limit[UNITS_TEXT], idle[UNITS_TEXT];

	if (config->max_memory > 0 && bytes > config->max_memory)
		log_warn("--max-memory %s lets nobody in: the idle server "
			 "itself has %s",
		    units_format_bytes(config->max_memory, limit),
		    units_format_bytes(bytes, idle));
}

uint64_t
memory_estimate_idle(const struct config *config)
{
	int64_t bytes = private_bytes(getpid());

	return bytes > 0 ? (uint64_t)bytes * (config->workers + 1) : 0;
}
