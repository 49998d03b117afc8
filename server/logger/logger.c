/* logger: receives lines and writes them; see the header. */
#include "server/logger/logger.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "common/sys/log.h"
#include "common/sys/process.h"

#define PROGRAM "tlsecho-server"

enum {
	QUEUE_BYTES = 1 << 20, /* as far as net.core.wmem_max allows */
	CLOSE_MS = 1000,
	ORPHAN_S = 6 /* workers without a master are gone a second earlier */
};

/* Of the process. */
struct writer {
	int rx_fd;
	struct logger_lines *lines;
	int64_t noticed_s; /* that lines were dropped; 0: none, or all told */
	bool is_mid_line;  /* the last write(2) ended within a line */
};

static const char variable[] = "TLSECHO_LOGGER"; /* see run_anew */

static pid_t master;

static struct logger_lines *
map_lines(int fd)
{
	return mmap(NULL, sizeof(struct logger_lines), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
}

/*
 * A descriptor that others share may be non-blocking, as we did not make it;
 * that it is full says nothing but that it is to be waited for.
 */
static bool
write_all(struct writer *w, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t wrote = write(STDERR_FILENO, bytes, n);
		struct pollfd full = { STDERR_FILENO, POLLOUT, 0 };

		if (wrote < 0 && errno == EAGAIN)
			(void)poll(&full, 1, -1);
		else if (wrote < 0 && errno != EINTR)
			return false;
		if (wrote <= 0)
			continue;
		w->is_mid_line = bytes[wrote - 1] != '\n';
		bytes += wrote;
		n -= (size_t)wrote;
	}
	return true;
}

/* A line that a full disk has cut must not run into this one. */
static bool
write_line(struct writer *w, const char *bytes, size_t n)
{
	return (!w->is_mid_line || write_all(w, "\n", 1)) &&
	    write_all(w, bytes, n);
}

