/* master: set-up in named steps, then one poll loop; see the header. */
#include "server/master/master.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/base/units.h"
#include "common/base/version.h"
#include "common/stats/shm.h"
#include "common/sys/file.h"
#include "common/sys/keypress.h"
#include "common/sys/log.h"
#include "common/sys/signals.h"
#include "server/config.h"
#include "server/config_values.h"
#include "server/listeners.h"
#include "server/master/credentials.h"
#include "server/master/expiry.h"
#include "server/master/refusals.h"
#include "server/master/totals.h"
#include "server/master/workers.h"

enum {
	POLL_SIGNALS,
	POLL_KEYS,
	POLL_WORKERS
};

/* How long after the end of the drain time workers are killed. */
static const int64_t kill_after_ns = 2 * CLOCK_NS_PER_S;

/* How often the master looks at its workers, whatever happens. */
static const int64_t look_each_ns = CLOCK_NS_PER_S;

struct master {
	const struct config *config;
	struct listeners listeners;
	struct stats_shm *stats;
	struct workers workers;
	struct keypress keys;
	struct expiry expiry;
	struct refusals refusals;
	int64_t expiry_check_ns; /* when to look at dates again */
	int64_t look_ns;         /* and at limits that act */
	int signal_fd;
	int64_t kill_ns; /* while draining: when to kill the workers */
};

static struct stats_shard *
own_shard(const struct master *m)
{
	return &stats_shm_slot(m->stats, 0)->shards[STATS_SHARD_MASTER];
}

static int
create_segment(struct master *m, struct errmsg *e)
{
	const struct stats_shm_options options = {
		.name = m->config->stats_name,
		.slots = 1 + m->config->workers,
		.mode = m->config->stats_mode,
		.group = m->config->stats_group,
		.program = "tlsecho-server " TLSECHO_VERSION,
	};
	struct stats_slot *slot;

	if (stats_shm_create(&m->stats, &options, e) < 0)
		return -1;
	slot = stats_shm_slot(m->stats, 0);
	atomic_store(&slot->pid, getpid());
	atomic_store(&slot->started_ns, clock_now_ns());
	return 0;
}

static int
open_signals(struct master *m, struct errmsg *e)
{
	signals_ignore_strays(m->config->interactive);
	(void)signal(SIGQUIT, SIG_DFL); /* a script's "&" ignores it */
	m->signal_fd = signals_open(
	    (const int[]){ SIGINT, SIGTERM, SIGHUP, SIGCHLD, 0 }, e);
	return m->signal_fd < 0 ? -1 : 0;
}

static int
open_keys(struct master *m, struct errmsg *e)
{
	if (!m->config->interactive)
		return 0;
	if (keypress_open(&m->keys, STDIN_FILENO, e) < 0)
		return errmsg_prepend(e, "--interactive");
	return 0;
}

static const uint64_t auth_levels[] = { [TLS_CLIENT_AUTH_REQUIRED] = 2,
	[TLS_CLIENT_AUTH_OPTIONAL] = 1,
	[TLS_CLIENT_AUTH_NONE] = 0 };

static int
init_workers(
    struct master *m, const struct credentials *credentials, struct errmsg *e)
{
	const struct workers_setup setup = { .config = m->config,
		.listeners = &m->listeners,
		.stats = m->stats,
		.credentials_fd = credentials->fd,
		.signal_fd = m->signal_fd,
		.ready_fd = m->config->ready_fd };

	config_warn(m->config);
	stats_set(own_shard(m), STATS_CLIENT_AUTH,
	    auth_levels[m->config->tls.client_auth]);
	expiry_set(&m->expiry, credentials, own_shard(m));
	return workers_init(&m->workers, &setup, e);
}

