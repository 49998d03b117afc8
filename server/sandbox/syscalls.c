/* syscalls: one table of system calls; see the header. */
#include "server/sandbox/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* libseccomp's levels of what the kernel can do. */
enum {
	API_ALL_THREADS = 2,
	API_LOG = 3
};

/*
 * Everyone's calls, those of the libraries, and what a C library that is newer
 * would use for the same.
 */
static const int shared[] = {
	/* What passes between processes. */
	SCMP_SYS(close), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(write),
	/* Waiting, and time. */
	SCMP_SYS(clock_gettime), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2), SCMP_SYS(epoll_wait), SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	/* Memory. */
	SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mremap), SCMP_SYS(munmap),
	/* Threads and signals, of this process. */
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(membarrier), SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield), SCMP_SYS(sigaltstack),
	/* What the process itself is told of. */
	SCMP_SYS(getrandom), SCMP_SYS(getrusage), SCMP_SYS(sysinfo)
};

static const int of_worker[] = {
	/* Connections. */
	SCMP_SYS(accept4), SCMP_SYS(getpeername), SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt), SCMP_SYS(read), SCMP_SYS(readv),
	SCMP_SYS(setsockopt), SCMP_SYS(shutdown), SCMP_SYS(writev),
	/* Waiting, and time. */
	SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(eventfd2),
	SCMP_SYS(nanosleep), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(timerfd_settime),
	/* Descriptors that are there. */
	SCMP_SYS(fstat), SCMP_SYS(lseek),
	/* What the process itself is told of. */
	SCMP_SYS(getegid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getuid), SCMP_SYS(uname)
};

/* Refused even to the module of a token, which may open files and sockets. */
static const int refused[] = { SCMP_SYS(accept), SCMP_SYS(accept4),
	SCMP_SYS(bpf), SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
	SCMP_SYS(io_uring_setup), SCMP_SYS(kill), SCMP_SYS(listen),
	SCMP_SYS(mount), SCMP_SYS(perf_event_open), SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(ptrace), SCMP_SYS(setns),
	SCMP_SYS(tkill), SCMP_SYS(unshare), SCMP_SYS(userfaultfd),
	SCMP_SYS(vfork) };

/* Whether its master lives. */
static const int of_signer[] = { SCMP_SYS(getppid) };

/* Calls of which only some uses are allowed. */
struct use {
	int call;
	unsigned count;
	struct scmp_arg_cmp args[2];
};

#define WITHOUT(n, bits) SCMP_CMP64(n, SCMP_CMP_MASKED_EQ, bits, 0)
#define WITH(n, bits)    SCMP_CMP64(n, SCMP_CMP_MASKED_EQ, bits, bits)
#define IS(n, value)     SCMP_CMP64(n, SCMP_CMP_EQ, value, 0)
/* An int, whose register may have anything in its upper half. */
#define IS_INT(n, value) SCMP_CMP64(n, SCMP_CMP_MASKED_EQ, UINT32_MAX, value)

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int
allow_uses(scmp_filter_ctx filter, const struct use *uses, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++)
		error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
		    uses[i].call, uses[i].count, uses[i].args);
	return error;
}

static int
allow_shared_uses(scmp_filter_ctx filter)
{
	const struct use uses[] = {
		/* A listener that was shut down connects by it to anywhere, and
		 * Landlock looks at connect(2) only. */
		{ SCMP_SYS(sendto), 1, { WITHOUT(3, MSG_FASTOPEN) } },
		{ SCMP_SYS(sendmsg), 1, { WITHOUT(2, MSG_FASTOPEN) } },
		/* Data never becomes code. */
		{ SCMP_SYS(mmap), 1, { WITHOUT(2, PROT_EXEC) } },
		{ SCMP_SYS(mprotect), 1, { WITHOUT(2, PROT_EXEC) } },
		/* abort(3): to this process only. */
		{ SCMP_SYS(tgkill), 1, { IS_INT(0, (uint32_t)getpid()) } },
	};

	return allow_uses(filter, uses, COUNT(uses));
}

static int
allow_uses_of_worker(scmp_filter_ctx filter)
{
	const struct use uses[] = {
		/* fstat(3) of glibc 2.33 to 2.40, whose path is empty. */
		{ SCMP_SYS(newfstatat), 1, { WITH(3, AT_EMPTY_PATH) } },
		/* Not F_SETOWN, by which a descriptor sends any signal. */
		{ SCMP_SYS(fcntl), 1, { IS_INT(1, F_GETFD) } },
		{ SCMP_SYS(fcntl), 1, { IS_INT(1, F_SETFD) } },
		{ SCMP_SYS(fcntl), 1, { IS_INT(1, F_GETFL) } },
		{ SCMP_SYS(fcntl), 1, { IS_INT(1, F_SETFL) } },
		/* stdio asks whether it writes to a terminal. */
		{ SCMP_SYS(ioctl), 1, { IS_INT(1, TCGETS) } },
		{ SCMP_SYS(prctl), 1, { IS_INT(0, PR_SET_NAME) } },
		{ SCMP_SYS(prlimit64), 2, { IS_INT(0, 0), IS(2, 0) } },
		{ SCMP_SYS(setpriority), 2,
		    { IS_INT(0, PRIO_PROCESS), IS_INT(1, 0) } },
	};

	return allow_uses(filter, uses, COUNT(uses));
}

static int
allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return error;
}

static int
refuse(scmp_filter_ctx filter)
{
	int error = 0;

	for (size_t i = 0; i < COUNT(refused) && error == 0; i++)
		error = seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	return error;
}

static int
allow_role(scmp_filter_ctx filter, enum syscalls_role role)
{
	int error;

	if (role == SYSCALLS_TOKEN)
		return refuse(filter);
	error = allow(filter, shared, COUNT(shared));
	if (error == 0)
		error = allow_shared_uses(filter);
	if (error == 0 && role == SYSCALLS_SIGNER)
		return allow(filter, of_signer, COUNT(of_signer));
	if (error == 0)
		error = allow(filter, of_worker, COUNT(of_worker));
	return error == 0 ? allow_uses_of_worker(filter) : error;
}

/* 0 or -errno. */
static int
load(scmp_filter_ctx filter, enum syscalls_role role)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	if (error == 0 && seccomp_api_get() >= API_LOG)
		error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	if (error == 0)
		error = allow_role(filter, role);
	return error == 0 ? seccomp_load(filter) : error;
}

bool
syscalls_can_be_filtered(void)
{
	return seccomp_api_get() >= API_ALL_THREADS;
}

/*
 * Not SCMP_ACT_KILL_PROCESS: what a later C library does in another way would
 * then end all connections of a worker, and of the next one.
 */
int
syscalls_filter(enum syscalls_role role, struct errmsg *e)
{
	scmp_filter_ctx filter = seccomp_init(
	    role == SYSCALLS_TOKEN ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	int error;

	if (filter == NULL)
		return errmsg_set(e, "seccomp: out of memory");
	error = load(filter, role);
	seccomp_release(filter);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "seccomp");
}
