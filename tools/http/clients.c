/* clients: a table; see the header. */
#include "tools/http/clients.h"

#include <stddef.h>

#include "common/base/assertion.h"

void
clients_init(struct clients *clients, uint64_t files)
{
	ASSERT(files >= CLIENTS_FILES_MIN);
	*clients = (struct clients){ .kept = CLIENTS_KEPT };
	if (files < CLIENTS_KEPT + CLIENTS_OTHER_FILES)
		clients->kept = (unsigned)files - CLIENTS_OTHER_FILES;
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		clients->of[i].fd = -1;
}

struct client *
clients_add(struct clients *clients, int fd, int64_t now_ns)
{
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		if (clients->of[i].fd >= 0)
			continue;
		clients->of[i] =
		    (struct client){ .fd = fd, .active_ns = now_ns };
		clients->count++;
		return &clients->of[i];
	}
	return NULL;
}

void
clients_remove(struct clients *clients, struct client *client)
{
	clients_end_stream(clients, client);
	if (!client->is_ending)
		clients->count--;
	client->fd = -1;
}

bool
clients_begin_stream(struct clients *clients, struct client *client)
{
	ASSERT(!client->is_stream);
	if (clients->streams == CLIENTS_STREAMS || client->is_ending)
		return false;
	clients->streams++;
	client->is_stream = true;
	return true;
}

void
clients_end_stream(struct clients *clients, struct client *client)
{
	if (client->is_stream)
		clients->streams--;
	client->is_stream = false;
}

int
clients_surplus(struct clients *clients)
{
	struct client *oldest = NULL;

	if (clients->count <= clients->kept)
		return -1;
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &clients->of[i];

		if (c->fd < 0 || c->is_stream || c->is_ending)
			continue;
		if (oldest == NULL || c->active_ns < oldest->active_ns)
			oldest = c;
	}
	ASSERT(oldest != NULL); /* streams are fewer than those kept */
	oldest->is_ending = true;
	clients->count--;
	return oldest->fd;
}
