/* process: prctl(2) and capset(2); see the header. */
#include "common/sys/process.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

void
process_hide_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

int
process_keep_capabilities(uint64_t mask, struct errmsg *e)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct sets[2];
	uint32_t excess = 0;

	if (syscall(SYS_capget, &header, sets) < 0)
		return errmsg_set_errno(e, errno, "capget");
	for (int i = 0; i < 2; i++) {
		uint32_t dropped = ~(uint32_t)(mask >> 32 * i);

		excess |= (sets[i].permitted | sets[i].inheritable) & dropped;
		sets[i].effective &= ~dropped;
		sets[i].permitted &= ~dropped;
		sets[i].inheritable &= ~dropped;
	}
	/* A service manager may forbid the call to those who have none. */
	if (excess == 0)
		return 0;
	if (syscall(SYS_capset, &header, sets) < 0)
		return errmsg_set_errno(e, errno, "capset");
	return 0;
}

int
process_forbid_privileges(struct errmsg *e)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errmsg_set_errno(e, errno, "PR_SET_NO_NEW_PRIVS");
	return 0;
}
