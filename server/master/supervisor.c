/* supervisor: lines to NOTIFY_SOCKET; see the header. */
#include "server/master/supervisor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"
#include "server/inherited.h"
#include "server/listeners.h"
#include "server/master/resize.h"
#include "server/master/workers.h"

static const int64_t ns_per_us = 1000;

/* A number in a variable; false: there is none. */
static bool
read_number(const char *name, uint64_t *value)
{
	const char *text = getenv(name);
	struct errmsg e;

	if (text == NULL)
		return false;
	if (units_parse_count(text, value, &e) == 0)
		return true;
	log_warn("%s is ignored: %s", name, e.text);
	return false;
}

/* Half of what it waits for (sd_watchdog_enabled(3)). */
static int64_t
read_ping_each_ns(void)
{
	uint64_t pid, us;

	if (read_number("WATCHDOG_PID", &pid) && pid != (uint64_t)getpid())
		return 0;
	if (!read_number("WATCHDOG_USEC", &us) ||
	    us > INT64_MAX / (uint64_t)ns_per_us)
		return 0;
	return (int64_t)us * ns_per_us / 2;
}

static void
begin_pings(struct supervisor *s)
{
	s->ping_ns = s->ping_each_ns != 0 ? clock_now_ns() : 0;
}

void
supervisor_open(struct supervisor *s, bool has_workers)
{
	struct errmsg e;

	*s = (struct supervisor){ .notify = { .fd = -1 } };
	if (notify_open(&s->notify, getenv("NOTIFY_SOCKET"), &e) < 0)
		log_warn("the service manager is told nothing: %s", e.text);
	else if (notify_is_open(&s->notify))
		s->ping_each_ns = read_ping_each_ns();
	if (has_workers)
		begin_pings(s);
}

void
supervisor_close(struct supervisor *s)
{
	notify_close(&s->notify);
}

bool
supervisor_exists(const struct supervisor *s)
{
	return notify_is_open(&s->notify);
}

static void
store(const struct supervisor *s, const struct listeners *listeners)
{
	char name[ADDR_TEXT], line[ADDR_TEXT + 32];

	for (int i = 0; i < listeners->count; i++) {
		(void)snprintf(line, sizeof line, "FDSTORE=1\nFDNAME=%s",
		    inherited_name(listeners->fds[i], name));
		notify_send_fd(&s->notify, line, listeners->fds[i]);
	}
}

static void
set_status(struct supervisor *s, const struct workers *workers)
{
	unsigned count = resize_count(workers);

	(void)snprintf(s->status, sizeof s->status,
	    "STATUS=%u worker%s; statistics: tlsecho-stat --stats %s", count,
	    units_plural(count), workers->setup.config->stats_name);
}

void
supervisor_tell_count(struct supervisor *s, const struct workers *workers)
{
	set_status(s, workers);
	notify_send(&s->notify, s->status);
}

static void
send_ready(const struct supervisor *s)
{
	char text[sizeof s->status + 16];

	(void)snprintf(text, sizeof text, "READY=1\n%s", s->status);
	notify_send(&s->notify, text);
}

void
supervisor_tell_ready(struct supervisor *s, const struct listeners *listeners,
    const struct workers *workers)
{
	if (!supervisor_exists(s))
		return;
	store(s, listeners);
	set_status(s, workers);
	send_ready(s);
	begin_pings(s);
}

void
supervisor_tell_reloading(struct supervisor *s)
{
	char text[128];

	(void)snprintf(text, sizeof text,
	    "RELOADING=1\nMONOTONIC_USEC=%" PRId64
	    "\nSTATUS=reads its files again",
	    clock_now_ns() / ns_per_us);
	notify_send(&s->notify, text);
	s->is_reloading = true;
}

void
supervisor_tell_stopping(struct supervisor *s, int64_t left_ns)
{
	char text[128];

	s->is_reloading = false;
	(void)snprintf(text, sizeof text,
	    "STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRId64 "\nSTATUS=drains",
	    left_ns / ns_per_us);
	notify_send(&s->notify, text);
}

/* Which none is that stands still, in one of its turns or out of them. */
static bool
is_well(const struct workers *w, unsigned i)
{
	return w->slots[i].ready && !w->slots[i].stall.stalled;
}

static bool
any_is_well(const struct workers *w)
{
	for (unsigned i = 0; i < w->slot_count; i++)
		if (is_well(w, i))
			return true;
	return workers_are_draining(w);
}

static bool
any_reloads(const struct workers *w)
{
	for (unsigned i = 0; i < w->slot_count; i++)
		if (w->slots[i].reloading)
			return true;
	return false;
}

int64_t
supervisor_turn(
    struct supervisor *s, const struct workers *workers, int64_t now_ns)
{
	if (s->is_reloading && !any_reloads(workers)) {
		s->is_reloading = false;
		send_ready(s);
	}
	if (s->ping_ns == 0)
		return -1;
	if (now_ns >= s->ping_ns) {
		if (any_is_well(workers))
			notify_send(&s->notify, "WATCHDOG=1");
		s->ping_ns = now_ns + s->ping_each_ns;
	}
	return s->ping_ns - now_ns;
}
