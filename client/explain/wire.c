/* wire: poll(2) and one call of the kernel after it; see the header. */
#include "client/explain/wire.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/close_reason.h"
#include "common/sys/sources.h"

/* False: the deadline has passed. */
static bool
await(int fd, short events, int64_t deadline_ns)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n;

	do {
		int64_t left_ns = deadline_ns - clock_now_ns();
		int64_t ms = left_ns / CLOCK_NS_PER_MS + 1;

		if (left_ns <= 0)
			return false;
		n = poll(&p, 1, ms < 60000 ? (int)ms : 60000);
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n > 0;
}

static enum close_reason
finish_connect(int fd, int64_t deadline_ns)
{
	int error = 0;
	socklen_t size = sizeof error;

	if (!await(fd, POLLOUT, deadline_ns))
		return REASON_CONNECT_TIMEOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		error = errno;
	return error == 0 ? REASON_NONE : close_reason_of_connect(error);
}

static enum close_reason
connect_to(int fd, const struct addr *addr, const union addr_peer *source,
    int64_t deadline_ns)
{
	const int on = 1;
	int error = source != NULL ? sources_bind(fd, source) : 0;

	if (error < 0)
		return close_reason_of_connect(-error);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(fd, (const struct sockaddr *)&addr->storage, addr->len) ==
	    0)
		return REASON_NONE;
	return errno == EINPROGRESS ? finish_connect(fd, deadline_ns)
				    : close_reason_of_connect(errno);
}

enum close_reason
wire_open(struct wire *w, const struct addr *addr,
    const union addr_peer *source, int64_t deadline_ns)
{
	enum close_reason reason;
	bool splits = w->splits;

	memset(w, 0, sizeof *w);
	w->splits = splits;
	w->fd = socket(addr->storage.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (w->fd < 0)
		return REASON_CONNECT_ERROR;
	reason = connect_to(w->fd, addr, source, deadline_ns);
	if (reason != REASON_NONE)
		wire_close(w);
	return reason;
}

void
wire_close(struct wire *w)
{
	if (w->fd >= 0)
		(void)close(w->fd);
	w->fd = -1;
}

static uint8_t *
room(void *owner, size_t *n)
{
	struct wire *w = owner;

	*n = sizeof w->out - w->queued;
	return *n > 0 ? w->out + w->queued : NULL;
}

static void
commit(void *owner, size_t n)
{
	struct wire *w = owner;

	w->queued += n;
}

const struct tls_output wire_output = { room, commit };

static void
keep_first(uint8_t *first, size_t so_far, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n && so_far + i < WIRE_FIRST; i++)
		first[so_far + i] = bytes[i];
}

static bool
send_all(struct wire *w, const uint8_t *bytes, size_t n, int64_t deadline_ns)
{
	while (n > 0) {
		ssize_t sent = send(w->fd, bytes, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN) {
			if (!await(w->fd, POLLOUT, deadline_ns))
				return false;
			continue;
		}
		if (sent < 0)
			return false;
		keep_first(w->first_sent, w->sent, bytes, (size_t)sent);
		w->sent += (size_t)sent;
		bytes += sent;
		n -= (size_t)sent;
	}
	return true;
}

void
wire_flush(struct wire *w, int64_t deadline_ns)
{
	size_t first = w->splits && w->sent == 0 ? w->queued / 2 : 0;

	if (send_all(w, w->out, first, deadline_ns))
		(void)send_all(
		    w, w->out + first, w->queued - first, deadline_ns);
	w->queued = 0;
}

enum close_reason
wire_receive(struct wire *w, struct tls_input *input, int64_t deadline_ns)
{
	ssize_t n;

	do {
		if (!await(w->fd, POLLIN, deadline_ns))
			return REASON_HANDSHAKE_TIMEOUT;
		n = recv(w->fd, w->in, sizeof w->in, 0);
	} while (n < 0 && (errno == EAGAIN || errno == EINTR));
	if (n < 0)
		return REASON_RESET;
	keep_first(w->first_received, w->received, w->in, (size_t)n);
	w->received += (size_t)n;
	*input = (struct tls_input){
		.bytes = w->in, .n = (size_t)n, .ended = n == 0
	};
	return REASON_NONE;
}

bool
wire_is_acknowledged(const struct wire *w)
{
	struct tcp_info info;
	socklen_t size = sizeof info;

	return getsockopt(w->fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
	    info.tcpi_unacked == 0;
}
