/* control: messages over a socket pair; see the header. */
#include "server/control.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/sys/fdpass.h"

int
control_send(int fd, const struct control *message)
{
	ASSERT(message->kind != CONTROL_RELOAD || message->fd >= 0);
	return fdpass_send(fd, message, sizeof *message,
	    message->kind == CONTROL_RELOAD ? message->fd : -1);
}

enum control_result
control_receive(int fd, struct control *message, int *spare)
{
	int passed;
	ssize_t n = spare != NULL
	    ? fdpass_receive_with_spare(
		  fd, message, sizeof *message, &passed, spare)
	    : fdpass_receive(fd, message, sizeof *message, &passed);

	if (n == -EAGAIN || n == -EINTR)
		return CONTROL_NOTHING;
	if (n < (ssize_t)offsetof(struct control, why)) {
		if (passed >= 0)
			(void)close(passed);
		return CONTROL_GONE;
	}
	memset((char *)message + n, 0, sizeof *message - (size_t)n);
	message->fd = passed;
	return CONTROL_GOT;
}
