/*
 * tcp: connected pairs of TCP sockets on loopback, and rude ways to end them.
 *
 * Errors:	all fail the test.
 * Use:
 *	tcp_pair(fds);
 *	tcp_reset(fds[1]);
 */
#ifndef TESTS_SUPPORT_TCP_H
#define TESTS_SUPPORT_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sys/addr.h"

/* Whether ::1 can be bound, localhost resolves; else the case is skipped. */
bool tcp_has_ipv6(void);
bool tcp_has_localhost(void);

/* A non-blocking listener on a free port of 127.0.0.1. */
int tcp_listen(struct addr *addr);

/* An address of 127.0.0.1 that does not answer a connect, for this process. */
void tcp_make_silent(struct addr *addr);

/* Waits for a connection; non-blocking. */
int tcp_accept(int listener);

/* Both ends non-blocking. */
void tcp_pair(int fds[static 2]);

/*
 * The same with unix sockets, into which little can be sent at once: TCP's
 * delayed acknowledgements would make such a test slow.
 */
int tcp_listen_unix(struct addr *addr);
void tcp_narrow_pair(int fds[static 2]);

/* Makes the send buffer as small as the kernel lets it be. */
void tcp_narrow(int fd);

/* Closes with RST instead of FIN. */
void tcp_reset(int fd);

/* Waits for exactly so many bytes. */
void tcp_read(int fd, void *to, size_t n);

/* Waits until something, or the end, can be read. */
void tcp_await(int fd);

/* Makes it blocking no more: for sockets that come from elsewhere. */
void tcp_set_nonblocking(int fd);

#endif
