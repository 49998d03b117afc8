/* upgrade: fork, execve, and the other way round; see the header. */
#include "server/master/upgrade.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/adopt.h"
#include "common/sys/child.h"
#include "common/sys/log.h"
#include "server/master/handover.h"
#include "server/master/rehearsal.h"
#include "server/master/workers.h"
#include "server/takeover.h"

/* A rehearsal that takes longer is killed. */
static const int64_t limit_ns = 10 * CLOCK_NS_PER_S;

static struct stats_shard *
own_shard(const struct workers *w)
{
	return &stats_shm_slot(w->setup.stats, 0)->shards[STATS_SHARD_MASTER];
}

static void
refuse(const struct workers *w, const char *why)
{
	stats_add(own_shard(w), STATS_UPGRADES_REFUSED, 1);
	log_error("upgrade refused, this program goes on: %s", why);
}

/* What stands in the way, or NULL. */
static const char *
find_obstacle(const struct upgrade *u, const struct workers *w)
{
	unsigned used = 0;

	for (unsigned i = 0; i < w->slot_count; i++)
		used += w->slots[i].wanted || w->slots[i].pid != 0;
	if (u->pid != 0)
		return "one is under way";
	if (u->has_old_segment)
		return "workers of one with other counters still drain";
	if (w->setup.config->interactive)
		return "the server is --interactive";
	if (w->state != WORKERS_SERVING)
		return "the server is starting, or draining";
	if (w->slot_count - used < w->setup.config->workers)
		return "workers of earlier ones still drain, and keep their "
		       "slots (see --drain-timeout)";
	return NULL;
}

/*
 * As execvp(3), but what is no program is not read by a shell. Returns if it
 * fails, with the error in errno.
 */
static void
become_program(char **argv)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];
	int error = ENOENT;

	if (strchr(argv[0], '/') != NULL || path == NULL) {
		(void)execv(argv[0], argv);
		return;
	}
	while (*path != '\0') {
		int n = (int)strcspn(path, ":");

		(void)snprintf(file, sizeof file, "%.*s%s%s", n, path,
		    n > 0 ? "/" : "", argv[0]);
		(void)execv(file, argv);
		if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
			return;
		error = errno == EACCES ? EACCES : error;
		path += path[n] == ':' ? n + 1 : n;
	}
	errno = error;
}

static int
rehearse(void *arg)
{
	const struct upgrade *u = arg;

	become_program(u->argv);
	fprintf(stderr, "%s: %s\n", u->argv[0], strerror(errno));
	return 1;
}

void
upgrade_begin(struct upgrade *u, struct workers *w)
{
	const char *obstacle = find_obstacle(u, w);
	char *notify = getenv("NOTIFY_SOCKET");
	char *kept = notify != NULL ? strdup(notify) : NULL;
	struct errmsg e;
	pid_t pid;

	if (obstacle == NULL && rehearsal_ask(w->setup.config, &e) < 0)
		obstacle = e.text;
	if (obstacle != NULL) {
		free(kept);
		refuse(w, obstacle);
		return;
	}
	(void)unsetenv("NOTIFY_SOCKET"); /* it is this process's */
	pid = child_fork(rehearse, u);
	rehearsal_ask_no_more();
	if (kept != NULL)
		(void)setenv("NOTIFY_SOCKET", kept, 1);
	free(kept);
	if (pid < 0) {
		refuse(w, strerror((int)-pid));
		return;
	}
	u->pid = w->other_pid = pid;
	w->other_has_ended = false;
	u->is_late = false;
	u->kill_ns = clock_now_ns() + limit_ns;
	log_info("upgrade: %s rehearses", u->argv[0]);
}

static void
become(const struct upgrade *u, const struct workers *w)
{
	int segment_fd = stats_shm_fd(w->setup.stats);

	handover_write(w, segment_fd);
	(void)fflush(NULL);
	become_program(u->argv);
	handover_undo(w, segment_fd);
	refuse(w, strerror(errno));
}

void
upgrade_on_child(struct upgrade *u, struct workers *w)
{
	char how[CHILD_TEXT], why[CHILD_TEXT + 64];

	if (u->pid == 0 || !w->other_has_ended)
		return;
	rehearsal_remove(u->pid);
	u->pid = w->other_pid = 0;
	if (workers_are_draining(w))
		return;
	if (WIFEXITED(w->other_status) &&
	    WEXITSTATUS(w->other_status) == REHEARSAL_PASSED) {
		become(u, w);
		return;
	}
	(void)snprintf(why, sizeof why, "the new one %s%s",
	    child_describe(w->other_status, how),
	    u->is_late ? ", since it was not ready in 10 s" : "");
	refuse(w, why);
}

int64_t
upgrade_turn(struct upgrade *u, int64_t now_ns)
{
	if (u->pid == 0 || u->is_late)
		return -1;
	if (now_ns < u->kill_ns)
		return u->kill_ns - now_ns;
	u->is_late = true;
	child_kill(u->pid);
	return -1;
}

void
upgrade_close(struct upgrade *u)
{
	pid_t pid;
	int status;

	if (u->pid == 0)
		return;
	child_kill(u->pid);
	do
		pid = child_wait(&status);
	while (pid > 0 && pid != u->pid);
	rehearsal_remove(u->pid);
	u->pid = 0;
}
