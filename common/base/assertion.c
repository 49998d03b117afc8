/* assertion: the way out of a contradiction; see the header. */
#include "common/base/assertion.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void
assertion_failed(const char *file, int line, const char *expression)
{
	fprintf(
	    stderr, "%s:%d: assertion failed: %s\n", file, line, expression);
	abort();
}
