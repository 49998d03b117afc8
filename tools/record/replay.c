/* replay: an index of full blocks, and one block read ahead; see the header. */
#include "tools/record/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/container_of.h"
#include "tools/record/decode.h"
#include "tools/record/walk.h"

enum {
	INDEX_MAX = 2048 /* full blocks; of more, every second and so on */
};

struct entry {
	struct walk_place place;
	int64_t position_ns, wall_ns;
};

struct replay {
	struct source source;
	int fd;
	char *path;
	struct walk *walk;
	struct entry index[INDEX_MAX];
	size_t entries;
	uint64_t full_blocks, stride; /* every stride-th is in the index */
	uint64_t count;
	int64_t first_ns, last_ns;

	/* The block that comes next, if there is one. */
	struct walk_block next;
	enum walk_result result;
	int64_t position_ns; /* of the sample given last */
	struct sample *before;
	struct record_buffer payload;
};

static struct replay *
replay_of(struct source *source)
{
	return CONTAINER_OF(source, struct replay, source);
}

static const struct replay *
const_of(const struct source *source)
{
	return (const struct replay *)(const void *)source;
}

/* Makes room by leaving out every second one. */
static void
thin_out(struct replay *r)
{
	r->entries /= 2;
	for (size_t i = 0; i < r->entries; i++)
		r->index[i] = r->index[2 * i];
	r->stride *= 2;
}

static void
add_entry(struct replay *r, const struct walk_block *b)
{
	if (r->entries == INDEX_MAX)
		thin_out(r);
	if (r->full_blocks++ % r->stride == 0)
		r->index[r->entries++] =
		    (struct entry){ b->place, b->position_ns, b->wall_ns };
}

/* How the walk ended, in words; empty for the usual end. */
static void
explain(const struct replay *r, enum walk_result result, struct errmsg *e)
{
	const long long at = (long long)r->walk->place.offset;

	e->text[0] = '\0';
	if (result == WALK_FAILED)
		(void)errmsg_set_errno(e, r->walk->error, "%s", r->path);
	else if (result == WALK_VERSION)
		(void)errmsg_set(e,
		    "%s: byte %lld: a newer version of recordings: use a newer "
		    "tlsecho-stat",
		    r->path, at);
	else if (result == WALK_TORN)
		(void)errmsg_set(e,
		    "%s: cut short or damaged at byte %lld: samples end there",
		    r->path, at);
}

static int
check_magic(struct replay *r, struct errmsg *e)
{
	char magic[sizeof RECORD_MAGIC - 1];

	if (walk_read(r->fd, magic, sizeof magic, 0) < 0 && errno != ENODATA)
		return errmsg_set_errno(e, errno, "%s", r->path);
	if (r->walk->size < RECORD_HEADER ||
	    memcmp(magic, RECORD_MAGIC, sizeof magic) != 0)
		return errmsg_set(e,
		    "%s: not a recording of tlsecho-stat: make one with "
		    "--record",
		    r->path);
	return 0;
}

/* 0, or an errno and words for it. */
static int
read_payload(struct replay *r, const struct walk_block *b, struct errmsg *e)
{
	int error = walk_payload(r->walk, b, &r->payload) < 0 ? errno : 0;

	if (error == EBADMSG)
		(void)errmsg_set(e, "%s: damaged at byte %lld: wrong checksum",
		    r->path, (long long)b->place.offset);
	else if (error == ENODATA)
		(void)errmsg_set(e, "%s: cut short while it was read", r->path);
	else if (error != 0)
		(void)errmsg_set_errno(e, error, "%s", r->path);
	return error;
}

static void
count(struct replay *r, const struct walk_block *b)
{
	if (b->block.type == RECORD_FULL)
		add_entry(r, b);
	if (r->entries == 0) /* changes of what is not there */
		return;
	if (r->count++ == 0)
		r->first_ns = b->wall_ns;
	r->last_ns = b->wall_ns;
}

/*
 * The last block counts if its contents have arrived on the disk, too. Else a
 * byte of it is left, which is not a whole block.
 */
static int
count_last(struct replay *r, const struct walk_block *last,
    enum walk_result *result, struct errmsg *e)
{
	int error = read_payload(r, last, e);

	if (error == 0)
		count(r, last);
	if (error != EBADMSG)
		return error == 0 ? 0 : -1;
	r->walk->size = last->place.offset + 1;
	walk_go(r->walk, &last->place);
	*result = WALK_TORN;
	return 0;
}

static int
make_index(struct replay *r, struct errmsg *e)
{
	struct walk_block b, last = { .block.type = 0 };
	enum walk_result result;

	if (check_magic(r, e) < 0)
		return -1;
	while ((result = walk_next(r->walk, &b)) == WALK_BLOCK) {
		if (last.block.type != 0)
			count(r, &last);
		last = b;
	}
	if (last.block.type != 0 && count_last(r, &last, &result, e) < 0)
		return -1;
	if (r->entries > 0)
		return 0;
	explain(r, result, e);
	if (e->text[0] == '\0')
		errmsg_set(e, "%s: no sample has been recorded yet", r->path);
	return -1;
}

static void
go(struct replay *r, const struct walk_place *place)
{
	walk_go(r->walk, place);
	r->result = walk_next(r->walk, &r->next);
}

