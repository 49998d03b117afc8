/* exporter: the daemon and its requests; see the header. */
#include "tools/http/exporter.h"

#include <limits.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/sys/limits.h"
#include "tools/http/answer.h"
#include "tools/http/subscribers.h"

enum {
	IDLE_S = 30,    /* for a request, and for a client that does not read */
	MEMORY = 32768, /* of a connection: a request's head must fit */
	URL_MAX = 256,  /* of the path */
	PRINT_MAX = 512, /* of a header */
};

struct exporter {
	struct MHD_Daemon *daemon;
	struct servers *servers;
	const char *local_host;
	struct clients clients;
	struct subscribers subscribers;
};

static struct client *
client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

/* A newcomer may cost another one its connection. */
static void
on_connect(struct exporter *x, struct MHD_Connection *connection, void **place)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	int fd;

	*place = clients_add(&x->clients, info->connect_fd, clock_now_ns());
	while ((fd = clients_surplus(&x->clients)) >= 0)
		(void)shutdown(fd, SHUT_RDWR);
}

static void
on_connection(void *arg, struct MHD_Connection *connection, void **place,
    enum MHD_ConnectionNotificationCode code)
{
	struct exporter *x = arg;

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		on_connect(x, connection, place);
	else if (*place != NULL)
		clients_remove(&x->clients, *place);
}

static void
add_header(struct MHD_Response *response, const char *name, const char *value)
{
	(void)MHD_add_response_header(response, name, value);
}

/* What every response says. nonce "": there is neither style nor script. */
static void
add_headers(
    struct MHD_Response *response, const char *content_type, const char *nonce)
{
	char policy[PRINT_MAX];
	char own[PRINT_MAX / 2] = "";

	if (nonce[0] != '\0')
		(void)snprintf(own, sizeof own,
		    "; style-src 'nonce-%s'; script-src 'nonce-%s'; "
		    "connect-src 'self'; img-src data:",
		    nonce, nonce);
	(void)snprintf(policy, sizeof policy,
	    "default-src 'none'%s; base-uri 'none'; form-action 'none'; "
	    "frame-ancestors 'none'",
	    own);
	add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
	add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	add_header(response, "Content-Security-Policy", policy);
	add_header(response, "X-Content-Type-Options", "nosniff");
	add_header(response, "Referrer-Policy", "no-referrer");
	add_header(response, "Cross-Origin-Resource-Policy", "same-origin");
}

static enum MHD_Result
queue(struct MHD_Connection *connection, unsigned status,
    struct MHD_Response *response)
{
	enum MHD_Result result;

	if (response == NULL)
		return MHD_NO;
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

/* Takes the answer's text over; header and value may be NULL. */
static enum MHD_Result
send_answer(struct MHD_Connection *connection, struct answer *answer,
    const char *header, const char *value)
{
	struct MHD_Response *response;

	if (answer->text == NULL)
		return MHD_NO; /* there is no memory, and it is closed */
	response = MHD_create_response_from_buffer(
	    answer->size, answer->text, MHD_RESPMEM_MUST_FREE);
	if (response == NULL) {
		free(answer->text);
		return MHD_NO;
	}
	add_headers(response, answer->content_type, answer->nonce);
	if (header != NULL)
		add_header(response, header, value);
	return queue(connection, answer->status, response);
}

static enum MHD_Result
refuse(struct MHD_Connection *connection, unsigned status, const char *line,
    const char *header, const char *value)
{
	struct answer answer;

	answer_line(&answer, status, line);
	return send_answer(connection, &answer, header, value);
}

/* NULL when it is not given, or given without a value. */
static const char *
parameter(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(
	    connection, MHD_GET_ARGUMENT_KIND, name);
}

/* For HEAD a response of known size: the library would send chunks. */
static enum MHD_Result
send_events(struct exporter *x, struct MHD_Connection *connection, bool is_head)
{
	const char *name = parameter(connection, "server");
	struct watched *w = servers_find(x->servers, name);
	struct MHD_Response *response;

	if (w == NULL)
		return refuse(connection, MHD_HTTP_NOT_FOUND,
		    "no such server is watched", NULL, NULL);
	response = is_head
	    ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
	    : subscribers_add(
		  &x->subscribers, connection, client_of(connection), w);
	if (response == NULL)
		return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
		    "there are too many streams of events",
		    MHD_HTTP_HEADER_RETRY_AFTER, "10");
	add_headers(response, "text/event-stream", "");
	return queue(connection, MHD_HTTP_OK, response);
}

