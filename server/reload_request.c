/* reload_request: find, signal, wait; see the header. */
#include "server/reload_request.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/answer.h"
#include "common/stats/reader.h"

enum {
	LOOK_MS = 5
};

/* -1, or a descriptor of the process that holds the segment's lock. */
static int
open_server(const struct stats_shm *shm, struct errmsg *e)
{
	const char *name = stats_shm_name(shm);
	pid_t pid = stats_answer_server(shm);
	int fd;

	if (pid < 0)
		return errmsg_set(e,
		    "the server of segment '%s' is in another pid namespace: "
		    "run this there",
		    name);
	fd = pid > 0 ? pidfd_open(pid, 0) : -1;
	/* It holds the lock still, so the descriptor is of no later process. */
	if (fd >= 0 && stats_answer_server(shm) == pid)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return errmsg_set(
	    e, "the server of segment '%s' is dead: start it again", name);
}

static int
wait_for_answer(const struct stats_shm *shm, int server, uint64_t before,
    struct stats_answer *answer, struct errmsg *e)
{
	int64_t until_ns = clock_now_ns() + RELOAD_REQUEST_S * CLOCK_NS_PER_S;
	struct pollfd ended = { server, POLLIN, 0 };

	while (!stats_answer_read(shm, before, answer)) {
		if (clock_now_ns() > until_ns)
			return errmsg_set(e,
			    "no answer in %d s: the signal was sent, so see "
			    "the server's log",
			    RELOAD_REQUEST_S);
		/* Its last answer may have come since the look. */
		if (poll(&ended, 1, LOOK_MS) > 0)
			return stats_answer_read(shm, before, answer)
			    ? 0
			    : errmsg_set(
				  e, "the server ended before it answered");
	}
	return 0;
}

static int
ask(const struct stats_shm *shm, int server, struct errmsg *e)
{
	uint64_t before = stats_answer_begun(shm);
	struct stats_answer answer;

	if (pidfd_send_signal(server, SIGHUP, NULL, 0) < 0)
		return errmsg_set_errno(e, errno,
		    "SIGHUP to pid %d: run this as root or the server's user",
		    (int)stats_answer_server(shm));
	if (wait_for_answer(shm, server, before, &answer, e) < 0)
		return -1;
	if (answer.result == STATS_ANSWER_DRAINING)
		return errmsg_set(e, "%s", answer.text);
	if (answer.result != STATS_ANSWER_TAKEN)
		return errmsg_set(
		    e, "reload refused, nothing changed: %s", answer.text);
	printf("reload: %s\n", answer.text);
	return 0;
}

int
reload_request(const char *stats_name, struct errmsg *e)
{
	struct stats_shm *shm;
	int server, result = -1;

	if (stats_shm_attach(&shm, stats_name, e) < 0)
		return -1;
	if (!stats_answer_is_there(shm)) {
		(void)errmsg_set(e,
		    "the server of segment '%s' is of a release that does not "
		    "answer: send it SIGHUP",
		    stats_name);
	} else if ((server = open_server(shm, e)) >= 0) {
		result = ask(shm, server, e);
		(void)close(server);
	}
	stats_shm_close(&shm);
	return result;
}
