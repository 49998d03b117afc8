/* tickets: a stack; see the header. */
#include "client/load/tickets.h"

#include <stdlib.h>

#include "common/base/assertion.h"
#include "common/tls/resume.h"

int
tickets_init(struct tickets *t, unsigned size)
{
	ASSERT(size > 0);
	*t = (struct tickets){ .size = size };
	t->of = calloc(size, sizeof *t->of);
	return t->of != NULL ? 0 : -1;
}

void
tickets_fini(struct tickets *t)
{
	while (t->count > 0)
		tls_resume_free(&t->of[--t->count]);
	free(t->of);
	t->of = NULL;
}

void
tickets_put(struct tickets *t, struct tls_resume *kept)
{
	ASSERT(t->count <= t->size);
	if (t->count == t->size)
		tls_resume_free(&kept);
	else if (kept != NULL)
		t->of[t->count++] = kept;
}

struct tls_resume *
tickets_get(struct tickets *t)
{
	return t->count > 0 ? t->of[--t->count] : NULL;
}
