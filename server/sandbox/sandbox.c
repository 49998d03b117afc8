/* sandbox: the layers, in their order; see the header. */
#include "server/sandbox/sandbox.h"

#include <stdio.h>

#include "common/sys/limits.h"
#include "common/sys/process.h"
#include "server/sandbox/landlock.h"

bool
sandbox_is_usual(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return false;
#else
	return true;
#endif
}

void
sandbox_probe(struct sandbox_layers *layers)
{
	layers->seccomp = syscalls_can_be_filtered();
	layers->landlock_abi = landlock_abi();
}

const char *
sandbox_describe(
    const struct sandbox_layers *layers, char text[static SANDBOX_TEXT])
{
	const char *seccomp = layers->seccomp ? "on" : "not available";

	if (layers->landlock_abi > 0)
		(void)snprintf(text, SANDBOX_TEXT,
		    "seccomp %s, Landlock ABI %d on", seccomp,
		    layers->landlock_abi);
	else
		(void)snprintf(text, SANDBOX_TEXT,
		    "seccomp %s, Landlock not available", seccomp);
	return text;
}

int
sandbox_confine(const struct sandbox_layers *layers, struct errmsg *e)
{
	if (process_keep_capabilities(0, e) < 0 || limits_forbid_core(e) < 0)
		return -1;
	process_hide_memory(); /* another user's process is shown again */
	if (process_forbid_privileges(e) < 0)
		return -1;
	return layers->landlock_abi > 0
	    ? landlock_enter(layers->landlock_abi, e)
	    : 0;
}

int
sandbox_filter(const struct sandbox_layers *layers, enum syscalls_role role,
    struct errmsg *e)
{
	return layers->seccomp ? syscalls_filter(role, e) : 0;
}