/* In this order: what is most likely to be wrong first, forks last. */
static int
set_up(struct master *m, struct errmsg *e)
{
	struct credentials credentials;

	if (credentials_load(&credentials, m->config, -1, e) < 0)
		return -1;
	if (listeners_open(&m->listeners, m->config, e) < 0 ||
	    create_segment(m, e) < 0 || open_signals(m, e) < 0 ||
	    open_keys(m, e) < 0) {
		credentials_close(&credentials);
		return -1;
	}
	return init_workers(m, &credentials, e);
}

static void
tell_ready_fd(struct master *m, const char *addresses)
{
	char line[1024];
	int n = snprintf(line, sizeof line, "%s\n", addresses);

	if (m->config->ready_fd < 0)
		return;
	if (file_write_all(m->config->ready_fd, line, (size_t)n) != 0)
		log_warn("--ready-fd: cannot write the addresses");
	workers_close_ready_fd(&m->workers);
}

static void
report_ready(struct master *m)
{
	char addresses[1000];

	(void)listeners_describe(&m->listeners, addresses, sizeof addresses);
	log_info("ready: %u worker%s on %s, statistics '%s'",
	    m->config->workers, units_plural(m->config->workers), addresses,
	    m->config->stats_name);
	atomic_store(&stats_shm_slot(m->stats, 0)->state, STATS_SLOT_READY);
	if (m->config->interactive) {
		printf("Press any key to stop server.\n");
		(void)fflush(stdout);
	}
	tell_ready_fd(m, addresses);
}

/* Name and addresses are a successor's from now on: addresses come last. */
static void
step_aside(struct master *m)
{
	struct errmsg e;

	if (stats_shm_step_aside(m->stats, &e) < 0)
		log_warn("statistics '%s' keep their name: %s",
		    stats_shm_name(m->stats), e.text);
	listeners_shut_down(&m->listeners);
}

static void
drain(struct master *m)
{
	int64_t by_ns = clock_now_ns() + m->config->drain_timeout_ns;
	char text[UNITS_TEXT];

	step_aside(m);
	log_info("draining, for up to %s, statistics '%s'",
	    units_format_duration(m->config->drain_timeout_ns, text),
	    stats_shm_name(m->stats));
	atomic_store(&stats_shm_slot(m->stats, 0)->state, STATS_SLOT_DRAINING);
	workers_drain(&m->workers, by_ns);
	m->kill_ns = by_ns + kill_after_ns;
}

static void
stop(struct master *m)
{
	if (workers_are_draining(&m->workers)) {
		log_warn("told to stop again: ending at once");
		workers_kill(&m->workers);
		return;
	}
	drain(m);
}

/* All that is to be read again, but nothing of it is put to use. */
static int
read_again(const struct master *m, struct credentials *credentials,
    enum log_level *level, struct errmsg *e)
{
	const char *path = m->config->log_level_file;

	*level = log_level();
	if (path != NULL && config_read_log_level(path, level, e) < 0)
		return -1;
	return credentials_load(
	    credentials, m->config, workers_credentials(&m->workers), e);
}

static void
reload(struct master *m)
{
	struct credentials credentials;
	enum log_level level;
	struct errmsg e;

	if (workers_are_draining(&m->workers))
		return;
	if (read_again(m, &credentials, &level, &e) < 0) {
		stats_add(own_shard(m), STATS_RELOADS_REFUSED, 1);
		log_error("reload refused, nothing changed: %s", e.text);
		return;
	}
	stats_add(own_shard(m), STATS_RELOADS, 1);
	log_info("reload: the files have been read again");
	log_set_level(level);
	expiry_set(&m->expiry, &credentials, own_shard(m));
	workers_reload(&m->workers, credentials.fd, level);
}

static void
on_signals(struct master *m)
{
	int number;

	while ((number = signals_read(m->signal_fd)) != 0) {
		switch (number) {
		case SIGINT:
		case SIGTERM:
			stop(m);
			break;
		case SIGHUP:
			reload(m);
			break;
		case SIGCHLD:
			workers_reap(&m->workers);
			break;
		default:
			break;
		}
	}
}

