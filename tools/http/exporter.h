/*
 * exporter: answers requests (libmicrohttpd), in the thread that calls it.
 *
 * Owns:	the listener from exporter_new on, and all connections.
 * Use:
 *	exporter = exporter_new(fd, servers, "localhost", &e);
 *	... poll exporter_fd(exporter) for exporter_wait_ms(exporter) ...
 *	exporter_run(exporter);
 *	exporter_free(&exporter);
 */
#ifndef TOOLS_HTTP_EXPORTER_H
#define TOOLS_HTTP_EXPORTER_H

#include <stdbool.h>

#include "common/base/errmsg.h"
#include "tools/http/servers.h"

struct exporter;

/*
 * Borrows servers and local_host. With local_host it answers only requests for
 * this host (request_host_is_local), of which local_host is one more name; NULL
 * stands for no such check. NULL with the reason; the listener is then closed.
 */
struct exporter *exporter_new(int listener, struct servers *servers,
    const char *local_host, struct errmsg *e);

/* Ends all streams, then closes all connections. */
void exporter_free(struct exporter **exporter);

/* It is readable when there is something to do. */
int exporter_fd(const struct exporter *x);
/* After how many ms there is something to do in any case; -1: never. */
int exporter_wait_ms(struct exporter *x);
void exporter_run(struct exporter *x);

/* Tells those who follow events what servers_sample has brought. */
void exporter_tell(struct exporter *x);
/* Sends a comment to those who have not been told anything for a while. */
void exporter_keep_alive(struct exporter *x);

#endif
