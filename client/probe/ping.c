/* ping: a timer, a connection, and figures; see the header. */
#include "client/probe/ping.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "client/load/inflight.h"
#include "client/load/payload.h"
#include "client/options.h"
#include "client/probe/probe.h"
#include "client/setup.h"
#include "common/base/clock.h"
#include "common/base/container_of.h"
#include "common/base/hist.h"
#include "common/base/units.h"
#include "common/conn/piece.h"
#include "common/sys/signals.h"

enum {
	ROOM = 1024 /* messages under way */
};

struct ping {
	struct probe probe;
	FILE *out;
	struct io_watch signals;
	struct payload payload;
	struct inflight inflight; /* the last ones of sent */
	struct inflight_slot slots[ROOM];
	uint64_t sent, received; /* what is not inflight either is lost */
	uint64_t noted_late;     /* up to here it has been said */
	int64_t next_ns;         /* when the next one is due */
	int64_t started_ns;
	bool was_open; /* one of them was */
	bool is_up;    /* this one was, until it is over */
	bool is_over;  /* by a signal */
	bool is_mute;  /* nobody takes what it prints */
	struct hist times;
	int64_t min_ns; /* exact, as the maximum of times is */
};

static struct ping *
ping_of(struct probe *p)
{
	return CONTAINER_OF(p, struct ping, probe);
}

/* The next that is to come back: those before it came, or are lost. */
static uint64_t
oldest(const struct ping *g)
{
	return g->sent - g->inflight.count;
}

static bool
is_quiet(const struct ping *g)
{
	return g->probe.options->quiet;
}

static void
say_back(struct ping *g, uint64_t seq, int64_t time_ns)
{
	char text[UNITS_TEXT];

	if (is_quiet(g))
		return;
	fprintf(g->out, "%zu bytes: seq=%" PRIu64 " time=%s%s\n",
	    g->probe.options->size_max, seq + 1,
	    units_format_duration(time_ns, text),
	    seq < g->noted_late ? " (late)" : "");
}

static void
say_lost(struct ping *g, uint64_t seq)
{
	fprintf(g->out, "lost: seq=%" PRIu64 "\n", seq + 1);
}

static void
end_message(struct ping *g)
{
	uint64_t seq = oldest(g);
	int64_t time_ns =
	    g->probe.loop.now_ns - inflight_pop(&g->inflight)->began_ns;

	g->received++;
	hist_add(&g->times, time_ns, 1);
	if (g->received == 1 || time_ns < g->min_ns)
		g->min_ns = time_ns;
	say_back(g, seq, time_ns);
}

static void
on_data(struct probe *p, const uint8_t *bytes, size_t n)
{
	struct ping *g = ping_of(p);

	while (n > 0) {
		size_t taken = inflight_match(&g->inflight, bytes, n);

		if (taken == 0) {
			conn_abort(&p->conn, REASON_MISMATCH);
			return;
		}
		if (inflight_finished(&g->inflight))
			end_message(g);
		bytes += taken;
		n -= taken;
	}
}

/* The first line; and after an interruption another one. */
static void
on_open(struct probe *p)
{
	struct ping *g = ping_of(p);

	fprintf(g->out, "%s %s, ", g->was_open ? "again:" : "ping",
	    p->options->target);
	probe_describe(p, g->out);
	g->was_open = true;
	g->is_up = true;
	g->next_ns = p->loop.now_ns;
}

static void
on_over(struct probe *p)
{
	struct ping *g = ping_of(p);
	char why[PROBE_WHY];

	if (g->is_over)
		return;
	fprintf(g->out, "%s connection: %s\n", g->is_up ? "lost" : "no",
	    probe_why(p, why));
	g->is_up = false;
	for (uint64_t seq = oldest(g); seq < g->sent; seq++)
		say_lost(g, seq);
	inflight_clear(&g->inflight);
}

static bool
may_send(const struct ping *g)
{
	uint64_t count = g->probe.options->round_trips;

	return (count == 0 || g->sent < count) &&
	    !inflight_is_full(&g->inflight);
}

static void
on_drained(struct probe *p)
{
	struct ping *g = ping_of(p);
	const uint8_t *piece;
	size_t n;

	while (inflight_has_unsent(&g->inflight) && conn_has_room(&p->conn)) {
		piece = inflight_next(&g->inflight, CONN_PIECE, &n);
		if (!conn_write(&p->conn, piece, n))
			return;
		inflight_sent(&g->inflight, n, p->loop.now_ns);
	}
}

static void
send_one(struct ping *g)
{
	size_t size;
	const uint8_t *message = payload_pick(&g->payload, &size);

	inflight_add(&g->inflight, message, size, g->probe.loop.now_ns);
	g->sent++;
	on_drained(&g->probe);
}

/* There is no connection: what is due cannot be sent, and is lost. */
static void
miss_one(struct ping *g)
{
	if (!may_send(g))
		return;
	say_lost(g, g->sent++);
}

/* Its outcome is known; what is left is to see the peer hang up. */
static bool
is_ending(const struct ping *g)
{
	return g->probe.is_alive && g->probe.conn.state >= CONN_FLUSHING;
}

/* It is late if the next one is due before it has come back. */
static void
note_late(struct ping *g)
{
	if (g->noted_late < oldest(g))
		g->noted_late = oldest(g);
	for (; g->noted_late < g->sent; g->noted_late++)
		if (!is_quiet(g))
			fprintf(g->out, "no answer yet: seq=%" PRIu64 "\n",
			    g->noted_late + 1);
}

