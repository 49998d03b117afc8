/* upgrade: fork, execve, and the other way round; see the header. */
#include "server/master/upgrade.h"

#include <errno.h>
#include <fcntl.h>
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
#include "server/master/descriptors.h"
#include "server/master/handover.h"
#include "server/master/private.h"
#include "server/master/rehearsal.h"
#include "server/master/resize.h"
#include "server/master/workers.h"

#define PROGRAM "tlsecho-server"

enum {
	REASON_TEXT = 1024
};

/* A rehearsal that takes longer is killed. */
static const int64_t limit_ns = 10 * CLOCK_NS_PER_S;

static void
close_out(struct upgrade *u)
{
	if (u->out_fd >= 0)
		(void)close(u->out_fd);
	u->out_fd = -1;
}

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
	if (u->pid != 0)
		return "one is under way";
	if (u->has_old_segment)
		return "workers of one with other counters still drain";
	if (w->setup.config->interactive)
		return "the server is --interactive";
	if (w->state != WORKERS_SERVING)
		return "the server is starting, or draining";
	if (resize_count_free(w) < w->setup.config->workers &&
	    !resize_has_old(w))
		return "there are too few slots for as many workers again: "
		       "see SIGTTIN, or ulimit -n";
	if (resize_count_free(w) < w->setup.config->workers)
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

/* What a rehearsal is forked with. */
struct rehearsal_child {
	char **argv;
	const struct rehearsal *asked;
	int out_fd; /* becomes its standard error */
};

static int
rehearse(void *arg)
{
	const struct rehearsal_child *child = arg;

	(void)dup2(child->out_fd, STDERR_FILENO);
	(void)fcntl(child->asked->credentials_fd, F_SETFD, 0);
	(void)fcntl(child->asked->segment_fd, F_SETFD, 0);
	(void)unsetenv("NOTIFY_SOCKET"); /* it is the master's */
	if (rehearsal_ask(child->asked) == 0)
		become_program(child->argv);
	fprintf(stderr, "%s\n", strerror(errno));
	return 1;
}

/* Its pid, or -errno. What it says can be read from u->out_fd. */
static pid_t
start_rehearsal(struct upgrade *u, const struct rehearsal *asked)
{
	struct rehearsal_child child = { .argv = u->argv, .asked = asked };
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK); /* who writes blocks */
	child.out_fd = ends[1];
	pid = child_fork(rehearse, &child);
	(void)close(ends[1]);
	u->out_fd = ends[0];
	if (pid < 0)
		close_out(u);
	return pid;
}

void
upgrade_begin(struct upgrade *u, struct master *m)
{
	struct workers *w = &m->workers;
	const char *obstacle = find_obstacle(u, w);
	const struct rehearsal asked = { .config = m->config,
		.slots = w->slot_count,
		.descriptors = descriptors_count_passed(m),
		.credentials_fd = w->setup.credentials_fd,
		.segment_fd = stats_shm_fd(m->stats) };
	pid_t pid;

	if (obstacle != NULL) {
		refuse(w, obstacle);
		return;
	}
	pid = start_rehearsal(u, &asked);
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

void
upgrade_become(const struct upgrade *u, const struct master *m)
{
	handover_write(m);
	(void)fflush(NULL);
	become_program(u->argv);
	handover_undo(m);
	refuse(&m->workers, strerror(errno));
}

/*
 * The first line that it has said, without the name of the program that said
 * it; or "". What is not printable is masked by the log.
 */
static const char *
read_reason(const struct upgrade *u, char text[static REASON_TEXT])
{
	size_t name = sizeof PROGRAM ": " - 1;
	ssize_t n = read(u->out_fd, text, REASON_TEXT - 1);

	text[n > 0 ? n : 0] = '\0';
	text += strspn(text, "\n");
	text[strcspn(text, "\n")] = '\0';
	return strncmp(text, PROGRAM ": ", name) == 0 ? text + name : text;
}

static void
tell_failure(const struct upgrade *u, const struct workers *w)
{
	char how[CHILD_TEXT], said[REASON_TEXT], why[REASON_TEXT + 128];
	const char *reason = read_reason(u, said);

	(void)snprintf(why, sizeof why, "the new one %s%s%s%s",
	    child_describe(w->other_status, how),
	    u->is_late ? ", since it was not ready in 10 s" : "",
	    reason[0] != '\0' ? ": " : "", reason);
	refuse(w, why);
}

bool
upgrade_on_child(struct upgrade *u, struct workers *w)
{
	bool has_passed = child_exited(w->other_status) &&
	    WEXITSTATUS(w->other_status) == REHEARSAL_PASSED;

	if (u->pid == 0 || !w->other_has_ended)
		return false;
	rehearsal_remove(u->pid);
	u->pid = w->other_pid = 0;
	if (!has_passed && !workers_are_draining(w))
		tell_failure(u, w);
	close_out(u);
	return has_passed && !workers_are_draining(w);
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
	if (u->pid == 0)
		return;
	child_kill(u->pid);
	(void)child_wait_for(u->pid);
	rehearsal_remove(u->pid);
	u->pid = 0;
	close_out(u);
}
