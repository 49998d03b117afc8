/* http: the loop of the exporter; see the header. */
#include "tools/http/http.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/sys/limits.h"
#include "common/sys/signals.h"
#include "tools/http/clients.h"
#include "tools/http/exporter.h"
#include "tools/http/listener.h"
#include "tools/http/servers.h"

#define KEEP_ALIVE_NS (15 * CLOCK_NS_PER_S)

struct loop {
	struct exporter *exporter;
	struct servers *servers;
	int signals;
	int64_t interval_ns;
	int64_t keep_alive_ns;
	int64_t sample_ns; /* when the next one is due */
	int64_t told_ns;   /* when streams were sent something */
};

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Rounded up, so that what is due is due by then. */
static int
wait_ms(const struct loop *l)
{
	int64_t now_ns = clock_now_ns();
	int64_t due_ns = earlier(l->sample_ns, l->told_ns + l->keep_alive_ns);
	int64_t ms = due_ns > now_ns
	    ? (due_ns - now_ns + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS
	    : 0;
	int exporter_ms = exporter_wait_ms(l->exporter);

	if (exporter_ms >= 0)
		ms = earlier(ms, exporter_ms);
	return (int)earlier(ms, INT_MAX);
}

static void
work(struct loop *l)
{
	int64_t now_ns = clock_now_ns();

	if (now_ns >= l->sample_ns) {
		servers_sample(l->servers);
		exporter_tell(l->exporter);
		l->told_ns = now_ns;
		l->sample_ns += l->interval_ns;
		if (l->sample_ns < now_ns) /* slept, or was stopped */
			l->sample_ns = now_ns + l->interval_ns;
	} else if (now_ns >= l->told_ns + l->keep_alive_ns) {
		exporter_keep_alive(l->exporter);
		l->told_ns = now_ns;
	}
	exporter_run(l->exporter);
}

/* Until a signal. */
static int
run(struct loop *l, struct errmsg *e)
{
	struct pollfd fds[] = {
		{ .fd = exporter_fd(l->exporter), .events = POLLIN },
		{ .fd = l->signals, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 2, wait_ms(l)) < 0 && errno != EINTR)
			return errmsg_set_errno(e, errno, "poll");
		if (signals_read(l->signals) != 0)
			return 0;
		work(l);
	}
}

/* The port may be known from this line alone. */
static int
announce(const struct addr *addr, struct errmsg *e)
{
	char text[ADDR_TEXT];

	if (printf("http://%s/\n", addr_format(addr, text)) < 0 ||
	    fflush(stdout) != 0)
		return errmsg_set_errno(e, errno, "standard output");
	if (!listener_is_loopback(addr))
		fprintf(stderr,
		    "tlsecho-stat: warning: whoever reaches %s can read "
		    "everything: there is neither encryption nor "
		    "authentication\n",
		    text);
	return 0;
}

static int
serve(struct loop *l, const struct http_options *o, struct errmsg *e)
{
	char host[ADDR_HOST];
	char port[ADDR_PORT];
	struct addr addr;
	int listener;

	if (addr_split(o->address, host, port, e) < 0)
		return errmsg_prepend(e, "--http");
	listener = listener_open(o->address, &addr, e);
	if (listener < 0)
		return -1;
	l->exporter = exporter_new(
	    listener, l->servers, listener_is_loopback(&addr) ? host : NULL, e);
	if (l->exporter == NULL)
		return -1;
	servers_sample(l->servers);
	return announce(&addr, e) < 0 ? -1 : run(l, e);
}

static int
reserve_files(struct errmsg *e)
{
	uint64_t files = limits_raise_files();

	if (files >= CLIENTS_FILES_MIN)
		return 0;
	return errmsg_set(e,
	    "--http: %" PRIu64 " open files are too few, it needs %d: raise "
	    "the limit (ulimit -n)",
	    files, CLIENTS_FILES_MIN);
}

int
http_run(const struct http_options *o, struct errmsg *e)
{
	struct loop l = { .interval_ns = o->interval_ns, .signals = -1 };
	int result = -1;

	if (reserve_files(e) < 0)
		return -1;
	l.keep_alive_ns =
	    o->keep_alive_ns > 0 ? o->keep_alive_ns : KEEP_ALIVE_NS;
	l.told_ns = clock_now_ns();
	l.sample_ns = l.told_ns + o->interval_ns;
	l.signals = signals_open((const int[]){ SIGINT, SIGTERM, 0 }, e);
	if (l.signals >= 0 && (l.servers = servers_new(o->names, e)) != NULL)
		result = serve(&l, o, e);
	exporter_free(&l.exporter);
	servers_free(&l.servers);
	if (l.signals >= 0)
		(void)close(l.signals);
	return result;
}
