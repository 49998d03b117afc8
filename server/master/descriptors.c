/* descriptors: a table that is made when it is asked; see the header. */
#include "server/master/descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/stats/adopt.h"
#include "common/sys/oom.h"
#include "server/limits/limits.h"
#include "server/master/private.h"

enum {
	OF_WORKERS = 1, /* in each worker, too */
	PASSES = 2,     /* to the next program */
	ANEW = 4,       /* a rehearsal opens its own */
	SINGLE = 32,    /* no fewer than those that are no list */
	DESCRIPTORS_MAX = SINGLE + LISTENERS_MAX + 4 * CONFIG_SLOTS_MAX
};

struct descriptor {
	int fd; /* -1: closed */
	unsigned fate;
};

struct table {
	struct descriptor list[DESCRIPTORS_MAX];
	unsigned count;
};

static void
add(struct table *t, int fd, unsigned fate)
{
	ASSERT(t->count < DESCRIPTORS_MAX);
	t->list[t->count++] = (struct descriptor){ fd, fate };
}

static int
segment_fd(const struct stats_shm *stats)
{
	return stats != NULL ? stats_shm_fd(stats) : -1;
}

/* The process of the program before leaves when its workers have. */
static void
add_signer(struct table *t, const struct signer *s)
{
	if (s->keys_id == 0)
		return;
	add(t, s->keys_fd, 0);
	add(t, s->control_fd, 0);
}

static void
add_slots(struct table *t, const struct workers *w, int worker)
{
	for (unsigned i = 0; i < w->slot_count; i++) {
		bool is_own = worker == (int)i;

		add(t, w->slots[i].control_fd, PASSES);
		add(t, w->slots[i].supply_fd, PASSES);
		add(t, w->inboxes[i].rx_fd,
		    PASSES | ANEW | (is_own ? OF_WORKERS : 0));
		add(t, w->inboxes[i].tx_fd, PASSES | ANEW | OF_WORKERS);
	}
}

/* worker: the slot of one; -1: as the master has them. */
static void
list_all(struct table *t, const struct master *m, int worker)
{
	const struct workers_setup *setup = &m->workers.setup;

	t->count = 0;
	add(t, m->signal_fd, 0);
	add(t, m->supervisor.notify.fd, 0);
	add(t, change_fd(&m->change), 0);
	add(t, pressure_fd(&m->pressure), 0);
	add(t, setup->ready_fd, 0);
	add(t, m->upgrade.out_fd, 0);
	add(t, segment_fd(m->old_stats), 0);
	add(t, segment_fd(m->stats), PASSES);
	add(t, limits_fd(m->limits), PASSES | ANEW);
	add(t, m->logger.rx_fd, PASSES | ANEW);
	add(t, m->logger.pid_fd, PASSES | ANEW);
	add(t, m->logger.lines_fd, PASSES | ANEW);
	add(t, m->logger.tx_fd, PASSES | ANEW | OF_WORKERS);
	add(t, setup->credentials_fd, PASSES | OF_WORKERS);
	add(t, m->config->tls.keylog_fd, OF_WORKERS);
	for (int i = 0; i < m->listeners.count; i++)
		add(t, m->listeners.fds[i], PASSES | OF_WORKERS);
	add_signer(t, &m->workers.signers.now);
	add_slots(t, &m->workers, worker);
}

void
descriptors_enter_worker(const struct master *m, unsigned index)
{
	struct table t;

	list_all(&t, m, (int)index);
	for (unsigned i = 0; i < t.count; i++)
		if (t.list[i].fd >= 0 && (t.list[i].fate & OF_WORKERS) == 0)
			(void)close(t.list[i].fd);
	oom_close();
}

void
descriptors_pass(const struct master *m, bool pass)
{
	struct table t;

	list_all(&t, m, -1);
	for (unsigned i = 0; i < t.count; i++)
		if (t.list[i].fd >= 0 && (t.list[i].fate & PASSES) != 0)
			(void)fcntl(
			    t.list[i].fd, F_SETFD, pass ? 0 : FD_CLOEXEC);
}

unsigned
descriptors_count_passed(const struct master *m)
{
	struct table t;
	unsigned count = 0;

	list_all(&t, m, -1);
	for (unsigned i = 0; i < t.count; i++)
		count += t.list[i].fd >= 0 &&
		    (t.list[i].fate & (PASSES | ANEW)) == PASSES;
	return count;
}
