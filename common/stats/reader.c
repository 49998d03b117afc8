/* reader: checks, then reads by the description; see the header. */
#include "common/stats/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/stats/names.h"
#include "common/stats/private.h"

static int
missing_error(const struct stats_shm *shm, struct errmsg *e)
{
	char others[STATS_SHM_NAMES];

	return errmsg_set(e,
	    "no segment '%s': is a server running with this --stats name? "
	    "There are: %s",
	    stats_shm_name(shm), stats_shm_names(others));
}

const char *
stats_shm_user(uid_t uid, char text[static STATS_SHM_USER])
{
	const struct passwd *user = getpwuid(uid);

	(void)snprintf(text, STATS_SHM_USER, "%u (%s)", uid,
	    user != NULL ? user->pw_name : "unknown");
	return text;
}

const char *
stats_shm_foreign_user(
    const struct stats_shm *shm, char text[static STATS_SHM_USER])
{
	struct stat st;

	text[0] = '\0';
	if (fstat(shm->fd, &st) == 0 && st.st_uid != 0 &&
	    st.st_uid != geteuid())
		(void)stats_shm_user(st.st_uid, text);
	return text;
}

static int
permission_error(const struct stats_shm *shm, struct errmsg *e)
{
	char user[STATS_SHM_USER];
	const struct group *group;
	struct stat st;

	if (stat(shm->path, &st) < 0)
		return errmsg_set_errno(e, errno, "%s", shm->path);
	group = getgrgid(st.st_gid);
	return errmsg_set(e,
	    "no permission to read segment '%s': it has mode %04o, user %s, "
	    "group %u (%s); the server's --stats-group and --stats-mode set "
	    "who may look",
	    stats_shm_name(shm), st.st_mode & 07777,
	    stats_shm_user(st.st_uid, user), st.st_gid,
	    group != NULL ? group->gr_name : "unknown");
}

static int
open_for_reading(struct stats_shm *shm, struct errmsg *e)
{
	struct stat st;
	int error = stats_shm_open(shm, O_RDONLY);

	if (error == ENOENT)
		return missing_error(shm, e);
	if (error == EACCES || error == EPERM)
		return permission_error(shm, e);
	if (error != 0 || fstat(shm->fd, &st) < 0)
		return errmsg_set_errno(
		    e, error != 0 ? error : errno, "%s", shm->path);
	if (!S_ISREG(st.st_mode))
		return errmsg_set(e, "%s is not a segment", shm->path);
	shm->size = (size_t)st.st_size;
	return 0;
}

static int
unfinished_error(const struct stats_shm *shm, struct errmsg *e)
{
	pid_t holder;

	if (stats_shm_is_locked(shm->fd, &holder))
		return errmsg_set(e,
		    "segment '%s' is just being set up by pid %d: try again",
		    stats_shm_name(shm), (int)holder);
	return errmsg_set(e,
	    "segment '%s' was never finished and its server is gone: "
	    "start the server again",
	    stats_shm_name(shm));
}

static bool
is_ready(const struct stats_shm *shm)
{
	const void *mark = shm->base + offsetof(struct stats_header, ready);

	return atomic_load_explicit(
		   (const _Atomic uint32_t *)mark, memory_order_acquire) != 0;
}

static int
copy_fields(struct stats_shm *shm, struct errmsg *e)
{
	const struct stats_header *h = &shm->header;

	shm->fields = calloc(h->field_count, sizeof *shm->fields);
	if (shm->fields == NULL)
		return errmsg_set(e, "out of memory");
	for (uint32_t i = 0; i < h->field_count; i++)
		memcpy(&shm->fields[i],
		    shm->base + h->field_offset + (size_t)i * h->field_size,
		    sizeof *shm->fields);
	return stats_segment_check_fields(h, shm->fields, e);
}

static void
copy_header(struct stats_shm *shm)
{
	struct stats_header *h = &shm->header;

	memcpy(h, shm->base, sizeof *h);
	/* Its own is shorter, and these words are something else. */
	if (h->field_offset < sizeof *h || h->slot_offset < sizeof *h)
		h->more_offset = h->more_size = 0;
}

static int
copy_more(struct stats_shm *shm, struct errmsg *e)
{
	const struct stats_header *h = &shm->header;

	memcpy(&shm->more, shm->base + h->more_offset,
	    h->more_size < sizeof shm->more ? h->more_size : sizeof shm->more);
	return stats_segment_check_more(h, &shm->more, e);
}

int
stats_shm_verify(struct stats_shm *shm, struct errmsg *e)
{
	copy_header(shm);
	if (stats_segment_check_header(&shm->header, shm->size, e) < 0 ||
	    copy_fields(shm, e) < 0 || copy_more(shm, e) < 0)
		return errmsg_prepend(e, "segment '%s'", stats_shm_name(shm));
	return 0;
}

static int
attach(struct stats_shm *shm, struct errmsg *e)
{
	if (open_for_reading(shm, e) < 0)
		return -1;
	if (shm->size < sizeof(struct stats_header))
		return unfinished_error(shm, e);
	if (stats_shm_map(shm, PROT_READ, e) < 0)
		return -1;
	if (!is_ready(shm))
		return unfinished_error(shm, e);
	return stats_shm_verify(shm, e);
}

int
stats_shm_attach(struct stats_shm **shm, const char *name, struct errmsg *e)
{
	*shm = stats_shm_new(name, e);
	if (*shm == NULL)
		return -1;
	if (attach(*shm, e) < 0) {
		stats_shm_close(shm);
		return -1;
	}
	return 0;
}

