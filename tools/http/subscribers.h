/*
 * subscribers: the clients of server-sent events (HTML Living Standard, 9.2).
 *
 * The library asks for bytes when it can send some. When there are none, the
 * connection is suspended, since it would ask again and again; the next event
 * resumes it. All must be resumed before the daemon is stopped: it would abort
 * the process. Nobody notices that a client has gone until something is sent to
 * it, so there is a comment where there are no events.
 *
 * Use:
 *	response = subscribers_add(&subscribers, connection, client, watched);
 *	subscribers_tell(&subscribers);
 *	subscribers_keep_alive(&subscribers);
 *	subscribers_end(&subscribers);
 */
#ifndef TOOLS_HTTP_SUBSCRIBERS_H
#define TOOLS_HTTP_SUBSCRIBERS_H

#include <microhttpd.h>
#include <stdbool.h>

#include "tools/http/clients.h"
#include "tools/http/servers.h"
#include "tools/http/stream.h"

struct subscriber {
	struct subscribers *all;
	struct MHD_Connection *connection; /* NULL: not in use */
	struct client *client;
	struct stream stream;
	char name[STATS_SHM_NAME]; /* of the server */
	bool is_suspended;
	bool is_ending;
};

struct subscribers {
	struct servers *servers;
	struct clients *clients;
	bool has_ended;
	struct subscriber of[CLIENTS_STREAMS];
};

/*
 * A response to queue for this connection; it begins with what is known by now.
 * NULL: there are too many, or there is no memory, or they have ended.
 */
struct MHD_Response *subscribers_add(struct subscribers *all,
    struct MHD_Connection *connection, struct client *client,
    const struct watched *w);

/* Sends each of them the last sample of its server. */
void subscribers_tell(struct subscribers *all);
void subscribers_keep_alive(struct subscribers *all);

/*
 * Resumes all: the daemon then ends them when it runs. It may get requests for
 * more of them in that run, which are refused.
 */
void subscribers_end(struct subscribers *all);

#endif
