/* guard: a jump out of the signal handler; see the header. */
#include "common/stats/guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

static sigjmp_buf cut_short;

static void
on_sigbus(int number)
{
	(void)number;
	siglongjmp(cut_short, 1);
}

bool
stats_guarded(void (*read)(void *arg), void *arg)
{
	const struct sigaction guard = { .sa_handler = on_sigbus };
	volatile bool is_whole = false;
	struct sigaction before;

	(void)sigaction(SIGBUS, &guard, &before);
	if (sigsetjmp(cut_short, 1) == 0) {
		read(arg);
		is_whole = true;
	}
	(void)sigaction(SIGBUS, &before, NULL);
	return is_whole;
}
