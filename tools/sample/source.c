/* source: calls the kind's functions; see the header. */
#include "tools/sample/source.h"

#include "common/base/assertion.h"

enum source_event
source_next(struct source *source, struct sample **sample, struct errmsg *e)
{
	*sample = NULL;
	return source->ops->next(source, sample, e);
}

bool
source_is_recorded(const struct source *source)
{
	return source->ops->gap_ns != NULL;
}

int64_t
source_gap_ns(const struct source *source)
{
	ASSERT(source_is_recorded(source));
	return source->ops->gap_ns(source);
}

void
source_seek(struct source *source, int64_t by_ns)
{
	ASSERT(source_is_recorded(source));
	source->ops->seek(source, by_ns);
}

void
source_close(struct source **source)
{
	struct source *old = *source;

	*source = NULL;
	if (old != NULL)
		old->ops->close(old);
}
