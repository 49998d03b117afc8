/* test_reload_request: a server that answers or does not, and ends at once. */
#include "server/reload_request.h"

#include <signal.h>
#include <unistd.h>

#include "common/stats/answer.h"
#include "tests/support/in_child.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct shm_case c;

/* In the child: without an end of its own, so that the segment stays. */
static void
serve(int ready_fd, bool answers)
{
	struct stats_shm *shm = shm_case_create(&c);
	sigset_t set;
	int number;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	ck_assert_int_eq(write(ready_fd, "r", 1), 1);
	ck_assert_int_eq(sigwait(&set, &number), 0);
	stats_answer_begin(shm);
	if (answers)
		stats_answer_give(shm, STATS_ANSWER_TAKEN, "done");
	_exit(0);
}

static int
ask(bool answers, struct errmsg *e)
{
	int ends[2], result;
	char byte;
	pid_t pid;

	shm_case_init(&c, "reload");
	c.options.answers = true;
	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		serve(ends[1], answers);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	result = reload_request(c.name, e);
	ck_assert_int_eq(in_child_wait(pid), 0);
	ck_assert_int_eq(unlink(c.path), 0);
	return result;
}

TEST(server_answers_and_ends)
{
	struct errmsg e;

	for (int i = 0; i < 10; i++)
		ck_assert_msg(ask(true, &e) == 0, "%s", e.text);
}

TEST(server_ends_without_an_answer)
{
	struct errmsg e;

	ck_assert_int_eq(ask(false, &e), -1);
	ck_assert_str_eq(e.text, "the server ended before it answered");
}

SUITE("server/reload_request")
