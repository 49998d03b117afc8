/* shm: shm_open(3), the lock, how a segment begins and ends; see the header. */
#include "common/stats/shm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/stats/private.h"
#include "common/stats/stats.h"

enum {
	CLAIM_ATTEMPTS = 100,
};

int
stats_shm_check_name(const char *name, struct errmsg *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";

	if (name[0] == '\0' || strlen(name) >= STATS_SHM_NAME)
		return errmsg_set(e,
		    "a segment's name has 1 to %d characters, not %zu",
		    STATS_SHM_NAME - 1, strlen(name));
	if (name[0] == '.' || name[strspn(name, allowed)] != '\0')
		return errmsg_set(e,
		    "'%s' cannot name a segment: use letters, digits, '_', "
		    "'-' and '.', and no '.' in front",
		    name);
	return 0;
}

struct stats_shm *
stats_shm_new(const char *name, struct errmsg *e)
{
	struct stats_shm *shm;

	if (stats_shm_check_name(name, e) < 0)
		return NULL;
	shm = calloc(1, sizeof *shm);
	if (shm == NULL) {
		errmsg_set(e, "out of memory");
		return NULL;
	}
	shm->fd = -1;
	(void)snprintf(
	    shm->path, sizeof shm->path, "%s%s", STATS_SHM_PATH, name);
	return shm;
}

/* The name as shm_open(3) wants it: "/tlsecho.NAME". */
static const char *
shm_name(const struct stats_shm *shm)
{
	return shm->path + sizeof STATS_SHM_DIR - 1;
}

const char *
stats_shm_name(const struct stats_shm *shm)
{
	return shm->path + sizeof STATS_SHM_PATH - 1;
}

static void
close_fd(struct stats_shm *shm)
{
	if (shm->fd >= 0)
		(void)close(shm->fd);
	shm->fd = -1;
}

static bool
set_lock(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_SETLK, &lock) == 0;
}

bool
stats_shm_is_locked(int fd, pid_t *holder)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	*holder = 0;
	if (fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		return false;
	*holder = lock.l_pid;
	return true;
}

/* By path: to close a second descriptor would drop our lock (fcntl(2)). */
bool
stats_shm_is_named(const struct stats_shm *shm)
{
	struct stat by_fd, by_name;

	return fstat(shm->fd, &by_fd) == 0 && lstat(shm->path, &by_name) == 0 &&
	    by_fd.st_dev == by_name.st_dev && by_fd.st_ino == by_name.st_ino;
}

/* O_NONBLOCK: what lies there may be anything, a FIFO included. */
int
stats_shm_open(struct stats_shm *shm, int access)
{
	shm->fd = shm_open(shm_name(shm), access | O_CLOEXEC | O_NONBLOCK, 0);
	return shm->fd < 0 ? errno : 0;
}

/* Why the segment of another owner cannot be replaced. */
static int
replace_error(const struct stats_shm *shm, int error, struct errmsg *e)
{
	char user[STATS_SHM_USER];
	struct stat st;

	if (lstat(shm->path, &st) == 0 && st.st_uid != geteuid())
		return errmsg_set(e,
		    "%s belongs to user %s and cannot be replaced: "
		    "choose another --stats name",
		    shm->path, stats_shm_user(st.st_uid, user));
	return errmsg_set_errno(e, error, "%s", shm->path);
}

enum claim {
	CLAIM_DONE,
	CLAIM_RETRY, /* another process was faster; look again */
	CLAIM_FAILED
};

/* Nobody else replaces what we hold the lock of. */
static enum claim
remove_stale(struct stats_shm *shm, struct errmsg *e)
{
	char user[STATS_SHM_USER];
	pid_t holder;

	if (!set_lock(shm->fd)) {
		if (!stats_shm_is_locked(shm->fd, &holder))
			return CLAIM_RETRY;
		(void)stats_shm_foreign_user(shm, user);
		errmsg_set(e,
		    "segment '%s' is in use by pid %d%s%s: "
		    "choose another --stats name",
		    stats_shm_name(shm), (int)holder,
		    user[0] != '\0' ? " of user " : "", user);
		return CLAIM_FAILED;
	}
	if (stats_shm_is_named(shm) && shm_unlink(shm_name(shm)) < 0) {
		replace_error(shm, errno, e);
		return CLAIM_FAILED;
	}
	return CLAIM_RETRY;
}

/*
 * What exists is never written to, since its viewers have it mapped and its
 * owner may be an enemy; it is removed, under its lock, and created anew. A
 * starter that is overtaken between its shm_open and its lock finds its file
 * locked by the other, or without its name, and looks again.
 */
