/*
 * arrivals: when the segments of TCP with data arrive at a port of the loopback
 * interface, in nanoseconds of the kernel's clock: a line for each, from the
 * first on, until standard input ends. For tests/bench/interleave; needs
 * CAP_NET_RAW.
 *
 * Usage: arrivals PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	BUFFER = 256 << 20, /* so that nothing is dropped meanwhile */
	ARRIVALS_MAX = 4000000
};

static int64_t arrivals[ARRIVALS_MAX];

static void
fail(const char *what)
{
	fprintf(stderr, "arrivals: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Of bpf(4), on what begins with the header of IP: TCP to the port. */
static void
attach_filter(int fd, uint16_t port)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 4),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 128),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = { sizeof code / sizeof *code, code };

	if (setsockopt(
		fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0)
		fail("SO_ATTACH_FILTER");
}

static int
open_socket(uint16_t port)
{
	const int on = 1;
	const int size = BUFFER;
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex("lo") };
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, htons(ETH_P_IP));

	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof address) < 0)
		fail("packet socket");
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
		fail("setsockopt");
	attach_filter(fd, port);
	return fd;
}

/* Whether the packet has data for the port. */
static int
is_arrival(const uint8_t *packet, size_t size, uint16_t port)
{
	struct iphdr ip;
	struct tcphdr tcp;
	size_t head;

	if (size < sizeof ip)
		return 0;
	memcpy(&ip, packet, sizeof ip);
	head = ip.ihl * 4U;
	if (ip.protocol != IPPROTO_TCP || size < head + sizeof tcp)
		return 0;
	memcpy(&tcp, packet + head, sizeof tcp);
	return ntohs(tcp.dest) == port &&
	    ntohs(ip.tot_len) > head + tcp.doff * 4U;
}

/* 0: none of interest; -1: there is no packet. */
static int64_t
read_arrival(int fd, uint16_t port)
{
	uint8_t packet[128];
	char control[CMSG_SPACE(sizeof(struct timespec))];
	struct sockaddr_ll from;
	struct iovec iov = { packet, sizeof packet };
	struct msghdr message = { .msg_name = &from,
		.msg_namelen = sizeof from,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct timespec t;
	ssize_t n = recvmsg(fd, &message, 0);

	if (n < 0)
		return -1;
	/* Each packet of the loopback interface is seen going out, too. */
	if (from.sll_pkttype != PACKET_HOST ||
	    !is_arrival(packet, (size_t)n, port) ||
	    CMSG_FIRSTHDR(&message) == NULL)
		return 0;
	memcpy(&t, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static size_t
drain(int fd, uint16_t port, size_t count)
{
	int64_t at_ns;

	while (count < ARRIVALS_MAX && (at_ns = read_arrival(fd, port)) >= 0)
		if (at_ns > 0)
			arrivals[count++] = at_ns;
	return count;
}

int
main(int argc, char **argv)
{
	uint16_t port = argc == 2 ? (uint16_t)strtoul(argv[1], NULL, 10) : 0;
	struct tpacket_stats stats;
	socklen_t size = sizeof stats;
	size_t count = 0;
	struct pollfd fds[] = { { .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN } };
	int fd;

	if (port == 0) {
		fprintf(stderr, "usage: arrivals PORT\n");
		return 2;
	}
	fd = fds[0].fd = open_socket(port);
	do {
		if (poll(fds, 2, -1) < 0)
			fail("poll");
		count = drain(fd, port, count);
	} while (fds[1].revents == 0);
	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) < 0)
		fail("statistics");
	if (stats.tp_drops > 0) {
		fprintf(stderr, "arrivals: %u packets were dropped\n",
		    stats.tp_drops);
		return 1;
	}
	for (size_t i = 0; i < count; i++)
		printf("%" PRId64 "\n", arrivals[i]);
	return 0;
}
