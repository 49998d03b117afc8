/* open: chooses the kind of source; see the header. */
#include "tools/open.h"

#include "tools/record/replay.h"

struct source *
open_source(const struct options *o, struct errmsg *e)
{
	if (o->replay != NULL)
		return source_open_replay(o->replay, e);
	return source_open_live(options_name(o), o->wait, e);
}
