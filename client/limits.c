/* limits: setrlimit(2); see the header. */
#include "client/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/resource.h>

/* Standard streams, loop, control sockets of all workers, and what was open. */
enum {
	OTHER_FILES = 320
};

int
limits_raise_files(uint64_t connections, struct errmsg *e)
{
	uint64_t needed = connections + OTHER_FILES;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return errmsg_set_errno(e, errno, "open files");
	if (limit.rlim_cur >= needed)
		return 0;
	if (limit.rlim_max < needed)
		return errmsg_set(e,
		    "%" PRIu64 " connections in a process need %" PRIu64
		    " open files, but the limit is %" PRIu64
		    ": raise it (ulimit -Hn), or use more --workers",
		    connections, needed, (uint64_t)limit.rlim_max);
	limit.rlim_cur = needed;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return errmsg_set_errno(e, errno, "open files");
	return 0;
}