static enum MHD_Result
send_route(
    struct exporter *x, struct MHD_Connection *connection, const char *path)
{
	struct answer_query query = {
		.server = parameter(connection, "server"),
		.sort = parameter(connection, "sort"),
		.filter = parameter(connection, "filter"),
		.limit = parameter(connection, "limit"),
		.reverse = parameter(connection, "reverse"),
	};
	struct answer answer;

	answer_make(&answer, request_route(path), x->servers, &query);
	return send_answer(connection, &answer, NULL, NULL);
}

static bool
is_for_us(struct exporter *x, struct MHD_Connection *connection)
{
	return x->local_host == NULL ||
	    request_host_is_local(MHD_lookup_connection_value(connection,
				      MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST),
		x->local_host);
}

static enum MHD_Result
answer_request(struct exporter *x, struct MHD_Connection *connection,
    const char *path, const char *method)
{
	bool is_head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;

	if (!is_head && strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
		    "GET and HEAD only", MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	if (!is_for_us(x, connection))
		return refuse(connection, MHD_HTTP_MISDIRECTED_REQUEST,
		    "this is not the host that the request names; to serve "
		    "other names, give --http an address that is not loopback",
		    NULL, NULL);
	if (strlen(path) > URL_MAX)
		return refuse(connection, MHD_HTTP_URI_TOO_LONG,
		    "the path is too long", NULL, NULL);
	if (request_route(path) == REQUEST_EVENTS)
		return send_events(x, connection, is_head);
	return send_route(x, connection, path);
}

/* The library calls once for the head, and again for what follows it, with
 * eight parameters. */
static enum MHD_Result /* NOLINTNEXTLINE(readability-function-size) */
on_request(void *arg, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *body,
    size_t *body_size, void **seen)
{
	struct exporter *x = arg;
	struct client *client = client_of(connection);

	(void)version;
	(void)body;
	if (client == NULL)
		return MHD_NO; /* it came when there was no place */
	client->active_ns = clock_now_ns();
	if (*seen == NULL &&
	    (strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
		strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)) {
		*seen = client;
		return MHD_YES;
	}
	if (*body_size > 0) {
		*body_size = 0;
		return MHD_YES;
	}
	return answer_request(x, connection, path, method);
}

/* The library has words for what clients do wrong, which is not our trouble. */
static void
on_log(void *arg, const char *format, va_list arguments)
{
	(void)arg;
	(void)format;
	(void)arguments;
}

struct exporter *
exporter_new(int listener, struct servers *servers, const char *local_host,
    struct errmsg *e)
{
	struct exporter *x = calloc(1, sizeof *x);

	if (x != NULL) {
		x->servers = servers;
		x->local_host = local_host;
		clients_init(&x->clients, limits_raise_files());
		x->subscribers.servers = servers;
		x->subscribers.clients = &x->clients;
		x->daemon = MHD_start_daemon(MHD_USE_EPOLL |
			MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
		    0, NULL, NULL, on_request, x, MHD_OPTION_EXTERNAL_LOGGER,
		    on_log, NULL, MHD_OPTION_LISTEN_SOCKET, listener,
		    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CLIENTS_MAX,
		    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
		    MHD_OPTION_NOTIFY_CONNECTION, on_connection, x,
		    MHD_OPTION_END);
	}
	if (x != NULL && x->daemon != NULL)
		return x;
	errmsg_set(e, "--http: the HTTP server could not be started");
	(void)close(listener);
	free(x);
	return NULL;
}

void
exporter_free(struct exporter **exporter)
{
	struct exporter *old = *exporter;

	*exporter = NULL;
	if (old == NULL)
		return;
	subscribers_end(&old->subscribers);
	(void)MHD_run(old->daemon);
	MHD_stop_daemon(old->daemon);
	free(old);
}

int
exporter_fd(const struct exporter *x)
{
	return MHD_get_daemon_info(x->daemon, MHD_DAEMON_INFO_EPOLL_FD)
	    ->epoll_fd;
}

int
exporter_wait_ms(struct exporter *x)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(x->daemon, &ms) != MHD_YES)
		return -1;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

void
exporter_run(struct exporter *x)
{
	(void)MHD_run(x->daemon);
}

void
exporter_tell(struct exporter *x)
{
	subscribers_tell(&x->subscribers);
}

void
exporter_keep_alive(struct exporter *x)
{
	subscribers_keep_alive(&x->subscribers);
}
