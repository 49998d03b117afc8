/* What the server makes of a system that lacks something. */
#include <check.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

#define SERVER                                                      \
	"tlsecho-server --listen 127.0.0.1:0 --cert ca/server.pem " \
	"--key ca/server.key --ca ca/ca.pem --workers 2"

static struct server server;
static struct tlspeer peer;

/* Which a process needs some 15 of, and the master some for each worker. */
static const struct {
	unsigned max_fds;
	const char *workers;
} descriptors[] = { { 32, "1" }, { 64, "1" }, { 64, "2" } };

START_TEST(few_descriptors)
{
	enum {
		MANY = 100
	};
	const struct spawn_options options = { .max_fds =
						   descriptors[_i].max_fds };
	int fds[MANY];

	(void)close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
	server_start_as(&server, NULL, &options, "--workers",
	    descriptors[_i].workers, NULL);
	tlspeer_join(&peer, server.port);
	for (unsigned i = 0; i < MANY; i++)
		fds[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "refused_no_descriptor") > 0);
	tlspeer_echo(&peer, "still here", 10);
	for (unsigned i = 0; i < MANY; i++)
		(void)close(fds[i]);
	tlspeer_finish(&peer);
	server_stop(&server);
}
END_TEST

/* It ends before it is ready, and says what it lacks. */
START_TEST(too_few_descriptors)
{
	char name[STATS_SHM_NAME];

	server_new_name(name);
	shell_expect(1, "Too many open files",
	    "ulimit -n 20; for i in 3 4 5 6 7 8 9; do"
	    " eval \"exec $i>&-\"; done; exec " SERVER " --stats %s",
	    name);
	ck_assert(!server_segment_exists(name));
}
END_TEST

/* A tmpfs of its own, in a mount namespace of its own. */
START_TEST(full_dev_shm)
{
	if (shell("unshare -rm mount -t tmpfs none /dev/shm") != 0) {
		suite_skip("no namespaces");
		return;
	}
	shell_expect(1, "segment 'full' needs",
	    "unshare -rm sh -c 'mount -t tmpfs -o size=64k none /dev/shm &&"
	    " exec " SERVER " --stats full'");
	ck_assert_ptr_nonnull(strstr(shell_output(), "No space left"));
}
END_TEST

/* Memory; or a thread, which pthread_create(3) has another word for. */
static bool
says_what_it_lacks(void)
{
	return strstr(shell_output(), "Cannot allocate memory") != NULL ||
	    strstr(shell_output(), "thread: Resource temporarily") != NULL;
}

/* It does not start, or it serves: by the size of its address space, in KiB. */
START_TEST(address_space)
{
	char name[STATS_SHM_NAME];
	int status;

	if (SUITE_IS_SANITIZED) {
		suite_skip("a sanitizer maps terabytes");
		return;
	}
	for (unsigned size = 16000; size <= 256000; size *= 2) {
		server_new_name(name);
		status = shell("mkfifo ready; (ulimit -v %u; exec " SERVER
			       " --stats %s --ready-fd 3 3>ready) & pid=$!;"
			       " read -r address <ready && kill $pid;"
			       " rm ready; wait $pid",
		    size, name);
		ck_assert_msg(status == 0 || status == 1 || status == 127,
		    "%u: %d: %s", size, status, shell_output());
		ck_assert(!server_segment_exists(name));
		if (status == 1)
			ck_assert(says_what_it_lacks());
	}
	ck_assert_int_eq(status, 0);
}
END_TEST

/* The child that is no worker. */
static pid_t
log_process(void)
{
	char text[256], *rest;

	ck_assert_int_eq(shell("pgrep -P %d", (int)server.process.pid), 0);
	(void)snprintf(text, sizeof text, "%s", shell_output());
	for (char *at = text; *at != '\0'; at = rest) {
		pid_t pid = (pid_t)strtol(at, &rest, 10);

		if (pid > 0 && pid != server_worker_pid(&server, 0) &&
		    pid != server_worker_pid(&server, 1))
			return pid;
		rest += *rest == '\n';
	}
	return 0;
}

START_TEST(killed_log_process)
{
	pid_t pid;

	server_start(&server, NULL);
	tlspeer_join(&peer, server.port);
	pid = log_process();
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	tlspeer_echo(&peer, "hello", 5);
	AWAIT(log_process() != pid && log_process() > 0);
	spawn_signal(&server.process, SIGUSR1);
	spawn_expect(&server.process, "accepted=1");
	tlspeer_finish(&peer);
	server_stop(&server);
	/* The end of a listener is no error. */
	ck_assert(!spawn_said(&server.process, "Invalid argument"));
}
END_TEST

static char group[PATH_MAX];

/* With so much memory, where the controller is; this needs root as a rule. */
static bool
make_group(const char *limit)
{
	static const char *const makers[] = {
		"all=$(sed -n 's/.* \\(\\/[^ ]*\\) [^ ]* .*- cgroup2 .*/\\1/p'"
		" /proc/self/mountinfo | head -n 1); file=memory.max;"
		" grep -qs memory $all/cgroup.subtree_control && ",
		"all=/sys/fs/cgroup/memory; file=memory.limit_in_bytes; "
	};
	static const char make[] =
	    "group=$all/tlsecho.$$; mkdir $group || exit 1;"
	    " echo $limit >$group/$file && printf %s $group || rmdir $group";

	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (shell("limit=%s; %s { %s; }", limit, makers[i], make) ==
			0 &&
		    shell_output()[0] == '/') {
			(void)strcpy(group, shell_output());
			return true;
		}
	return false;
}

static void
enter_group(pid_t pid)
{
	shell_expect(0, "", "echo %d >%s/cgroup.procs", (int)pid, group);
}

static bool
comes_in(void)
{
	bool is_in;

	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "ca/alice" });
	is_in = tlspeer_handshake(&peer) == 0 &&
	    gnutls_record_send(peer.session, "x", 1) == 1 &&
	    tlspeer_receive(&peer, &(char){ 0 }, 1) == 1;
	tlspeer_close(&peer);
	return is_in;
}

/* The kernel kills a worker; another one serves when there is memory again. */
START_TEST(group_with_little_memory)
{
	enum {
		MANY = 3000
	};
	const struct rlimit enough = { MANY + 100, MANY + 100 };
	static int fds[MANY];
	unsigned count = 0;

	if (SUITE_IS_SANITIZED || setrlimit(RLIMIT_NOFILE, &enough) < 0 ||
	    !make_group("6M")) {
		suite_skip("no control group can be made, or filled");
		return;
	}
	server_start(&server, NULL);
	for (unsigned i = 0; i < 2; i++)
		enter_group(server_worker_pid(&server, i));
	enter_group(server.process.pid);
	while (count < MANY && server_total(&server, "worker_restarts") == 0)
		fds[count++] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "worker_restarts") > 0);
	while (count > 0)
		(void)close(fds[--count]);
	AWAIT(comes_in());
	server_stop(&server);
	ck_assert(spawn_said(&server.process, "SIGKILL"));
	shell_expect(0, "", "rmdir %s", group);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/shortage");

	SUITE_ADD_LOOP(
	    s, few_descriptors, sizeof descriptors / sizeof *descriptors);
	SUITE_ADD(s, too_few_descriptors);
	SUITE_ADD(s, full_dev_shm);
	SUITE_ADD(s, address_space);
	SUITE_ADD(s, killed_log_process);
	SUITE_ADD(s, group_with_little_memory);
	return fixture_run(s, argc, argv);
}
