/* server: start, look, stop; see the header. */
#include "tests/support/server.h"

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/process.h"
#include "tests/support/shell.h"

struct arguments {
	const char *argv[SERVER_ARGS_MAX];
	int count;
};

static void
add(struct arguments *a, const char *word)
{
	ck_assert_int_lt(a->count, SERVER_ARGS_MAX - 1);
	a->argv[a->count++] = word;
}

static void
add_two(struct arguments *a, const char *option, const char *value)
{
	add(a, option);
	add(a, value);
}

static bool
has(const struct arguments *a, const char *option)
{
	for (int i = 0; i < a->count; i++)
		if (strcmp(a->argv[i], option) == 0)
			return true;
	return false;
}

static void
add_defaults(struct arguments *a, const char *name)
{
	static char kept_fd[16];

	(void)snprintf(kept_fd, sizeof kept_fd, "%d", SPAWN_KEPT_FD);
	add_two(a, "--stats", name);
	add_two(a, "--ready-fd", kept_fd);
	if (!has(a, "--ca"))
		add_two(a, "--ca", fixture_path("ca/ca.pem"));
	if (!has(a, "--listen"))
		add_two(a, "--listen", "127.0.0.1:0");
	if (!has(a, "--connection-table")) /* /dev/shm may be small */
		add_two(a, "--connection-table", "1024");
	if (!has(a, "--memory-pressure")) /* which others may make */
		add_two(a, "--memory-pressure", "off");
	if (!has(a, "--workers"))
		add_two(a, "--workers", "2");
	if (has(a, "--pkcs12") || has(a, "--cert"))
		return;
	add_two(a, "--cert", fixture_path("ca/server.pem"));
	add_two(a, "--key", fixture_path("ca/server.key"));
}

void
server_new_name(char name[static STATS_SHM_NAME])
{
	static int count;

	(void)snprintf(name, STATS_SHM_NAME, "e2e-%s-%d-%d", fixture_word(),
	    (int)getpid(), count++);
}

/* One line, from which the port is taken. */
static void
read_ready(struct server *s, int fd)
{
	int64_t until_ns = await_deadline_ns();
	size_t size = 0;
	const char *colon;

	while (size == 0 || s->addresses[size - 1] != '\n') {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, await_left_ms(until_ns)) == 0)
			ck_abort_msg("the server does not get ready");
		n = read(
		    fd, s->addresses + size, sizeof s->addresses - 1 - size);
		if (n <= 0) {
			int status = spawn_wait(&s->process);

			ck_abort_msg("the server ended with %d and said:\n%s",
			    status, s->process.text);
		}
		size += (size_t)n;
	}
	s->addresses[size - 1] = '\0';
	colon = s->addresses[0] == '[' ? strchr(s->addresses, ']') : NULL;
	colon = strchr(colon != NULL ? colon : s->addresses, ':');
	ck_assert_ptr_nonnull(colon);
	s->port = (int)strtol(colon + 1, NULL, 10);
}

static void
start(struct server *s, struct arguments *a, const struct spawn_options *given)
{
	static const struct spawn_options none;
	struct spawn_options options = given != NULL ? *given : none;
	struct errmsg e;
	int ready[2];

	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	options.kept_fd = ready[1];
	spawn_start(&s->process, a->argv, &options);
	(void)close(ready[1]);
	read_ready(s, ready[0]);
	(void)close(ready[0]);
	ck_assert_msg(
	    stats_shm_attach(&s->shm, s->name, &e) == 0, "%s", e.text);
}

static void
start_with_list(struct server *s, const char *name,
    const struct spawn_options *options, va_list list)
{
	struct arguments a = { .argv = { "tlsecho-server" }, .count = 1 };
	const char *word;

	if (name != NULL)
		(void)snprintf(s->name, sizeof s->name, "%s", name);
	else
		server_new_name(s->name);

	while ((word = va_arg(list, const char *)) != NULL)
		add(&a, word);
	add_defaults(&a, s->name);
	start(s, &a, options);
}

void
server_start(struct server *s, ...)
{
	va_list list;

	va_start(list, s);
	start_with_list(s, NULL, NULL, list);
	va_end(list);
}

void
server_start_as(struct server *s, const char *name,
    const struct spawn_options *options, ...)
{
	va_list list;

	va_start(list, options);
	start_with_list(s, name, options, list);
	va_end(list);
}

void
server_start_fails(int status, const char *words, const char *format, ...)
{
	char name[STATS_SHM_NAME], arguments[1024];
	const char *said = shell_output();
	const char *end, *option;
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(arguments, sizeof arguments, format, list);
	va_end(list);
	ck_assert(n >= 0 && (size_t)n < sizeof arguments);
	server_new_name(name);
	option = strstr(arguments, "--stats ") == NULL ? "--stats" : "";
	shell_expect(status, words,
	    "id='--cert ca/server.pem --key ca/server.key';"
	    " trust='--ca ca/ca.pem'; ok=\"$trust $id\";"
	    " odd=\"--ca odd-ca.pem $id\"; eval exec"
	    " tlsecho-server --listen 127.0.0.1:0 %s %s \"%s\"",
	    option, option[0] != '\0' ? name : "", arguments);
	ck_assert_int_eq(strncmp(said, "tlsecho-server: ", 16), 0);
	end = strchr(said, '\n');
	if (end != NULL && status == 2)
		end = strchr(end + 1, '\n');
	ck_assert_msg(end != NULL && end[1] == '\0', "%s", said);
	ck_assert(!server_segment_exists(name));
}

