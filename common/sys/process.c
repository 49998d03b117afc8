/* process: prctl(2); see the header. */
#include "common/sys/process.h"

#include <sys/prctl.h>

void
process_hide_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}