/* Of the block that comes next, which is passed; NULL: it cannot be read. */
static struct sample *
decode_next(struct replay *r, struct errmsg *e)
{
	struct sample *s;

	if (read_payload(r, &r->next, e) != 0)
		return NULL;
	s = record_decode((enum record_type)r->next.block.type, r->payload.data,
	    r->payload.size, r->before, e);
	if (s == NULL) {
		errmsg_prepend(e, "%s: sample at byte %lld", r->path,
		    (long long)r->next.place.offset);
		return NULL;
	}
	sample_free(&r->before);
	r->before = s;
	r->position_ns = r->next.position_ns;
	r->result = walk_next(r->walk, &r->next);
	return s;
}

static enum source_event
replay_next(struct source *source, struct sample **sample, struct errmsg *e)
{
	struct replay *r = replay_of(source);

	if (r->result != WALK_BLOCK) {
		explain(r, r->result, e);
		return SOURCE_ENDED;
	}
	*sample = decode_next(r, e);
	if (*sample == NULL)
		return SOURCE_FAILED;
	(void)sample_hold(*sample);
	return SOURCE_SAMPLE;
}

static int64_t
replay_gap_ns(const struct source *source)
{
	const struct replay *r = const_of(source);

	return r->result == WALK_BLOCK ? r->next.position_ns - r->position_ns
				       : 0;
}

/* The place of the last full block that is not behind a time. */
static const struct walk_place *
find_entry(const struct replay *r, int64_t ns, bool by_wall)
{
	size_t i = r->entries - 1;

	while (i > 0 &&
	    (by_wall ? r->index[i].wall_ns : r->index[i].position_ns) > ns)
		i--;
	return &r->index[i].place;
}

/* Decodes what is needed so that the block at this offset comes next. */
static void
approach(struct replay *r, const struct walk_place *from, off_t offset)
{
	struct errmsg ignored; /* the next sample will say it again */

	go(r, from);
	while (r->result == WALK_BLOCK && r->next.place.offset < offset)
		if (decode_next(r, &ignored) == NULL)
			break;
}

/*
 * From where a time is looked for: the full block before it, or, if that has
 * been passed on the way to it, from here.
 */
static struct walk_place
start_of(struct replay *r, int64_t ns, bool by_wall, bool backward)
{
	struct walk_place from = *find_entry(r, ns, by_wall);

	if (!backward && !by_wall && r->before != NULL && ns > r->position_ns &&
	    r->result == WALK_BLOCK && r->next.place.offset >= from.offset)
		return r->next.place;
	sample_free(&r->before);
	return from;
}

/*
 * The first sample at or after a time, or the last one at or before it. There
 * is always one: the nearest.
 */
static void
seek(struct replay *r, int64_t ns, bool by_wall, bool backward)
{
	const struct walk_place from = start_of(r, ns, by_wall, backward);
	off_t offset;

	go(r, &from);
	offset = r->next.place.offset;
	while (r->result == WALK_BLOCK) {
		int64_t here_ns =
		    by_wall ? r->next.wall_ns : r->next.position_ns;

		if (backward && here_ns > ns)
			break;
		offset = r->next.place.offset;
		if (!backward && here_ns >= ns)
			break;
		r->result = walk_next(r->walk, &r->next);
	}
	approach(r, &from, offset);
}

static void
replay_seek(struct source *source, int64_t by_ns)
{
	struct replay *r = replay_of(source);
	int64_t ns;

	if (__builtin_add_overflow(r->position_ns, by_ns, &ns))
		ns = by_ns < 0 ? 0 : INT64_MAX;
	seek(r, ns, false, by_ns < 0);
}

void
replay_seek_wall(struct source *source, int64_t wall_ns)
{
	seek(replay_of(source), wall_ns, true, true);
}

static void
replay_close(struct source *source)
{
	struct replay *r = replay_of(source);

	sample_free(&r->before);
	if (r->fd >= 0)
		(void)close(r->fd);
	record_buffer_free(&r->payload);
	free(r->walk);
	free(r->path);
	free(r);
}

uint64_t
replay_count(const struct source *source)
{
	return const_of(source)->count;
}

int64_t
replay_first_ns(const struct source *source)
{
	return const_of(source)->first_ns;
}

int64_t
replay_last_ns(const struct source *source)
{
	return const_of(source)->last_ns;
}

/* Without waiting for a writer of a FIFO. */
static int
open_file(struct replay *r, struct errmsg *e)
{
	struct stat st;

	r->fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (r->fd < 0 || fstat(r->fd, &st) < 0)
		return errmsg_set_errno(e, errno, "%s", r->path);
	if (!S_ISREG(st.st_mode))
		return errmsg_set(e,
		    "%s: not a regular file: recordings are replayed from "
		    "files",
		    r->path);
	walk_init(r->walk, r->fd, st.st_size);
	return 0;
}

struct source *
source_open_replay(const char *path, struct errmsg *e)
{
	static const struct source_ops ops = {
		.next = replay_next,
		.gap_ns = replay_gap_ns,
		.seek = replay_seek,
		.close = replay_close,
	};
	struct replay *r = calloc(1, sizeof *r);
	struct source *source;

	if (r == NULL) {
		errmsg_set(e, "out of memory");
		return NULL;
	}
	r->source.ops = &ops;
	r->fd = -1;
	r->stride = 1;
	r->path = strdup(path);
	r->walk = calloc(1, sizeof *r->walk);
	source = &r->source;
	errmsg_set(e, "out of memory");
	if (r->path == NULL || r->walk == NULL || open_file(r, e) < 0 ||
	    make_index(r, e) < 0)
		source_close(&source);
	else
		go(r, &r->index[0].place);
	return source;
}
