/* writer: opens, checks, encodes, writes; see the header. */
#include "tools/record/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/sys/file.h"
#include "tools/record/encode.h"
#include "tools/record/walk.h"

enum {
	FULL_EVERY = 300, /* samples: what a seek may have to decode */
	TORN_MAX = 1 << 20
};

struct record_writer {
	int fd;
	char *path;
	bool is_file;
	unsigned conns;
	uint64_t found;
	off_t cut_off;
	off_t size; /* of a file, with whole blocks alone */
	uint64_t written;
	struct sample *before;
	struct record_buffer payload, bytes;
};

static int
damage_error(const struct record_writer *w, off_t at, struct errmsg *e)
{
	return errmsg_set(e,
	    "%s: damaged at byte %lld, with more behind it: record to another "
	    "file",
	    w->path, (long long)at);
}

/*
 * Finds the end of the last block that is whole. What was torn when a recorder
 * broke off is small, and has nothing whole behind it; anything else may be
 * worth repairing, and stays.
 */
static int
measure(struct record_writer *w, struct walk *walk, struct errmsg *e)
{
	enum walk_result result;
	struct walk_block b;
	off_t bad = -1;

	while ((result = walk_next(walk, &b)) == WALK_BLOCK) {
		bool whole = walk_payload(walk, &b, &w->payload) == 0;

		if (!whole && errno != EBADMSG)
			return errmsg_set_errno(e, errno, "%s", w->path);
		if (whole && bad >= 0)
			return damage_error(w, bad, e);
		if (!whole && bad < 0)
			bad = b.place.offset;
		w->found += whole;
	}
	if (result == WALK_FAILED)
		return errmsg_set_errno(e, walk->error, "%s", w->path);
	if (result == WALK_VERSION)
		return errmsg_set(e,
		    "%s: recorded by a newer tlsecho-stat: record to another "
		    "file",
		    w->path);
	w->size = bad >= 0 ? bad : walk->place.offset;
	w->cut_off = walk->size - w->size;
	return w->cut_off <= TORN_MAX ? 0 : damage_error(w, w->size, e);
}

static bool
begins_like_one(const struct record_writer *w, off_t size)
{
	static const char magic[] = RECORD_MAGIC;
	char bytes[sizeof magic - 1];
	size_t n = size < (off_t)sizeof bytes ? (size_t)size : sizeof bytes;

	return walk_read(w->fd, bytes, n, 0) == 0 &&
	    memcmp(bytes, magic, n) == 0;
}

static int
check_file(struct record_writer *w, off_t size, struct errmsg *e)
{
	struct walk *walk;
	int result;

	if (!begins_like_one(w, size))
		return errmsg_set(e,
		    "%s: not a recording of tlsecho-stat: nothing is appended "
		    "to it",
		    w->path);
	walk = calloc(1, sizeof *walk);
	if (walk == NULL)
		return errmsg_set(e, "out of memory");
	walk_init(walk, w->fd, size);
	result = measure(w, walk, e);
	free(walk);
	if (result == 0 && w->cut_off > 0 && ftruncate(w->fd, w->size) < 0)
		return errmsg_set_errno(e, errno, "%s", w->path);
	return result;
}

