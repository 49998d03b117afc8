/* test_reap: what is said of workers that have ended, and who is replaced. */
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/stats/shm.h"
#include "server/master/workers.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct shm_case c;
static struct workers w = { .slot_count = 1, .state = WORKERS_SERVING };
static char text[4096];

static const struct {
	const char *words;
	bool wanted, is_replaced;
	int status;
} ends[] = {
	{ "worker 0 has left\n", false, false, 0 },
	{ "worker 0 exited with status 1 after ", false, false, 1 },
	{ "worker 0 exited with status 0 after ", true, true, 0 },
	{ "worker 0 exited with status 1 after ", true, true, 1 },
};

static void
start(bool wanted, int status)
{
	shm_case_init(&c, "reap");
	w.setup.stats = shm_case_create(&c);
	w.slots[0] = (struct worker_slot){
		.control_fd = -1, .supply_fd = -1, .wanted = wanted
	};
	w.slots[0].pid = fork();
	if (w.slots[0].pid == 0)
		_exit(status);
}

TEST_EACH(worker_ends, ends)
{
	int fds[2];
	siginfo_t info;
	ssize_t n;

	start(ends[_i].wanted, ends[_i].status);
	ck_assert_int_eq(
	    waitid(P_PID, (id_t)w.slots[0].pid, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	(void)dup2(fds[1], STDERR_FILENO);
	workers_reap(&w);
	n = read(fds[0], text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	ck_assert_msg(strstr(text, ends[_i].words) != NULL, "%s", text);
	ck_assert_int_eq(w.slots[0].pid, 0);
	ck_assert_int_eq(w.slots[0].restart_ns != 0, ends[_i].is_replaced);
	stats_shm_close(&w.setup.stats);
}

SUITE("server/master/reap")
