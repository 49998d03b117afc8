/* limits: setrlimit(2), ip(7); see the header. */
#include "common/sys/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "common/base/assertion.h"
#include "common/base/units.h"

/* Standard streams, epoll, sockets of all workers, and what was inherited. */
enum {
	OTHER_FILES = 320
};

uint64_t
limits_raise_files(void)
{
	struct rlimit limit = { 0, 0 };
	struct rlimit all;

	(void)getrlimit(RLIMIT_NOFILE, &limit);
	all = (struct rlimit){ limit.rlim_max, limit.rlim_max };
	return setrlimit(RLIMIT_NOFILE, &all) == 0 ? limit.rlim_max
						   : limit.rlim_cur;
}

uint64_t
limits_max_files(void)
{
	struct rlimit limit = { 0, 0 };

	(void)getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_max;
}

int
limits_reserve_files(uint64_t connections, struct errmsg *e)
{
	uint64_t needed = connections + OTHER_FILES;
	uint64_t limit = limits_raise_files();

	if (limit >= needed)
		return 0;
	return errmsg_set(e,
	    "a process with %" PRIu64 " connection%s needs %" PRIu64
	    " open files, but the limit is %" PRIu64
	    ": raise it (ulimit -Hn)%s",
	    connections, units_plural(connections), needed, limit,
	    limit > OTHER_FILES ? ", or use more --workers" : "");
}

int
limits_forbid_core(struct errmsg *e)
{
	static const struct rlimit none;

	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return errmsg_set_errno(e, errno, "RLIMIT_CORE");
	return 0;
}

/* The file has "32768	60999", say; that is also the kernel's default. */
static uint64_t
count_ports(void)
{
	char text[64];
	const char *line = "32768 60999";
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	unsigned long first;
	unsigned long last;
	char *rest;

	if (file != NULL) {
		if (fgets(text, sizeof text, file) != NULL)
			line = text;
		(void)fclose(file);
	}
	first = strtoul(line, &rest, 10);
	last = strtoul(rest, NULL, 10);
	return last >= first ? last - first + 1 : 0;
}

int
limits_check_ports(uint64_t connections, unsigned pairs, struct errmsg *e)
{
	uint64_t ports = count_ports();

	ASSERT(pairs > 0);
	if (connections <= ports * pairs)
		return 0;
	return errmsg_set(e,
	    "%" PRIu64 " connections between %u pair%s of addresses need as "
	    "many local ports, but there are %" PRIu64
	    ": widen net.ipv4.ip_local_port_range, or --bind more addresses",
	    connections, pairs, units_plural(pairs), ports * pairs);
}