static enum claim
try_claim(struct stats_shm *shm, struct errmsg *e)
{
	int error = stats_shm_open(shm, O_RDWR);

	if (error == 0)
		return remove_stale(shm, e);
	if (error != ENOENT) {
		replace_error(shm, error, e);
		return CLAIM_FAILED;
	}
	shm->fd = shm_open(
	    shm_name(shm), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (shm->fd >= 0)
		return set_lock(shm->fd) && stats_shm_is_named(shm)
		    ? CLAIM_DONE
		    : CLAIM_RETRY;
	if (errno == EEXIST)
		return CLAIM_RETRY;
	errmsg_set_errno(e, errno, "%s", shm->path);
	return CLAIM_FAILED;
}

static int
claim(struct stats_shm *shm, struct errmsg *e)
{
	for (int i = 0; i < CLAIM_ATTEMPTS; i++) {
		switch (try_claim(shm, e)) {
		case CLAIM_DONE:
			shm->is_creator = true;
			return 0;
		case CLAIM_FAILED:
			return -1;
		case CLAIM_RETRY:
			close_fd(shm);
		}
	}
	return errmsg_set(
	    e, "%s is replaced by others again and again", shm->path);
}

void
stats_shm_remove_dead(const char *name)
{
	struct errmsg ignored;
	struct stats_shm *old = stats_shm_new(name, &ignored);

	if (old != NULL && stats_shm_open(old, O_RDWR) == 0)
		(void)remove_stale(old, &ignored);
	stats_shm_close(&old);
}

int
stats_shm_map(struct stats_shm *shm, int protection, struct errmsg *e)
{
	void *base = mmap(NULL, shm->size, protection, MAP_SHARED, shm->fd, 0);

	if (base == MAP_FAILED)
		return errmsg_set_errno(e, errno, "cannot map %s", shm->path);
	shm->base = base;
	return 0;
}

/* After all content, so that a viewer finds it; the umask does not count. */
static int
set_access(struct stats_shm *shm, const struct stats_shm_options *options,
    struct errmsg *e)
{
	if (options->group != (gid_t)-1 &&
	    fchown(shm->fd, (uid_t)-1, options->group) < 0)
		return errmsg_set_errno(e, errno,
		    "cannot give segment '%s' to group %u", options->name,
		    options->group);
	if (fchmod(shm->fd, options->mode & 0666) < 0)
		return errmsg_set_errno(e, errno,
		    "cannot set the mode of segment '%s'", options->name);
	return 0;
}

static void
describe(struct stats_shm *shm, const struct stats_shm_options *options)
{
	struct stats_header *h = &shm->header;

	h->pid = getpid();
	h->start_wall_ns = clock_wall_ns();
	h->start_ns = clock_now_ns();
	(void)snprintf(h->program, sizeof h->program, "%s", options->program);
	stats_describe(shm->fields);
	memcpy(shm->base + h->field_offset, shm->fields,
	    STATS_FIELDS * sizeof *shm->fields);
	memcpy(shm->base + h->more_offset, &shm->more, h->more_size);
	memcpy(shm->base, h, sizeof *h);
}

static int
set_up(struct stats_shm *shm, const struct stats_shm_options *options,
    struct errmsg *e)
{
	if (options->slots < 1 || options->slots > STATS_SEGMENT_SLOTS_MAX)
		return errmsg_set(e, "segment '%s': %u slots, not 1 to %d",
		    options->name, options->slots, STATS_SEGMENT_SLOTS_MAX);
	stats_segment_fill(&shm->header, options->slots);
	stats_segment_fill_more(
	    &shm->header, &shm->more, options->rows, options->offenders);
	stats_segment_fill_answers(&shm->header, &shm->more, options->answers);
	shm->size = shm->header.size;
	shm->fields = calloc(STATS_FIELDS, sizeof *shm->fields);
	if (shm->fields == NULL)
		return errmsg_set(e, "out of memory");
	if (claim(shm, e) < 0 || stats_shm_allocate(shm, options->run, e) < 0 ||
	    stats_shm_map(shm, PROT_READ | PROT_WRITE, e) < 0)
		return -1;
	describe(shm, options);
	if (set_access(shm, options, e) < 0)
		return -1;
	atomic_store_explicit(
	    &((struct stats_header *)(void *)shm->base)->ready, 1,
	    memory_order_release);
	return 0;
}

int
stats_shm_create(struct stats_shm **shm,
    const struct stats_shm_options *options, struct errmsg *e)
{
	*shm = stats_shm_new(options->name, e);
	if (*shm == NULL)
		return -1;
	if (set_up(*shm, options, e) < 0) {
		stats_shm_close(shm);
		return -1;
	}
	return 0;
}

void
stats_shm_close(struct stats_shm **pointer)
{
	struct stats_shm *shm = *pointer;

	*pointer = NULL;
	if (shm == NULL)
		return;
	if (shm->is_creator && stats_shm_is_named(shm))
		(void)shm_unlink(shm_name(shm));
	if (shm->base != NULL)
		(void)munmap(shm->base, shm->size);
	close_fd(shm);
	free(shm->fields);
	free(shm);
}

void
stats_shm_disown(struct stats_shm *shm)
{
	ASSERT(shm->is_creator);
	shm->is_creator = false;
	close_fd(shm);
}

struct stats_slot *
stats_shm_slot(struct stats_shm *shm, unsigned index)
{
	ASSERT(index < shm->header.slot_count);
	return (void *)(shm->base + shm->header.slot_offset +
	    (size_t)index * shm->header.slot_size);
}
