/* control: one datagram for each order and report; see the header. */
#include "client/control.h"

#include <errno.h>
#include <sys/socket.h>

#include "common/base/assertion.h"

static enum control_result
receive(int fd, void *message, size_t size)
{
	ssize_t n = recv(fd, message, size, 0);

	if (n == (ssize_t)size)
		return CONTROL_GOT;
	return n < 0 && (errno == EAGAIN || errno == EINTR) ? CONTROL_NOTHING
							    : CONTROL_GONE;
}

/* The socket has room: there are few orders and reports in a run. */
void
control_send_order(int master_end, const struct control_order *order)
{
	ASSERT(
	    order->kind != CONTROL_START || order->start_ns < order->stop_ns);
	(void)send(master_end, order, sizeof *order, MSG_NOSIGNAL);
}

enum control_result
control_receive_report(int master_end, enum control_report *report)
{
	return receive(master_end, report, sizeof *report);
}

void
control_send_report(int worker_end, enum control_report report)
{
	(void)send(worker_end, &report, sizeof report, MSG_NOSIGNAL);
}

enum control_result
control_receive_order(int worker_end, struct control_order *order)
{
	return receive(worker_end, order, sizeof *order);
}
