/*
 * addr: socket addresses as text.
 *
 * Text forms: 127.0.0.1:4433, [::1]:4433, localhost:4433, and :4433 or *:4433
 * for all addresses of both families. A service name may stand for the port.
 * An address literal never asks a resolver.
 *
 * Use:
 *	struct addr_list list;
 *	if (addr_resolve(&list, "[::1]:4433", ADDR_TO_LISTEN, &e) < 0) ...
 */
#ifndef COMMON_SYS_ADDR_H
#define COMMON_SYS_ADDR_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/base/errmsg.h"

/* Room for "[address%scope]:port" and the terminating NUL. */
enum {
	ADDR_TEXT = 80,
	ADDR_LIST_MAX = 16,
	ADDR_HOST = 256,
	ADDR_PORT = 32
};

enum addr_use {
	ADDR_TO_LISTEN,
	ADDR_TO_CONNECT
};

struct addr {
	struct sockaddr_storage storage;
	socklen_t len;
};

/* IPv4 or IPv6, in 28 bytes: for those who keep many. */
union addr_peer {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct addr_list {
	struct addr of[ADDR_LIST_MAX];
	int count; /* at least 1 after success */
};

/*
 * Splits HOST:PORT; brackets around an IPv6 literal are removed. The host may
 * be empty.
 */
int addr_split(const char *text, char host[static ADDR_HOST],
    char port[static ADDR_PORT], struct errmsg *e);

/* Whether it has that form and a port for this use; asks no resolver. */
int addr_check(const char *text, enum addr_use use, struct errmsg *e);

/*
 * Asks getaddrinfo(3); addresses beyond ADDR_LIST_MAX are left out. To connect,
 * there must be a host, and the port must not be 0.
 */
int addr_resolve(struct addr_list *list, const char *text, enum addr_use use,
    struct errmsg *e);

/*
 * "127.0.0.1:4433" or "[::1]:4433"; IPv4-mapped IPv6 is shown as IPv4, and what
 * is neither as "unknown".
 */
const char *addr_format(const struct addr *addr, char text[static ADDR_TEXT]);

/* Port in host order; 0 for other families. */
int addr_port(const struct addr *addr);

/* The local address of a socket; empty (len 0) when unknown. */
void addr_of_socket(struct addr *addr, int fd);

/* The remote address of a TCP socket; any.sa_family is 0 when unknown. */
void addr_of_peer(union addr_peer *peer, int fd);
const char *addr_format_peer(
    const union addr_peer *peer, char text[static ADDR_TEXT]);
/* As an IPv6 address, IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), and the port
 * in host order; zeros when unknown. */
void addr_peer_bytes(
    const union addr_peer *peer, uint8_t address[static 16], uint16_t *port);

#endif
