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
#include "common/sys/fd.h"
#include "common/sys/keypress.h"
#include "common/sys/log.h"
#include "common/sys/signals.h"
#include "server/config.h"
#include "server/limits/limits.h"
#include "server/listeners.h"
#include "server/logger/logger.h"
#include "server/master/credentials.h"
#include "server/master/descriptors.h"
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
	POLL_PRESSURE,
	POLL_WORKERS
};

/* How often the master looks at its workers, whatever happens. */
static const int64_t look_each_ns = CLOCK_NS_PER_S;

static int
open_signals(struct master *m, struct errmsg *e)
{
	/* On a terminal those that stop a job in the background do that; a
	 * SIGTSTP that is ignored would come if it were asked for. */
	const int by_shell = signals_is_ignored(SIGTSTP) ? 0 : SIGTSTP;
	const bool has_terminal = m->config->interactive;
	const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGQUIT,
		SIGUSR1, SIGUSR2, has_terminal ? by_shell : SIGTTIN,
		has_terminal ? 0 : SIGTTOU, 0 };

	signals_ignore_strays(m->config->interactive);
	m->signal_fd = signals_open(numbers, e);
	return m->signal_fd < 0 ? -1 : 0;
}

static int
open_keys(struct master *m, struct errmsg *e)
{
	if (!m->config->interactive)
		return 0;
	return master_open_keys(m, e);
}

static const uint64_t auth_levels[] = { [TLS_CLIENT_AUTH_REQUIRED] = 2,
	[TLS_CLIENT_AUTH_OPTIONAL] = 1,
	[TLS_CLIENT_AUTH_NONE] = 0 };

static int
init_workers(
    struct master *m, struct credentials *credentials, struct errmsg *e)
{
	const struct workers_setup setup = { .config = m->config,
		.listeners = &m->listeners,
		.stats = m->stats,
		.old_stats = &m->old_stats,
		.limits = m->limits,
		.credentials_fd = credentials->fd,
		.signer = credentials->signer,
		.ready_fd = m->config->ready_fd,
		.enter_worker = descriptors_enter_worker,
		.master = m,
		.handover = &m->handover };

	config_warn(m->config);
	rights_report_sandbox(m->config, master_shard(m));
	stats_set(master_shard(m), STATS_CLIENT_AUTH,
	    auth_levels[m->config->tls.client_auth]);
	expiry_set(&m->expiry, credentials, master_shard(m));
	if (rights_reduce(m->config, e) == 0)
		return workers_init(&m->workers, &setup, e);
	credentials_close(credentials);
	return -1;
}

static int
open_listeners(struct master *m, struct errmsg *e)
{
	m->listeners = m->handover.listeners;
	if (m->listeners.count > 0 || m->rehearses)
		return 0;
	return listeners_open(&m->listeners, m->config, e);
}

