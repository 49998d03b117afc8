/*
 * pipe: bytes in both directions, with little memory; see the header.
 *
 * Input is read while little is queued for the server. When standard output is
 * full, what has come waits, and no more is received, so TCP slows the server
 * down. Neither keeps the other from going on.
 */
#include "client/probe/pipe.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/options.h"
#include "client/probe/probe.h"
#include "common/base/clock.h"
#include "common/base/container_of.h"
#include "common/conn/piece.h"

enum {
	READ_SIZE = 8192
};

_Static_assert(READ_SIZE <= (int)CONN_PIECE, "a read is a piece");

struct pipe {
	struct probe probe;
	struct io_watch input;  /* unless it is a file, which never waits */
	struct io_watch output; /* while it does not take what is pending */
	int in, out;
	bool reads; /* input is watched */
	bool in_is_file, in_ended;
	bool failed;      /* and why says it */
	uint8_t *pending; /* for standard output */
	size_t at, end, room;
	uint64_t sent, received;
	int64_t active_ns; /* when something last moved */
	struct errmsg why;
};

static struct pipe *
pipe_of(struct probe *p)
{
	return CONTAINER_OF(p, struct pipe, probe);
}

/* Its socket may be told to pause and to go on. */
static bool
is_receiving(const struct pipe *p)
{
	return p->probe.is_open &&
	    (p->probe.conn.state == CONN_OPEN ||
		p->probe.conn.state == CONN_HALF_CLOSED);
}

/* The first reason counts. */
static void
fail(struct pipe *p)
{
	p->failed = true;
	if (p->probe.is_alive)
		conn_abort(&p->probe.conn, REASON_DRAINED);
}

static void
fail_errno(struct pipe *p, int error, const char *what)
{
	if (!p->failed)
		(void)errmsg_set_errno(&p->why, error, "%s", what);
	fail(p);
}

static void
stop_reading(struct pipe *p)
{
	if (p->reads)
		io_watch_remove(&p->input);
	p->reads = false;
}

/* This lets the connection receive: not while standard output is full. */
static void
end_writing(struct pipe *p)
{
	p->in_ended = true;
	stop_reading(p);
	conn_end_writing(&p->probe.conn);
	if (p->at < p->end)
		io_rx_pause(&p->probe.conn.sock);
}

/* One read, which does not block: what is read can still be sent. */
static bool
read_some(struct pipe *p)
{
	uint8_t bytes[READ_SIZE];
	ssize_t n;

	if (p->probe.conn.state != CONN_OPEN) {
		stop_reading(p);
		return false;
	}
	n = read(p->in, bytes, sizeof bytes);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n < 0) {
		fail_errno(p, errno, "standard input");
		return false;
	}
	p->active_ns = p->probe.loop.now_ns;
	if (n == 0) {
		end_writing(p);
		return false;
	}
	if (!conn_write(&p->probe.conn, bytes, (size_t)n))
		return false;
	p->sent += (uint64_t)n;
	return conn_has_room(&p->probe.conn);
}

static void
on_input(struct io_watch *watch)
{
	struct pipe *p = CONTAINER_OF(watch, struct pipe, input);

	if (!read_some(p) && p->probe.is_open && !conn_has_room(&p->probe.conn))
		stop_reading(p);
}

static void
start_reading(struct pipe *p)
{
	int error = 0;

	if (p->in_ended || p->reads || p->failed)
		return;
	if (!p->in_is_file) {
		error =
		    io_watch_add(p->probe.loop.io, &p->input, p->in, on_input);
		p->in_is_file = error == -EPERM;
		p->reads = error == 0;
	}
	if (error != 0 && !p->in_is_file) {
		fail_errno(p, -error, "standard input");
		return;
	}
	while (p->in_is_file && read_some(p))
		continue;
}

