/* signer: threads that answer requests about keys; see the header. */
#include "server/signer/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/creds/key_holder.h"
#include "common/creds/key_request.h"
#include "common/io/ready.h"
#include "common/sys/child.h"
#include "common/sys/cpus.h"
#include "common/sys/fd.h"
#include "common/sys/fdpass.h"
#include "common/sys/limits.h"
#include "common/sys/log.h"
#include "common/sys/process.h"
#include "server/config.h"
#include "server/sandbox/sandbox.h"

enum {
	THREADS_MAX = 16,
	/* As a worker's handshakes, of which it does a part. */
	SIGNER_NICE = 10
};

/* Workers without a master are gone a second earlier. */
static const int64_t orphan_ns = 6 * CLOCK_NS_PER_S;
static const int64_t orphan_look_ns = CLOCK_NS_PER_S;

/* What is waited for. */
struct conn {
	int fd;
};

struct signer {
	const struct signer_setup *setup;
	struct tls_key_holder holder;
	int ready_fd;
	struct conn control, over; /* over: readable when all shall leave */
	atomic_uint conns;
	atomic_bool has_failed;         /* another one must take over */
	atomic_bool has_master;         /* more connections may come */
	_Atomic int64_t leave_ns;       /* the master has died: then; or 0 */
	_Atomic int64_t quiet_until_ns; /* for errors in the log */
	struct sandbox_layers layers;
	pthread_barrier_t started, confined;
	pthread_mutex_t turn; /* see hand_on */
	bool may_serve;       /* after the second of them */
};

/*
 * It is any thread's from now on. The kernel lets no two of them have one at a
 * time; the lock tells that to the language's model of memory.
 */
static void
hand_on(struct signer *s, struct conn *c)
{
	(void)pthread_mutex_lock(&s->turn);
	ready_arm(s->ready_fd, c->fd, c);
	(void)pthread_mutex_unlock(&s->turn);
}

static struct conn *
take_over(struct signer *s, int64_t most_ns)
{
	struct conn *c = ready_wait(s->ready_fd, most_ns);

	(void)pthread_mutex_lock(&s->turn);
	(void)pthread_mutex_unlock(&s->turn);
	return c;
}

static void
leave(struct signer *s)
{
	const uint64_t one = 1;

	ASSERT(write(s->over.fd, &one, sizeof one) == sizeof one);
}

static void
leave_if_unused(struct signer *s)
{
	if (!atomic_load(&s->has_master) && atomic_load(&s->conns) == 0)
		leave(s);
}

static void
drop(struct signer *s, struct conn *c)
{
	(void)close(c->fd);
	free(c);
	atomic_fetch_sub(&s->conns, 1);
	leave_if_unused(s);
}

static void
add(struct signer *s, int fd)
{
	struct conn *c = malloc(sizeof *c);

	if (c != NULL) {
		c->fd = fd;
		atomic_fetch_add(&s->conns, 1);
		if (ready_add(s->ready_fd, fd, c) == 0)
			return;
		atomic_fetch_sub(&s->conns, 1);
	}
	free(c);
	(void)close(fd);
}

/* One message, or the master's end of it. */
static void
on_control(struct signer *s)
{
	char byte;
	int fd;
	ssize_t n = fdpass_receive(s->control.fd, &byte, sizeof byte, &fd);

	if (fd >= 0)
		add(s, fd);
	if (n > 0 || n == -EAGAIN || n == -EINTR) {
		hand_on(s, &s->control);
		return;
	}
	(void)close(s->control.fd);
	atomic_store(&s->has_master, false);
	leave_if_unused(s);
}

static void
tell_error(struct signer *s, const struct tls_key_request *request, int error)
{
	int64_t until_ns = atomic_load(&s->quiet_until_ns);
	bool is_due = log_is_due(&until_ns, clock_now_ns());

	atomic_store(&s->quiet_until_ns, until_ns);
	if (is_due)
		log_error("the signing process cannot use key %u: %s",
		    request->key + 1U, tls_key_error_text(error));
}

/* A token that was taken out and put back is found by a new process. */
static void
on_error(struct signer *s, const struct tls_key_request *request, int error)
{
	tell_error(s, request, error);
	if (!tls_key_is_lost(&s->holder, request->key, error))
		return;
	atomic_store(&s->has_failed, true);
	leave(s);
}

/* One request: then it is the others' turn. */
static void
on_request(struct signer *s, struct conn *c)
{
	struct tls_key_request request;
	struct tls_key_reply reply;
	ssize_t n = recv(c->fd, &request, sizeof request, 0);
	size_t size = 0;
	int error = 0;

	if (n > 0)
		size = tls_key_holder_answer(
		    &s->holder, &request, (size_t)n, &reply, &error);
	if (size == 0 && !(n < 0 && (errno == EAGAIN || errno == EINTR))) {
		drop(s, c);
		return;
	}
	if (size > 0) {
		/* Who reads no answers gets none. */
		(void)send(c->fd, &reply, size, MSG_NOSIGNAL);
		if (error != 0)
			on_error(s, &request, error);
		explicit_bzero(&reply, size);
	}
	hand_on(s, c);
}

/* The process may outlive the control socket for long, if the master has
 * another set of keys by now. */
static int64_t
wait_ns(struct signer *s)
{
	int64_t now_ns = clock_now_ns();

	if (atomic_load(&s->has_master))
		return -1;
	if (getppid() == s->setup->master)
		return orphan_look_ns;
	if (atomic_load(&s->leave_ns) == 0)
		atomic_store(&s->leave_ns, now_ns + orphan_ns);
	if (now_ns >= atomic_load(&s->leave_ns))
		leave(s);
	return orphan_look_ns;
}

