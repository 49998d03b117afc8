/* master: set-up in named steps, then one poll loop; see the header. */
#include "server/master/master.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/base/version.h"
#include "common/stats/shm.h"
#include "common/sys/keypress.h"
#include "common/sys/log.h"
#include "common/sys/signals.h"
#include "server/config.h"
#include "server/limits/limits.h"
#include "server/listeners.h"
#include "server/logger/logger.h"
#include "server/master/credentials.h"
#include "server/master/memory.h"
#include "server/master/private.h"
#include "server/master/ready.h"
#include "server/master/rehearsal.h"
#include "server/master/resize.h"
#include "server/master/rights.h"
#include "server/master/segment.h"
#include "server/master/totals.h"
#include "server/master/watchdog.h"

enum {
	POLL_SIGNALS,
	POLL_KEYS,
	POLL_CHANGE,
	POLL_WORKERS
};

/* How often the master looks at its workers, whatever happens. */
static const int64_t look_each_ns = CLOCK_NS_PER_S;

static int
open_signals(struct master *m, struct errmsg *e)
{
	/* Last those that stop a job in the background (--interactive). */
	int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGQUIT, SIGUSR1,
		SIGUSR2, SIGTTIN, SIGTTOU, 0 };

	if (m->config->interactive)
		numbers[sizeof numbers / sizeof *numbers - 3] = 0;
	signals_ignore_strays(m->config->interactive);
	m->signal_fd = signals_open(numbers, e);
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

/* In a worker. The logger's number is another one when it was replaced. */
static void
close_own(const void *master)
{
	const struct master *m = master;
	const int fds[] = { m->signal_fd, m->supervisor.notify.fd,
		change_fd(&m->change), m->logger->rx_fd, m->logger->pid_fd };

	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] != -1)
			(void)close(fds[i]);
}

static int
init_workers(
    struct master *m, const struct credentials *credentials, struct errmsg *e)
{
	const struct workers_setup setup = { .config = m->config,
		.listeners = &m->listeners,
		.stats = m->stats,
		.old_stats = &m->old_stats,
		.limits = m->limits,
		.credentials_fd = credentials->fd,
		.signer = credentials->signer,
		.ready_fd = m->config->ready_fd,
		.close_own = close_own,
		.master = m,
		.handover = &m->handover };

	config_warn(m->config);
	rights_report_sandbox(m->config, master_shard(m));
	stats_set(master_shard(m), STATS_CLIENT_AUTH,
	    auth_levels[m->config->tls.client_auth]);
	expiry_set(&m->expiry, credentials, master_shard(m));
	return rights_reduce(m->config, e) < 0
	    ? -1
	    : workers_init(&m->workers, &setup, e);
}

static int
open_listeners(struct master *m, struct errmsg *e)
{
	m->listeners = m->handover.listeners;
	if (m->handover.exists || m->rehearses)
		return 0;
	return listeners_open(&m->listeners, m->config, e);
}

static int
open_segment(struct master *m, struct errmsg *e)
{
	if (!m->handover.exists)
		return segment_create(&m->stats, m->config, e);
	if (segment_take_over(&m->stats, &m->old_stats, m->config,
		m->handover.segment_fd, e) < 0)
		return -1;
	refusals_begin(&m->refusals, m->stats);
	m->upgrade.has_old_segment = m->old_stats != NULL;
	if (m->old_stats != NULL)
		handover_drop_inboxes(&m->handover);
	return 0;
}

/* When the last of the workers that count in it has left. */
static void
close_old_segment(struct master *m)
{
	if (m->old_stats == NULL || resize_has_old(&m->workers))
		return;
	stats_shm_close(&m->old_stats);
	m->upgrade.has_old_segment = false;
}

/* In this order: what is most likely to be wrong first, forks last. */
static int
set_up(struct master *m, struct errmsg *e)
{
	const struct handover *h = &m->handover;
	struct credentials credentials;

	if (memory_check(m->config, e) < 0 ||
	    change_open(&m->change, m->config, e) < 0 ||
	    credentials_load(&credentials, m->config, h->credentials_fd, e) < 0)
		return -1;
	if (open_listeners(m, e) < 0 || open_segment(m, e) < 0 ||
	    limits_new(&m->limits, m->config, e) < 0 ||
	    open_signals(m, e) < 0 || open_keys(m, e) < 0) {
		credentials_close(&credentials);
		return -1;
	}
	if (h->credentials_fd >= 0)
		(void)close(h->credentials_fd);
	supervisor_open(&m->supervisor, h->exists);
	m->listeners.are_kept |= supervisor_exists(&m->supervisor);
	return init_workers(m, &credentials, e);
}

/* On top of those that the program before this one has counted. */
static void
count_dropped_lines(struct master *m)
{
	uint64_t dropped = logger_dropped(m->logger);

	stats_add(master_shard(m), STATS_LOG_LINES_DROPPED,
	    dropped - m->lines_dropped);
	m->lines_dropped = dropped;
}

static int64_t
watch_limits(struct master *m, int64_t now_ns)
{
	if (now_ns >= m->memory_ns)
		m->memory_ns = now_ns +
		    memory_watch(&m->memory, &m->workers, master_shard(m));
	if (now_ns >= m->look_ns) {
		refusals_tell(&m->refusals, m->config, m->stats, now_ns);
		resize_look(&m->workers, now_ns);
		watchdog_look_at_all(&m->workers, now_ns);
		logger_look(m->logger);
		count_dropped_lines(m);
		close_old_segment(m);
		m->look_ns = now_ns + look_each_ns;
	}
	return timeq_min_wait(m->look_ns - now_ns, m->memory_ns - now_ns);
}