/* At most as much as a pipe that is ready takes at once. */
static bool
write_some(struct pipe *p)
{
	struct pollfd ready = { .fd = p->out, .events = POLLOUT };
	size_t n = p->end - p->at;
	ssize_t written;

	if (poll(&ready, 1, 0) <= 0)
		return false;
	written =
	    write(p->out, p->pending + p->at, n < PIPE_BUF ? n : PIPE_BUF);
	if (written < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (written < 0) {
		fail_errno(p, errno, "standard output");
		return false;
	}
	p->at += (size_t)written;
	p->active_ns = clock_now_ns();
	return p->at < p->end;
}

static void on_output(struct io_watch *watch);

/* Standard output is full. */
static void
wait_for_output(struct pipe *p)
{
	int error = 0;

	if (p->output.io == NULL)
		error = io_watch_add_output(
		    p->probe.loop.io, &p->output, p->out, on_output);
	if (error != 0)
		fail_errno(p, -error, "standard output");
	else if (is_receiving(p))
		io_rx_pause(&p->probe.conn.sock);
}

/* What it does not take waits, and the server with it. */
static void
flush_pending(struct pipe *p)
{
	struct conn *conn = &p->probe.conn;

	while (p->at < p->end && write_some(p))
		continue;
	if (p->failed)
		return;
	if (p->at < p->end) {
		wait_for_output(p);
		return;
	}
	p->at = p->end = 0;
	io_watch_remove(&p->output);
	if (is_receiving(p) && conn->sock.rx_paused)
		io_rx_resume(&conn->sock);
}

static void
on_output(struct io_watch *watch)
{
	flush_pending(CONTAINER_OF(watch, struct pipe, output));
}

/* One receive brings several records: there is room for all of them. */
static bool
keep(struct pipe *p, const uint8_t *bytes, size_t n)
{
	if (p->room - p->end < n) {
		size_t room = 2 * (p->end + n);
		uint8_t *larger = realloc(p->pending, room);

		if (larger == NULL)
			return false;
		p->pending = larger;
		p->room = room;
	}
	memcpy(p->pending + p->end, bytes, n);
	p->end += n;
	return true;
}

static void
on_data(struct probe *probe, const uint8_t *bytes, size_t n)
{
	struct pipe *p = pipe_of(probe);

	p->received += n;
	p->active_ns = probe->loop.now_ns;
	if (keep(p, bytes, n)) {
		flush_pending(p);
		return;
	}
	(void)errmsg_set(&p->why, "out of memory");
	fail(p);
}

static void
on_open(struct probe *probe)
{
	start_reading(pipe_of(probe));
}

/* The connection receives again when what it sent has left: we do not yet. */
static void
on_drained(struct probe *probe)
{
	struct pipe *p = pipe_of(probe);

	if (p->at < p->end)
		io_rx_pause(&probe->conn.sock);
	start_reading(p);
}

/*
 * The connection gives a peer that neither sends nor reads a few seconds after
 * the end of input: here it is --timeout; and as long as it takes while it is
 * standard output that we wait for.
 */
static void
on_turn(struct probe *probe)
{
	struct pipe *p = pipe_of(probe);
	struct conn *conn = &probe->conn;
	int64_t now_ns = probe->loop.now_ns;

	if (!probe->is_open || conn->state != CONN_HALF_CLOSED)
		return;
	if (p->at < p->end ||
	    now_ns - p->active_ns < probe->options->timeout_ns)
		timeq_touch(&probe->loop.linger, &conn->timer, now_ns);
	else
		conn_abort(conn, REASON_IDLE_TIMEOUT);
}

static const struct probe_ops pipe_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_drained = on_drained,
	.on_turn = on_turn,
};

/* What is left when the connection is over is written, however slowly. */
static void
move_all(struct pipe *p)
{
	struct pollfd ready = { .fd = p->out, .events = POLLOUT };

	probe_connect(&p->probe);
	while (p->probe.is_alive)
		probe_turn(&p->probe, CLOCK_NS_PER_S);
	stop_reading(p);
	while (!p->failed && p->at < p->end) {
		(void)poll(&ready, 1, -1);
		(void)write_some(p);
	}
	io_watch_remove(&p->output);
}

static int
judge(const struct pipe *p, struct errmsg *e)
{
	char why[PROBE_WHY];

	if (p->failed)
		return errmsg_set(e, "%s", p->why.text);
	if (p->probe.reason != REASON_CLOSED || !p->in_ended)
		return errmsg_set(e,
		    "%s, after %" PRIu64 " bytes sent and %" PRIu64
		    " bytes received",
		    probe_why(&p->probe, why), p->sent, p->received);
	if (p->sent == p->received)
		return 0;
	(void)errmsg_set(e,
	    "%" PRIu64 " bytes sent, %" PRIu64 " bytes received", p->sent,
	    p->received);
	return PIPE_UNEQUAL;
}

int
pipe_run(const struct options *o, const struct setup *setup, int in, int out,
    struct errmsg *e)
{
	struct pipe p = { .in = in, .out = out };
	int result = -1;

	(void)signal(SIGPIPE, SIG_IGN);
	if (probe_init(&p.probe, o, setup, &pipe_ops, e) == 0) {
		move_all(&p);
		result = judge(&p, e);
	}
	probe_fini(&p.probe);
	free(p.pending);
	return result;
}
