/* load: a worker's loop and its connections; see the header. */
#include "tests/bench/load.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/io.h"

enum {
	BLOCK = 1 << 20,
	QUEUE_FILL = 65536, /* bytes that a socket queues at most */
	CONNECTING_MAX = 256
};

struct message {
	uint64_t end; /* of it in the stream */
	int64_t began_ns;
};

struct link {
	struct io_sock sock;
	struct worker *worker;
	struct message *under_way;      /* a ring of options->pipeline */
	unsigned first, count;          /* in it */
	uint64_t begun, queued, echoed; /* bytes of the stream */
};

struct worker {
	const struct load_options *options;
	struct load_result *result;
	uint8_t *block;
	struct io *io;
	struct io_watch control;
	struct link *links;
	uint64_t random;
	int64_t stop_ns;
	unsigned size, begun, connecting, busy;
	bool said_connected;
	bool over;
};

/* The first trouble ends the worker. */
static void
fail(struct worker *w, const char *what, int error)
{
	if (!w->over)
		(void)errmsg_set_errno(&w->result->trouble, error, "%s", what);
	w->over = true;
}

/* xorshift64* (Vigna, 2016). */
static uint64_t
draw(struct worker *w, uint64_t below)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return (w->random * UINT64_C(0x2545f4914f6cdd1d) >> 32) % below;
}

static size_t
smaller(uint64_t a, uint64_t b)
{
	return (size_t)(a < b ? a : b);
}

static void
fill_queue(struct link *l)
{
	while (l->queued < l->begun && io_tx_queued(&l->sock) < QUEUE_FILL) {
		size_t place = l->queued % BLOCK;
		size_t n = smaller(l->begun - l->queued, BLOCK - place);
		size_t room;
		uint8_t *to = io_tx_room(&l->sock, &room);

		if (to == NULL) {
			fail(l->worker, "sending", ENOMEM);
			return;
		}
		n = smaller(n, room);
		memcpy(to, l->worker->block + place, n);
		io_tx_commit(&l->sock, n);
		l->queued += n;
	}
}

static void
begin_message(struct link *l, int64_t now_ns)
{
	const struct load_options *o = l->worker->options;
	struct message *m =
	    &l->under_way[(l->first + l->count++) % o->pipeline];

	l->begun +=
	    o->size_min + draw(l->worker, o->size_max - o->size_min + 1);
	*m = (struct message){ .end = l->begun, .began_ns = now_ns };
}

static void
end_message(struct link *l)
{
	struct worker *w = l->worker;
	int64_t now_ns = io_now_ns(w->io);

	hist_add(&w->result->round_trip,
	    now_ns - l->under_way[l->first].began_ns, 1);
	l->first = (l->first + 1) % (unsigned)w->options->pipeline;
	l->count--;
	if (now_ns < w->stop_ns) {
		begin_message(l, now_ns);
	} else if (l->count == 0 && --w->busy == 0) {
		w->result->finished_ns = now_ns;
		(void)send(w->control.fd, "", 1, MSG_NOSIGNAL);
	}
}

static void
on_connected(struct io_sock *sock)
{
	LIST_OWNER(sock, struct link, sock)->worker->connecting--;
}

static void
on_received(struct io_sock *sock, const uint8_t *bytes, size_t n)
{
	struct link *l = LIST_OWNER(sock, struct link, sock);

	if (n == 0 || n > l->queued - l->echoed) {
		fail(l->worker, n == 0 ? "end of file" : "too many bytes",
		    EPROTO);
		return;
	}
	while (n > 0) {
		size_t place = l->echoed % BLOCK;
		size_t piece = smaller(n, BLOCK - place);

		if (memcmp(bytes, l->worker->block + place, piece) != 0) {
			fail(l->worker, "not what was sent", EPROTO);
			return;
		}
		l->echoed += piece;
		bytes += piece;
		n -= piece;
	}
	while (l->count > 0 && l->echoed >= l->under_way[l->first].end)
		end_message(l);
	fill_queue(l);
}

static void
on_drained(struct io_sock *sock)
{
	fill_queue(LIST_OWNER(sock, struct link, sock));
}

static void
on_failed(struct io_sock *sock, int error)
{
	struct link *l = LIST_OWNER(sock, struct link, sock);

	fail(l->worker, "connection", error);
	io_sock_close(sock);
}

static const struct io_sock_ops ops = {
	.connected = on_connected,
	.received = on_received,
	.drained = on_drained,
	.failed = on_failed,
};

static void
start(struct worker *w, int64_t stop_ns)
{
	w->stop_ns = stop_ns;
	w->busy = w->size;
	for (unsigned i = 0; i < w->size; i++) {
		int64_t now_ns = clock_now_ns();

		for (uint64_t n = 0; n < w->options->pipeline; n++)
			begin_message(&w->links[i], now_ns);
		fill_queue(&w->links[i]);
	}
}

/* When to stop, or the end of file: that is all. */
static void
on_control(struct io_watch *watch)
{
	struct worker *w = watch->owner;
	int64_t stop_ns;

	if (recv(watch->fd, &stop_ns, sizeof stop_ns, 0) == sizeof stop_ns)
		start(w, stop_ns);
	else
		w->over = true;
}

static int
init_links(struct worker *w)
{
	for (unsigned i = 0; i < w->size; i++) {
		struct link *l = &w->links[i];

		io_sock_init(&l->sock);
		l->worker = w;
		l->under_way =
		    calloc(w->options->pipeline, sizeof *l->under_way);
		if (l->under_way == NULL)
			return -1;
	}
	return 0;
}

static int
init(struct worker *w, const struct load *load)
{
	const struct load_options *o = load->options;
	struct errmsg *e = &load->result->trouble;
	int error;

	w->options = o;
	w->result = load->result;
	w->random = (uint64_t)clock_now_ns() + load->index;
	w->size = (unsigned)(o->connections / o->workers +
	    (load->index < o->connections % o->workers));
	w->links = calloc(w->size, sizeof *w->links);
	w->block = malloc(BLOCK);
	if (w->links == NULL || w->block == NULL || init_links(w) < 0)
		return errmsg_set(e, "out of memory");
	for (size_t i = 0; i < BLOCK; i++)
		w->block[i] = (uint8_t)draw(w, 256);
	if (io_open(&w->io, e) < 0)
		return -1;
	w->control.owner = w;
	error = io_watch_add(w->io, &w->control, load->control_fd, on_control);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "epoll_ctl");
}

static void
connect_more(struct worker *w)
{
	while (w->begun < w->size && w->connecting < CONNECTING_MAX) {
		int error = io_sock_connect(w->io, &w->links[w->begun++].sock,
		    &ops, &w->options->addrs.of[0]);

		if (error != 0)
			fail(w, "connect", -error);
		w->connecting++;
	}
	if (w->begun == w->size && w->connecting == 0 && !w->said_connected) {
		w->said_connected = true;
		(void)send(w->control.fd, "", 1, MSG_NOSIGNAL);
	}
}

/* The kernel frees what is left: memory and sockets. */
int
load_run(void *arg)
{
	const struct load *load = arg;
	struct worker w = { 0 };

	for (unsigned i = 0; i <= load->index; i++)
		(void)close(load->parent_fds[i]);
	if (init(&w, load) < 0)
		return 1;
	for (;;) {
		connect_more(&w);
		if (w.over)
			break;
		io_wait(w.io, -1);
		io_dispatch(w.io);
		io_flush(w.io);
	}
	return load->result->trouble.text[0] == '\0' ? 0 : 1;
}
