/* sock_tx: what sockets of the poll loop send; see io/sock.h. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "common/base/assertion.h"
#include "common/io/private.h"

enum {
	IOV_MAX_CHUNKS = 16
};

void
io_tx_drop(struct io_sock *sock)
{
	struct io_chunk *chunk;

	while ((chunk = sock->tx_first) != NULL) {
		sock->tx_first = chunk->next;
		io_chunk_put(&sock->io->chunks, chunk);
	}
	sock->tx_last = NULL;
	sock->tx_queued = 0;
}

uint8_t *
io_tx_room(struct io_sock *sock, size_t *room)
{
	struct io_chunk *last = sock->tx_last;

	if (last == NULL || last->end == IO_CHUNK_SIZE) {
		last = io_chunk_get(&sock->io->chunks);
		if (last == NULL) {
			*room = 0;
			return NULL;
		}
		if (sock->tx_last == NULL)
			sock->tx_first = last;
		else
			sock->tx_last->next = last;
		sock->tx_last = last;
	}
	*room = IO_CHUNK_SIZE - last->end;
	return last->bytes + last->end;
}

void
io_tx_commit(struct io_sock *sock, size_t n)
{
	ASSERT(
	    sock->tx_last != NULL && n <= IO_CHUNK_SIZE - sock->tx_last->end);
	sock->tx_last->end += (uint32_t)n;
	sock->tx_queued += n;
	if (!sock->tx_blocked)
		io_mark_dirty(sock);
}

void
io_tx_end(struct io_sock *sock)
{
	ASSERT(sock->fd >= 0);
	sock->tx_ending = true;
	if (!sock->tx_blocked)
		io_mark_dirty(sock);
}

static ssize_t
send_several(const struct io_sock *sock)
{
	struct iovec iov[IOV_MAX_CHUNKS];
	struct msghdr message = { .msg_iov = iov };
	struct io_chunk *chunk = sock->tx_first;

	for (size_t i = 0; chunk != NULL && i < IOV_MAX_CHUNKS; i++) {
		iov[i].iov_base = chunk->bytes + chunk->begin;
		iov[i].iov_len = chunk->end - chunk->begin;
		message.msg_iovlen = i + 1;
		chunk = chunk->next;
	}
	return sendmsg(sock->fd, &message, MSG_NOSIGNAL);
}

/* One system call for as much as 16 chunks; mostly it is one. */
static ssize_t
send_chunks(struct io_sock *sock)
{
	const struct io_chunk *first = sock->tx_first;

	sock->io->counters.send_calls++;
	if (first->next != NULL)
		return send_several(sock);
	return send(sock->fd, first->bytes + first->begin,
	    first->end - first->begin, MSG_NOSIGNAL);
}

static void
drop_sent(struct io_sock *sock, size_t n)
{
	sock->io->counters.bytes_sent += n;
	sock->tx_queued -= n;
	while (n > 0) {
		struct io_chunk *first = sock->tx_first;
		size_t in_first;

		ASSERT(first != NULL); /* no more is sent than was queued */
		in_first = first->end - first->begin;
		if (n < in_first) {
			first->begin += (uint32_t)n;
			return;
		}
		n -= in_first;
		sock->tx_first = first->next;
		if (sock->tx_first == NULL)
			sock->tx_last = NULL;
		io_chunk_put(&sock->io->chunks, first);
	}
}

/* If it fails, the next flush does, too, and says so. */
void
io_tx_split(struct io_sock *sock, size_t n)
{
	const struct io_chunk *first = sock->tx_first;
	ssize_t sent;

	if (first == NULL || n == 0 || sock->tx_blocked)
		return;
	if (n > first->end - first->begin)
		n = first->end - first->begin;
	sock->io->counters.send_calls++;
	sent = send(sock->fd, first->bytes + first->begin, n, MSG_NOSIGNAL);
	if (sent > 0)
		drop_sent(sock, (size_t)sent);
}

/*
 * A peer that hung up may have said why before: what it sent is read first, and
 * the end of that stream is then the failure.
 */
static void
send_failed(struct io_sock *sock, int error)
{
	bool read_first = (error == EPIPE || error == ECONNRESET) &&
	    !sock->rx_paused && !sock->rx_ended;

	io_tx_drop(sock);
	sock->tx_error = error;
	sock->tx_blocked = false;
	if (!read_first)
		sock->ops->failed(sock, error);
}

/*
 * False when something is left (the kernel's buffer is full, or more than 16
 * chunks were queued: EPOLLOUT tells) and when the socket has failed.
 */
static bool
send_queue(struct io_sock *sock)
{
	ssize_t n = send_chunks(sock);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		send_failed(sock, errno);
		return false;
	}
	if (n > 0)
		drop_sent(sock, (size_t)n);
	sock->tx_blocked = sock->tx_queued > 0;
	if (sock->tx_blocked)
		io_interest_rearm(sock); /* 16 chunks: there may be room */
	else
		io_interest_update(sock);
	return !sock->tx_blocked;
}

static void
flush(struct io_sock *sock)
{
	bool said = sock->tx_queued > 0 || sock->tx_ending;

	if (sock->tx_error != 0) {
		io_tx_drop(sock);
		return;
	}
	if (sock->tx_queued > 0 && !send_queue(sock))
		return;
	if (sock->tx_ending) {
		sock->tx_ending = false;
		(void)shutdown(sock->fd, SHUT_WR);
	}
	if (said)
		sock->ops->drained(sock);
}

/*
 * What drained() queues anew waits for the next turn, or one fast reader could
 * keep the loop here.
 */
void
io_flush(struct io *io)
{
	struct list now;
	struct list *link;

	list_init(&now);
	list_move(&now, &io->dirty);
	while ((link = list_pop(&now)) != NULL)
		flush(CONTAINER_OF(link, struct io_sock, dirty_link));
}
