/* landlock: the three system calls, which glibc 2.41 lacks; see the header. */
#include "server/sandbox/landlock.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/base/assertion.h"

/* Of <linux/landlock.h>, which knows only its own kernel's version. */
enum {
	QUERY_VERSION = 1,
	NET_BIND_AND_CONNECT_TCP = 3,
	SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3,
};

struct ruleset {
	uint64_t
	    files; /* what is refused but for rules, of which we add none */
	uint64_t net;
	uint64_t scoped;
};

/* The number of rights about files that each version has, from bit 0. */
static const unsigned file_rights[] = { 0, 13, 14, 15, 15, 16 };

int
landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, QUERY_VERSION);

	return abi > 0 ? (int)abi : 0;
}

static struct ruleset
everything(int abi)
{
	int known = (int)(sizeof file_rights / sizeof *file_rights) - 1;
	unsigned rights = file_rights[abi < known ? abi : known];

	return (struct ruleset){ .files = (UINT64_C(1) << rights) - 1,
		.net = abi >= 4 ? NET_BIND_AND_CONNECT_TCP : 0,
		.scoped = abi >= 6 ? SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS : 0 };
}

/* An older kernel takes a longer struct, if what it does not know is 0. */
int
landlock_enter(int abi, struct errmsg *e)
{
	const struct ruleset all = everything(abi);
	long fd;
	int error = 0;

	ASSERT(abi > 0);
	fd = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (fd < 0)
		return errmsg_set_errno(e, errno, "landlock_create_ruleset");
	if (syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		error = errno;
	(void)close((int)fd);
	return error == 0
	    ? 0
	    : errmsg_set_errno(e, error, "landlock_restrict_self");
}
