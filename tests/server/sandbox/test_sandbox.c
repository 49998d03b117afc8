/*
 * test_sandbox: a child enters the sandbox, and tries what a worker must not be
 * able to do: under both layers, and under each of them alone.
 */
#include "server/sandbox/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/sys/fd.h"
#include "common/sys/fdpass.h"
#include "tests/server/sandbox/attempts_case.h"
#include "tests/support/in_child.h"
#include "tests/support/suite.h"

enum {
	REFUSED = 10,
	DONE = 11,
	NOT_ENTERED = 12
};

static struct sandbox_layers layers;
static enum syscalls_role role = SYSCALLS_WORKER;

static void
setup(void)
{
	sandbox_probe(&layers);
	attempts_set_up();
}

static bool
enter(const struct sandbox_layers *which)
{
	struct errmsg e;

	if (sandbox_confine(which, &e) == 0 &&
	    sandbox_filter(which, role, &e) == 0)
		return true;
	(void)fprintf(stderr, "%s\n", e.text);
	return false;
}

/* How an attempt ends; which: NULL for no sandbox. */
static int
try_in_child(const struct attempt *attempt, const struct sandbox_layers *which)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return in_child_wait(pid);
	if (which != NULL && !enter(which))
		_exit(NOT_ENTERED);
	_exit(attempt_is_refused(attempt) ? REFUSED : DONE);
}

static void
expect_refused(const struct attempt *attempt,
    const struct sandbox_layers *which, const char *layer)
{
	int result = try_in_child(attempt, which);

	ck_assert_msg(
	    result == REFUSED, "%s under %s: %d", attempt->name, layer, result);
}

TEST_EACH(refused_by_all_layers, attempts)
{
	if (!layers.seccomp && layers.landlock_abi == 0) {
		suite_skip("this kernel has neither seccomp nor Landlock");
		return;
	}
	if (layers.seccomp ||
	    (attempts[_i].landlock_abi > 0 &&
		layers.landlock_abi >= attempts[_i].landlock_abi))
		expect_refused(&attempts[_i], &layers, "both");
}

TEST_EACH(refused_by_seccomp_alone, attempts)
{
	const struct sandbox_layers one = { .seccomp = true };

	if (!layers.seccomp)
		suite_skip("this kernel has no seccomp");
	else
		expect_refused(&attempts[_i], &one, "seccomp");
}

TEST_EACH(refused_to_the_signer_by_seccomp_alone, attempts)
{
	const struct sandbox_layers one = { .seccomp = true };

	role = SYSCALLS_SIGNER;
	if (!layers.seccomp)
		suite_skip("this kernel has no seccomp");
	else
		expect_refused(&attempts[_i], &one, "seccomp");
}

/* Whatever a token's module does, it does not turn on others. */
TEST_EACH(refused_to_tokens, attempts)
{
	static const char *const names[] = { "execute", "signal_parent",
		"signal_all", "trace_parent", "read_memory_of_parent",
		"leave_namespace", "make_io_ring" };
	const struct sandbox_layers one = { .seccomp = true };

	role = SYSCALLS_TOKEN;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (layers.seccomp && strcmp(names[i], attempts[_i].name) == 0)
			expect_refused(&attempts[_i], &one, "seccomp");
}

/* What a worker may do with its connections, and a signer has none. */
static void
ask_for_more(void)
{
	char byte;
	int fd;

	role = SYSCALLS_SIGNER;
	if (!enter(&layers))
		_exit(NOT_ENTERED);
	fd = accept4(STDIN_FILENO, NULL, NULL, 0);
	if (fd != -1 || errno != EPERM)
		_exit(1);
	if (read(STDIN_FILENO, &byte, 1) != -1 || errno != EPERM)
		_exit(2);
	if (setsockopt(
		STDIN_FILENO, SOL_SOCKET, SO_KEEPALIVE, &fd, sizeof fd) != -1 ||
	    errno != EPERM)
		_exit(3);
}

TEST(signer_gets_less_than_a_worker)
{
	if (!layers.seccomp)
		suite_skip("this kernel has no seccomp");
	else
		ck_assert_int_eq(in_child_status(ask_for_more), 0);
}

