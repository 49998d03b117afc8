/*
 * process: what the system may do with this process, and it with the system.
 *
 * Use:
 *	process_hide_memory();
 *	... then load keys ...
 */
#ifndef COMMON_SYS_PROCESS_H
#define COMMON_SYS_PROCESS_H

#include <stdint.h>

#include "common/base/errmsg.h"

/*
 * The memory of this process and of its children to come, with the keys in it,
 * goes neither to a core file nor to a debugger (prctl(2), PR_SET_DUMPABLE). A
 * sanitizer build stays as it is: its leak check is a debugger.
 */
void process_hide_memory(void);

/*
 * This thread has no other capabilities any more, also as root: bit n of the
 * mask is capability n of <linux/capability.h>. A program that root executes
 * has them all again.
 */
int process_keep_capabilities(uint64_t mask, struct errmsg *e);

/* No exec gives this thread more rights (prctl(2), PR_SET_NO_NEW_PRIVS). */
int process_forbid_privileges(struct errmsg *e);

#endif
