/* signers: fork, connect, replace; see the header. */
#include "server/master/signers.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/base/units.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "common/sys/fdpass.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/signer/signer.h"

/* A token may be far away. */
static const int64_t ready_ns = 10 * CLOCK_NS_PER_S;
static const int64_t backoff_min_ns = 100 * CLOCK_NS_PER_MS;
static const int64_t backoff_max_ns = 5 * CLOCK_NS_PER_S;
/* One that lived longer did not die of its start. */
static const int64_t long_life_ns = 10 * CLOCK_NS_PER_S;

static void
close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

int
signer_start(struct signer *s, const struct config *config, struct errmsg *e)
{
	struct signer_setup setup = {
		.config = config, .keys_fd = s->keys_fd, .master = getpid()
	};
	pid_t pid;

	ASSERT(s->keys_id != 0 && s->keys_fd >= 0 && s->pid == 0);
	s->started_ns = clock_now_ns(); /* as a failure counts, too */
	close_end(&s->control_fd);
	if (fd_open_pair(&s->control_fd, &setup.control_fd, e) < 0)
		return errmsg_prepend(e, "signing process");
	pid = child_fork(signer_run, &setup);
	(void)close(setup.control_fd);
	if (pid < 0) {
		close_end(&s->control_fd);
		return errmsg_set_errno(e, (int)-pid, "signing process: fork");
	}
	s->pid = pid;
	return 0;
}

/* What it has said by then. One that ended without a look at what it was sent
 * resets the socket first (unix(7)). */
static bool
read_report(const struct signer *s, struct signer_report *report, int64_t by_ns)
{
	ssize_t n = -ECONNRESET;
	int none;

	if (s->control_fd < 0 || !fd_wait_readable(s->control_fd, by_ns))
		return false;
	for (int i = 0; i < 2 && n == -ECONNRESET; i++)
		n = fdpass_receive(
		    s->control_fd, report, sizeof *report, &none);
	report->why.text[sizeof report->why.text - 1] = '\0';
	return n == sizeof *report;
}

int
signer_await_ready(struct signer *s, struct errmsg *e)
{
	struct signer_report report;
	int64_t by_ns = clock_now_ns() + ready_ns;

	if (!read_report(s, &report, by_ns))
		return errmsg_set(e, "the signing process %s",
		    clock_now_ns() >= by_ns ? "was not ready in 10 s"
					    : "died when it started");
	if (report.is_ready)
		return 0;
	*e = report.why;
	return -1;
}

int
signer_connect(const struct signer *s, struct errmsg *e)
{
	const char byte = 'c';
	int own, other, error;

	if (s->control_fd < 0)
		return errmsg_set(e, "there is no signing process");
	if (fd_open_pair(&own, &other, e) < 0)
		return errmsg_prepend(e, "signing process");
	error = fdpass_send(s->control_fd, &byte, sizeof byte, other);
	(void)close(other);
	if (error == 0)
		return own;
	(void)close(own);
	return errmsg_set_errno(e, -error, "signing process");
}

void
signer_close(struct signer *s)
{
	close_end(&s->keys_fd);
	close_end(&s->control_fd);
	s->keys_id = 0;
	s->pid = 0;
}

static void
end(pid_t *pid)
{
	if (*pid > 0) {
		child_kill(*pid);
		(void)child_wait_for(*pid);
	}
	*pid = 0;
}

void
signer_end(struct signer *s)
{
	end(&s->pid);
	signer_close(s);
}

void
signers_end(struct signers *s)
{
	for (int i = 0; i < SIGNERS_RETIRED; i++)
		end(&s->retired[i]);
	if (s->now.keys_id != 0)
		signer_end(&s->now);
}

/* One that stands still would not leave, and keep the keys. */
static void
retire(struct signers *s)
{
	int i = 0;

	child_go_on(s->now.pid);
	while (i < SIGNERS_RETIRED - 1 && s->retired[i] != 0)
		i++;
	s->retired[i] = s->now.pid;
	if (s->now.keys_id != 0)
		signer_close(&s->now);
}

void
signers_use(struct signers *s, const struct signer *next)
{
	retire(s);
	s->now = *next;
	s->restart_ns = 0;
	s->deaths = 0;
}

static int64_t
plan_restart(struct signers *s)
{
	int64_t now_ns = clock_now_ns(), wait_ns = backoff_min_ns;

	if (now_ns - s->now.started_ns > long_life_ns)
		s->deaths = 0;
	for (unsigned i = 1; i < s->deaths && wait_ns < backoff_max_ns; i++)
		wait_ns *= 2;
	if (wait_ns > backoff_max_ns)
		wait_ns = backoff_max_ns;
	if (s->deaths++ == 0)
		wait_ns = 0;
	s->restart_ns = now_ns + wait_ns;
	return wait_ns;
}

/* What it has said is read before the next one has a socket. */
static void
on_exit(struct signers *s, int status)
{
	char how[CHILD_TEXT], life[UNITS_TEXT], delay[UNITS_TEXT];
	struct signer_report report;
	const char *why = "";
	int64_t wait_ns;

	s->now.pid = 0;
	while (why[0] == '\0' && read_report(&s->now, &report, 0))
		if (!report.is_ready)
			why = report.why.text;
	(void)units_format_duration(clock_now_ns() - s->now.started_ns, life);
	wait_ns = plan_restart(s);
	(void)units_format_duration(wait_ns, delay);
	log_error("the signing process %s after %s%s%s: a new one starts %s%s",
	    child_describe(status, how), life, why[0] != '\0' ? ": " : "", why,
	    wait_ns > 0 ? "in " : "at once", wait_ns > 0 ? delay : "");
}

static void
on_status(struct signers *s, int status)
{
	char how[CHILD_TEXT];

	if (child_has_ended(status))
		on_exit(s, status);
	else if (child_is_stopped(status))
		log_error("the signing process was %s: full handshakes fail "
			  "until it goes on",
		    child_describe(status, how));
	else
		log_info("the signing process goes on");
}

bool
signers_on_child(struct signers *s, pid_t pid, int status)
{
	if (pid == s->now.pid) {
		on_status(s, status);
		return true;
	}
	for (int i = 0; i < SIGNERS_RETIRED; i++) {
		if (s->retired[i] != pid)
			continue;
		if (child_has_ended(status))
			s->retired[i] = 0;
		return true;
	}
	return false;
}

bool
signers_restart(struct signers *s, const struct config *config, int64_t now_ns,
    int64_t *wait_ns)
{
	struct errmsg e;

	*wait_ns = -1;
	if (s->restart_ns == 0)
		return false;
	*wait_ns = s->restart_ns - now_ns;
	if (*wait_ns > 0)
		return false;
	if (signer_start(&s->now, config, &e) < 0) {
		log_error("%s: trying again", e.text);
		*wait_ns = plan_restart(s);
		return false;
	}
	s->restart_ns = 0;
	*wait_ns = -1;
	return true;
}