/* Of the oldest message that is under way. */
static int64_t
deadline_ns(const struct ping *g)
{
	return inflight_oldest(&g->inflight) + g->probe.options->timeout_ns;
}

static void
expire(struct ping *g)
{
	if (g->probe.is_open && !inflight_is_empty(&g->inflight) &&
	    g->probe.loop.now_ns >= deadline_ns(g))
		conn_abort(&g->probe.conn, REASON_ROUND_TRIP_TIMEOUT);
}

static void
on_turn(struct probe *p)
{
	struct ping *g = ping_of(p);

	expire(g);
	if (!p->is_open || is_ending(g) || p->loop.now_ns < g->next_ns)
		return;
	note_late(g);
	if (may_send(g) && p->conn.state == CONN_OPEN)
		send_one(g);
	g->next_ns += p->options->interval_ns;
	if (g->next_ns < p->loop.now_ns) /* it was stopped meanwhile */
		g->next_ns = p->loop.now_ns + p->options->interval_ns;
}

static const struct probe_ops ping_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_drained = on_drained,
	.on_over = on_over,
	.on_turn = on_turn,
};

static void
on_signal(struct io_watch *watch)
{
	struct ping *g = CONTAINER_OF(watch, struct ping, signals);

	while (signals_read(watch->fd) != 0)
		g->is_over = true;
}

static bool
is_done(const struct ping *g)
{
	uint64_t count = g->probe.options->round_trips;

	return g->is_over || g->is_mute ||
	    (count > 0 && g->sent == count && oldest(g) == count);
}

/*
 * Each interval there is one attempt, and one message that is lost by it. A
 * peer that does not hang up is not waited for beyond that.
 */
static void
reconnect(struct ping *g)
{
	int64_t now_ns = clock_now_ns();

	if (now_ns < g->next_ns)
		return;
	if (is_ending(g))
		conn_abort(&g->probe.conn, g->probe.conn.reason);
	if (g->probe.is_alive)
		return;
	if (g->probe.connects > 0)
		miss_one(g);
	g->next_ns = now_ns + g->probe.options->interval_ns;
	if (!is_done(g))
		probe_connect(&g->probe);
}

/* Until the next message is due, or the oldest one has waited too long. */
static int64_t
wait_ns(const struct ping *g)
{
	int64_t until_ns = g->next_ns;

	if (!g->probe.is_open && g->probe.is_alive && !is_ending(g))
		return -1;
	if (g->probe.is_open && !inflight_is_empty(&g->inflight) &&
	    deadline_ns(g) < until_ns)
		until_ns = deadline_ns(g);
	until_ns -= clock_now_ns();
	return until_ns > 0 ? until_ns : 0;
}

static void
print_summary(const struct ping *g)
{
	const int64_t values[] = { g->min_ns, (int64_t)hist_mean(&g->times),
		(int64_t)hist_max(&g->times), (int64_t)hist_stdev(&g->times) };
	uint64_t missing = g->sent - g->received;
	char text[UNITS_TEXT];

	fprintf(g->out,
	    "--- %s ---\n%" PRIu64 " sent, %" PRIu64
	    " received, %.3g %% lost, in %s\n",
	    g->probe.options->target, g->sent, g->received,
	    g->sent > 0 ? 100.0 * (double)missing / (double)g->sent : 0.0,
	    units_format_duration(clock_now_ns() - g->started_ns, text));
	if (g->received == 0)
		return;
	fprintf(g->out, "round trip min/avg/max/mdev = ");
	for (int i = 0; i < 4; i++)
		fprintf(g->out, "%s%s", units_format_duration(values[i], text),
		    i < 3 ? " / " : "\n");
}

static void
flush(struct ping *g)
{
	if (fflush(g->out) != 0 || ferror(g->out))
		g->is_mute = true;
}

static void
loop(struct ping *g)
{
	while (!is_done(g)) {
		reconnect(g);
		if (is_done(g))
			break;
		probe_turn(&g->probe, wait_ns(g));
		flush(g);
	}
	g->is_over = true;
	if (g->probe.is_open)
		conn_end_writing(&g->probe.conn);
	print_summary(g);
	flush(g);
}

static int
status_of(const struct ping *g, struct errmsg *e)
{
	if (g->is_mute)
		return errmsg_set(e, "standard output cannot be written");
	return g->sent > 0 && g->received == g->sent ? 0 : 1;
}

static int
init(struct ping *g, const struct options *o, const struct setup *setup,
    int signals_fd, struct errmsg *e)
{
	uint64_t seed = (uint64_t)g->started_ns;
	int error;

	inflight_init(&g->inflight, g->slots, ROOM);
	if (payload_init(&g->payload, o->size_min, o->size_max, seed, e) < 0 ||
	    probe_init(&g->probe, o, setup, &ping_ops, e) < 0)
		return -1;
	error =
	    io_watch_add(g->probe.loop.io, &g->signals, signals_fd, on_signal);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "epoll_ctl");
}

int
ping_run(const struct options *o, const struct setup *setup, FILE *out,
    struct errmsg *e)
{
	const int numbers[] = { SIGINT, SIGTERM,
		signals_is_ignored(SIGHUP) ? 0 : SIGHUP, 0 };
	static struct ping g; /* zeroed; its histogram is large */
	int fd = signals_open(numbers, e);
	int result;

	if (fd < 0)
		return -1;
	g.out = out;
	g.started_ns = clock_now_ns();
	result = init(&g, o, setup, fd, e);
	if (result == 0) {
		loop(&g);
		result = status_of(&g, e);
	}
	io_watch_remove(&g.signals);
	probe_fini(&g.probe);
	payload_fini(&g.payload);
	(void)close(fd);
	return result;
}