static int
open_segment(struct master *m, struct errmsg *e)
{
	if (m->handover.segment_fd < 0)
		return segment_create(&m->stats, m->config, e);
	if (segment_take_over(&m->stats, &m->old_stats, m->config,
		m->handover.segment_fd, e) < 0)
		return -1;
	refusals_begin(&m->refusals, m->stats, m->handover.told);
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

/* A rehearsal only shows that it can, and reloads nothing. */
static int
open_change(struct master *m, struct errmsg *e)
{
	int result = change_open(&m->change, m->config, e);

	if (m->rehearses)
		change_close(&m->change);
	return result;
}

/* In this order: what is most likely to be wrong first, forks last. */
static int
set_up(struct master *m, struct errmsg *e)
{
	const struct handover *h = &m->handover;
	struct credentials credentials;

	if (memory_check(m->config, e) < 0 || open_change(m, e) < 0 ||
	    credentials_load(&credentials, m->config, h->credentials_fd, e) < 0)
		return -1;
	if (open_listeners(m, e) < 0 || open_segment(m, e) < 0 ||
	    limits_new(&m->limits, m->config, h->limits_fd, e) < 0 ||
	    open_signals(m, e) < 0 || open_keys(m, e) < 0) {
		credentials_close(&credentials);
		return -1;
	}
	if (h->credentials_fd >= 0)
		(void)close(h->credentials_fd);
	pressure_open(&m->pressure, m->config);
	pressure_log(&m->pressure);
	supervisor_open(&m->supervisor, handover_slots(h) > 0);
	m->listeners.are_kept |= supervisor_exists(&m->supervisor);
	return init_workers(m, &credentials, e);
}

static int64_t
watch_limits(struct master *m, int64_t now_ns)
{
	int64_t wait_ns;

	if (now_ns >= m->memory_ns)
		m->memory_ns = now_ns +
		    memory_watch(&m->memory, &m->workers, master_shard(m));
	wait_ns = pressure_turn(&m->pressure, master_shard(m), now_ns);
	if (now_ns >= m->look_ns) {
		refusals_tell(&m->refusals, m->config, m->stats, now_ns);
		resize_look(&m->workers, now_ns);
		watchdog_look_at_all(&m->workers, now_ns);
		logger_look(&m->logger);
		stats_add(master_shard(m), STATS_LOG_LINES_DROPPED,
		    logger_take_dropped(&m->logger));
		close_old_segment(m);
		m->look_ns = now_ns + look_each_ns;
	}
	wait_ns = timeq_min_wait(wait_ns, m->memory_ns - now_ns);
	return timeq_min_wait(wait_ns, m->look_ns - now_ns);
}

static void
on_ready(struct master *m)
{
	int64_t by_ns = clock_now_ns() + m->config->drain_timeout_ns;
	unsigned old;

	if (m->rehearses) {
		m->has_rehearsed = true;
		master_drain(m);
		return;
	}
	m->memory_ns = 0;
	(void)watch_limits(m, clock_now_ns());
	memory_warn_if_idle_exceeds(
	    m->config, totals_sum(m->stats, STATS_MEMORY));
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
	fds[POLL_PRESSURE] = (struct pollfd){ .fd = pressure_fd(&m->pressure),
		.events = POLLPRI };
	workers_poll(&m->workers, &fds[POLL_WORKERS]);
	if (fd_poll(fds, POLL_WORKERS + slots, timeq_poll_ms(wait_ns)) < 0)
		return; /* EINTR: it was stopped and continued */
	for (unsigned i = 0; i < slots; i++)
		if (fds[POLL_WORKERS + i].revents != 0 &&
		    workers_listen(&m->workers, i))
			on_ready(m);
	if (fds[POLL_KEYS].revents != 0 && keypress_read(&m->keys)) {
		keypress_close(&m->keys);
		master_stop(m);
	}
	if (fds[POLL_PRESSURE].revents != 0)
		pressure_note(
		    &m->pressure, fds[POLL_PRESSURE].revents, clock_now_ns());
	if (fds[POLL_CHANGE].revents != 0)
		change_note(&m->change, clock_now_ns());
	if (change_is_due(&m->change, clock_now_ns()))
		master_reload(m);
	if (fds[POLL_SIGNALS].revents != 0)
		master_on_signals(m);
}

/*
 * --workers; but where that says what it said before, as many as signals have
 * left, if there are slots beside those of workers that drain.
 */
static unsigned
count_workers(const struct master *m)
{
	const struct handover *h = &m->handover;
	unsigned free = resize_count_free(&m->workers);

	if (h->workers == 0 || h->workers_asked != m->config->workers)
		return m->config->workers;
	return h->workers < free ? h->workers : free;
}

static void
serve(struct master *m)
{
	const struct workers *w = &m->workers;

	/* SIGCHLD of the program before is lost: signals_open discards it. */
	workers_reap(&m->workers);
	resize_start(&m->workers, count_workers(m));
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
	pressure_close(&m->pressure);
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
		logger_close(&m->logger);
		return m->has_rehearsed ? REHEARSAL_PASSED : 1;
	}
	refusals_tell(&m->refusals, m->config, m->stats, INT64_MAX);
	log_info("stopped");
	logger_close(&m->logger);
	if (totals_print(m->stats) < 0) {
		log_error("cannot write the totals");
		result = 1;
	}
	return m->has_quit ? MASTER_QUIT : result;
}

/* Workers that are there drain in the slots that they have. */
static void
keep_slots(struct config *config, unsigned count)
{
	if (count > config->slots)
		config->slots = count;
}

static int
open_log(struct master *m, struct errmsg *e)
{
	m->logger = m->handover.log;
	return m->logger.tx_fd >= 0 ? logger_adopt(&m->logger, e)
				    : logger_open(&m->logger, e);
}

/* What comes from the program before, or from the one that asks for this. */
static int
begin(struct master *m, struct config *config, struct errmsg *e)
{
	static struct config copy;
	struct rehearsal asked = { .slots = 0 };

	if (handover_read(&m->handover, e) < 0 || open_log(m, e) < 0)
		return -1;
	if (!m->rehearses) {
		keep_slots(config, handover_slots(&m->handover));
		return 0;
	}
	if (rehearsal_prepare(&asked, config, &copy, e) < 0)
		return -1;
	m->config = &copy;
	m->handover.credentials_fd = asked.credentials_fd;
	return 0;
}

int
master_run(struct config *config, struct errmsg *e)
{
	static struct master m; /* large */
	int result;

	m = (struct master){
		.config = config,
		.logger = LOGGER_INIT,
		.keys = { .fd = -1 },
		.signal_fd = -1,
		.supervisor = { .notify = { .fd = -1 } },
		.change = CHANGE_INIT,
		.pressure = PRESSURE_INIT,
		.upgrade = { .argv = config->argv, .out_fd = -1 },
		.rehearses = rehearsal_is_asked_for(),
	};
	result = begin(&m, config, e);
	if (result == 0)
		result = set_up(&m, e);
	if (result == 0)
		serve(&m);
	signers_end(&m.workers.signers); /* they have the log open */
	if (result == 0)
		result = tell_end(&m);
	else
		logger_close(&m.logger);
	tear_down(&m);
	return result;
}
