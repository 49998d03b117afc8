/* handover: writes and reads a variable; see the header. */
#include "server/master/handover.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/stats/adopt.h"
#include "server/limits/limits.h"
#include "server/master/descriptors.h"
#include "server/master/private.h"
#include "server/master/resize.h"
#include "server/takeover.h"

enum {
	NUMBERS_MAX = 7,
	TEXT_MAX = 1 << 14
};

struct text {
	char bytes[TEXT_MAX];
	size_t used;
};

static void
put(struct text *t, const char *name, const int64_t *numbers, int count)
{
	int n = snprintf(
	    t->bytes + t->used, sizeof t->bytes - t->used, " %s", name);

	ASSERT(count <= NUMBERS_MAX); /* no more are read */
	t->used += (size_t)n;
	for (int i = 0; i < count; i++) {
		n = snprintf(t->bytes + t->used, sizeof t->bytes - t->used,
		    "%c%" PRId64, i == 0 ? '=' : ':', numbers[i]);
		t->used += (size_t)n;
		ASSERT(t->used < sizeof t->bytes);
	}
}

#define PUT(t, name, ...)                                  \
	put((t), (name), (const int64_t[]){ __VA_ARGS__ }, \
	    (int)(sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)))

static void
put_workers(struct text *t, const struct workers *w)
{
	PUT(t, "workers", resize_count(w), w->setup.config->workers);
	for (unsigned i = 0; i < w->slot_count; i++) {
		const struct worker_slot *s = &w->slots[i];

		PUT(t, "inbox", i, w->inboxes[i].rx_fd, w->inboxes[i].tx_fd);
		if (s->pid > 0)
			PUT(t, "worker", i, s->pid, s->control_fd, s->ready,
			    s->started_ns, s->kill_ns, s->stall.stopped);
		if (s->pid > 0 && s->supply_fd >= 0)
			PUT(t, "supply", i, s->supply_fd);
	}
}

void
handover_write(const struct master *m)
{
	static struct text t;
	const struct listeners *l = &m->listeners;

	t.used = 0;
	PUT(&t, "pid", getpid());
	PUT(&t, "segment", stats_shm_fd(m->stats));
	PUT(&t, "credentials", m->workers.setup.credentials_fd);
	PUT(&t, "limits", limits_fd(m->limits));
	PUT(&t, "log", m->logger.tx_fd, m->logger.rx_fd, m->logger.pid_fd,
	    m->logger.lines_fd);
	PUT(&t, "kept", l->are_kept);
	for (int i = 0; i < l->count; i++)
		PUT(&t, "listener", l->fds[i]);
	for (int i = 0; i < REFUSALS_LIMITS; i++)
		PUT(&t, "told", i, (int64_t)m->refusals.told[i]);
	put_workers(&t, &m->workers);
	(void)setenv(TAKEOVER_UPGRADE, t.bytes, 1);
	descriptors_pass(m, true);
}

void
handover_undo(const struct master *m)
{
	(void)unsetenv(TAKEOVER_UPGRADE);
	descriptors_pass(m, false);
}

static bool
is_slot(int64_t i)
{
	return i >= 0 && i < CONFIG_SLOTS_MAX;
}

/* An open one, which passes no further. */
static int
own_fd(int64_t fd)
{
	if (fd < 0 || fd > INT32_MAX || fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0)
		return -1;
	return (int)fd;
}

/* As it was told by SIGCHLD, which does not come again. */
static struct stall
stopped_or_not(bool stopped)
{
	return (struct stall){
		.stopped = stopped, .stalled = stopped, .told = stopped
	};
}

static void
set_workers(struct handover *h, int64_t count, int64_t asked)
{
	h->workers =
	    count > 0 && count <= CONFIG_WORKERS_MAX ? (unsigned)count : 0;
	h->workers_asked = (unsigned)asked;
}