static void
serve(struct signer *s)
{
	struct conn *c;

	for (;;) {
		c = take_over(s, wait_ns(s));
		if (c == &s->over) {
			/* The next thread gets to know it, too. */
			hand_on(s, &s->over);
			return;
		}
		if (c == &s->control)
			on_control(s);
		else if (c != NULL)
			on_request(s, c);
	}
}

static void *
run_thread(void *signer)
{
	struct signer *s = signer;

	(void)prctl(PR_SET_NAME, "signer");
	(void)pthread_barrier_wait(&s->started);
	(void)pthread_barrier_wait(&s->confined);
	if (s->may_serve)
		serve(s);
	return NULL;
}

static int
report(const struct signer *s, const struct errmsg *why)
{
	struct signer_report r = { .is_ready = why == NULL };

	if (why != NULL)
		r.why = *why;
	return fdpass_send(s->control.fd, &r, sizeof r, -1);
}

static int
watch(struct signer *s, struct errmsg *e)
{
	int error;

	s->ready_fd = ready_open(e);
	if (s->ready_fd < 0)
		return -1;
	s->over.fd = eventfd(0, EFD_CLOEXEC);
	if (s->over.fd < 0)
		return errmsg_set_errno(e, errno, "eventfd");
	error = ready_add(s->ready_fd, s->over.fd, &s->over);
	if (error == 0)
		error = ready_add(s->ready_fd, s->control.fd, &s->control);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "epoll_ctl");
}

/* Rights go before keys come; nobody looks into the memory that has them. */
static int
prepare(struct signer *s, struct errmsg *e)
{
	const struct config *config = s->setup->config;

	(void)prctl(PR_SET_NAME, "signer");
	(void)setpriority(PRIO_PROCESS, 0, SIGNER_NICE);
	if (config->user.text != NULL && user_become(&config->user, e) < 0)
		return -1;
	child_go_on_without_parent();
	process_hide_memory();
	if (limits_forbid_core(e) < 0 ||
	    tls_key_holder_open(&s->holder, s->setup->keys_fd, e) < 0)
		return -1;
	(void)close(s->setup->keys_fd);
	sandbox_probe(&s->layers);
	if (s->holder.has_tokens) /* whose modules open files */
		s->layers.landlock_abi = 0;
	if (config->sandbox && sandbox_confine(&s->layers, e) < 0)
		return -1;
	return watch(s, e);
}

/* A token does one thing at a time. */
static unsigned
count_threads(const struct signer *s)
{
	unsigned n = cpus_count_usable(), workers = s->setup->config->workers;

	if (s->holder.has_tokens)
		return 1;
	n = n < workers ? n : workers;
	n = n < THREADS_MAX ? n : THREADS_MAX;
	return n > 0 ? n : 1;
}

/* All threads are there, and the filter holds for each of them. */
static int
confine(struct signer *s, struct errmsg *e)
{
	return s->setup->config->sandbox
	    ? sandbox_filter(&s->layers,
		  s->holder.has_tokens ? SYSCALLS_TOKEN : SYSCALLS_SIGNER, e)
	    : 0;
}

static int
run(struct signer *s, struct errmsg *e)
{
	pthread_t threads[THREADS_MAX];
	unsigned count = count_threads(s);
	int error = 0, result;

	(void)pthread_barrier_init(&s->started, NULL, count);
	(void)pthread_barrier_init(&s->confined, NULL, count);
	for (unsigned i = 1; i < count && error == 0; i++)
		error = pthread_create(&threads[i], NULL, run_thread, s);
	if (error != 0) /* those that wait end with the process */
		return errmsg_set_errno(e, error, "thread");
	(void)pthread_barrier_wait(&s->started);
	result = confine(s, e);
	s->may_serve = result == 0 && report(s, NULL) == 0;
	(void)pthread_barrier_wait(&s->confined);
	if (s->may_serve)
		serve(s);
	for (unsigned i = 1; i < count; i++)
		(void)pthread_join(threads[i], NULL);
	return result;
}

static bool
is_one_of(const int *list, size_t count, int fd)
{
	while (count > 0)
		if (list[--count] == fd)
			return true;
	return false;
}

/*
 * Nobody is to wait for this process because of what the server was given:
 * standard input and output, which --ready-fd may name. What the master has
 * opened since under their numbers stays if it is kept.
 */
static void
let_go(const int *kept, size_t count)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
		if (!is_one_of(kept, count, fd) && dup2(null, fd) < 0)
			(void)close(fd);
	fd_close_others(kept, count);
}

int
signer_run(void *arg)
{
	const struct signer_setup *setup = arg;
	const int kept[] = { setup->keys_fd, setup->control_fd,
		log_queue_fd() };
	struct signer s = { .setup = setup,
		.turn = PTHREAD_MUTEX_INITIALIZER,
		.control = { setup->control_fd },
		.has_master = true };
	struct errmsg e;
	int result;

	let_go(kept, sizeof kept / sizeof *kept);
	result = prepare(&s, &e);
	if (result == 0)
		result = run(&s, &e);
	if (result < 0)
		(void)report(&s, &e);
	tls_key_holder_close(&s.holder);
	return result == 0 && !atomic_load(&s.has_failed) ? 0 : 1;
}
