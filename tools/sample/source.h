/*
 * source: where samples come from, one after the other.
 *
 * A live source follows a name: when its server goes away, it tells so, and the
 * next server of that name is attached as soon as it is there, even while the
 * one before still drains. Other sources are other files' (they fill in struct
 * source_ops).
 *
 * Owns:	struct source; samples are the caller's.
 * Use:
 *	source = source_open_live("default", false, &e);
 *	while ((event = source_next(source, &sample, &e)) == SOURCE_SAMPLE)
 *		...
 *	source_close(&source);
 */
#ifndef TOOLS_SAMPLE_SOURCE_H
#define TOOLS_SAMPLE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "tools/sample/sample.h"

enum source_event {
	SOURCE_FAILED = -1, /* with the reason */
	SOURCE_SAMPLE,
	SOURCE_WAITING, /* there is no server yet; ask again later */
	SOURCE_ENDED,   /* there are no more */
};

struct source;

struct source_ops {
	enum source_event (*next)(
	    struct source *source, struct sample **sample, struct errmsg *e);
	/* Recorded time from the sample given last to the next one, at least
	 * 0; NULL: samples are of the moment at which one asks. */
	int64_t (*gap_ns)(const struct source *source);
	/* As source_seek; NULL with gap_ns. */
	void (*seek)(struct source *source, int64_t by_ns);
	void (*close)(struct source *source);
};

/* The first member of what each kind allocates. */
struct source {
	const struct source_ops *ops;
};

/*
 * Follows the server of a name. NULL when there is none, or it cannot be read,
 * unless it is to be waited for: then only a name that cannot be one, and no
 * memory. A dead server's segment is there, and is a sample of a dead server.
 */
struct source *source_open_live(const char *name, bool wait, struct errmsg *e);

/*
 * The next sample, for sample_free. Of a live source, one at this moment: of a
 * dead or draining server as long as no other has come.
 */
enum source_event source_next(
    struct source *source, struct sample **sample, struct errmsg *e);

/* Whether it is recorded; only then are the next two to be called. */
bool source_is_recorded(const struct source *source);
int64_t source_gap_ns(const struct source *source);
/* Goes on at what was recorded so much after (or, negative, before) the sample
 * given last, or at the end nearest to that. */
void source_seek(struct source *source, int64_t by_ns);

/* *source may be NULL, and becomes NULL. */
void source_close(struct source **source);

#endif