static bool
is_empty(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

/* After the lines that had come before, but no more than a second late. */
static void
tell_dropped(struct writer *w)
{
	uint64_t told = atomic_load(&w->lines->told);
	uint64_t n = atomic_load(&w->lines->dropped) - told;
	int64_t now_s = clock_now_ns() / CLOCK_NS_PER_S;
	char bytes[LOG_LINE_MAX];

	if (n == 0)
		return;
	if (w->noticed_s == 0)
		w->noticed_s = now_s;
	if (now_s <= w->noticed_s + 1 && !is_empty(w->rx_fd))
		return;
	w->noticed_s = 0;
	log_set_format((enum log_format)atomic_load(&w->lines->format));
	if (write_line(w, bytes,
		log_compose(bytes, "%" PRIu64 " line%s of the log %s dropped",
		    n, units_plural(n), n == 1 ? "was" : "were")))
		atomic_store(&w->lines->told, told + n);
}

/* The signal of the master's death wakes a write(2) that nobody reads. */
static void
on_orphaned(int number)
{
	(void)number;
	if (getppid() != master)
		(void)alarm(ORPHAN_S);
}

/*
 * The master is not to be waited for by others because of what is open here:
 * listeners, control sockets, --ready-fd, standard output.
 */
static void
let_go(struct writer *w)
{
	if (w->rx_fd != STDIN_FILENO)
		(void)dup2(w->rx_fd, STDIN_FILENO);
	w->rx_fd = STDIN_FILENO;
	(void)close(STDOUT_FILENO);
	(void)close_range(STDERR_FILENO + 1, ~0U, 0);
}

/* Workers send to it: what is open is all that it needs. */
static void
give_up_rights(void)
{
	struct errmsg ignored;

	(void)process_forbid_privileges(&ignored);
	(void)process_keep_capabilities(0, &ignored);
}

/* The next line; 0: there is no sender any more. */
static ssize_t
receive(const struct writer *w, char bytes[static LOG_LINE_MAX])
{
	struct pollfd empty = { w->rx_fd, POLLIN, 0 };
	ssize_t n;

	do {
		(void)poll(&empty, 1, -1);
		n = recv(w->rx_fd, bytes, LOG_LINE_MAX, 0);
	} while (n < 0);
	return n;
}

static int
run(void *arg)
{
	struct writer *w = arg;
	char bytes[LOG_LINE_MAX];
	ssize_t n;

	log_set_queue(-1, NULL);
	let_go(w);
	give_up_rights();
	(void)signal(SIGALRM, SIG_DFL);
	(void)signal(SIGCONT, on_orphaned);
	child_go_on_without_parent();
	while ((n = receive(w, bytes)) > 0) {
		if (!write_line(w, bytes, (size_t)n))
			(void)atomic_fetch_add(&w->lines->dropped, 1);
		tell_dropped(w);
	}
	return 0;
}

bool
logger_is_wanted(void)
{
	return getenv(variable) != NULL;
}

int
logger_run(struct errmsg *e)
{
	struct writer w = { .rx_fd = STDIN_FILENO };
	const char *value = getenv(variable);

	if (value != NULL)
		master = (pid_t)strtol(value, NULL, 10);
	if (value != NULL && master == getppid())
		w.lines = map_lines(STDOUT_FILENO);
	if (w.lines == NULL || w.lines == MAP_FAILED)
		return errmsg_set(e,
		    "%s is in the environment, and not meant for this "
		    "process: unset it",
		    variable);
	log_open(PROGRAM, LOG_INFO);
	(void)prctl(PR_SET_NAME, PROGRAM);
	return run(&w);
}

/* Where /proc is missing the process goes on as it was forked. */
static int
run_anew(void *arg)
{
	const struct logger *l = arg;
	char value[16], name[] = PROGRAM;
	struct writer w = { .rx_fd = l->rx_fd, .lines = l->lines };

	(void)snprintf(value, sizeof value, "%d", (int)master);
	(void)setenv(variable, value, 1);
	if (dup2(l->rx_fd, STDIN_FILENO) == STDIN_FILENO &&
	    dup2(l->lines_fd, STDOUT_FILENO) == STDOUT_FILENO)
		(void)execv("/proc/self/exe", (char *[]){ name, NULL });
	return run(&w);
}

static int
run_forked(void *arg)
{
	const struct logger *l = arg;
	struct writer w = { .rx_fd = l->rx_fd, .lines = l->lines };

	return run(&w);
}

static int
start(struct logger *l, int (*how)(void *logger), struct errmsg *e)
{
	pid_t pid;

	master = getpid();
	pid = child_fork(how, l);
	if (pid < 0)
		return errmsg_set_errno(e, (int)-pid, "log: fork");
	l->pid_fd = pidfd_open(pid, 0);
	if (l->pid_fd < 0) {
		(void)errmsg_set_errno(e, errno, "log: pidfd_open");
		child_kill(pid); /* or there would be one more each second */
		return -1;
	}
	return 0;
}

static int
open_queue(struct logger *l, struct errmsg *e)
{
	int size = QUEUE_BYTES;

	if (fd_open_pair(&l->tx_fd, &l->rx_fd, e) < 0)
		return errmsg_prepend(e, "log");
	(void)setsockopt(l->tx_fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	return 0;
}

static int
share_lines(struct logger *l, struct errmsg *e)
{
	l->lines = map_lines(l->lines_fd);
	if (l->lines == MAP_FAILED)
		return errmsg_set_errno(e, errno, "log: shared memory");
	atomic_store(&l->lines->format, (int)log_format());
	return 0;
}

static int
open_lines(struct logger *l, struct errmsg *e)
{
	l->lines_fd = memfd_create("log", MFD_CLOEXEC);
	if (l->lines_fd < 0 || ftruncate(l->lines_fd, sizeof *l->lines) < 0)
		return errmsg_set_errno(e, errno, "log: shared memory");
	return share_lines(l, e);
}

int
logger_open(struct logger *l, struct errmsg *e)
{
	*l = (struct logger)LOGGER_INIT;
	if (open_lines(l, e) < 0 || open_queue(l, e) < 0 ||
	    start(l, run_forked, e) < 0)
		return -1;
	log_set_queue(l->tx_fd, &l->lines->dropped);
	return 0;
}

int
logger_adopt(struct logger *l, struct errmsg *e)
{
	struct stat st;

	/* Memory behind its end would be a SIGBUS. */
	if (fstat(l->lines_fd, &st) < 0 ||
	    (size_t)st.st_size < sizeof *l->lines)
		return errmsg_set(e, "log: not what this program shares");
	if (share_lines(l, e) < 0)
		return -1;
	log_set_queue(l->tx_fd, &l->lines->dropped);
	return 0;
}

static bool
has_ended(const struct logger *l, int timeout_ms)
{
	struct pollfd ended = { l->pid_fd, POLLIN, 0 };

	return poll(&ended, 1, timeout_ms) > 0;
}

/* Whoever reaps the workers has reaped it, too. */
void
logger_look(struct logger *l)
{
	struct errmsg e;

	if (l->pid_fd >= 0 && !has_ended(l, 0))
		return;
	if (l->pid_fd >= 0)
		(void)close(l->pid_fd);
	l->pid_fd = -1;
	if (start(l, run_anew, &e) == 0)
		log_warn("the process that writes the log had ended: replaced");
}

uint64_t
logger_dropped(const struct logger *l)
{
	return atomic_load(&l->lines->dropped);
}

uint64_t
logger_take_dropped(struct logger *l)
{
	uint64_t dropped = logger_dropped(l);

	return dropped - atomic_exchange(&l->lines->taken, dropped);
}

/* Unless it has been reaped already: see logger_look. */
static void
reap(const struct logger *l)
{
	siginfo_t info;

	while (waitid(P_PIDFD, (id_t)l->pid_fd, &info, WEXITED) < 0 &&
	    errno == EINTR)
		continue;
}

void
logger_close(struct logger *l)
{
	log_set_queue(-1, NULL);
	(void)close(l->tx_fd);
	(void)close(l->rx_fd);
	if (l->pid_fd >= 0) {
		if (!has_ended(l, CLOSE_MS))
			(void)pidfd_send_signal(l->pid_fd, SIGKILL, NULL, 0);
		reap(l);
		(void)close(l->pid_fd);
	}
	(void)munmap(l->lines, sizeof *l->lines);
	(void)close(l->lines_fd);
}