static void
take(struct handover *h, const char *name, const int64_t n[NUMBERS_MAX])
{
	struct listeners *l = &h->listeners;

	if (strcmp(name, "pid") == 0)
		h->exists = n[0] == getpid();
	else if (strcmp(name, "segment") == 0)
		h->segment_fd = own_fd(n[0]);
	else if (strcmp(name, "credentials") == 0)
		h->credentials_fd = own_fd(n[0]);
	else if (strcmp(name, "limits") == 0)
		h->limits_fd = own_fd(n[0]);
	else if (strcmp(name, "log") == 0)
		h->log = (struct logger){ .tx_fd = own_fd(n[0]),
			.rx_fd = own_fd(n[1]),
			.pid_fd = own_fd(n[2]),
			.lines_fd = own_fd(n[3]) };
	else if (strcmp(name, "workers") == 0)
		set_workers(h, n[0], n[1]);
	else if (strcmp(name, "told") == 0 && n[0] >= 0 &&
	    n[0] < REFUSALS_LIMITS)
		h->told[n[0]] = (uint64_t)n[1];
	else if (strcmp(name, "kept") == 0)
		l->are_kept = n[0] != 0;
	else if (strcmp(name, "listener") == 0 && l->count < LISTENERS_MAX)
		l->fds[l->count++] = own_fd(n[0]);
	else if (strcmp(name, "inbox") == 0 && is_slot(n[0]))
		h->inboxes[n[0]] = (struct inbox){ .rx_fd = own_fd(n[1]),
			.tx_fd = own_fd(n[2]) };
	else if (strcmp(name, "worker") == 0 && is_slot(n[0]))
		h->slots[n[0]] = (struct worker_slot){ .pid = (pid_t)n[1],
			.control_fd = own_fd(n[2]),
			.supply_fd = -1,
			.ready = n[3] != 0,
			.started_ns = n[4],
			.kill_ns = n[5],
			.stall = stopped_or_not(n[6] != 0) };
	else if (strcmp(name, "supply") == 0 && is_slot(n[0]))
		h->slots[n[0]].supply_fd = own_fd(n[1]);
}

/* "NAME=1:2:3"; numbers that are missing are 0. */
static void
read_word(struct handover *h, char *word)
{
	int64_t numbers[NUMBERS_MAX] = { 0 };
	char *at = strchr(word, '=');

	if (at == NULL)
		return;
	*at = '\0';
	for (int i = 0; i < NUMBERS_MAX && at != NULL; i++) {
		numbers[i] = strtoll(at + 1, &at, 10);
		at = *at == ':' ? at : NULL;
	}
	take(h, word, numbers);
}

int
handover_read(struct handover *h, struct errmsg *e)
{
	const char *value = getenv(TAKEOVER_UPGRADE);
	char *text, *rest, *word;

	*h = (struct handover){ .segment_fd = -1,
		.credentials_fd = -1,
		.limits_fd = -1,
		.log = LOGGER_INIT };
	memset(h->told, 0xff, sizeof h->told);
	for (int i = 0; i < CONFIG_SLOTS_MAX; i++) {
		h->inboxes[i] = (struct inbox){ .rx_fd = -1, .tx_fd = -1 };
		h->slots[i].control_fd = h->slots[i].supply_fd = -1;
	}
	if (value == NULL)
		return 0;
	text = strdup(value);
	if (text == NULL)
		return errmsg_set(e, "out of memory");
	for (word = strtok_r(text, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		read_word(h, word);
	free(text);
	(void)unsetenv(TAKEOVER_UPGRADE);
	if (h->exists && h->segment_fd >= 0 && h->credentials_fd >= 0)
		return 0;
	return errmsg_set(e,
	    TAKEOVER_UPGRADE " is in the environment, and not meant for this "
			     "process: unset it");
}

unsigned
handover_slots(const struct handover *h)
{
	unsigned count = CONFIG_SLOTS_MAX;

	while (count > 0 && h->inboxes[count - 1].rx_fd < 0)
		count--;
	return count;
}

void
handover_drop_inboxes(struct handover *h)
{
	for (int i = 0; i < CONFIG_SLOTS_MAX; i++)
		inbox_close(&h->inboxes[i]);
}
