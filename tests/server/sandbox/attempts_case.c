/* attempts_case: one function for each attempt; see the header. */
#include "tests/server/sandbox/attempts_case.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/scratch.h"

enum {
	NEVER = 0, /* Landlock has nothing to do with it */
	FROM_1 = 1,
	FROM_4 = 4,
	FROM_6 = 6
};

static const char key_path[] = "key";
static const char new_path[] = "new"; /* there is no such file */
static int tcp_fd;                    /* a socket that is not connected yet */
static int unix_fd;
static uint16_t tcp_port; /* where somebody listens */
static struct sockaddr_un abstract;
static socklen_t abstract_len;

/* Each returns what its call returns: -1 with errno, when it is refused. */
static int
read_key(void)
{
	return open(key_path, O_RDONLY | O_CLOEXEC);
}

static int
open_public_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static int
make_file(void)
{
	return open(new_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
}

static int
remove_file(void)
{
	return unlink(key_path);
}

static int
connect_out(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(tcp_port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	return connect(tcp_fd, (const struct sockaddr *)&to, sizeof to);
}

static int
bind_port(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	return bind(tcp_fd, (const struct sockaddr *)&to, sizeof to);
}

/* RFC 7413: by sendto(2), also on a listener that has been shut down. */
static int
connect_with_data(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(tcp_port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	if (bind_port() == 0 && listen(tcp_fd, 1) == 0)
		(void)shutdown(tcp_fd, SHUT_RD);
	return (int)sendto(tcp_fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL,
	    (const struct sockaddr *)&to, sizeof to);
}

static int
connect_to_abstract_socket(void)
{
	return connect(
	    unix_fd, (const struct sockaddr *)&abstract, abstract_len);
}

static int
make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
fork_process(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0 ? (_exit(0), 0)
	    : errno == 0                                         ? 0
								 : -1;
}

static void *
do_nothing(void *argument)
{
	return argument;
}

static int
start_thread(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, do_nothing, NULL);

	if (error == 0)
		error = pthread_join(thread, NULL);
	errno = error;
	return error == 0 ? 0 : -1;
}

static int
execute(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int
trace_parent(void)
{
	return (int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}

static int
read_memory_of_parent(void)
{
	char byte;
	const struct iovec to = { &byte, 1 };
	const struct iovec from = { &tcp_fd, 1 };

	return (int)process_vm_readv(getppid(), &to, 1, &from, 1, 0);
}

static int
signal_parent(void)
{
	return kill(getppid(), SIGCONT);
}

static int
signal_all(void)
{
	return kill(-1, 0);
}

/* SIGIO, or by F_SETSIG any, as soon as something comes. */
static int
signal_by_descriptor(void)
{
	return fcntl(tcp_fd, F_SETOWN, getppid());
}

static int
make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -1 : 0;
}

static int
make_data_code(void)
{
	return mprotect((void *)((uintptr_t)&tcp_fd & ~UINT64_C(4095)), 4096,
	    PROT_READ | PROT_WRITE | PROT_EXEC);
}

static int
show_memory(void)
{
	return prctl(PR_SET_DUMPABLE, 1);
}

static int
change_limit(void)
{
	const struct rlimit limit = { 64, 64 };

	return setrlimit(RLIMIT_NOFILE, &limit);
}

static int
leave_namespace(void)
{
	return (int)syscall(SYS_unshare, 0x10000000 /* CLONE_NEWUSER */);
}

static int
make_io_ring(void)
{
	char params[120] = { 0 };

	return (int)syscall(SYS_io_uring_setup, 1, params);
}

const struct attempt attempts[ATTEMPTS_COUNT] = {
	{ "read_key", read_key, FROM_1, true },
	{ "open_public_file", open_public_file, FROM_1, true },
	{ "make_file", make_file, FROM_1, true },
	{ "remove_file", remove_file, FROM_1, true },
	{ "execute", execute, FROM_1, false },
	{ "connect_out", connect_out, FROM_4, true },
	{ "connect_with_data", connect_with_data, NEVER, true },
	{ "bind_port", bind_port, FROM_4, true },
	{ "connect_to_abstract_socket", connect_to_abstract_socket, FROM_6,
	    true },
	{ "signal_parent", signal_parent, FROM_6, true },
	{ "signal_all", signal_all, NEVER, true },
	{ "signal_by_descriptor", signal_by_descriptor, NEVER, true },
	{ "trace_parent", trace_parent, FROM_1, false },
	{ "read_memory_of_parent", read_memory_of_parent, FROM_1, false },
	{ "fork_process", fork_process, NEVER, true },
	{ "start_thread", start_thread, NEVER, true },
	{ "make_socket", make_socket, NEVER, true },
	{ "make_code", make_code, NEVER, true },
	{ "make_data_code", make_data_code, NEVER, true },
	{ "show_memory", show_memory, NEVER, true },
	{ "change_limit", change_limit, NEVER, true },
	{ "leave_namespace", leave_namespace, NEVER, false },
	{ "make_io_ring", make_io_ring, NEVER, false },
};

static void
listen_for_attempts(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof in;
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(tcp, (struct sockaddr *)&in, sizeof in), 0);
	ck_assert_int_eq(listen(tcp, 1), 0);
	ck_assert_int_eq(getsockname(tcp, (struct sockaddr *)&in, &size), 0);
	tcp_port = ntohs(in.sin_port);
	/* With the family alone, the system chooses an abstract name. */
	abstract.sun_family = AF_UNIX;
	ck_assert_int_eq(bind(local, (struct sockaddr *)&abstract,
			     sizeof abstract.sun_family),
	    0);
	ck_assert_int_eq(listen(local, 1), 0);
	abstract_len = sizeof abstract;
	ck_assert_int_eq(
	    getsockname(local, (struct sockaddr *)&abstract, &abstract_len), 0);
	tcp_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unix_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

void
attempts_set_up(void)
{
	scratch_enter();
	scratch_write(key_path, "a key");
	listen_for_attempts();
}

void
attempts_tear_down(void)
{
	scratch_leave();
}

bool
attempt_is_refused(const struct attempt *attempt)
{
	errno = 0;
	return attempt->call() < 0 && (errno == EPERM || errno == EACCES);
}