/* Kills workers that stay too long; how long until the next time, or -1. */
static int64_t
enforce_drain(struct master *m, int64_t now_ns)
{
	if (!workers_are_draining(&m->workers))
		return -1;
	ASSERT(m->kill_ns != 0);
	if (now_ns < m->kill_ns)
		return m->kill_ns - now_ns;
	log_warn("workers did not leave in time: killed");
	workers_kill(&m->workers);
	m->kill_ns = now_ns + kill_after_ns;
	return kill_after_ns;
}

static int64_t
watch_dates(struct master *m, int64_t now_ns)
{
	if (now_ns >= m->expiry_check_ns) {
		expiry_check(&m->expiry, (int64_t)time(NULL));
		m->expiry_check_ns = now_ns + EXPIRY_CHECK_NS;
	}
	return m->expiry_check_ns - now_ns;
}

static int64_t
watch_limits(struct master *m, int64_t now_ns)
{
	if (now_ns >= m->look_ns) {
		refusals_tell(&m->refusals, m->config, m->stats, now_ns);
		m->look_ns = now_ns + look_each_ns;
	}
	return m->look_ns - now_ns;
}

static int
poll_timeout_ms(int64_t wait_ns)
{
	int64_t ms = wait_ns / CLOCK_NS_PER_MS + 1;

	if (wait_ns < 0)
		return -1;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

static void
turn(struct master *m)
{
	struct pollfd fds[POLL_WORKERS + CONFIG_WORKERS_MAX];
	int64_t now_ns = clock_now_ns();
	int64_t wait_ns = timeq_min_wait(
	    workers_restart(&m->workers, now_ns), enforce_drain(m, now_ns));
	unsigned workers = m->config->workers;

	wait_ns = timeq_min_wait(wait_ns, watch_dates(m, now_ns));
	wait_ns = timeq_min_wait(wait_ns, watch_limits(m, now_ns));
	fds[POLL_SIGNALS] =
	    (struct pollfd){ .fd = m->signal_fd, .events = POLLIN };
	fds[POLL_KEYS] =
	    (struct pollfd){ .fd = keypress_fd(&m->keys), .events = POLLIN };
	workers_poll(&m->workers, &fds[POLL_WORKERS]);
	if (poll(fds, POLL_WORKERS + workers, poll_timeout_ms(wait_ns)) < 0)
		return; /* EINTR: it was stopped and continued */
	for (unsigned i = 0; i < workers; i++)
		if (fds[POLL_WORKERS + i].revents != 0 &&
		    workers_listen(&m->workers, i))
			report_ready(m);
	if (fds[POLL_KEYS].revents != 0 && keypress_read(&m->keys)) {
		keypress_close(&m->keys);
		stop(m);
	}
	if (fds[POLL_SIGNALS].revents != 0)
		on_signals(m);
}

static void
serve(struct master *m)
{
	const struct workers *w = &m->workers;

	workers_start(&m->workers);
	for (;;) {
		if (workers_have_failed(w) && !workers_are_draining(w))
			drain(m);
		/* Without a worker nothing would wake poll. */
		if (workers_are_draining(w) && workers_alive(w) == 0)
			return;
		turn(m);
	}
}

static void
tear_down(struct master *m)
{
	keypress_close(&m->keys);
	workers_fini(&m->workers);
	if (m->signal_fd >= 0)
		(void)close(m->signal_fd);
	listeners_close(&m->listeners);
	stats_shm_close(&m->stats);
}

int
master_run(const struct config *config, struct errmsg *e)
{
	struct master m = {
		.config = config, .keys = { .fd = -1 }, .signal_fd = -1
	};
	int result = set_up(&m, e);

	if (result == 0) {
		serve(&m);
		refusals_tell(&m.refusals, config, m.stats, INT64_MAX);
		log_info("stopped");
		result = workers_have_failed(&m.workers) ? 1 : 0;
		if (totals_print(m.stats) < 0) {
			log_error("cannot write the totals");
			result = 1;
		}
	}
	tear_down(&m);
	return result;
}