static void
on_ready(struct master *m)
{
	int64_t by_ns = clock_now_ns() + m->config->drain_timeout_ns;
	unsigned old;

	if (m->rehearses) {
		master_drain(m);
		return;
	}
	ready_tell(m->config, &m->listeners, &m->workers);
	supervisor_tell_ready(&m->supervisor, &m->listeners, &m->workers);
	if (!m->handover.exists)
		return;
	old = resize_let_old_go(&m->workers, by_ns);
	stats_add(master_shard(m), STATS_UPGRADES, 1);
	log_info("upgraded: tlsecho-server %s serves, %u old worker%s",
	    TLSECHO_VERSION, old, old == 1 ? " drains" : "s drain");
}

static void
turn(struct master *m)
{
	struct pollfd fds[POLL_WORKERS + CONFIG_SLOTS_MAX];
	int64_t now_ns = clock_now_ns();
	int64_t wait_ns = timeq_min_wait(workers_restart(&m->workers, now_ns),
	    master_enforce_drain(m, now_ns));
	unsigned slots = m->workers.slot_count;

	wait_ns = timeq_min_wait(wait_ns, expiry_turn(&m->expiry, now_ns));
	wait_ns = timeq_min_wait(wait_ns, watch_limits(m, now_ns));
	wait_ns = timeq_min_wait(wait_ns, upgrade_turn(&m->upgrade, now_ns));
	wait_ns = timeq_min_wait(wait_ns, change_wait_ns(&m->change, now_ns));
	wait_ns = timeq_min_wait(
	    wait_ns, supervisor_turn(&m->supervisor, &m->workers, now_ns));
	fds[POLL_SIGNALS] =
	    (struct pollfd){ .fd = m->signal_fd, .events = POLLIN };
	fds[POLL_KEYS] =
	    (struct pollfd){ .fd = keypress_fd(&m->keys), .events = POLLIN };
	fds[POLL_CHANGE] =
	    (struct pollfd){ .fd = change_fd(&m->change), .events = POLLIN };
	workers_poll(&m->workers, &fds[POLL_WORKERS]);
	if (poll(fds, POLL_WORKERS + slots, timeq_poll_ms(wait_ns)) < 0)
		return; /* EINTR: it was stopped and continued */
	for (unsigned i = 0; i < slots; i++)
		if (fds[POLL_WORKERS + i].revents != 0 &&
		    workers_listen(&m->workers, i))
			on_ready(m);
	if (fds[POLL_KEYS].revents != 0 && keypress_read(&m->keys)) {
		keypress_close(&m->keys);
		master_stop(m);
	}
	if (fds[POLL_CHANGE].revents != 0)
		change_note(&m->change, clock_now_ns());
	if (change_is_due(&m->change, clock_now_ns()))
		master_reload(m);
	if (fds[POLL_SIGNALS].revents != 0)
		master_on_signals(m);
}

static void
serve(struct master *m)
{
	const struct workers *w = &m->workers;

	/* SIGCHLD of the program before is lost: signals_open discards it. */
	workers_reap(&m->workers);
	resize_start(&m->workers);
	for (;;) {
		if (workers_have_failed(w) && !workers_are_draining(w))
			master_drain(m);
		/* Without a worker nothing would wake poll. */
		if (workers_are_draining(w) && workers_alive(w) == 0)
			return;
		turn(m);
	}
}

static void
tear_down(struct master *m)
{
	upgrade_close(&m->upgrade);
	supervisor_close(&m->supervisor);
	change_close(&m->change);
	keypress_close(&m->keys);
	workers_fini(&m->workers);
	if (m->signal_fd >= 0)
		(void)close(m->signal_fd);
	listeners_close(&m->listeners);
	stats_shm_close(&m->old_stats);
	stats_shm_close(&m->stats);
	limits_free(&m->limits);
}

/* After all that master_run has begun has ended: its result. */
static int
tell_end(struct master *m)
{
	int result = workers_have_failed(&m->workers) ? 1 : 0;

	if (m->rehearses) {
		logger_close(m->logger);
		return result == 0 ? REHEARSAL_PASSED : result;
	}
	refusals_tell(&m->refusals, m->config, m->stats, INT64_MAX);
	log_info("stopped");
	logger_close(m->logger);
	if (totals_print(m->stats) < 0) {
		log_error("cannot write the totals");
		result = 1;
	}
	return m->has_quit ? MASTER_QUIT : result;
}

/* Its workers drain in the slots that they have, however many it wants. */
static void
keep_slots(struct config *config, const struct handover *h)
{
	unsigned count = h->exists ? handover_slots(h) : 0;

	if (count > config->slots)
		config->slots = count;
}

int
master_run(struct config *config, struct logger *logger, struct errmsg *e)
{
	static struct config other;
	static struct master m; /* large */
	int result = 0;

	m = (struct master){
		.config = config,
		.logger = logger,
		.keys = { .fd = -1 },
		.signal_fd = -1,
		.supervisor = { .notify = { .fd = -1 } },
		.change = CHANGE_INIT,
		.upgrade = { .argv = config->argv },
		.rehearses = rehearsal_is_asked_for(),
	};
	if (m.rehearses) {
		m.config = &other;
		result = rehearsal_prepare(config, &other, e);
	}
	if (result == 0)
		result = handover_read(&m.handover, e);
	keep_slots(config, &m.handover);
	if (result == 0)
		result = set_up(&m, e);
	if (result == 0) {
		serve(&m);
		result = tell_end(&m);
	} else {
		logger_close(logger);
	}
	tear_down(&m);
	return result;
}
