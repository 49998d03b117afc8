/* causes: the table; see the header. */
#include "tools/sample/causes.h"

#include <string.h>

const struct cause causes[] = {
#define CAUSE(counter, kind, meaning, advice) \
	{ #counter, NULL, CAUSE_##kind, meaning, advice },
#define PART(counter, sum, kind, meaning, advice) \
	{ #counter, #sum, CAUSE_##kind, meaning, advice },
#include "tools/sample/causes.def"
#undef PART
#undef CAUSE
};

const size_t causes_count = sizeof causes / sizeof *causes;

const struct cause *
cause_find(const char *counter)
{
	for (size_t i = 0; i < causes_count; i++)
		if (strcmp(causes[i].counter, counter) == 0)
			return &causes[i];
	return NULL;
}
