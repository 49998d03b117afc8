/* fdpass: sendmsg and recvmsg with one descriptor; see the header. */
#include "common/sys/fdpass.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/assertion.h"

/* Ancillary data must be aligned like its header. */
union one_fd {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

int
fdpass_send(int sock, const void *bytes, size_t n, int fd)
{
	struct iovec iov = { .iov_len = n };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	union one_fd control;
	struct cmsghdr *c;

	ASSERT(n > 0); /* an empty message would be an end of file */
	memcpy(&iov.iov_base, &bytes, sizeof bytes); /* it is only read */
	if (fd >= 0) {
		memset(&control, 0, sizeof control);
		message.msg_control = control.room;
		message.msg_controllen = sizeof control.room;
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	if (sendmsg(sock, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

ssize_t
fdpass_receive(int sock, void *bytes, size_t n, int *fd)
{
	struct iovec iov = { bytes, n };
	union one_fd control;
	struct msghdr message = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room };
	ssize_t got = recvmsg(sock, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c;

	*fd = -1;
	if (got < 0)
		return -errno;
	c = CMSG_FIRSTHDR(&message);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof *fd);
	return got;
}

/* Looks first: the spare one is given up only when something has come. */
ssize_t
fdpass_receive_with_spare(int sock, void *bytes, size_t n, int *fd, int *spare)
{
	ssize_t got;
	char byte;

	*fd = -1;
	fdpass_keep_spare(spare);
	if (recv(sock, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) < 0)
		return -errno;
	if (*spare >= 0)
		(void)close(*spare);
	*spare = -1;
	got = fdpass_receive(sock, bytes, n, fd);
	fdpass_keep_spare(spare);
	return got;
}

/* Of a kind that a process can make which may open no file. */
void
fdpass_keep_spare(int *spare)
{
	if (*spare < 0)
		*spare = eventfd(0, EFD_CLOEXEC);
}
