/* aside: names of segments whose server drains; see shm.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/stats/private.h"
#include "common/stats/shm.h"

enum {
	/* Of a name, so that ".draining.99" follows. */
	STEM_MAX = STATS_SHM_NAME - sizeof ".draining.99",
	DRAINING_MAX = 99
};

/* False: another server has that name. */
static bool
take_name(struct stats_shm *shm, const char *name, struct errmsg *e)
{
	char path[sizeof shm->path];

	(void)snprintf(path, sizeof path, "%s%s", STATS_SHM_PATH, name);
	stats_shm_remove_dead(name);
	if (renameat2(AT_FDCWD, shm->path, AT_FDCWD, path, RENAME_NOREPLACE) <
	    0) {
		errmsg_set_errno(e, errno, "%s", path);
		return false;
	}
	memcpy(shm->path, path, sizeof path);
	return true;
}

/* NAME.draining, NAME.draining.2 and so on. */
static const char *
draining_name(
    const struct stats_shm *shm, int number, char name[static STATS_SHM_NAME])
{
	int n = snprintf(name, STATS_SHM_NAME, "%.*s.draining", STEM_MAX,
	    stats_shm_name(shm));

	if (number > 1)
		(void)snprintf(
		    name + n, STATS_SHM_NAME - (size_t)n, ".%d", number);
	return name;
}

int
stats_shm_step_aside(struct stats_shm *shm, struct errmsg *e)
{
	char name[STATS_SHM_NAME];

	ASSERT(shm->is_creator);
	if (!stats_shm_is_named(shm))
		return errmsg_set(e, "%s is gone", shm->path);
	for (int i = 1; i <= DRAINING_MAX; i++)
		if (take_name(shm, draining_name(shm, i, name), e))
			return 0;
	return -1;
}

/* Whether nobody has it, or one of ours that is dead: see take_name. */
static bool
can_be_taken(const char *name)
{
	struct errmsg ignored;
	struct stats_shm *other = stats_shm_new(name, &ignored);
	struct stat st;
	pid_t holder;
	bool result = false;

	if (other == NULL)
		return false;
	if (lstat(other->path, &st) < 0)
		result = errno == ENOENT;
	else if (stats_shm_open(other, O_RDWR) == 0)
		result = st.st_uid == geteuid() &&
		    !stats_shm_is_locked(other->fd, &holder);
	stats_shm_close(&other);
	return result;
}

int
stats_shm_check_successor(const struct stats_shm *shm, struct errmsg *e)
{
	char name[STATS_SHM_NAME];

	if (!stats_shm_is_named(shm))
		return can_be_taken(stats_shm_name(shm))
		    ? 0
		    : errmsg_set(e,
			  "segment '%s' is another server's by now: an upgrade "
			  "needs a new one, so restart the server",
			  stats_shm_name(shm));
	for (int i = 1; i <= DRAINING_MAX; i++)
		if (can_be_taken(draining_name(shm, i, name)))
			return 0;
	return errmsg_set(e,
	    "no name for segment '%s' beside a new one: %s and all before it "
	    "are taken",
	    stats_shm_name(shm), name);
}
