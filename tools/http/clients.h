/*
 * clients: the connections of the exporter, so that those who ask for nothing
 * cannot keep out those who do: a newcomer beyond CLIENTS_KEPT takes the place
 * of the one that has been idle for longest. Where few files may be open, fewer
 * are kept, so that the newcomer can be accepted at all. Streams are counted,
 * and stay.
 *
 * Owns:	nothing; descriptors are the library's.
 * Use:
 *	client = clients_add(&clients, fd, now_ns);
 *	if (client == NULL || (idle_fd = clients_surplus(&clients)) >= 0) ...
 *	clients_remove(&clients, client);
 */
#ifndef TOOLS_HTTP_CLIENTS_H
#define TOOLS_HTTP_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	CLIENTS_MAX = 128, /* connections that there may be for a moment */
	CLIENTS_KEPT = 64, /* that may stay */
	CLIENTS_STREAMS = 16,
	CLIENTS_OTHER_FILES = 32, /* also those that are accepted at once */
	/* One more than the streams, so that one of them can go. */
	CLIENTS_FILES_MIN = CLIENTS_STREAMS + 1 + CLIENTS_OTHER_FILES,
};

struct client {
	int fd;            /* -1: not in use */
	int64_t active_ns; /* when it came, or asked for something */
	bool is_stream;
	bool is_ending; /* its place is given away */
};

struct clients {
	struct client of[CLIENTS_MAX];
	unsigned count;   /* of those that are not ending */
	unsigned streams; /* of these */
	unsigned kept;    /* that may stay */
};

/* files: how many this process may have open, at least CLIENTS_FILES_MIN. */
void clients_init(struct clients *clients, uint64_t files);

/* NULL when all places are in use. */
struct client *clients_add(struct clients *clients, int fd, int64_t now_ns);
void clients_remove(struct clients *clients, struct client *client);

/* It becomes a stream; false when there are as many as may be. */
bool clients_begin_stream(struct clients *clients, struct client *client);
void clients_end_stream(struct clients *clients, struct client *client);

/* The descriptor of the one that is to go, each once; -1: there is room. */
int clients_surplus(struct clients *clients);

#endif