pid_t
stats_shm_owner(const struct stats_shm *shm)
{
	pid_t holder;

	/* F_GETLK does not report a lock of one's own. */
	if (shm->is_creator)
		return shm->header.pid;
	if (!stats_shm_is_locked(shm->fd, &holder))
		return 0;
	return holder > 0 ? holder : shm->header.pid;
}

const struct stats_header *
stats_shm_header(const struct stats_shm *shm)
{
	return &shm->header;
}

const struct stats_field *
stats_shm_field(const struct stats_shm *shm, unsigned field)
{
	ASSERT(field < shm->header.field_count);
	return &shm->fields[field];
}

static const void *
slot_base(const struct stats_shm *shm, unsigned slot)
{
	ASSERT(slot < shm->header.slot_count);
	return shm->base + shm->header.slot_offset +
	    (size_t)slot * shm->header.slot_size;
}

static const void *
in_shard(const struct stats_shm *shm, unsigned slot, unsigned shard,
    const struct stats_field *f)
{
	const struct stats_header *h = &shm->header;

	return (const uint8_t *)slot_base(shm, slot) + h->shard_offset +
	    (size_t)shard * h->shard_size + f->offset;
}

/*
 * The first word of a histogram is its count. Acquire, so that the minus of a
 * difference is loaded before its plus.
 */
static uint64_t
sum_shards(const struct stats_shm *shm, unsigned slot, unsigned field)
{
	const struct stats_field *f = stats_shm_field(shm, field);
	uint64_t sum = 0;

	for (unsigned i = 0; i < shm->header.shard_count; i++)
		sum += atomic_load_explicit(
		    (const _Atomic uint64_t *)in_shard(shm, slot, i, f),
		    memory_order_acquire);
	return sum;
}

uint64_t
stats_shm_value(const struct stats_shm *shm, unsigned slot, unsigned field)
{
	const struct stats_field *f = stats_shm_field(shm, field);
	uint64_t minus;
	uint64_t plus;

	if (f->kind != STATS_KIND_DIFFERENCE)
		return sum_shards(shm, slot, field);
	minus = sum_shards(shm, slot, f->minus);
	plus = sum_shards(shm, slot, f->plus);
	return plus > minus ? plus - minus : 0;
}

enum stats_state
stats_shm_state(const struct stats_shm *shm, unsigned slot)
{
	const struct stats_slot *s = slot_base(shm, slot);
	uint32_t state = atomic_load_explicit(&s->state, memory_order_relaxed);

	return state <= STATS_SLOT_DRAINING ? state : STATS_SLOT_EMPTY;
}

bool
stats_shm_is_stalled(const struct stats_shm *shm, unsigned slot)
{
	const struct stats_slot *s = slot_base(shm, slot);

	return atomic_load_explicit(&s->stalled, memory_order_relaxed) != 0;
}

int64_t
stats_shm_started_ns(const struct stats_shm *shm, unsigned slot)
{
	const struct stats_slot *s = slot_base(shm, slot);

	return atomic_load_explicit(&s->started_ns, memory_order_relaxed);
}

uint64_t
stats_shm_load(const struct stats_shm *shm, unsigned slot)
{
	const struct stats_slot *s = slot_base(shm, slot);
	uint64_t load = atomic_load_explicit(&s->load, memory_order_relaxed);

	return (load & UINT32_MAX) + (load >> 32);
}

_Static_assert(offsetof(struct stats_shard, busy_since_ns) == 0, "first");

/* How long the turn of a shard's loop is under way; 0: it sleeps. Shards of
 * another release may be aligned to words only. */
static int64_t
shard_turn_ns(const _Atomic int64_t *busy_since_ns, int64_t now_ns)
{
	int64_t since_ns =
	    atomic_load_explicit(busy_since_ns, memory_order_relaxed);

	return since_ns > 0 && since_ns < now_ns ? now_ns - since_ns : 0;
}

int64_t
stats_shm_turn_ns(const struct stats_shm *shm, unsigned slot, int64_t now_ns)
{
	const struct stats_header *h = &shm->header;
	const uint8_t *shards =
	    (const uint8_t *)slot_base(shm, slot) + h->shard_offset;
	int64_t longest_ns = 0;

	for (size_t i = 0; i < h->shard_count; i++) {
		const void *shard = shards + i * h->shard_size;
		int64_t turn_ns = h->shard_size < sizeof(int64_t)
		    ? 0
		    : shard_turn_ns(shard, now_ns);

		if (turn_ns > longest_ns)
			longest_ns = turn_ns;
	}
	return longest_ns;
}

pid_t
stats_shm_pid(const struct stats_shm *shm, unsigned slot)
{
	const struct stats_slot *s = slot_base(shm, slot);

	return atomic_load_explicit(&s->pid, memory_order_relaxed);
}

int
stats_shm_merge_hist(const struct stats_shm *shm, unsigned slot, unsigned field,
    struct hist *into)
{
	const struct stats_header *h = &shm->header;
	const struct stats_field *f = stats_shm_field(shm, field);

	ASSERT(f->kind == STATS_KIND_HIST);
	if (h->hist_buckets != HIST_BUCKETS ||
	    h->hist_sub_bits != HIST_SUB_BITS)
		return -1;
	for (unsigned shard = 0; shard < h->shard_count; shard++) {
		const struct hist *from = in_shard(shm, slot, shard, f);

		if (hist_count(from) > 0) /* most slots are never used */
			hist_merge(into, from);
	}
	return 0;
}