TEST_EACH(refused_by_landlock_alone, attempts)
{
	const struct attempt *attempt = &attempts[_i];
	const struct sandbox_layers one = { .landlock_abi =
						layers.landlock_abi };

	if (attempt->landlock_abi == 0)
		return;
	if (layers.landlock_abi < attempt->landlock_abi) {
		suite_skip("this kernel's Landlock is too old, or off");
		return;
	}
	expect_refused(attempt, &one, "Landlock");
}

/* Else the tests above would show nothing. */
TEST_EACH(done_without_a_sandbox, attempts)
{
	if (attempts[_i].is_mine)
		ck_assert_int_eq(try_in_child(&attempts[_i], NULL), DONE);
}

/* What a worker goes on with: memory, locks, waiting, chance, and descriptors
 * that come from the master. */
static void
work(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct errmsg e;
	char text[16], byte = 'x';
	int pair[2], got, spare = -1;
	void *memory;

	if (fd_open_pair(&pair[0], &pair[1], &e) < 0 || !enter(&layers))
		_exit(1);
	memory = malloc(8 << 20);
	fdpass_keep_spare(&spare);
	if (memory == NULL || spare < 0 || pthread_mutex_lock(&mutex) != 0)
		_exit(2);
	free(memory);
	if (fdpass_send(pair[0], &byte, 1, STDERR_FILENO) != 0 ||
	    fdpass_receive_with_spare(pair[1], text, 1, &got, &spare) != 1 ||
	    got < 0)
		_exit(3);
	if (usleep(1) < 0 || getpid() <= 0 || getentropy(text, 8) < 0)
		_exit(4);
}

TEST(work_goes_on)
{
	ck_assert_int_eq(in_child_status(work), 0);
}

static void
abort_inside(void)
{
	if (enter(&layers)) {
		(void)signal(SIGABRT, SIG_DFL);
		abort();
	}
	_exit(1);
}

/* A failed assertion still ends the process by its signal. */
TEST(abort_works)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		abort_inside();
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
}

static sem_t started, entered;

static void *
open_in_thread(void *arg)
{
	(void)arg;
	(void)sem_post(&started);
	(void)sem_wait(&entered);
	_exit(attempt_is_refused(&attempts[0]) ? REFUSED : DONE);
}

static void
filter_other_thread(void)
{
	pthread_t thread;
	struct errmsg e;

	(void)sem_init(&started, 0, 0);
	(void)sem_init(&entered, 0, 0);
	if (pthread_create(&thread, NULL, open_in_thread, NULL) != 0)
		_exit(1);
	(void)sem_wait(&started);
	if (sandbox_filter(&layers, SYSCALLS_WORKER, &e) < 0)
		_exit(NOT_ENTERED);
	(void)sem_post(&entered);
	(void)pthread_join(thread, NULL);
}

TEST(filter_holds_for_all_threads)
{
	if (!layers.seccomp)
		suite_skip("this kernel has no seccomp");
	else
		ck_assert_int_eq(in_child_status(filter_other_thread), REFUSED);
}

static void
look_at_rights(void)
{
	const struct sandbox_layers none = { .seccomp = false };
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct sets[2];
	struct rlimit core;

	if (!enter(&none) || syscall(SYS_capget, &header, sets) < 0)
		_exit(1);
	if ((sets[0].permitted | sets[0].effective | sets[1].permitted |
		sets[1].effective) != 0)
		_exit(2);
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		_exit(3);
	if (getrlimit(RLIMIT_CORE, &core) < 0 || core.rlim_max != 0)
		_exit(4);
	if (!SUITE_IS_SANITIZED && prctl(PR_GET_DUMPABLE) != 0)
		_exit(5);
}

TEST(rights_are_given_up_without_either)
{
	ck_assert_int_eq(in_child_status(look_at_rights), 0);
}

static const struct {
	struct sandbox_layers layers;
	const char *text;
} descriptions[] = {
	{ { true, 7 }, "seccomp on, Landlock ABI 7 on" },
	{ { true, 0 }, "seccomp on, Landlock not available" },
	{ { false, 0 }, "seccomp not available, Landlock not available" },
};

TEST_EACH(description, descriptions)
{
	char text[SANDBOX_TEXT];

	ck_assert_str_eq(sandbox_describe(&descriptions[_i].layers, text),
	    descriptions[_i].text);
}

SUITE_BETWEEN("server/sandbox/sandbox", setup, attempts_tear_down)