static int
lock(struct record_writer *w, struct errmsg *e)
{
	if (flock(w->fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return errmsg_set(
		    e, "%s: another tlsecho-stat is recording to it", w->path);
	return errmsg_set_errno(e, errno, "%s", w->path);
}

/* Of files the contents are read, too. A FIFO waits for its reader. */
static int
open_path(struct record_writer *w, struct errmsg *e)
{
	const int flags = O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY;
	struct stat st;
	bool is_other = stat(w->path, &st) == 0 && !S_ISREG(st.st_mode);

	w->fd = strcmp(w->path, "-") == 0
	    ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
	    : open(w->path, flags | (is_other ? O_WRONLY : O_RDWR), 0640);
	if (w->fd < 0 || fstat(w->fd, &st) < 0)
		return errmsg_set_errno(e, errno, "%s", w->path);
	if (isatty(w->fd))
		return errmsg_set(e,
		    "%s is a terminal: a recording is not text: give a file or "
		    "a pipe",
		    strcmp(w->path, "-") == 0 ? "standard output" : w->path);
	w->is_file = S_ISREG(st.st_mode) && strcmp(w->path, "-") != 0;
	if (!w->is_file)
		return 0;
	if (lock(w, e) < 0 || fstat(w->fd, &st) < 0)
		return -1;
	return check_file(w, st.st_size, e);
}

int
record_writer_open(struct record_writer **writer, const char *path,
    unsigned conns, struct errmsg *e)
{
	struct record_writer *w = calloc(1, sizeof *w);

	*writer = NULL;
	if (w == NULL)
		return errmsg_set(e, "out of memory");
	w->fd = -1;
	w->conns = conns;
	w->path = strdup(path);
	errmsg_set(e, "out of memory");
	if (w->path == NULL || open_path(w, e) < 0) {
		record_writer_close(&w);
		return -1;
	}
	*writer = w;
	return 0;
}

uint64_t
record_writer_found(const struct record_writer *w, off_t *cut_off)
{
	*cut_off = w->cut_off;
	return w->found;
}

bool
record_writer_is_file(const struct record_writer *w)
{
	return w->is_file;
}

int
record_writer_fd(const struct record_writer *w)
{
	return w->fd;
}

const struct record_buffer *
record_writer_bytes(const struct record_writer *w)
{
	return &w->bytes;
}

/* Buckets that are not known, of another release, are seen to be so when there
 * is something in them. */
static bool
has_same_hists(const struct sample *now, const struct sample *before)
{
	for (unsigned i = 0; i < sample_field_count(now); i++)
		if ((sample_hist(now, i) == NULL) !=
		    (sample_hist(before, i) == NULL))
			return false;
	return true;
}

/* Can one be told as changes of the other? */
static bool
is_comparable(const struct sample *now, const struct sample *before)
{
	const struct sample_server *a = sample_server(now);
	const struct sample_server *b = sample_server(before);

	if (!sample_same_server(now, before) || strcmp(a->name, b->name) != 0 ||
	    strcmp(a->foreign_user, b->foreign_user) != 0)
		return false;
	return memcmp(sample_field(now, 0), sample_field(before, 0),
		   sample_field_count(now) * sizeof(struct stats_field)) == 0 &&
	    has_same_hists(now, before);
}

static bool
is_known_dead(const struct record_writer *w, const struct sample *s)
{
	return w->before != NULL && is_comparable(s, w->before) &&
	    !sample_server(s)->is_alive && !sample_server(w->before)->is_alive;
}

int
record_writer_encode(
    struct record_writer *w, struct sample *s, struct errmsg *e)
{
	bool is_full = w->written % FULL_EVERY == 0 || w->before == NULL ||
	    !is_comparable(s, w->before);
	const struct record_basis basis = {
		.before = is_full ? NULL : w->before,
		.continues = w->written > 0,
		.conns = w->conns,
	};

	w->bytes.size = w->payload.size = 0;
	if (is_known_dead(w, s))
		return 0;
	if (!record_encode(&w->payload, s, &basis))
		return errmsg_set(e,
		    "%s: the segment has more than a recording can hold",
		    w->path);
	if (w->written++ == 0 && w->size == 0)
		record_put_header(&w->bytes);
	record_put_block(
	    &w->bytes, is_full ? RECORD_FULL : RECORD_CHANGES, &w->payload);
	if (w->bytes.failed)
		return errmsg_set(e, "out of memory");
	sample_free(&w->before);
	w->before = sample_hold(s);
	return 0;
}

/* What was written of the block is taken back, so that more can follow. */
int
record_writer_flush(struct record_writer *w, struct errmsg *e)
{
	int error = file_write_all(w->fd, w->bytes.data, w->bytes.size);

	if (error == 0) {
		w->size += (off_t)w->bytes.size;
		return 0;
	}
	if (w->is_file && ftruncate(w->fd, w->size) < 0)
		return errmsg_set_errno(e, errno, "%s", w->path);
	return errmsg_set_errno(e, -error, "%s", w->path);
}

void
record_writer_close(struct record_writer **writer)
{
	struct record_writer *w = *writer;

	*writer = NULL;
	if (w == NULL)
		return;
	if (w->fd >= 0)
		(void)close(w->fd);
	sample_free(&w->before);
	record_buffer_free(&w->payload);
	record_buffer_free(&w->bytes);
	free(w->path);
	free(w);
}