const char *
server_address(const struct server *s)
{
	static char address[32];

	(void)snprintf(address, sizeof address, "127.0.0.1:%d", s->port);
	return address;
}

static unsigned
find_field(const struct server *s, const char *counter)
{
	unsigned count = stats_shm_header(s->shm)->field_count;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(stats_shm_field(s->shm, i)->name, counter) == 0)
			return i;
	ck_abort_msg("there is no counter '%s'", counter);
	return 0;
}

uint64_t
server_worker_value(
    const struct server *s, unsigned worker, const char *counter)
{
	return stats_shm_value(s->shm, 1 + worker, find_field(s, counter));
}

uint64_t
server_master_value(const struct server *s, const char *counter)
{
	return stats_shm_value(s->shm, 0, find_field(s, counter));
}

uint64_t
server_total(const struct server *s, const char *counter)
{
	uint64_t sum = server_master_value(s, counter);

	for (unsigned i = 0; i < server_workers(s); i++)
		sum += server_worker_value(s, i, counter);
	return sum;
}

void
server_reload(const struct server *s)
{
	uint64_t reloads = server_total(s, "worker_reloads");

	spawn_signal(&s->process, SIGHUP);
	AWAIT(server_total(s, "worker_reloads") == reloads + server_workers(s));
}

void
server_expect_failures(const struct server *s, const char *counter, uint64_t n)
{
	unsigned count = stats_shm_header(s->shm)->field_count;

	AWAIT(server_total(s, "handshakes_failed") >= n);
	ck_assert_uint_eq(server_total(s, "handshakes_failed"), n);
	for (unsigned i = 0; i < count; i++) {
		const struct stats_field *f = stats_shm_field(s->shm, i);
		uint64_t value;

		if (strncmp(f->name, "handshake_", 10) != 0 ||
		    f->kind != STATS_KIND_TOTAL)
			continue;
		value = server_total(s, f->name);
		if (counter != NULL && strcmp(f->name, counter) == 0)
			ck_assert_msg(value == n, "%s: %ju, not %ju", counter,
			    (uintmax_t)value, (uintmax_t)n);
		else
			ck_assert_msg(value == 0, "%s: %ju, not 0", f->name,
			    (uintmax_t)value);
	}
}

/* A worker that dies of a bug is replaced, and clients may not notice. */
static void
expect_no_crash(const struct server *s)
{
	static const char *const signs[] = { "assertion failed", "SIGABRT",
		"SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV" };

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		ck_assert_msg(!spawn_said(&s->process, signs[i]), "%s:\n%s",
		    signs[i], s->process.text);
}

void
server_await_end(struct server *s, int status)
{
	pid_t pids[SERVER_WORKERS_MAX];
	unsigned count = server_workers(s);
	int got;

	for (unsigned i = 0; i < count; i++)
		pids[i] = server_worker_pid(s, i);
	got = spawn_wait(&s->process);
	ck_assert_msg(got == status,
	    "the server ended with %d, not %d, and said:\n%s", got, status,
	    s->process.text);
	expect_no_crash(s);
	for (unsigned i = 0; i < count; i++)
		ck_assert_msg(!server_process_exists(pids[i]),
		    "worker %u is left behind", i);
	ck_assert_msg(
	    !server_segment_exists(s->name), "the segment is left behind");
	stats_shm_close(&s->shm);
}

void
server_stop(struct server *s)
{
	spawn_signal(&s->process, SIGTERM);
	server_await_end(s, 0);
	ck_assert_msg(spawn_said(&s->process, "\nConnections accepted: ") &&
		spawn_said(&s->process, "\nBytes sent: "),
	    "no totals:\n%s", s->process.text);
}

void
server_stop_idle(struct server *s)
{
	AWAIT(server_total(s, "open") == 0);
	server_stop(s);
}

void
server_stop_clean(struct server *s)
{
	AWAIT(server_total(s, "open") == 0);
	server_expect_failures(s, NULL, 0);
	server_stop(s);
}

void
server_kill_master(struct server *s)
{
	int status;

	spawn_signal(&s->process, SIGKILL);
	ck_assert_int_eq(waitpid(s->process.pid, &status, 0), s->process.pid);
	(void)close(s->process.pidfd);
	(void)close(s->process.in);
	(void)close(s->process.out);
	stats_shm_close(&s->shm);
}

bool
server_segment_exists(const char *name)
{
	char path[STATS_SHM_NAME + 32];

	(void)snprintf(path, sizeof path, "/dev/shm/tlsecho.%s", name);
	return access(path, F_OK) == 0 ||
	    access(strcat(path, ".draining"), F_OK) == 0;
}

bool
server_process_exists(pid_t pid)
{
	char state[PROCESS_TEXT];

	return process_status(pid, "State", state) && state[0] != 'Z';
}
