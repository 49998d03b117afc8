/* servers: a sorted table of sources; see the header. */
#include "tools/http/servers.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/stats/names.h"
#include "common/stats/reader.h"
#include "tools/http/event_json.h"

#define FRESH_NS  (100 * CLOCK_NS_PER_MS)
#define FORGET_NS (60 * CLOCK_NS_PER_S)

struct servers {
	const char *const *names;
	struct watched *of[SERVERS_MAX];
	unsigned count;
	int64_t now_ns; /* of the round that is under way */
};

static bool
is_pattern(const char *name)
{
	return strpbrk(name, "*?[") != NULL;
}

static void
watched_free(struct watched *w)
{
	source_close(&w->source);
	sample_free(&w->now);
	sample_free(&w->before);
	sample_free(&w->fresh);
	history_free(&w->history);
	points_clear(&w->points);
	free(w);
}

/* NULL with the reason. */
static struct watched *
watched_new(const char *name, bool is_named, struct errmsg *e)
{
	struct watched *w = calloc(1, sizeof *w);

	if (w == NULL) {
		errmsg_set(e, "out of memory");
		return NULL;
	}
	(void)snprintf(w->name, sizeof w->name, "%s", name);
	w->is_named = is_named;
	w->source = source_open_live(name, true, e);
	w->history = w->source != NULL ? history_new(2) : NULL;
	if (w->history != NULL)
		return w;
	if (w->source != NULL)
		errmsg_set(e, "out of memory");
	watched_free(w);
	return NULL;
}

/* Where a name is, or would be. */
static unsigned
place_of(const struct servers *servers, const char *name)
{
	unsigned i = 0;

	while (i < servers->count && strcmp(servers->of[i]->name, name) < 0)
		i++;
	return i;
}

static bool
has(const struct servers *servers, const char *name)
{
	unsigned i = place_of(servers, name);

	return i < servers->count && strcmp(servers->of[i]->name, name) == 0;
}

static int
add(struct servers *servers, const char *name, bool is_named, struct errmsg *e)
{
	unsigned at = place_of(servers, name);
	struct watched *w;

	if (has(servers, name))
		return 0;
	if (servers->count == SERVERS_MAX)
		return errmsg_set(e, "at most %d servers", SERVERS_MAX);
	w = watched_new(name, is_named, e);
	if (w == NULL)
		return -1;
	memmove(&servers->of[at + 1], &servers->of[at],
	    (servers->count - at) * sizeof servers->of[0]);
	servers->of[at] = w;
	w->seen_ns = clock_now_ns();
	servers->count++;
	return 0;
}

struct servers *
servers_new(const char *const *names, struct errmsg *e)
{
	struct servers *servers = calloc(1, sizeof *servers);

	if (servers == NULL) {
		errmsg_set(e, "out of memory");
		return NULL;
	}
	servers->names = names;
	for (unsigned i = 0; names[i] != NULL; i++) {
		if (is_pattern(names[i]))
			continue;
		if (add(servers, names[i], true, e) < 0) {
			servers_free(&servers);
			return NULL;
		}
	}
	return servers;
}

void
servers_free(struct servers **servers)
{
	struct servers *old = *servers;

	*servers = NULL;
	if (old == NULL)
		return;
	for (unsigned i = 0; i < old->count; i++)
		watched_free(old->of[i]);
	free(old);
}

/* Watches a segment that a pattern matches, if there is room. */
static void
on_segment(void *arg, const char *name)
{
	struct servers *servers = arg;
	struct errmsg ignored;

	for (unsigned i = 0; servers->names[i] != NULL; i++)
		if (is_pattern(servers->names[i]) &&
		    fnmatch(servers->names[i], name, 0) == 0)
			(void)add(servers, name, false, &ignored);
	if (has(servers, name))
		servers->of[place_of(servers, name)]->is_there = true;
}

static void
forget(struct servers *servers)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < servers->count; i++) {
		struct watched *w = servers->of[i];

		if (w->is_named || w->is_there ||
		    servers->now_ns - w->seen_ns < FORGET_NS)
			servers->of[kept++] = w;
		else
			watched_free(w);
	}
	servers->count = kept;
}

bool
servers_is_alive(const struct sample *s)
{
	return s != NULL && sample_server(s)->is_alive;
}

/* NULL: there is nobody. */
static struct sample *
next_sample(struct watched *w)
{
	struct errmsg ignored;
	struct sample *s;

	return source_next(w->source, &s, &ignored) == SOURCE_SAMPLE ? s : NULL;
}

static void
sample_one(struct watched *w, int64_t now_ns)
{
	struct sample *next = next_sample(w);

	sample_free(&w->fresh);
	sample_free(&w->before);
	w->before = w->now;
	w->now = next;
	if (servers_is_alive(next)) {
		w->seen_ns = now_ns;
		(void)history_add(w->history, next);
	}
	if (next == NULL ||
	    (w->before != NULL && !sample_same_server(next, w->before)))
		sample_free(&w->before);
	points_add(&w->points, event_json_point(w));
}

void
servers_sample(struct servers *servers)
{
	servers->now_ns = clock_now_ns();
	for (unsigned i = 0; i < servers->count; i++)
		servers->of[i]->is_there = false;
	stats_shm_each(on_segment, servers);
	for (unsigned i = 0; i < servers->count; i++)
		sample_one(servers->of[i], servers->now_ns);
	forget(servers);
}

unsigned
servers_count(const struct servers *servers)
{
	return servers->count;
}

struct watched *
servers_at(struct servers *servers, unsigned index)
{
	return servers->of[index];
}

struct watched *
servers_find(struct servers *servers, const char *name)
{
	if (name != NULL && name[0] != '\0')
		return has(servers, name) ? servers->of[place_of(servers, name)]
					  : NULL;
	for (unsigned i = 0; i < servers->count; i++)
		if (servers_is_alive(servers->of[i]->now))
			return servers->of[i];
	return servers->count > 0 ? servers->of[0] : NULL;
}

const struct sample *
servers_fresh(struct watched *w)
{
	const struct sample *last = w->fresh != NULL ? w->fresh : w->now;

	if (last != NULL && clock_now_ns() - sample_time_ns(last) < FRESH_NS)
		return last;
	sample_free(&w->fresh);
	w->fresh = next_sample(w);
	return w->fresh;
}
