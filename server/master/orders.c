/* orders: what signals and a key press make of the master; see private.h. */
#include <signal.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/stats/shm.h"
#include "common/sys/log.h"
#include "common/sys/signals.h"
#include "server/config.h"
#include "server/master/private.h"
#include "server/master/ready.h"
#include "server/master/reload.h"
#include "server/master/resize.h"
#include "server/master/totals.h"

struct stats_shard *
master_shard(const struct master *m)
{
	return &stats_shm_slot(m->stats, 0)->shards[STATS_SHARD_MASTER];
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

void
master_drain(struct master *m)
{
	int64_t by_ns = clock_now_ns() + m->config->drain_timeout_ns;
	char text[UNITS_TEXT];

	step_aside(m);
	supervisor_tell_stopping(&m->supervisor,
	    m->config->drain_timeout_ns + 2 * SLOT_KILL_AFTER_NS);
	log_info("draining, for up to %s, statistics '%s'",
	    units_format_duration(m->config->drain_timeout_ns, text),
	    stats_shm_name(m->stats));
	atomic_store(&stats_shm_slot(m->stats, 0)->state, STATS_SLOT_DRAINING);
	workers_drain(&m->workers, by_ns);
	m->kill_ns = by_ns + SLOT_KILL_AFTER_NS;
}

void
master_stop(struct master *m)
{
	if (workers_are_draining(&m->workers)) {
		log_warn("told to stop again: ending at once");
		workers_kill(&m->workers);
		return;
	}
	master_drain(m);
}

void
master_reload(struct master *m)
{
	const struct reload r = { .config = m->config,
		.workers = &m->workers,
		.expiry = &m->expiry,
		.change = &m->change,
		.stats = m->stats,
		.shard = master_shard(m) };

	if (!workers_are_draining(&m->workers))
		supervisor_tell_reloading(&m->supervisor);
	reload_run(&r);
}

static void
quit(struct master *m)
{
	log_warn("SIGQUIT: ending at once");
	supervisor_tell_stopping(&m->supervisor, SLOT_KILL_AFTER_NS);
	m->has_quit = true;
	listeners_shut_down(&m->listeners);
	m->kill_ns = clock_now_ns() + SLOT_KILL_AFTER_NS;
	if (!workers_are_draining(&m->workers))
		workers_drain(&m->workers, m->kill_ns);
	workers_kill(&m->workers);
}

int
master_open_keys(struct master *m, struct errmsg *e)
{
	if (keypress_open(&m->keys, STDIN_FILENO, e) < 0)
		return errmsg_prepend(e, "--interactive");
	return 0;
}

/*
 * ^Z, which stops workers, too: the terminal is the shell's until fg, and then
 * it has other settings.
 */
static void
suspend(struct master *m)
{
	bool waits_for_key = m->keys.fd >= 0;
	struct errmsg e;

	keypress_close(&m->keys);
	signals_stop();
	if (waits_for_key && master_open_keys(m, &e) < 0)
		log_warn("no key ends the server any more: %s", e.text);
	else if (waits_for_key)
		ready_prompt();
}

void
master_on_signals(struct master *m)
{
	int number;

	while ((number = signals_read(m->signal_fd)) != 0) {
		switch (number) {
		case SIGINT:
		case SIGTERM:
			master_stop(m);
			break;
		case SIGHUP:
			master_reload(m);
			break;
		case SIGCHLD:
			workers_reap(&m->workers);
			if (upgrade_on_child(&m->upgrade, &m->workers))
				upgrade_become(&m->upgrade, m);
			break;
		case SIGUSR2:
			upgrade_begin(&m->upgrade, m);
			break;
		case SIGQUIT:
			quit(m);
			break;
		case SIGUSR1:
			totals_log(m->stats);
			break;
		case SIGTSTP:
			suspend(m);
			break;
		case SIGTTIN:
			resize_up(&m->workers);
			supervisor_tell_count(&m->supervisor, &m->workers);
			break;
		case SIGTTOU:
			resize_down(&m->workers,
			    clock_now_ns() + m->config->drain_timeout_ns);
			supervisor_tell_count(&m->supervisor, &m->workers);
			break;
		default:
			break;
		}
	}
}

int64_t
master_enforce_drain(struct master *m, int64_t now_ns)
{
	if (!workers_are_draining(&m->workers))
		return -1;
	ASSERT(m->kill_ns != 0);
	if (now_ns < m->kill_ns)
		return m->kill_ns - now_ns;
	log_warn("workers did not leave in time: killed");
	workers_kill(&m->workers);
	m->kill_ns = now_ns + SLOT_KILL_AFTER_NS;
	return SLOT_KILL_AFTER_NS;
}
