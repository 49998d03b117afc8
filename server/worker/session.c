/* session: a client's connection, and its lines in the log; see the header. */
#include "server/worker/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/sys/file.h"
#include "common/sys/log.h"
#include "common/tls/info.h"
#include "common/tls/session.h"

struct session *
session_new(int fd)
{
	struct session *session = malloc(sizeof *session);

	if (session != NULL)
		addr_of_peer(&session->peer, fd);
	return session;
}

void
session_free(struct session *session)
{
	free(session);
}

struct session *
session_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct session, conn);
}

/* In one write, so that the lines of two workers do not mix. */
static void
print_facts(const struct tls_info *facts, const char *peer, uint64_t clients)
{
	char facts_text[TLS_INFO_TEXT];
	char text[TLS_INFO_TEXT + 256];
	int n = snprintf(text, sizeof text,
	    "Client connection %s accepted. %" PRIu64
	    " clients connected to server\n%s",
	    peer, clients,
	    tls_info_format(
		facts, TLS_INFO_LINES, facts_text, sizeof facts_text));

	(void)file_write_all(STDOUT_FILENO, text, (size_t)n);
}

void
session_log_open(
    const struct session *session, uint64_t clients, bool interactive)
{
	char facts_text[TLS_INFO_TEXT];
	struct tls_info facts;
	char peer[ADDR_TEXT];

	if (!interactive && !log_enabled(LOG_DEBUG))
		return;
	tls_info_read(&facts, session->conn.tls);
	(void)addr_format_peer(&session->peer, peer);
	if (interactive)
		print_facts(&facts, peer, clients);
	log_debug("Client connection %s accepted. %" PRIu64
		  " clients connected to server",
	    peer, clients);
	log_debug("peer=%s %s", peer,
	    tls_info_format(
		&facts, TLS_INFO_LOGFMT, facts_text, sizeof facts_text));
}

void
session_log_end(const struct session *session)
{
	const struct conn *conn = &session->conn;
	const char *alert = tls_peer_alert(conn->tls);
	char peer[ADDR_TEXT];

	if (!log_enabled(LOG_DEBUG))
		return;
	log_debug("peer=%s ended=\"%s%s%s\"",
	    addr_format_peer(&session->peer, peer),
	    close_reason_text(conn->reason), alert[0] != '\0' ? ": " : "",
	    alert);
}
